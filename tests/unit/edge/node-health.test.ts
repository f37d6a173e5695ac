import { array, assert, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  healthAfter,
  type NodeHealth,
  PROBE_EVERY_MS,
  PROBE_PATIENCE_MS,
  type Sign,
  UNKNOWN_HEALTH,
} from '../../../src/edge/decide/node-health.ts';

const after = (...signs: readonly Sign[]): NodeHealth =>
  signs.reduce((health, sign, index) => healthAfter(health, sign, index + 1), UNKNOWN_HEALTH);

describe('the health of a node', () => {
  it.each<[readonly Sign[], boolean]>([
    [[], false],
    [['answered'], true],
    [['silent'], false],
    [['answered', 'silent'], true],
    [['answered', 'silent', 'silent'], false],
    [['answered', 'silent', 'answered', 'silent'], true],
    [['answered', 'refused'], false],
    [['answered', 'silent-call'], false],
    [['silent', 'answered'], false],
    [['silent', 'answered', 'answered'], true],
    [['answered', 'refused', 'answered', 'silent', 'answered'], false],
    [['answered', 'refused', 'answered', 'answered'], true],
  ])('%j', (signs, isUp) => {
    expect(after(...signs).isUp).toBe(isUp);
  });

  it('is noticed within three seconds that a node fell silent just after it answered', () => {
    expect(2 * PROBE_EVERY_MS + PROBE_PATIENCE_MS).toBeLessThan(3_000);
  });

  it('tells when it changed, and only then', () => {
    const lost = after('answered', 'silent', 'silent');
    expect(lost.changedAt).toBe(3);
    expect(healthAfter(lost, 'silent', 9).changedAt).toBe(3);
    const sign = constantFrom<Sign>('answered', 'silent', 'refused', 'silent-call');
    assert(
      property(array(sign), sign, (signs, last) => {
        const before = after(...signs);
        const next = healthAfter(before, last, 1_000);
        if (next.isUp !== before.isUp && before.changedAt !== null) expect(next.changedAt).toBe(1_000);
        if (next.isUp === before.isUp && before.changedAt !== null) expect(next.changedAt).toBe(before.changedAt);
      }),
    );
  });
});
