import { beforeEach, describe, expect, it } from 'vitest';
import { importLeads } from '../../../src/engine/lead-import.ts';
import type { Campaign, History } from '../../../src/engine/ports/history.ts';
import type { LeadImport } from '../../../src/engine/ports/service.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';

const CAMPAIGN: Campaign = {
  id: 'c1',
  status: 'draft',
  createdAt: 1,
  name: 'Spring',
  mode: 'progressive',
  trunk: 'north',
  callerId: '+358901234567',
  language: 'fi',
  require: [],
  maxLines: 10,
  cps: 2,
  ringMs: 20_000,
  maxAttempts: 3,
  retryAfterMs: 60_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 5_000,
};

let history: History;
let made = 0;
const ids = { next: () => `lead-${String((made += 1)).padStart(9, '0')}` };
const PAGE = { limit: 200, before: null };

beforeEach(async () => {
  history = createMemoryHistory();
  await history.createCampaign(CAMPAIGN);
});

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

interface Upload {
  readonly size?: number;
  readonly country?: string | null;
  readonly campaignId?: string;
}

const run = (csv: string | Uint8Array, { size = 7, country = 'FI', campaignId = 'c1' }: Upload = {}) =>
  importLeads(chunks(Buffer.from(csv), size), { history, campaignId, ids, defaultCountry: country });

async function imported(csv: string | Uint8Array, size?: number): Promise<LeadImport> {
  const answer = await run(csv, size === undefined ? {} : { size });
  if (!answer.ok) throw new Error(answer.sentence);
  return answer.value;
}

async function refusal(csv: string | Uint8Array): Promise<string> {
  const answer = await run(csv);
  if (answer.ok) throw new Error(`was taken: ${JSON.stringify(answer.value)}`);
  expect(answer.why).toBe('invalid');
  return answer.sentence;
}

const number = (n: number) => `+35840${String(1_000_000 + n)}`;

