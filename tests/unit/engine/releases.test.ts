import { describe, expect, it } from 'vitest';
import { changedOfTheHouse, releaseBefore, releaseId, releaseOf } from '../../../src/engine/releases-choice.ts';
import type { Activation } from '../../../src/engine/ports/flow-store.ts';

const file = (path: string, text: string) => ({ path, text });

describe('the id of a release', () => {
  const files = [file('b.yaml', '1'), file('site/queues.yaml', '2')];
  it('is twelve hex digits of what the files hold, whatever their order', () => {
    expect(releaseId(files)).toMatch(/^[0-9a-f]{12}$/u);
    expect(releaseId(files.toReversed())).toBe(releaseId(files));
  });
  it('changes with every text and every path', () => {
    const others = [
      [file('b.yaml', '1 '), file('site/queues.yaml', '2')],
      [file('c.yaml', '1'), file('site/queues.yaml', '2')],
      [file('b.yaml', '1')],
      [...files, file('b.test.yaml', '')],
    ];
    expect(new Set([files, ...others].map(releaseId)).size).toBe(5);
  });
  it('says nothing of agents and trunks, which a start reads', () => {
    const house = [file('site/agents.yaml', 'x'), file('site/trunks.yaml', 'y')];
    expect(releaseId([...files, ...house])).toBe(releaseId(files));
    expect(changedOfTheHouse([...files, ...house], [file('site/agents.yaml', 'x')])).toEqual(['site/trunks.yaml']);
    expect(changedOfTheHouse(house, [...house, ...files])).toEqual([]);
  });
});

describe('the release of a new call', () => {
  const running = { release: 'a', canary: { release: 'b', percent: 10 } };
  const calls = Array.from({ length: 5_000 }, (_, n) => `call-${n}`);
  it('is the canary for its share of calls, and always the same for one call', () => {
    const canaries = calls.filter((id) => releaseOf(id, running) === 'b');
    expect(canaries.length / calls.length).toBeGreaterThan(0.085);
    expect(canaries.length / calls.length).toBeLessThan(0.115);
    expect(calls.filter((id) => releaseOf(id, running) === 'b')).toEqual(canaries);
  });
  it('stays the canary for a call when the share grows', () => {
    const more = { release: 'a', canary: { release: 'b', percent: 20 } };
    expect(calls.filter((id) => releaseOf(id, running) === 'b').every((id) => releaseOf(id, more) === 'b')).toBe(true);
  });
  it('is the one that runs when there is no canary', () => {
    expect(releaseOf('call-1', { release: 'a', canary: null })).toBe('a');
  });
});

describe('the release before', () => {
  const history = (...steps: readonly [Activation['action'], string][]): readonly Activation[] =>
    steps.map(([action, release], at) => ({ at, by: 'ci', action, release, canary: null })).toReversed();
  it.each<[string | null, readonly [Activation['action'], string][]]>([
    [null, []],
    [null, [['load', 'a']]],
    [
      'a',
      [
        ['load', 'a'],
        ['load', 'b'],
      ],
    ],
    [
      'a',
      [
        ['load', 'a'],
        ['canary', 'a'],
        ['promote', 'b'],
      ],
    ],
    [
      'a',
      [
        ['load', 'a'],
        ['load', 'b'],
        ['canary', 'b'],
        ['cancel', 'b'],
      ],
    ],
    [
      'a',
      [
        ['load', 'a'],
        ['load', 'b'],
        ['load', 'c'],
        ['rollback', 'b'],
      ],
    ],
    [
      null,
      [
        ['load', 'a'],
        ['load', 'b'],
        ['rollback', 'a'],
      ],
    ],
    [
      'b',
      [
        ['load', 'a'],
        ['load', 'b'],
        ['rollback', 'a'],
        ['load', 'b'],
        ['load', 'c'],
      ],
    ],
    [
      'b',
      [
        ['load', 'a'],
        ['load', 'b'],
        ['load', 'a'],
      ],
    ],
    // A rollback of a canary leaves what all other calls took.
    [
      'a',
      [
        ['load', 'a'],
        ['load', 'b'],
        ['canary', 'b'],
        ['rollback', 'b'],
      ],
    ],
    // The beginning is no longer remembered.
    [null, [['rollback', 'a']]],
  ])('is %s after %j', (before, steps) => {
    expect(releaseBefore(history(...steps))).toBe(before);
  });
});
