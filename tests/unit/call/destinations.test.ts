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

  it('refuses premium ranges also where everything else is allowed', () => {
    const all = { numbers: Array.from({ length: 9 }, (_, i) => `+${i + 1}*`), deny: [], hosts: [] };
    expect(judgeNumber('+447700900000', all)).toBe('allowed');
    expect(judgeNumber('+449098790000', all)).toBe('premium');
  });
});
