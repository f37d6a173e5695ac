import { beforeEach, describe, expect, it } from 'vitest';
import type { LeadList } from '../../../src/dialer/list-terms.ts';
import { createLeadDesk } from '../../../src/engine/lead-desk.ts';
import { leadFilter } from '../../../src/engine/lead-filter.ts';
import { LeadSource } from '../../../src/engine/lead-source.ts';
import type { Campaign, History } from '../../../src/engine/ports/history.ts';
import { type GivenLead, type ImportWish, type LeadDesk, PLAIN_TERMS } from '../../../src/engine/ports/leads.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';

const CAMPAIGN: Campaign = {
  id: 'c1',
  status: 'running',
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

const number = (n: number) => `+35840${1_000_000 + n}`;

const list = (id: string, change: Partial<LeadList> = {}): LeadList => ({
  id,
  name: id,
  priority: 0,
  share: 50,
  active: true,
  filter: null,
  quotas: [],
  order: 'file',
  seed: 0,
  ...change,
});

const given = (n: number, change: Partial<GivenLead> = {}): GivenLead => ({
  numbers: [{ number: number(n), kind: '' }],
  name: null,
  listId: '',
  priority: 0,
  language: null,
  zone: null,
  country: null,
  region: null,
  postalCode: null,
  consent: null,
  fields: {},
  ...change,
});

let history: History;
let desk: LeadDesk;
let came: string[];

beforeEach(async () => {
  let made = 0;
  history = createMemoryHistory();
  await history.createCampaign(CAMPAIGN);
  came = [];
  desk = createLeadDesk({
    history,
    ids: { next: () => `lead-${String((made += 1)).padStart(6, '0')}` },
    country: 'FI',
    isAgent: (id) => id === 'alice',
    came: (id) => void came.push(id),
    stopped: () => undefined,
    wake: async () => undefined,
    zonesOf: (_number, { postalCode }) => (postalCode === '22100' ? ['Europe/Mariehamn'] : ['Europe/Helsinki']),
  });
});

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

const read = async (csv: string, wish: Partial<ImportWish> = {}) => {
  const answer = await desk.read('c1', bytes(csv), { ...PLAIN_TERMS, ...wish });
  if (!answer.ok) throw new Error(answer.sentence);
  return answer.value;
};

const all = async () => (await history.leads('c1', { limit: 200, before: null })).toReversed();

describe('a list with a map', () => {
  const map = {
    numbers: [
      { column: 'Mobile', kind: 'mobile' },
      { column: 'Home', kind: 'home' },
    ],
    name: 'Who',
    externalId: 'Id',
    priority: 'Prio',
    language: 'Lang',
    consent: 'Consent',
    postalCode: 'Zip',
    fields: { Town: 'city' },
  };
  const head = 'Id;Who;Mobile;Home;Prio;Lang;Consent;Zip;Town;Secret';

  it('takes numbers, words and fields from the columns it names, and nothing else', async () => {
    const csv = `${head}\n7;Maija;0401000001;09 1234567;3;sv;web;22100;Åbo;hidden\n`;
    expect(await read(csv, { map })).toMatchObject({ rows: 1, added: 1, rejected: 0 });
    expect(await all()).toEqual([
      expect.objectContaining({
        externalId: '7',
        name: 'Maija',
        number: number(1),
        kind: 'mobile',
        numbers: [
          { number: number(1), kind: 'mobile', attempts: 0, status: 'open' },
          { number: '+35891234567', kind: 'home', attempts: 0, status: 'open' },
        ],
        priority: 3,
        language: 'sv',
        consent: 'web',
        address: { postalCode: '22100' },
        zones: ['Europe/Mariehamn'],
        fields: { city: 'Åbo' },
      }),
    ]);
    expect(came).toEqual(['c1']);
  });

  it('adds nothing the second time, and changes what reads otherwise', async () => {
    const row = (name: string) => `${head}\n7;${name};0401000001;;;;;;;\n`;
    await read(row('Maija'), { map });
    expect(await read(row('Maija'), { map })).toMatchObject({ added: 0, updated: 0, duplicates: 1 });
    expect(await read(row('Liisa'), { map })).toMatchObject({ added: 0, updated: 1, duplicates: 0 });
    expect((await all()).map(({ name }) => name)).toEqual(['Liisa']);
  });

  it('lets the last of two rows of one id stand', async () => {
    const csv = `${head}\n7;First;0401000001;;;;;;;\n7;Last;0401000002;;;;;;;\n`;
    expect(await read(csv, { map })).toMatchObject({ rows: 2, added: 1, duplicates: 1 });
    expect((await all()).map(({ name }) => name)).toEqual(['Last']);
  });

  it('tells a bad number by its line and takes the lead with the others', async () => {
    const rows = [
      '1;;nonsense;0401000001;;;;;;',
      '2;;nonsense;;;;;;;',
      '3;;;;;;;;;',
      '4;;0401000002;;12;;;;;',
      '5;;0401000003;;;x;;;;',
    ];
    const result = await read(`${head}\n${rows.join('\n')}\n`, { map });
    expect(result).toMatchObject({ rows: 5, added: 1, rejected: 4 });
    expect(result.errors.map(({ line, column }) => [line, column])).toEqual([
      [2, 'Mobile'],
      [3, 'Mobile'],
      [4, 'Mobile'],
      [5, 'Prio'],
      [6, 'Lang'],
    ]);
    expect(result.errors[3]?.problem).toBe('“12” is no priority; give 0 to 9, higher is dialled first');
    expect((await all()).map((lead) => [lead.number, lead.kind])).toEqual([[number(1), 'home']]);
  });

  it('tells once of each word for consent that is none, and takes the leads', async () => {
    const said = ['express', 'web form', 'Written', 'web form', 'no', 'yes', ''];
    const rows = said.map((consent, nth) => `${nth};;040100000${nth + 1};;;;${consent};;;`);
    const result = await read(`${head}\n${rows.join('\n')}\n`, { map });
    expect(result).toMatchObject({ rows: 7, added: 7, rejected: 0 });
    expect(result.errors).toEqual([
      { line: 3, column: 'Consent', problem: expect.stringMatching(/^“web form” counts as no consent/u) },
      { line: 7, column: 'Consent', problem: expect.stringMatching(/^“yes” counts as no consent/u) },
    ]);
  });

  it('is refused when it names a column that is not there, or a list that nobody made', async () => {
    const wish = { ...PLAIN_TERMS, map: { numbers: [{ column: 'Cell', kind: '' }] } };
    const refusal = await desk.read('c1', bytes(`${head}\n`), wish);
    expect(refusal).toMatchObject({ ok: false, sentence: expect.stringContaining('There is no column “Cell”') });
    expect(await desk.read('c1', bytes('number\n'), { ...PLAIN_TERMS, listId: 'east' })).toMatchObject({
      ok: false,
      why: 'not-found',
    });
  });
});

describe('a single lead', () => {
  it('is added, changed and left alone by its external id, while the campaign runs', async () => {
    expect(await desk.save('c1', 'x', given(1, { name: 'A', fields: { city: 'Oulu' } }))).toMatchObject({
      ok: true,
      value: { externalId: 'x', number: number(1), name: 'A', fields: { city: 'Oulu' }, zones: ['Europe/Helsinki'] },
    });
    expect(await desk.save('c1', 'x', given(2, { zone: 'Europe/Stockholm' }))).toMatchObject({
      ok: true,
      value: { number: number(2), name: null, fields: {}, zones: ['Europe/Stockholm'] },
    });
    expect(await all()).toHaveLength(1);
    expect(came).toEqual(['c1', 'c1']);
  });

  it.each([
    [given(1, { numbers: [{ number: '12', kind: '' }] }), 'invalid', /^numbers\.0 “12” is not/],
    [given(1, { zone: 'Mars' }), 'invalid', /^zone “Mars” is no time zone/],
    [given(1, { listId: 'east' }), 'not-found', /no list “east”/],
    [given(9), 'conflict', /Another lead of the campaign has this number/],
  ])('is refused in words %#', async (lead, why, sentence) => {
    await desk.save('c1', 'other', given(9));
    expect(await desk.save('c1', 'x', lead)).toEqual({ ok: false, why, sentence: expect.stringMatching(sentence) });
  });

  it('is called back by no agent whom nobody knows', async () => {
    await desk.save('c1', 'x', given(1));
    const refused = { ok: false, why: 'invalid', sentence: "There is no agent 'alise'." };
    expect(await desk.callBack('c1', 'x', { at: 5, agentId: 'alise' })).toEqual(refused);
    expect((await all()).map(({ callbackAt }) => callbackAt)).toEqual([undefined]);
    expect(await desk.callBack('c1', 'x', { at: 5, agentId: 'alice' })).toMatchObject({ ok: true });
  });

  it('is stopped, and neither a callback nor a new list of words starts it again', async () => {
    await desk.save('c1', 'x', given(1));
    await desk.callBack('c1', 'x', { at: 5, agentId: 'alice' });
    expect(await desk.stop('c1', 'x')).toMatchObject({ ok: true, value: { hold: 'stopped' } });
    expect(await history.leadByExternalId('c1', 'x')).not.toHaveProperty('callbackAt');
    expect(await desk.stop('c1', 'x')).toMatchObject({ ok: true });
    expect(await desk.callBack('c1', 'x', { at: 5, agentId: null })).toMatchObject({ ok: false, why: 'conflict' });
    await desk.save('c1', 'x', given(1, { name: 'again' }));
    expect(await history.claimLeads({ ...CLAIM, count: 9 })).toEqual([]);
    expect(await desk.stop('c1', 'y')).toMatchObject({ ok: false, why: 'not-found' });
  });
});

const CLAIM = { campaignId: 'c1', owner: 'me', now: 1_000, leaseUntil: 2_000 };

describe('where leads come from', () => {
  const claim = async (source: LeadSource, count: number) =>
    (await source.claim({ ...CLAIM, count })).map(({ externalId }) => externalId);
  const fill = async (listId: string, from: number, count: number, fields = {}) => {
    for (let n = from; n < from + count; n += 1) await desk.save('c1', `${listId}${n}`, given(n, { listId, fields }));
  };

  it('is by percent, callbacks first, and one list alone when the other is dry', async () => {
    await desk.saveList('c1', list('a', { share: 75 }));
    await desk.saveList('c1', list('b', { share: 25 }));
    await fill('a', 0, 20);
    await fill('b', 50, 10);
    await history.setCallback((await history.leadByExternalId('c1', 'b59'))?.id ?? '', { at: 5, agentId: null });
    const source = new LeadSource(history);
    const first = await claim(source, 9);
    expect(first[0]).toBe('b59');
    const from = (ids: readonly unknown[], letter: string) => ids.filter((id) => String(id).startsWith(letter)).length;
    expect([from(first.slice(1), 'a'), from(first.slice(1), 'b')]).toEqual([6, 2]);
    expect(await claim(source, 40)).toHaveLength(21);
    expect(await claim(source, 1)).toEqual([]);
  });

  it('has the leads of no list too, beside those of the lists that were made', async () => {
    await desk.saveList('c1', list('a'));
    await fill('a', 0, 1);
    await fill('', 5, 1);
    const source = new LeadSource(history);
    expect(new Set(await claim(source, 9))).toEqual(new Set(['5', 'a0']));
  });

  it('puts aside what a filter does not let through, once, until the filter changes', async () => {
    await desk.saveList('c1', list('a'));
    await fill('a', 0, 30, { city: 'Oulu' });
    await fill('a', 30, 2, { city: 'Turku' });
    const filtered = list('a', { filter: 'fields.city == "Turku"' });
    expect(await desk.saveList('c1', filtered)).toMatchObject({ ok: true });
    const source = new LeadSource(history);
    expect(await claim(source, 1)).toEqual(['a30']);
    expect(await history.heldLeads('c1')).toEqual({ filter: 30 });
    expect(await history.leadCounts('c1')).toEqual({ pending: 1, leased: 1, done: 0 });
    await desk.saveList('c1', list('a', { filter: 'fields.city == "Oulu"' }));
    expect(await claim(source, 2)).toEqual(['a0', 'a1']);
    expect(await desk.saveList('c1', list('a', { filter: 'city ==' }))).toMatchObject({ ok: false, why: 'invalid' });
  });

  it('dials no more of a kind whose quota is full, and counts no attempt for those it put aside', async () => {
    await desk.saveList('c1', list('a', { quotas: [{ outcome: 'connected', field: 'city', most: 1 }] }));
    await fill('a', 0, 3, { city: 'Oulu' });
    await fill('a', 3, 1, { city: 'Turku' });
    const source = new LeadSource(history);
    const [lead] = await source.claim({ ...CLAIM, count: 1 });
    const attempt = { id: 'attempt-1', campaignId: 'c1', leadId: lead?.id ?? '', callId: 'x', number: number(0) };
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    await history.startAttempt({ ...attempt, startedAt: 1, ...open }, { since: 0, dials: 0 });
    const end = { endedAt: 2, outcome: 'connected', q850: 16, sip: null, agentId: 'anna' } as const;
    await history.endAttempt({ attemptId: 'attempt-1', ...end, lead: { status: 'done' } });
    expect(await claim(source, 3)).toEqual(['a3']);
    expect(await history.heldLeads('c1')).toEqual({ quota: 2 });
    expect(await history.leadByExternalId('c1', 'a1')).toMatchObject({ attempts: 0, status: 'pending' });
  });
});

describe('a filter', () => {
  const lead = { number: number(1), name: 'Maija', fields: { city: 'Turku' }, priority: 4, address: { country: 'FI' } };

  it.each([
    ['fields.city == "Turku" && priority >= 3', true],
    ['country in ["SE", "NO"]', false],
    ['fields.none == "x"', false],
    ['has(fields.none) || name.startsWith("M")', true],
    ['language == ""', true],
  ])('%s', (source, expected) => {
    const filter = leadFilter(source);
    expect(filter.ok && filter.passes(lead)).toBe(expected);
  });

  it.each(['fields.city', 'city == "Turku"', 'name ==', 'name.matches("(a+)+$")', '[1].exists(x, true)', ''])(
    'refuses %j in words',
    (source) => {
      expect(leadFilter(source)).toMatchObject({ ok: false, sentence: expect.stringMatching(/^The filter /) });
    },
  );
});
