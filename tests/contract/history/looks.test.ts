import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, AttemptOutcome, Campaign, History, Lead } from '../../../src/engine/ports/history.ts';
import { type LeadList, type LeadToAdd, PLAIN_TERMS } from '../../../src/engine/ports/leads.ts';
import { STORES, type Store } from './stores.ts';

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

describe.each(STORES)('what a manager asks of %s', (_, start) => {
  let store: Store;
  let history: History;
  let dials = 0;
  const tried = new Map<string, number>();

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    history = await store.fresh();
    tried.clear();
    await history.createCampaign(CAMPAIGN);
  });
  afterAll(() => store.stop());

  const add = (leads: readonly LeadToAdd[], listId = '') => history.addLeads('c1', leads, { ...PLAIN_TERMS, listId });
  const kept = async (n: number): Promise<Lead> => {
    const found = await history.lead(id(n));
    if (!found) throw new Error(`no lead ${n}`);
    return found;
  };
  const aheadOf = async (n: number, now = 10_000) => (await history.leadLook(await kept(n), now)).ahead;

  /** Dials a lead; without an outcome it stays out. */
  const dial = async (n: number, outcome: AttemptOutcome | null, startedAt = 1_000): Promise<string> => {
    dials += 1;
    const attempt: Attempt = {
      id: `attempt-${String(dials).padStart(4, '0')}`,
      campaignId: 'c1',
      leadId: id(n),
      callId: `call-${dials}`,
      number: number(n),
      startedAt,
      endedAt: null,
      outcome: null,
      q850: null,
      sip: null,
      agentId: null,
    };
    const before = tried.get(attempt.number) ?? 0;
    tried.set(attempt.number, before + 1);
    expect(await history.startAttempt(attempt, { since: 0, dials: before })).toBe(true);
    const end = { attemptId: attempt.id, endedAt: startedAt + 9, q850: 16, sip: null, agentId: null } as const;
    if (outcome) await history.endAttempt({ ...end, outcome, lead: { status: 'pending', notBefore: 0 } });
    return attempt.id;
  };

  it('finds a lead by any of its numbers, those that are not done first, and none of another campaign', async () => {
    const numbers = [4, 14].map((n) => ({ number: number(n), kind: '', attempts: 0, status: 'open' as const }));
    await add([lead(1), lead(4, { numbers })]);
    await history.addLeads('c1', [lead(5, { number: number(1) })], { ...PLAIN_TERMS, duplicates: 'allow' });
    await history.createCampaign({ ...CAMPAIGN, id: 'c2' });
    await history.addLeads('c2', [lead(9, { number: number(4) })]);
    expect((await history.leadsOfNumber('c1', number(4))).map((one) => one.id)).toEqual([id(4)]);
    expect(await history.leadsOfNumber('c1', number(14))).toEqual([await kept(4)]);
    expect(await history.leadsOfNumber('c1', number(77))).toEqual([]);
    const attemptId = await dial(1, null);
    const end = { attemptId, endedAt: 9, outcome: 'busy', q850: 17, sip: null, agentId: null } as const;
    await history.endAttempt({ ...end, lead: { status: 'done' } });
    expect((await history.leadsOfNumber('c1', number(1))).map((one) => one.id)).toEqual([id(5), id(1)]);
  });

  it('tells the last dial, also one that is out, and what was said of it', async () => {
    await add([lead(1)]);
    expect((await history.leadLook(await kept(1), 0)).last).toBeNull();
    await dial(1, 'busy', 1_000);
    const second = await dial(1, 'connected', 2_000);
    await history.disposeAttempt(second, {
      disposition: 'not-interested',
      kind: 'refusal',
      at: 2_500,
      agentId: 'alice',
      by: 'alice',
      values: {},
      counts: [],
      lead: { status: 'pending', notBefore: 0, numberIndex: 0 },
    });
    const ended = { startedAt: 2_000, endedAt: 2_009, outcome: 'connected', disposition: 'not-interested' };
    expect((await history.leadLook(await kept(1), 0)).last).toEqual(ended);
    await dial(1, null, 3_000);
    const out = { startedAt: 3_000, endedAt: null, outcome: null, disposition: null };
    expect((await history.leadLook(await kept(1), 0)).last).toEqual(out);
  });

  it('counts who is dialled before a lead: as they are claimed', async () => {
    await history.saveLeadList('c1', list('high', { priority: 5 }));
    await history.saveLeadList('c1', list('low'));
    await history.saveLeadList('c1', list('beside'));
    await history.saveLeadList('c1', list('off', { priority: 9, active: false }));
    await add([lead(1), lead(2, { priority: 7 }), lead(3), lead(4, { hold: 'filter' })], 'low');
    await add([lead(11), lead(12)], 'high');
    await add([lead(21)], 'off');
    await add([lead(31)], 'beside');
    // Nobody of its own list is ahead of lead 2, then 1, then 3; two of the list above all.
    expect(await Promise.all([2, 1, 3, 11].map((n) => aheadOf(n)))).toEqual([2, 3, 4, 0]);
    await history.setCallback(id(12), { at: 5_000, agentId: null });
    await history.setCallback(id(31), { at: 4_000, agentId: null });
    expect(await Promise.all([2, 11, 12, 31].map((n) => aheadOf(n)))).toEqual([3, 2, 1, 0]);
    // Before their time they are in nobody's way.
    expect(await aheadOf(2, 1_000)).toBe(1);
    const order = await history.claimLeads({
      campaignId: 'c1',
      count: 9,
      owner: 'me',
      now: 10_000,
      leaseUntil: 20_000,
    });
    expect(order.map((one) => one.id).filter((one) => one !== id(31))).toEqual([12, 11, 2, 1, 3].map(id));
  });

  it('tells what the leads that wait are waiting for', async () => {
    expect(await history.waitingLeads('c1')).toEqual({ lastDueAt: null, leastAttempts: 0 });
    await add([lead(1), lead(2), lead(3, { hold: 'filter' })]);
    expect(await history.waitingLeads('c1')).toEqual({ lastDueAt: null, leastAttempts: 0 });
    await history.claimLeads({ campaignId: 'c1', count: 2, owner: 'me', now: 1, leaseUntil: 9 });
    const due = { endedAt: 9, outcome: 'busy', q850: 17, sip: null, agentId: null } as const;
    for (const [n, notBefore] of [
      [1, 5_000],
      [2, 7_000],
    ] as const) {
      const attemptId = await dial(n, null);
      await history.endAttempt({ attemptId, ...due, lead: { status: 'pending', notBefore } });
    }
    expect(await history.waitingLeads('c1')).toEqual({ lastDueAt: 7_000, leastAttempts: 1 });
    await history.setCallback(id(1), { at: 9_000, agentId: null });
    expect(await history.waitingLeads('c1')).toMatchObject({ lastDueAt: 9_000 });
  });

  it('counts what became of each list', async () => {
    await history.saveLeadList('c1', list('east'));
    await add([lead(1), lead(2), lead(3)]);
    await add([lead(4), lead(5)], 'east');
    await dial(1, 'busy');
    const talk = await dial(1, 'connected');
    await history.disposeAttempt(talk, {
      disposition: 'never-again',
      kind: 'dnc',
      at: 1,
      agentId: 'a',
      by: 'a',
      values: {},
      counts: [],
      lead: { status: 'done' },
    });
    await dial(2, 'no-answer');
    await dial(2, null);
    await dial(4, 'machine');
    await dial(4, 'abandoned');
    expect(await history.listCounts('c1')).toEqual([
      {
        listId: '',
        leads: 3,
        done: 1,
        dialled: 2,
        reached: 1,
        outcomes: { busy: 1, connected: 1, 'no-answer': 1 },
        refusals: 1,
      },
      {
        listId: 'east',
        leads: 2,
        done: 0,
        dialled: 1,
        reached: 1,
        outcomes: { machine: 1, abandoned: 1 },
        refusals: 0,
      },
    ]);
    expect(await history.listCounts('c9')).toEqual([]);
  });
});
