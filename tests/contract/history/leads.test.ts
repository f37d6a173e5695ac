import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LeadList } from '../../../src/dialer/list-terms.ts';
import type { Attempt, AttemptEnd, Campaign, History } from '../../../src/engine/ports/history.ts';
import { type AddTerms, type ClaimRequest, type LeadToAdd, PLAIN_TERMS } from '../../../src/engine/ports/leads.ts';
import { type Store, STORES } from './stores.ts';

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
  cps: 1,
  ringMs: 20_000,
  maxAttempts: 3,
  retryAfterMs: 60_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 5_000,
};

const number = (n: number) => `+35840${1_000_000 + n}`;
const id = (n: number) => `lead-${String(n).padStart(4, '0')}`;

const lead = (n: number, change: Partial<LeadToAdd> = {}): LeadToAdd => ({
  id: id(n),
  number: number(n),
  name: null,
  fields: {},
  digest: JSON.stringify(change),
  ...change,
});

const several = (...all: number[]) =>
  all.map((n, nth) => ({
    number: number(n),
    kind: ['mobile', 'home', ''][nth] ?? '',
    attempts: 0,
    status: 'open' as const,
  }));

const claimOf = (count: number, change: Partial<ClaimRequest> = {}): ClaimRequest => ({
  campaignId: 'c1',
  count,
  owner: 'me',
  now: 1_000,
  leaseUntil: 2_000,
  ...change,
});

const list = (name: string, change: Partial<LeadList> = {}): LeadList => ({
  id: name,
  name,
  priority: 0,
  share: 50,
  active: true,
  filter: null,
  quotas: [],
  order: 'file',
  seed: 0,
  ...change,
});

const terms = (change: Partial<AddTerms> = {}): AddTerms => ({ ...PLAIN_TERMS, ...change });

