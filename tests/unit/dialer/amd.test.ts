import { type Arbitrary, array, assert, constant, integer, nat, oneof, property, record, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AMD_DEFAULTS, AMD_FEATURES, AMD_WEIGHTS, amdBegin, amdStep } from '../../../src/dialer/amd.ts';
import type { AmdInput } from '../../../src/dialer/amd-hearing.ts';
import { mulberry32 } from '../../support/chance.ts';
import { greeting, heardOf, judge } from '../../support/greetings.ts';

/** Sounds from pairs of silence and sound, ms. */
const sounds = (...pairs: readonly (readonly [silence: number, sound: number])[]) => {
  let at = 0;
  return {
    sounds: pairs.map(([silence, sound]) => {
      const from = at + silence;
      at = from + sound;
      return { from, to: at };
    }),
  };
};

const logOdds = (one: ReturnType<typeof sounds>, now: number) => {
  let state = amdBegin(0);
  for (const input of heardOf(one, AMD_DEFAULTS.quietMs)) {
    if (input.at <= now) ({ state } = amdStep(state, input, AMD_DEFAULTS, input.at));
  }
  return amdStep(state, { type: 'time' }, AMD_DEFAULTS, now).verdict.logOdds;
};

describe('who picked up', () => {
  it.each([
    ['hello', sounds([400, 450]), 'human'],
    ['a late hello', sounds([1_800, 400]), 'human'],
    ['a name', sounds([500, 350], [170, 600]), 'human'],
    ['hello, and hello again', sounds([300, 400], [900, 400]), 'human'],
    ['nothing at all', sounds(), 'unsure'],
    ['one long greeting', sounds([300, 9_000]), 'machine'],
    ['phrases with pauses', sounds([300, 1_200], [200, 1_400], [250, 2_000]), 'machine'],
    ['a word, and a greeting after it', sounds([300, 700], [180, 3_000]), 'machine'],
  ])('takes %s for what it is', (_what, said, result) => {
    expect(judge(said)).toMatchObject({ result });
  });

  it('knows who says hello within two seconds of the pick-up', () => {
    expect(judge(sounds([400, 450])).tookMs).toBeLessThan(2_000);
  });

  it('tells silence from what it could not make out', () => {
    expect(judge(sounds())).toMatchObject({ result: 'unsure', silent: true, tookMs: AMD_DEFAULTS.maxMs });
    expect(judge(sounds([3_400, 5_000]), { ...AMD_DEFAULTS, lastMs: 3_500 })).toMatchObject({
      result: 'unsure',
      silent: false,
    });
  });

  it('shows what its confidence is made of', () => {
    const { parts, logOdds: odds, confidence } = judge(sounds([300, 9_000]));
    const sum = AMD_FEATURES.reduce((total, feature) => total + parts[feature], AMD_WEIGHTS.bias);
    expect(sum).toBeCloseTo(odds, 9);
    expect(confidence).toBeCloseTo(1 / (1 + Math.exp(-odds)), 9);
    expect(confidence).toBeGreaterThanOrEqual(AMD_DEFAULTS.sureOfMachine);
  });

  it('believes in a machine sooner where more of the answers are machines', () => {
    const said = sounds([300, 9_000]);
    const took = (machineShare: number) => judge(said, { ...AMD_DEFAULTS, machineShare }).tookMs;
    expect(took(0.8)).toBeLessThan(took(0.5));
    expect(took(0.5)).toBeLessThan(took(0.3));
  });

  it('takes nobody for a machine by speech of under half a second', () => {
    const most = AMD_DEFAULTS.maxMs;
    const short = tuple(integer({ min: 0, max: most }), integer({ min: 0, max: 500 }));
    assert(property(short, ([silence, sound]) => judge(sounds([silence, sound])).result !== 'machine'));
  });

  const pairs = array(tuple(integer({ min: 200, max: 1_500 }), integer({ min: 60, max: 2_000 })), {
    minLength: 1,
    maxLength: 5,
  });
  const more = integer({ min: 0, max: 3_000 });

  it('never takes more silence for more of a machine', () => {
    assert(
      property(pairs, nat(), more, (said, which, longer) => {
        const at = which % (said.length + 1);
        const stretched = said.map(
          ([silence, sound], nth) => [nth === at ? silence + longer : silence, sound] as const,
        );
        const end = said.reduce((sum, [silence, sound]) => sum + silence + sound, AMD_DEFAULTS.quietMs);
        // At the end of all that is said, with the silence in it or after it.
        expect(logOdds(sounds(...stretched), end + longer)).toBeLessThanOrEqual(logOdds(sounds(...said), end) + 1e-9);
      }),
    );
  });

  it('never takes more speech for less of a machine', () => {
    assert(
      property(pairs, nat(), more, (said, which, longer) => {
        const at = which % said.length;
        const stretched = said.map(([silence, sound], nth) => [silence, nth === at ? sound + longer : sound] as const);
        const end = said.reduce((sum, [silence, sound]) => sum + silence + sound, AMD_DEFAULTS.quietMs);
        expect(logOdds(sounds(...stretched), end + longer)).toBeGreaterThanOrEqual(
          logOdds(sounds(...said), end) - 1e-9,
        );
      }),
    );
  });

  it('always comes to an end, in time, whatever it hears and when', () => {
    const input: Arbitrary<AmdInput> = oneof(
      record({ type: constant('started' as const), at: integer({ min: -500, max: 6_000 }) }),
      record({
        type: constant('stopped' as const),
        at: integer({ min: -500, max: 6_000 }),
        durationMs: integer({ min: 0, max: 9_000 }),
      }),
      constant({ type: 'time' as const }),
    );
    assert(
      property(array(input), (inputs) => {
        let state = amdBegin(0);
        for (const [nth, one] of inputs.entries()) {
          const now = nth * 50;
          const step = amdStep(state, one, AMD_DEFAULTS, now);
          ({ state } = step);
          const { verdict } = step;
          expect(Number.isFinite(verdict.logOdds)).toBe(true);
          if (verdict.kind === 'wait') {
            expect(verdict.until).toBeGreaterThan(now);
            expect(verdict.until).toBeLessThanOrEqual(AMD_DEFAULTS.lastMs);
          }
        }
        expect(amdStep(state, { type: 'time' }, AMD_DEFAULTS, AMD_DEFAULTS.lastMs).verdict.kind).toBe('found');
      }),
    );
  });

  it('keeps on greetings it was not fitted on what it shows in its page', () => {
    const random = mulberry32(99);
    const taken = (who: 'human' | 'machine', result: string) =>
      Array.from({ length: 400 }, () => judge(greeting(who, random))).filter((one) => one.result === result).length /
      400;
    expect(taken('human', 'machine')).toBeLessThan(0.08);
    expect(taken('human', 'human')).toBeGreaterThan(0.75);
    expect(taken('machine', 'machine')).toBeGreaterThan(0.25);
    expect(taken('machine', 'human')).toBeLessThan(0.1);
  });
});