describe('importing leads', () => {
  it.each([
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
  ])('reads a file with %s, byte order mark and CR LF', async (_, mark) => {
    const rows = [
      ['"phone"', '"name, and; first"', 'city'],
      ['0401234567', '"x"', '"Åbo"'],
    ];
    const csv = `\uFEFF${rows.map((row) => row.join(mark)).join('\r\n')}\r\n`;
    expect(await imported(csv)).toEqual({ rows: 1, added: 1, updated: 0, duplicates: 0, rejected: 0, errors: [] });
    const [lead] = await history.leads('c1', PAGE);
    expect(lead).toMatchObject({ number: '+358401234567', fields: { 'name, and; first': 'x', city: 'Åbo' } });
  });

  it.each(['\n', '\r\n', '\r'])('counts the lines of the file when they end in %j', async (end) => {
    const csv = [
      'number,name,notes',
      '0401234567,Maija,',
      '',
      `bad1,Kalle,"two`,
      `lines"`,
      ',,',
      `bad2,"Liisa",`,
      `0401234568,,"more`,
      ``,
      `lines"`,
      'bad3,,',
    ].join(end);
    const result = await imported(csv);
    expect(result).toMatchObject({ rows: 5, added: 2, rejected: 3 });
    expect(result.errors.map(({ line, column }) => [line, column])).toEqual([
      [4, 'number'],
      [7, 'number'],
      [11, 'number'],
    ]);
  });

  it('adds nothing the second time, and keeps what it has', async () => {
    const csv = `number,name\n${number(1)},First\n${number(2)},Second\n040 100 0001,Again\n`;
    expect(await imported(csv)).toMatchObject({ rows: 3, added: 2, duplicates: 1, rejected: 0 });
    expect(await imported(csv)).toMatchObject({ rows: 3, added: 0, duplicates: 3, rejected: 0 });
    const names = (await history.leads('c1', PAGE)).map((lead) => lead.name);
    expect(names).toEqual(['Second', 'First']);
  });

  it('adds in batches, in the order of the file, and names the first thousand bad rows', async () => {
    const batches: number[] = [];
    const inner = history;
    history = {
      ...inner,
      addLeads: (id, leads, terms) => {
        batches.push(leads.length);
        return inner.addLeads(id, leads, terms);
      },
    };
    const rows = Array.from({ length: 3_700 }, (_, n) => (n < 1_200 ? 'none' : number(n)));
    const result = await imported(`tel\n${rows.join('\n')}`, 4_096);
    expect(result).toMatchObject({ rows: 3_700, added: 2_500, rejected: 1_200 });
    expect([result.errors.length, result.errors.at(-1)?.line]).toEqual([1_000, 1_001]);
    expect(batches).toEqual([1_000, 1_000, 500]);
    const claim = { campaignId: 'c1', count: 2, owner: 'me', now: 1, leaseUntil: 2 };
    expect((await history.claimLeads(claim)).map((lead) => lead.number)).toEqual([number(1_200), number(1_201)]);
  });

  it('refuses rows that do not fit the columns or do not decode, and reads on', async () => {
    const csv = Buffer.concat([
      Buffer.from(`number,name\n${number(1)},a,b\n${`${number(2)},x\n`.repeat(5_000)}`),
      Buffer.from(`${number(3)},J\xE4rvinen\n${number(4)},z\n`, 'latin1'),
    ]);
    const result = await imported(csv, 4_096);
    expect(result).toMatchObject({ rows: 5_003, added: 2, duplicates: 4_999, rejected: 2 });
    expect(result.errors).toEqual([
      { line: 2, column: null, problem: 'has 3 values, but the first line names 2 columns' },
      { line: 5_003, column: 'name', problem: expect.stringContaining('UTF-8') },
    ]);
  });

  it('takes stray quotation marks as they are', async () => {
    await imported(`number,name\n${number(1)},The "Duke"\n${number(2)},"A ""B"""\n`);
    expect((await history.leads('c1', PAGE)).map((lead) => lead.name)).toEqual(['A "B"', 'The "Duke"']);
  });

  it.each([
    ['at the end', 10],
    ['in a large file', 20_000],
  ])('says where a quotation mark was left open %s', async (_, rest) => {
    const rows = Array.from({ length: rest }, (_, n) => `${number(n + 10)},y`).join('\n');
    const result = await imported(`number,name\n${number(1)},x\n${number(2)},"open\n${rows}\n`, 4_096);
    expect(result).toMatchObject({ rows: 2, added: 1, rejected: 1 });
    expect(result.errors).toEqual([{ line: 3, column: null, problem: expect.stringContaining('never closed') }]);
  });

  it.each([
    ['', /^The file is empty/],
    ['\n\n', /^The file is empty/],
    [`${number(1)}\n${number(2)}\n`, /^No column holds the number: the first line names “\+358401000001”\. /],
    ['name;city\nx;y\n', /the first line names “name”, “city”\. Name the column of the numbers “number” or “phone”\.$/],
    [Array.from({ length: 14 }, (_, n) => `c${n}`).join(','), /“c11” and 2 more\./],
    ['phone,x,x\n', /^Two columns are named “x”/],
    [`phone,${'x,'.repeat(200)}`, /^The file has 202 columns/],
    [`phone,"${'x'.repeat(101)}"`, /does not name columns/],
    ['"phone,x\n1,2\n', /^The first line could not be read/],
    [Buffer.from('phone,name\n0401234567,J\xE4rvinen\n', 'latin1'), /^The file is not in UTF-8; save it as/],
    [Buffer.from('\uFEFFphone\n0401234567\n', 'utf16le'), /^The file is not UTF-8 text/],
    [Buffer.from('PK\u0003\u0004rest'), /^The file is a spreadsheet/],
  ])('refuses the file %#', async (csv, sentence) => {
    expect(await refusal(csv)).toMatch(sentence);
    expect(await history.leadCounts('c1')).toEqual({ pending: 0, leased: 0, done: 0 });
  });

  it('knows its campaign and its country', async () => {
    expect(await run('x', { campaignId: 'c2' })).toMatchObject({ ok: false, why: 'not-found' });
    expect(await run('x', { country: 'Suomi' })).toMatchObject({ ok: false, why: 'invalid' });
    expect(await run('phone\n0401234567', { country: null })).toMatchObject({ ok: true, value: { rejected: 1 } });
  });

  it('fails when the upload breaks, and lets go of it when it stops early', async () => {
    async function* broken() {
      yield Buffer.from(`phone\n${`${number(1)}\n`.repeat(10_000)}`);
      throw new Error('cut off');
    }
    const request = { history, campaignId: 'c1', ids, defaultCountry: null };
    await expect(importLeads(broken(), request)).rejects.toThrow('cut off');

    let released = false;
    async function* wrong() {
      try {
        for (;;) yield Buffer.from('a,b\n'.repeat(50_000));
      } finally {
        released = true;
      }
    }
    expect(await importLeads(wrong(), request)).toMatchObject({ ok: false });
    await expect.poll(() => released).toBe(true);
  });
});
