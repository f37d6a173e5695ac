import { describe, expect, it } from 'vitest';
import { because } from '../../../../src/dialer/pacing/because.ts';

const spent = { limit: 'guard', theta: 0.02, bank: 0.2, room: 0, need: 1 } as Parameters<typeof because>[2];

describe('the reason of a decision, while nobody may be risked', () => {
  it('says of dials that each has an idle agent', () => {
    expect(because(1, 0, spent)).toBe(
      '1 dial: each has an idle agent; beyond them nobody may be risked (0.2 more may be abandoned).',
    );
  });

  it('does not speak of idle agents where there is none for a dial', () => {
    expect(because(0, 0, spent)).toBe(
      'No dial: no idle agent is left for whom no phone rings yet; beyond them nobody may be risked (0.2 more may be abandoned).',
    );
  });
});
