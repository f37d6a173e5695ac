import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { csvLine } from '../../../src/dialer/evidence-csv.ts';
import { DISPOSITION_COLUMNS, dispositionRows } from '../../../src/dialer/evidence-tables.ts';

type Said = Extract<JournalEvent, { type: 'call.disposed' }>['data'];

const said = (data: Partial<Said>): JournalEvent => ({
  subject: 'agent/alice',
  seq: 1,
  at: Date.parse('2026-11-23T12:00:00Z'),
  type: 'call.disposed',
  data: { callId: 'call-1', agentId: 'alice', queue: 'campaign:c1', disposition: 'will-pay', ...data },
});

const lineOf = (data: Partial<Said>): string => dispositionRows(said(data)).map(csvLine).join('');

describe('what agents said, as a table', () => {
  it.each([
    ['EUR', 12_050, '120.50'],
    ['EUR', 5, '0.05'],
    ['JPY', 120, '120'],
    ['KWD', 1_234, '1.234'],
  ])('writes a sum of %s that was promised, to the last of its units', (currency, amount, written) => {
    const payment = { amount, currency, due: '2026-12-24' };
    const [row = []] = dispositionRows(said({ payment, values: { amount, due: payment.due, note: 'in two parts' } }));
    const cells = Object.fromEntries(DISPOSITION_COLUMNS.map((name, index) => [name, row[index]]));
    expect(cells).toMatchObject({
      said: '2026-11-23T12:00:00.000Z',
      'amount promised': written,
      currency,
      due: '2026-12-24',
      'what else was said': '{"note":"in two parts"}',
    });
  });

  it('lets no cell be a formula, whoever wrote it', () => {
    expect(lineOf({ disposition: '=1+1', by: '@sum(A1)' })).toMatch(/,"'@sum\(A1\)","'=1\+1",/u);
    expect(lineOf({ values: { note: '=cmd|calc' } })).toContain('"{""note"":""=cmd|calc""}"');
  });

  it('has nothing to say of other facts', () => {
    const other = { ...said({}), type: 'flow.finished', data: { flow: 'x', reason: 'end' } } as JournalEvent;
    expect(dispositionRows(other)).toEqual([]);
  });
});
