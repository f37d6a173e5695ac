import { describe, expect, it } from 'vitest';
import { judgeNumber } from '../../../src/call/destinations.ts';

const LISTS = { numbers: ['+358*', '+4687*', '+35850123*', '+447700900000'], deny: ['+3585*', '+4687*'], hosts: [] };

describe('judgeNumber', () => {
  it.each([
    ['+358401234567', 'allowed'],
    ['+358501234567', 'allowed'],
    ['+358509999999', 'denied'],
    ['+468712345678', 'denied'],
    ['+4612345678', 'not-allowed'],
    ['+447700900000', 'allowed'],
    ['+4477009000001', 'not-allowed'],
    ['+358600123456', 'premium'],
    ['+19005551234', 'premium'],
    ['', 'not-allowed'],
    ['not a number', 'not-allowed'],
  ])('%s is %s', (number, verdict) => expect(judgeNumber(number, LISTS)).toBe(verdict));

  it.each([
    ['digits too many', ['+35860012345678', '+190023456789', '+4490123456789', '+9791234567890', '+46939123456789']],
    ['digits too few', ['+3586001234', '+3587001234', '+1900234', '+44901234']],
    ['the national zero left in', ['+3580600123456', '+35806001234']],
    ['spaces, signs and words around it', ['+358 600 123456', '+1-900-234-5678']],
  ])('refuses premium ranges with %s', (_how, numbers) => {
    const all = { numbers: Array.from({ length: 9 }, (_, i) => `+${i + 1}*`), deny: [], hosts: [] };
    for (const number of numbers) expect(judgeNumber(number, all), number).toBe('premium');
  });

  it('takes no ordinary number for a premium one, though the plan not know it', () => {
    const all = { numbers: ['+358*', '+1*', '+44*', '+46*'], deny: [], hosts: [] };
    for (const number of ['+15551234567', '+35840123', '+358409999999', '+4420794600', '+46812345678901']) {
      expect(judgeNumber(number, all), number).toBe('allowed');
    }
  });

  it('refuses premium ranges also where everything else is allowed', () => {
    const all = { numbers: Array.from({ length: 9 }, (_, i) => `+${i + 1}*`), deny: [], hosts: [] };
    expect(judgeNumber('+447700900000', all)).toBe('allowed');
    expect(judgeNumber('+449098790000', all)).toBe('premium');
  });
});
