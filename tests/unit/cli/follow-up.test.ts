import { describe, expect, it } from 'vitest';
import { backlogLines, followUpLines, historyLines } from '../../../src/cli/follow-up-lines.ts';

const AT = new Date(2026, 10, 22, 8, 30).getTime();
const HOUR = 3_600_000;
const finance = { kind: 'team', id: 'finance' };
const open = {
  id: 'follow-up-1',
  kind: 'task',
  reason: 'Refund order 4711',
  owner: finance,
  dueAt: AT,
  state: 'open' as const,
  isDueSoon: false,
  isOverdue: false,
  callId: null,
  outcome: null,
  closedBy: null,
};

describe('follow-ups in the terminal', () => {
  it.each<[string, Partial<Parameters<typeof followUpLines>[0]>, string]>([
    ['open', {}, 'due 2026-11-22 08:30'],
    ['due soon', { isDueSoon: true }, 'due soon: 2026-11-22 08:30'],
    ['overdue', { isOverdue: true }, 'OVERDUE, was due 2026-11-22 08:30'],
    ['closed', { state: 'closed', outcome: 'refunded', closedBy: 'bob' }, 'refunded, by bob'],
  ])('%s', (_title, more, standing) => {
    expect(followUpLines({ ...open, ...more })).toEqual([
      'follow-up-1  task  team:finance',
      `  ${standing} · Refund order 4711`,
    ]);
  });

  it('who has how much before him', () => {
    const support = { kind: 'queue', id: 'support' };
    expect(
      backlogLines([
        { owner: finance, open: 12, overdue: 3, oldestMs: 50 * HOUR, nextDueAt: AT },
        { owner: support, open: 1, overdue: 0, oldestMs: 30_000, nextDueAt: AT + HOUR },
      ]),
    ).toEqual([
      'OWNER          OPEN  OVERDUE  OLDEST  NEXT DUE',
      'team:finance   12    3        2 d     2026-11-22 08:30',
      'queue:support  1     0        0 min   2026-11-22 09:30',
    ]);
    expect(backlogLines([])).toEqual(['Nobody owes anything.']);
  });

  it('what became of one', () => {
    const sales = { kind: 'team', id: 'sales' };
    const entry = (type: string, data: Record<string, unknown>) => ({ at: AT, type: `followup.${type}`, data });
    expect(
      historyLines([
        entry('created', { owner: finance, by: 'alice', dueAt: AT }),
        entry('due-soon', { owner: finance, dueAt: AT }),
        entry('escalated', { owner: sales, from: finance, alarm: true, dueAt: AT }),
        entry('put-off', { owner: sales, previous: AT, dueAt: AT + HOUR, note: 'bank holiday', by: 'bob' }),
        entry('closed', { owner: sales, outcome: 'refunded', note: null, by: 'bob' }),
      ]),
    ).toEqual([
      '  2026-11-22 08:30  created · by alice',
      '  2026-11-22 08:30  due-soon',
      '  2026-11-22 08:30  escalated · team:finance → team:sales · alarm',
      '  2026-11-22 08:30  put-off · by bob · now due 2026-11-22 09:30 · bank holiday',
      '  2026-11-22 08:30  closed · by bob · refunded',
    ]);
  });
});
