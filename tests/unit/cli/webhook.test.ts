import { describe, expect, it } from 'vitest';
import { webhookLines } from '../../../src/cli/webhook.ts';

const AT = Date.UTC(2026, 10, 22, 8, 30);
const plain = {
  id: 'webhook-1',
  url: 'https://crm.example/in',
  isOn: true,
  why: '',
  parked: 0,
  dead: 0,
  failing: null,
};

describe('a webhook in the terminal', () => {
  it.each<[string, Partial<Parameters<typeof webhookLines>[0]>, string]>([
    ['all is well', {}, '  on'],
    ['off', { isOn: false, why: 'It was switched off.' }, '  off: It was switched off.'],
    ['some were refused', { parked: 3 }, '  on · 3 set aside, sent again later'],
    ['some are dead', { dead: 2 }, '  on · 2 dead: callwright webhook replay webhook-1'],
    [
      'nothing gets through',
      { failing: { since: AT, tries: 4, nextAt: AT + 600_000, why: 'answered 500' } },
      '  nothing gets through since 2026-11-22 08:30 · answered 500, 4 tries, next at 2026-11-22 08:40',
    ],
  ])('%s', (_, more, line) => {
    expect(webhookLines({ ...plain, ...more })).toEqual(['webhook-1  https://crm.example/in', line]);
  });
});
