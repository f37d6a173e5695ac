import { describe, expect, it } from 'vitest';
import { LEG_PHASES, type LegInput, type LegPhase, legStep, newLeg } from '../../../src/call/leg.ts';

const TABLE: readonly (readonly [LegPhase, LegInput, LegPhase])[] = [
  ['new', 'ringing', 'ringing'],
  ['new', 'answered', 'up'],
  ['new', 'ended', 'ended'],
  ['ringing', 'ringing', 'ringing'],
  ['ringing', 'answered', 'up'],
  ['ringing', 'ended', 'ended'],
  ['up', 'ringing', 'up'],
  ['up', 'answered', 'up'],
  ['up', 'ended', 'ended'],
  ['ended', 'ringing', 'ended'],
  ['ended', 'answered', 'ended'],
  ['ended', 'ended', 'ended'],
];

describe('a leg', () => {
  it('has every phase and input in the table', () => {
    expect(new Set(TABLE.map(([phase]) => phase))).toEqual(new Set(LEG_PHASES));
    expect(TABLE).toHaveLength(LEG_PHASES.length * 3);
  });

  it.each(TABLE)('%s + %s = %s', (phase, input, next) => {
    expect(legStep(newLeg('leg', 1, phase), input, 2).phase).toBe(next);
  });

  it('keeps the time and cause of its first end', () => {
    const ended = legStep(newLeg('leg', 1, 'up'), 'ended', 5, { q850: 17 });
    expect(legStep(ended, 'ended', 9, { q850: 16 })).toMatchObject({ endedAt: 5, cause: { q850: 17 } });
  });

  it('is answered once', () => {
    const up = legStep(newLeg('leg', 1), 'answered', 3);
    expect(legStep(up, 'answered', 8).answeredAt).toBe(3);
  });
});
