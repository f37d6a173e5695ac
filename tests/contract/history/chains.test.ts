import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptWord } from '../../../src/engine/ports/dispositions.ts';
import type { ChainMove } from '../../../src/engine/ports/chain.ts';
import type { AttemptEnd, Campaign, History } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-23T12:00:00Z');
const DAY = 86_400_000;
const PAGE = { limit: 10, before: null };
const NUMBERS = ['+358401234501', '+358401234502'].map((number) => ({
  number,
  kind: 'mobile',
  attempts: 0,
  status: 'open' as const,
}));
const LEAD = {
  id: 'lead-1',
  number: '+358401234501',
  numbers: NUMBERS,
  name: 'Aino',
  fields: { town: 'Oulu' },
  externalId: 'crm-7',
  priority: 3,
  language: 'fi',
  zones: ['Europe/Helsinki'],
  address: { country: 'FI' },
  consent: 'web form',
};
const WORD: AttemptWord = {
  disposition: 'sold',
  kind: 'success',
  at: T,
  agentId: 'alice',
  by: 'alice',
  values: {},
  counts: [],
  lead: { status: 'done' },
};
const MOVE: ChainMove = { to: 'next', notBefore: T + DAY, trail: ['first', 'next'] };

describe.each(STORES)('chains, in the history: %s', (_name, make) => {
  let store: Store;
  let history: History;
  const campaign = (id: string, status: Campaign['status'] = 'running') =>
    history.createCampaign({ ...AUTUMN, id, status, createdAt: T });

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
    for (const id of ['first', 'next', 'other']) await campaign(id);
    await campaign('over', 'stopped');
    await history.addLeads('first', [LEAD]);
  });
  afterAll(() => store.stop());

  async function dialled(nth = 1): Promise<string> {
    const terms = { campaignId: 'first', count: 1, owner: 'a', now: T, leaseUntil: T + DAY };
    const [lead] = await history.claimLeads(terms);
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const ids = { id: `attempt-${nth}`, campaignId: 'first', leadId: LEAD.id, callId: `call-${nth}` };
    const number = lead?.number ?? '';
    const { length: dials } = await history.pastDials([number], 0);
    await history.startAttempt({ ...ids, number, startedAt: T, ...open }, { since: 0, dials });
    return ids.id;
  }

  const end = (attemptId: string, change: Partial<AttemptEnd> = {}) =>
    history.endAttempt({
      attemptId,
      endedAt: T + 60_000,
      outcome: 'connected',
      q850: 16,
      sip: null,
      agentId: 'alice',
      lead: { status: 'done' },
      ...change,
    });

  const to = (move: ChainMove | null, newId = 'lead-2') => ({ newId, next: () => move });

  it('a lead that is done goes on once, with all that its list said', async () => {
    const attempt = await dialled();
    const ended = { outcome: 'invalid-number', numberDead: true, chain: to(MOVE) } as const;
    expect(await end(attempt, ended)).toBe(true);
    expect(await end(attempt, { ...ended, chain: to(MOVE, 'lead-3') })).toBe(false);
    expect(await history.lead(LEAD.id)).toMatchObject({ status: 'done', chainedTo: 'lead-2', chainedBy: attempt });
    expect(await history.leads('next', PAGE)).toHaveLength(1);
    const { id: _id, number: _number, ...said } = LEAD;
    expect(await history.lead('lead-2')).toMatchObject({
      ...said,
      numbers: [{ ...NUMBERS[0], status: 'dead' }, NUMBERS[1]],
      // The first is dead.
      number: '+358401234502',
      campaignId: 'next',
      status: 'pending',
      attempts: 0,
      notBefore: T + DAY,
      outcome: null,
      trail: ['first', 'next'],
    });
    const claim = { campaignId: 'next', count: 5, owner: 'a', leaseUntil: T + 2 * DAY };
    expect(await history.claimLeads({ ...claim, now: T + DAY - 1 })).toEqual([]);
    expect(await history.claimLeads({ ...claim, now: T + DAY })).toMatchObject([{ id: 'lead-2' }]);
  });

  it('a lead that is dialled again goes nowhere', async () => {
    await end(await dialled(), { lead: { status: 'pending', notBefore: T + DAY }, chain: to(MOVE) });
    expect(await history.leads('next', PAGE)).toEqual([]);
    expect(await history.lead(LEAD.id)).not.toHaveProperty('chainedTo');
  });

  it.each<[string, () => Promise<unknown>, ChainMove | null]>([
    ['nobody says where', async () => undefined, null],
    ['the next campaign was stopped', async () => undefined, { ...MOVE, to: 'over' }],
    ['there is none', async () => undefined, { ...MOVE, to: 'nowhere' }],
    ['it has the number', () => history.addLeads('next', [{ ...LEAD, id: 'lead-9', externalId: 'crm-9' }]), MOVE],
    ['it has the external id', () => history.addLeads('next', [other('lead-9', LEAD.externalId)]), MOVE],
  ])('and when %s', async (_why, before, move) => {
    await before();
    const there = (await history.leads('next', PAGE)).length;
    await end(await dialled(), { chain: to(move) });
    expect(await history.leads('next', PAGE)).toHaveLength(there);
    expect(await history.lead(LEAD.id)).toMatchObject({ status: 'done' });
    expect(await history.lead(LEAD.id)).not.toHaveProperty('chainedTo');
  });

  it('a lead that somebody stopped goes nowhere', async () => {
    const attempt = await dialled();
    await history.holdLeads([LEAD.id], 'stopped');
    await end(attempt, { chain: to(MOVE) });
    expect(await history.leads('next', PAGE)).toEqual([]);
  });

  const bySaid = { newId: 'lead-2', next: ({ word }: { word: AttemptWord | null }) => (word ? MOVE : null) };

  it.each(['before', 'after'])('a word said %s the end decides the way', async (when) => {
    const attempt = await dialled();
    if (when === 'before') await history.disposeAttempt(attempt, WORD, bySaid);
    expect(await history.leads('next', PAGE)).toEqual([]);
    await end(attempt, { chain: bySaid });
    if (when === 'after') await history.disposeAttempt(attempt, WORD, bySaid);
    expect(await history.lead('lead-2')).toMatchObject({ campaignId: 'next' });
    expect(await history.disposeAttempt(attempt, WORD, { ...bySaid, newId: 'lead-3' })).toBe(false);
    expect(await history.leads('next', PAGE)).toHaveLength(1);
  });

  it('one lead goes one way only', async () => {
    const attempt = await dialled();
    await end(attempt, { chain: to(MOVE) });
    await history.disposeAttempt(attempt, WORD, { newId: 'lead-3', next: () => ({ ...MOVE, to: 'other' }) });
    expect(await history.leads('other', PAGE)).toEqual([]);
    expect(await history.lead(LEAD.id)).toMatchObject({ chainedTo: 'lead-2' });
  });

  it('a talk of which nothing was said in time is told once, and then its lead goes on', async () => {
    const attempt = await dialled();
    expect(await history.missWord(attempt, T)).toBe(false);
    await end(attempt, { chain: to(null) });
    const talk = { attemptId: attempt, campaignId: 'first', leadId: LEAD.id, callId: 'call-1', agentId: 'alice' };
    expect(await history.unsaidTalks(['first', 'next'], T)).toEqual([talk]);
    expect(await history.unsaidTalks(['next'], T)).toEqual([]);
    expect(await history.unsaidTalks(['first'], T + DAY)).toEqual([]);
    expect(await history.missWord(attempt, T + DAY, to(MOVE))).toBe(true);
    expect(await history.missWord(attempt, T + DAY, to(MOVE, 'lead-3'))).toBe(false);
    expect(await history.leads('next', PAGE)).toMatchObject([{ id: 'lead-2' }]);
    expect(await history.unsaidTalks(['first'], T)).toEqual([]);
    expect(await history.wordsMissing('first')).toBe(1);
    await history.disposeAttempt(attempt, WORD);
    expect(await history.wordsMissing('first')).toBe(0);
  });

  it('a talk of which something was said misses no word', async () => {
    const attempt = await dialled();
    await end(attempt);
    await history.disposeAttempt(attempt, WORD);
    expect(await history.missWord(attempt, T + DAY)).toBe(false);
    expect(await history.unsaidTalks(['first'], T)).toEqual([]);
  });

  it.each([null, 'filter', 'stopped'] as const)(
    'a finished campaign owes a callback of a lead held by: %s',
    async (hold) => {
      await history.updateCampaign('first', { status: 'finished' });
      await history.holdLeads([LEAD.id], 'filter');
      expect(await history.owingCampaigns()).toEqual([]);
      await history.setCallback(LEAD.id, { at: T + DAY, agentId: null });
      await history.holdLeads([LEAD.id], hold);
      const owes = hold !== 'stopped';
      expect(await history.owingCampaigns()).toEqual(owes ? ['first'] : []);
      expect((await history.leadCounts('first')).pending).toBe(owes ? 1 : 0);
      await history.updateCampaign('first', { status: 'paused' });
      expect(await history.owingCampaigns()).toEqual([]);
    },
  );

  const other = (id: string, externalId: string) => ({
    id,
    number: '+358401234577',
    name: null,
    fields: {},
    externalId,
  });
});
