import { describe, expect, it } from 'vitest';
import { came, connected, dialled, queued, report, transferred } from './kpi-lines.ts';

const talking = [came('a', 0), queued('a', 0), connected('a', 5, 5)];
const byAlice = { kind: 'blind', from: 'alice' } as const;

describe('transfers', () => {
  it.each(['busy', 'noAnswer', 'failed', 'cancelled'])('that end %s are none', (outcome) => {
    const { all, transfers } = report([
      ...talking,
      transferred('a', 20, { ...byAlice, to: 'bob', toKind: 'agent', outcome }),
      transferred('a', 40, { to: '+358409999999', outcome }),
    ]);
    expect(all).toMatchObject({ handled: 1, transferRate: 0 });
    expect(transfers).toEqual({ kinds: {}, matrix: {} });
  });

  it('count as soon as one is taken, once however many were tried', () => {
    const { all, transfers } = report([
      ...talking,
      transferred('a', 20, { ...byAlice, to: 'bob', toKind: 'agent', outcome: 'noAnswer' }),
      transferred('a', 40, { ...byAlice, to: 'carol', toKind: 'agent', outcome: 'answered' }),
      transferred('a', 60, { kind: 'attended', from: 'carol', to: 'tech', toKind: 'queue', outcome: 'queued' }),
    ]);
    expect(all).toMatchObject({ handled: 1, transferRate: 1 });
    expect(transfers).toEqual({
      kinds: { 'blind, inside': 1, 'attended, inside': 1 },
      matrix: { 'alice → carol': 1, 'carol → tech': 1 },
    });
  });

  it.each([
    ['an agent', 'inside', { ...byAlice, to: 'bob', toKind: 'agent', outcome: 'answered' }],
    ['a queue', 'inside', { ...byAlice, to: 'tech', toKind: 'queue', outcome: 'queued' }],
    ['a phone of the house', 'inside', { ...byAlice, to: 'desk', toKind: 'phone', outcome: 'answered' }],
    ['a number', 'outside', { ...byAlice, to: '+358409999999', toKind: 'number', outcome: 'answered' }],
  ] as const)('to %s go %s', (_whom, where, data) => {
    expect(report([...talking, transferred('a', 20, data)]).transfers.kinds).toEqual({ [`blind, ${where}`]: 1 });
  });

  it.each([
    ['desk', 'inside'],
    ['+358409999999', 'outside'],
  ])('of a flow to %s go %s, and are none of a handled call', (to, where) => {
    const { all, transfers } = report([
      came('a', 0),
      transferred('a', 20, { to, outcome: 'answeredEnd' }),
      came('b', 30),
      queued('b', 30),
      connected('b', 31, 1),
    ]);
    expect(transfers.kinds).toEqual({ [`flow, ${where}`]: 1 });
    expect(all).toMatchObject({ handled: 1, transferRate: 0 });
  });

  it('of calls that we made stand nowhere', () => {
    const { transfers } = report([
      dialled('a', 0),
      connected('a', 5, 0, 'campaign:x'),
      transferred('a', 20, { ...byAlice, to: 'bob', toKind: 'agent', outcome: 'answered' }),
    ]);
    expect(transfers).toEqual({ kinds: {}, matrix: {} });
  });
});