describe.each(STORES)('leads in %s', (_, start) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    history = await store.fresh();
    await history.createCampaign(CAMPAIGN);
  });
  afterAll(() => store.stop());

  const add = (leads: readonly LeadToAdd[], change: Partial<AddTerms> = {}) =>
    history.addLeads('c1', leads, terms(change));
  const claimed = async (count: number, change: Partial<ClaimRequest> = {}) =>
    (await history.claimLeads(claimOf(count, change))).map((one) => one.id);

  let attempts = 0;
  /** Dials a lead that was claimed, to the end. */
  const dial = async (leadId: string, end: Partial<AttemptEnd> = {}, startedAt = 1_000) => {
    attempts += 1;
    const found = await history.lead(leadId);
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const attempt: Attempt = {
      id: `attempt-${String(attempts).padStart(4, '0')}`,
      campaignId: 'c1',
      leadId,
      callId: `call-${attempts}`,
      number: found?.number ?? '',
      startedAt,
      ...open,
    };
    const { length: dials } = await history.pastDials([attempt.number], 0);
    expect(await history.startAttempt(attempt, { since: 0, dials })).toBe(true);
    const closed = { endedAt: startedAt + 9, outcome: 'busy', q850: 17, sip: 486, agentId: null } as const;
    return () => history.endAttempt({ attemptId: attempt.id, ...closed, lead: { status: 'done' }, ...end });
  };

  it('keeps all that a list says', async () => {
    const full = lead(1, {
      name: 'Maija',
      fields: { city: 'Åbo', snake_case: "it's" },
      numbers: several(1, 2, 3),
      kind: 'mobile',
      externalId: 'crm-7',
      priority: 9,
      language: 'sv',
      zones: ['Europe/Helsinki', 'Europe/Mariehamn'],
      address: { country: 'FI', postalCode: '20100' },
      consent: 'web form, 2026-01-02',
      hold: 'filter',
    });
    await add([full], { listId: 'east' });
    const kept = { campaignId: 'c1', status: 'pending', attempts: 0, notBefore: 0, outcome: null };
    const expected = { ...full, ...kept, listId: 'east', numberIndex: 0 };
    expect(await history.lead(id(1))).toEqual(expected);
    expect(await history.leadByExternalId('c1', 'crm-7')).toEqual(expected);
    expect(await history.leadByExternalId('c1', 'crm-8')).toBeNull();
    expect(await history.leads('c1', { limit: 9, before: null })).toEqual([expected]);
  });

  it('are read by whoever counts them, those that are held too and those that are done not, page by page', async () => {
    const numbers = several(3, 13);
    const full = { name: 'Anna', fields: { city: 'Oulu' }, zones: ['Europe/Helsinki'], consent: 'written' };
    await add([lead(1, full), lead(2, { hold: 'quota' }), lead(3, { numbers, zones: ['Europe/Stockholm'] }), lead(4)]);
    expect(await claimed(1)).toEqual([id(1)]);
    await (await dial(id(1)))();
    expect(await claimed(1)).toEqual([id(3)]);
    const pages = [await history.openLeads('c1', null, 2), await history.openLeads('c1', id(3), 2)];
    expect(pages.map((page) => page.map((one) => one.id))).toEqual([[id(2), id(3)], [id(4)]]);
    const [held, leased] = pages[0] ?? [];
    expect(held).toMatchObject({ hold: 'quota', status: 'pending', name: null, fields: {} });
    expect(leased).toMatchObject({ status: 'leased', numbers, zones: ['Europe/Stockholm'], attempts: 1, notBefore: 0 });
    await history.createCampaign({ ...CAMPAIGN, id: 'c2' });
    expect(await history.openLeads('c2', null, 9)).toEqual([]);
  });

  describe('what is there already', () => {
    it('is known by its external id, and changes only when the row says something else', async () => {
      const row = (change: Partial<LeadToAdd>) => ({ externalId: 'x1', ...change });
      expect(await add([lead(1, row({ name: 'A' }))])).toEqual({ added: 1, updated: 0, duplicates: 0 });
      expect(await add([lead(2, row({ name: 'A', number: number(1) }))])).toMatchObject({ added: 0 });
      expect(await add([{ ...lead(1, row({ name: 'A' })), id: id(3) }])).toMatchObject({ added: 0 });
      await claimed(1);
      const changed = lead(4, row({ name: 'B', number: number(77), numbers: several(77, 78) }));
      expect(await add([changed])).toEqual({ added: 0, updated: 1, duplicates: 0 });
      expect(await add([changed])).toEqual({ added: 0, updated: 0, duplicates: 1 });
      const [only, ...more] = await history.leads('c1', { limit: 9, before: null });
      expect(more).toEqual([]);
      expect(only).toMatchObject({ id: id(1), name: 'B', number: number(77), attempts: 1, status: 'leased' });
    });

    it('is skipped by its number, or updated, or added when it says something else', async () => {
      await add([lead(1, { name: 'A' })]);
      expect(await add([lead(2, { number: number(1), name: 'B' })])).toEqual({ added: 0, updated: 0, duplicates: 1 });
      const update = [lead(3, { number: number(1), name: 'C' })];
      expect(await add(update, { duplicates: 'update' })).toEqual({ added: 0, updated: 1, duplicates: 0 });
      expect(await add(update, { duplicates: 'update' })).toEqual({ added: 0, updated: 0, duplicates: 1 });
      expect(await history.lead(id(1))).toMatchObject({ name: 'C' });
      const copy = [lead(4, { number: number(1), name: 'D' })];
      expect(await add(copy, { duplicates: 'allow' })).toEqual({ added: 1, updated: 0, duplicates: 0 });
      expect(await add([{ ...copy[0], id: id(5) } as LeadToAdd], { duplicates: 'allow' })).toMatchObject({ added: 0 });
    });

    it('counts across the lists of a campaign, unless it is to be once a list', async () => {
      await add([lead(1)], { listId: 'east' });
      expect(await add([lead(2, { number: number(1) })], { listId: 'west' })).toMatchObject({ added: 0 });
      const once = { listId: 'west', within: 'list' } as const;
      expect(await add([lead(3, { number: number(1) })], once)).toMatchObject({ added: 1 });
      expect(await add([lead(4, { number: number(1) })], once)).toMatchObject({ added: 0 });
      expect(await add([lead(5, { number: number(1) })])).toMatchObject({ added: 0 });
    });

    it('adopts an external id by its number, and keeps two ids apart', async () => {
      await add([lead(1)]);
      const named = (n: number, externalId: string) => lead(n, { number: number(1), externalId });
      expect(await add([named(2, 'x')], { duplicates: 'update' })).toMatchObject({ updated: 1 });
      expect(await history.leadByExternalId('c1', 'x')).toMatchObject({ id: id(1) });
      expect(await add([named(3, 'y')], { duplicates: 'update' })).toEqual({ added: 0, updated: 0, duplicates: 1 });
    });

    it('swaps the numbers of two leads', async () => {
      await add([lead(1, { externalId: 'a' }), lead(2, { externalId: 'b' })]);
      const swapped = [
        lead(3, { externalId: 'a', number: number(2) }),
        lead(4, { externalId: 'b', number: number(1) }),
      ];
      expect(await add(swapped)).toEqual({ added: 0, updated: 2, duplicates: 0 });
      expect(await history.leadByExternalId('c1', 'a')).toMatchObject({ id: id(1), number: number(2) });
    });

    it('never makes a lead that is done due again', async () => {
      await add([lead(1, { externalId: 'a' })]);
      await claimed(1);
      await (await dial(id(1)))();
      expect(await add([lead(2, { externalId: 'a', name: 'new' })])).toMatchObject({ updated: 1 });
      expect(await claimed(9)).toEqual([]);
    });
  });

  it('dials the numbers of a lead as it is told, and counts the tries of each', async () => {
    await add([lead(1, { numbers: several(1, 2), externalId: 'a' })]);
    expect(await history.claimLeads(claimOf(1))).toMatchObject([{ number: number(1), numberIndex: 0 }]);
    const next = { status: 'pending', notBefore: 1_000, numberIndex: 1 } as const;
    await (await dial(id(1), { lead: next, numberDead: true }))();
    const [again] = await history.claimLeads(claimOf(1));
    expect(again).toMatchObject({ number: number(2), numberIndex: 1, attempts: 2 });
    expect(again?.numbers?.map((one) => [one.attempts, one.status])).toEqual([
      [1, 'dead'],
      [0, 'open'],
    ]);
    await (await dial(id(1), { lead: { status: 'pending', notBefore: 1_000 } }))();
    await add([lead(9, { numbers: several(1, 3), externalId: 'a' })]);
    const kept = await history.lead(id(1));
    expect(kept?.numbers?.map((one) => [one.number, one.attempts, one.status])).toEqual([
      [number(1), 1, 'dead'],
      [number(3), 0, 'open'],
    ]);
    await add([lead(9, { externalId: 'a' })]);
    expect((await history.lead(id(1)))?.numbers).toBeUndefined();
  });

  describe('lists', () => {
    it('are claimed by priority, leads within them too, and none that is not active', async () => {
      await history.saveLeadList('c1', list('low'));
      await history.saveLeadList('c1', list('high', { priority: 5 }));
      await history.saveLeadList('c1', list('off', { priority: 9, active: false }));
      await add([lead(1), lead(2, { priority: 3 }), lead(3, { priority: 9 })], { listId: 'low' });
      await add([lead(4), lead(5)], { listId: 'high' });
      await add([lead(6)], { listId: 'off' });
      await add([lead(7)]);
      expect(await claimed(1, { from: { list: 'low' } })).toEqual([id(3)]);
      expect(await claimed(9)).toEqual([4, 5, 7, 2, 1].map(id));
      await history.saveLeadList('c1', list('off'));
      expect(await claimed(9)).toEqual([id(6)]);
      expect((await history.leadLists('c1')).map((one) => one.id)).toEqual(['high', 'low', 'off']);
    });

    it('keep what they are told', async () => {
      const quotas = [{ outcome: 'connected', field: 'city', most: 2 }];
      const told = list('a', { filter: 'fields.city == "Turku"', quotas, order: 'random', seed: 7, name: 'Ä' });
      await history.saveLeadList('c1', list('a'));
      await history.saveLeadList('c1', told);
      expect(await history.leadLists('c1')).toEqual([told]);
      expect(await history.leadLists('c2')).toEqual([]);
    });

    it('turn leads round when they are to be dialled newest first, those that wait already too', async () => {
      await add(
        [1, 2, 3].map((n) => lead(n)),
        { listId: 'a' },
      );
      await history.saveLeadList('c1', list('a', { order: 'newest' }));
      await add([lead(4)], { listId: 'a' });
      expect(await claimed(9)).toEqual([4, 3, 2, 1].map(id));
    });

    it('shuffle by their seed, and the same again', async () => {
      await history.saveLeadList('c1', list('a', { order: 'random', seed: 3 }));
      await add(
        Array.from({ length: 30 }, (_one, n) => lead(n)),
        { listId: 'a' },
      );
      const first = await claimed(30);
      expect(first).not.toEqual(first.toSorted());
      await history.giveBackLeads(first, 'me');
      expect(await claimed(30)).toEqual(first);
    });

    it('keep a lease as long as its owner says so, and not longer than it is his', async () => {
      await add([lead(1), lead(2), lead(3)]);
      expect(await claimed(3)).toEqual([id(1), id(2), id(3)]);
      expect(await history.renewLeases([id(1), id(2)], 'another', 9_000)).toEqual([]);
      expect(await history.renewLeases([id(1), id(2)], 'me', 9_000)).toEqual([id(1), id(2)]);
      await history.expireLeases(2_500);
      expect(await history.renewLeases([id(1), id(2), id(3)], 'me', 9_500)).toEqual([id(1), id(2)]);
      await history.holdLeads([id(1)], 'stopped');
      expect(await history.renewLeases([id(1), id(2)], 'me', 9_500)).toEqual([id(2)]);
      expect(await history.renewLeases([], 'me', 9_500)).toEqual([]);
    });

    it('dial what had the fewest attempts before what is longer due', async () => {
      await history.saveLeadList('c1', list('a', { order: 'fewest-attempts' }));
      await add([lead(1), lead(2)], { listId: 'a' });
      const retry = (notBefore: number) => ({ lead: { status: 'pending', notBefore } as const });
      expect(await claimed(1)).toEqual([id(1)]);
      await (await dial(id(1), retry(0)))();
      expect(await claimed(1)).toEqual([id(2)]);
      await (await dial(id(2), retry(500)))();
      expect(await claimed(1)).toEqual([id(1)]);
      await (await dial(id(1), retry(0)))();
      expect(await claimed(9)).toEqual([id(2), id(1)]);
    });

    it('count outcomes for their quotas', async () => {
      const quotas = [
        { outcome: 'connected', field: 'city', most: 1 },
        { outcome: 'busy', field: null, most: 9 },
      ];
      const counted = list('a', { quotas });
      await history.saveLeadList('c1', counted);
      await add([lead(1, { fields: { city: 'Oulu' } }), lead(2, { fields: { city: 'Oulu' } }), lead(3), lead(4)], {
        listId: 'a',
      });
      await claimed(4);
      for (const n of [1, 2, 3]) await (await dial(id(n), { outcome: 'connected' }))();
      await (await dial(id(4)))();
      const counts = await history.quotaCounts('c1', counted);
      expect(counts.toSorted((a, b) => b.count - a.count || (a.outcome < b.outcome ? -1 : 1))).toEqual([
        { outcome: 'connected', field: 'city', value: 'Oulu', count: 2 },
        { outcome: 'busy', field: null, value: '', count: 1 },
        { outcome: 'connected', field: 'city', value: '', count: 1 },
      ]);
    });
  });

  describe('holds', () => {
    beforeEach(async () => {
      await history.saveLeadList('c1', list('a'));
      await add(
        [1, 2, 3].map((n) => lead(n)),
        { listId: 'a' },
      );
    });

    it('keep a lead from being dialled, and give back one that nobody dialled yet', async () => {
      expect(await claimed(1)).toEqual([id(1)]);
      expect(await history.holdLeads([id(1), id(2)], 'filter')).toBe(2);
      expect(await history.holdLeads([id(1), id(2)], 'filter')).toBe(0);
      expect(await history.lead(id(1))).toMatchObject({ status: 'pending', attempts: 0, hold: 'filter' });
      expect(await history.leadCounts('c1')).toEqual({ pending: 1, leased: 0, done: 0 });
      expect(await history.heldLeads('c1')).toEqual({ filter: 2 });
      expect(await claimed(9)).toEqual([id(3)]);
      expect(await history.releaseHeld('c1', 'b', 'filter', 9)).toBe(0);
      expect(await history.releaseHeld('c1', 'a', 'filter', 1)).toBe(1);
      expect(await history.releaseHeld('c1', 'a', 'filter', 9)).toBe(1);
      expect(await claimed(9)).toEqual([id(1), id(2)]);
    });

    it('let an attempt end, and nothing follows', async () => {
      await claimed(1);
      const end = await dial(id(1), { lead: { status: 'pending', notBefore: 0, callback: { at: 1, agentId: null } } });
      expect(await history.holdLeads([id(1)], 'stopped')).toBe(1);
      expect(await history.lead(id(1))).toMatchObject({ status: 'leased', attempts: 1 });
      expect(await end()).toBe(true);
      expect(await history.lead(id(1))).toMatchObject({ status: 'pending', callbackAt: 1 });
      expect(await history.leadCounts('c1')).toEqual({ pending: 2, leased: 0, done: 0 });
      expect(await claimed(9)).toEqual([id(2), id(3)]);
      expect(await history.setCallback(id(1), { at: 5, agentId: null })).toBe(false);
    });

    it('stop a lead that was claimed and is not dialled yet', async () => {
      await claimed(2);
      await history.holdLeads([id(1)], 'stopped');
      await history.holdLeads([id(2)], 'quota');
      const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
      const attempt = (n: number): Attempt => {
        const about = { id: `attempt-stop-${n}`, campaignId: 'c1', leadId: id(n), callId: `call-stop-${n}` };
        return { ...about, number: number(n), startedAt: 1_000, ...open };
      };
      expect(await history.startAttempt(attempt(1), { since: 0, dials: 0 })).toBe(false);
      expect(await history.startAttempt(attempt(2), { since: 0, dials: 0 })).toBe(true);
      expect(await history.lead(id(1))).toMatchObject({ status: 'pending', attempts: 0, hold: 'stopped' });
    });

    it('survive an update when a person stopped the lead', async () => {
      await history.holdLeads([id(1)], 'stopped');
      await add([lead(9, { number: number(1), name: 'new' })], { listId: 'a', duplicates: 'update' });
      expect(await history.lead(id(1))).toMatchObject({ name: 'new', hold: 'stopped' });
    });
  });

  describe('callbacks', () => {
    beforeEach(() => add([1, 2, 3, 4].map((n) => lead(n))));

    it('come before any list, by their time and not before it, to those who may take them', async () => {
      await history.setCallback(id(4), { at: 900, agentId: null });
      await history.setCallback(id(3), { at: 800, agentId: 'anna' });
      await history.setCallback(id(2), { at: 5_000, agentId: null });
      expect(await claimed(9, { from: 'callbacks', callbackAgents: ['bo'] })).toEqual([id(4)]);
      expect(await claimed(2, { callbackAgents: ['anna'] })).toEqual([id(3), id(1)]);
      expect(await claimed(9)).toEqual([]);
      expect(await claimed(9, { now: 5_000 })).toEqual([id(2)]);
      expect(await history.lead(id(3))).toMatchObject({ callbackAt: 800, callbackAgent: 'anna', status: 'leased' });
    });

    it('come by their time, after them fresh leads, and then those to be dialled again by when that is due', async () => {
      await history.setCallback(id(3), { at: 900, agentId: null });
      await history.setCallback(id(4), { at: 800, agentId: null });
      await claimed(2, { from: { list: '' } });
      for (const [n, notBefore] of [
        [1, 700],
        [2, 600],
      ] as const) {
        await (await dial(id(n), { lead: { status: 'pending', notBefore } }, 500))();
      }
      await add([lead(5)]);
      expect(await claimed(9)).toEqual([4, 3, 5, 2, 1].map(id));
    });

    it('come at their time, though the lead was to be dialled again later', async () => {
      expect(await claimed(1)).toEqual([id(1)]);
      await (await dial(id(1), { lead: { status: 'pending', notBefore: 90_000 } }))();
      await history.setCallback(id(1), { at: 5_000, agentId: null });
      expect(await claimed(9, { from: 'callbacks', now: 5_000 })).toEqual([id(1)]);
    });

    it('wait for the hour that the law names, though their time has come', async () => {
      await history.setCallback(id(3), { at: 800, agentId: null });
      expect(await claimed(1)).toEqual([id(3)]);
      expect(await history.refuseLeads([{ leadId: id(3), rule: 'calling-hours', until: 5_000 }], 'me')).toBe(1);
      expect(await claimed(9, { from: 'callbacks', now: 4_999 })).toEqual([]);
      expect(await claimed(9, { from: 'callbacks', now: 5_000 })).toEqual([id(3)]);
    });

    it('are anybody’s once they are overdue by so much', async () => {
      await history.setCallback(id(3), { at: 800, agentId: 'anna' });
      const away = { from: 'callbacks', callbackAgents: [], callbackToTeamAfterMs: 300 } as const;
      expect(await claimed(9, { ...away, now: 1_099 })).toEqual([]);
      expect(await claimed(9, { ...away, now: 1_100 })).toEqual([id(3)]);
    });

    it('outlive the process that took them, and what an attempt came to', async () => {
      await history.setCallback(id(3), { at: 800, agentId: 'anna' });
      expect(await claimed(1)).toEqual([id(3)]);
      expect(await history.expireLeases(2_000)).toBe(1);
      expect(await claimed(1)).toEqual([id(3)]);
      const end = await dial(id(3));
      await history.setCallback(id(3), { at: 9_000, agentId: 'bo' });
      expect(await history.lead(id(3))).toMatchObject({ status: 'leased' });
      expect(await claimed(9, { now: 9_000, from: 'callbacks' })).toEqual([]);
      await end();
      expect(await history.lead(id(3))).toMatchObject({ status: 'pending', callbackAt: 9_000, callbackAgent: 'bo' });
      expect(await claimed(1, { now: 9_000, from: 'callbacks' })).toEqual([id(3)]);
      const again = { at: 9_500, agentId: 'anna', waitMs: 400 };
      await (await dial(id(3), { lead: { status: 'pending', notBefore: 0, callback: again } }, 9_001))();
      expect(await history.lead(id(3))).toMatchObject({
        callbackAt: 9_500,
        callbackAgent: 'anna',
        callbackWaitMs: 400,
      });
      expect(await claimed(1, { now: 9_500, from: 'callbacks' })).toEqual([id(3)]);
      // Begun in the very moment for which it was promised, it is kept with that.
      await (await dial(id(3), {}, 9_500))();
      const done = await history.lead(id(3));
      expect([done?.status, done?.callbackAt]).toEqual(['done', undefined]);
    });

    it('reopen a lead that is done, and can be taken off', async () => {
      await claimed(1);
      await (await dial(id(1)))();
      expect(await history.setCallback(id(1), null)).toBe(false);
      expect(await history.setCallback(id(1), { at: 5, agentId: null })).toBe(true);
      expect(await claimed(1, { from: 'callbacks' })).toEqual([id(1)]);
      await history.setCallback(id(2), { at: 5, agentId: null });
      expect(await history.setCallback(id(2), null)).toBe(true);
      expect(await claimed(9, { from: 'callbacks' })).toEqual([]);
      expect(await claimed(9)).toEqual([2, 3, 4].map(id));
      expect(await history.setCallback('nobody', { at: 5, agentId: null })).toBe(false);
    });
  });
});
