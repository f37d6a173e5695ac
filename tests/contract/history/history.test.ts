import type { Why } from '../../../src/call/why.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  ApiToken,
  Attempt,
  AttemptEnd,
  CallRecord,
  Campaign,
  History,
} from '../../../src/engine/ports/history.ts';
import { type Store, STORES } from './stores.ts';

const CAMPAIGN: Campaign = {
  id: 'campaign-1',
  status: 'running',
  createdAt: 1_790_000_000_123,
  name: 'Spring “offer”',
  mode: 'progressive',
  trunk: 'north',
  callerId: '+358901234567',
  language: 'fi',
  require: [{ skill: 'sales', level: 3 }],
  maxLines: 10,
  cps: 0.5,
  ringMs: 20_000,
  maxAttempts: 3,
  retryAfterMs: 60_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 5_000,
};

const CALL: CallRecord = {
  id: 'call-1',
  direction: 'inbound',
  ani: null,
  dnis: '+358901234567',
  source: 'north',
  language: 'fi',
  flow: 'main',
  queue: 'sales',
  agentId: 'anna',
  campaignId: null,
  startedAt: 1_790_000_000_000,
  answeredAt: 1_790_000_000_050,
  endedAt: 1_790_000_060_000,
  waitedMs: 12_000,
  talkedMs: 47_000,
  heldMs: 3_000,
  outcome: 'handled',
  verdict: 'completed',
  q850: 16,
  detected: 'event',
};

const TOKEN: ApiToken = {
  id: 'token-1',
  name: 'console',
  role: 'agent',
  agentId: 'anna',
  hash: 'scrypt$x',
  createdAt: 5,
};

const id = (kind: string, n: number) => `${kind}-${String(n).padStart(6, '0')}`;

const leadsOf = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({
    id: id('lead', from + n),
    number: `+35840${1_000_000 + from + n}`,
    name: n % 2 ? null : `Name ${n}`,
    fields: { city: 'Åbo', 'snake_case Key': "it's" },
  }));

const attemptOf = (lead: number, n = lead): Attempt => ({
  id: id('attempt', n),
  campaignId: CAMPAIGN.id,
  leadId: id('lead', lead),
  callId: id('call', n),
  number: `+35840${1_000_000 + lead}`,
  startedAt: 100,
  endedAt: null,
  outcome: null,
  q850: null,
  sip: null,
  agentId: null,
  trunk: 'north',
  callerId: '+358901234567',
});

/** What the law has seen of a number that nobody dialled before. */
const NOT_DIALLED = { since: 0, dials: 0 };

const endOf = (attempt: number, change: Partial<AttemptEnd> = {}): AttemptEnd => ({
  attemptId: id('attempt', attempt),
  endedAt: 200,
  outcome: 'busy',
  q850: 17,
  sip: 486,
  agentId: null,
  lead: { status: 'done' },
  ...change,
});

const claimOf = (count: number, change: Partial<Parameters<History['claimLeads']>[0]> = {}) => ({
  campaignId: CAMPAIGN.id,
  count,
  owner: 'process-1',
  now: 1_000,
  leaseUntil: 2_000,
  ...change,
});

const idsOf = (rows: readonly { id: string }[]) => rows.map((row) => row.id);

const FIRST = { limit: 200, before: null };

describe.each(STORES)('history in %s', (_, start) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    history = await store.fresh();
  });
  afterAll(() => store.stop());

  it('is healthy', async () => {
    expect(await history.healthy()).toBe(true);
  });

  describe('call records', () => {
    it('keeps each as it was given, and the first when it comes twice', async () => {
      const bare: CallRecord = { ...CALL, id: 'call-2', flow: null, queue: null, agentId: null, answeredAt: null };
      await history.saveCallRecord(CALL);
      await history.saveCallRecord(bare);
      await history.saveCallRecord({ ...CALL, detected: 'reconcile' });
      expect(await history.callRecord('call-1')).toEqual(CALL);
      expect(await history.callRecord('call-2')).toEqual(bare);
      expect(await history.callRecord('call-3')).toBeNull();
    });

    it('keeps that of a caller whose number is no text for a database', async () => {
      await history.saveCallRecord({ ...CALL, ani: '+358\0\u001b[2J\ud800' });
      expect((await history.callRecord(CALL.id))?.ani).toContain('+358');
    });

    it('tell who talked with a caller last, whoever rang whom, and not too long ago', async () => {
      const [number, other] = ['+358401112223', '+358409998887'];
      const talks = [
        { ani: number, agentId: 'anna', endedAt: 1_000 },
        { ani: other, dnis: number, direction: 'outbound', agentId: 'ben', endedAt: 2_000 },
        { ani: number, agentId: null, endedAt: 3_000 },
        { ani: other, dnis: number, agentId: 'carl', endedAt: 4_000 },
        { ani: 'x'.repeat(9_000), agentId: 'dora', endedAt: 5_000 },
      ] as const;
      for (const [n, talk] of talks.entries()) {
        await history.saveCallRecord({ ...CALL, direction: 'inbound', ...talk, id: id('call', n) });
      }
      expect(await history.lastAgent(number, 0)).toBe('ben');
      expect(await history.lastAgent(number, 1_999)).toBe('ben');
      expect(await history.lastAgent(number, 2_000)).toBeNull();
      expect(await history.lastAgent(other, 0)).toBe('carl');
      expect(await history.lastAgent('x'.repeat(9_000), 0)).toBe('dora');
      expect(await history.lastAgent("' or 1=1 --", 0)).toBeNull();
    });

    it('pages newest first, at most 200 a page, ids ordered as bytes', async () => {
      const ids = Array.from({ length: 205 }, (_row, n) => id('call', n));
      const all = [...ids, 'call-Z', 'call-a', 'call_b'];
      await Promise.all(all.map((each) => history.saveCallRecord({ ...CALL, id: each })));
      const first = await history.callRecords({ limit: 1_000, before: null });
      expect(first).toHaveLength(200);
      expect(idsOf(first).slice(0, 4)).toEqual(['call_b', 'call-a', 'call-Z', id('call', 204)]);
      const next = await history.callRecords({ limit: 5, before: first.at(-1)?.id ?? '' });
      expect(idsOf(next)).toEqual([7, 6, 5, 4, 3].map((n) => id('call', n)));
      expect(await history.callRecords({ limit: 5, before: id('call', 0) })).toEqual([]);
    });
  });

  it('saves, replaces and removes agents', async () => {
    const anna = {
      id: 'anna',
      name: 'Anna',
      phone: 'p1',
      skills: { 'lang:fi': 9 },
      queues: ['sales'],
      campaigns: ['*'],
    };
    const ben = { ...anna, id: 'ben', queues: [] };
    await history.saveAgentProfile(ben);
    await history.saveAgentProfile(anna);
    await history.saveAgentProfile({ ...anna, name: 'Anna B', skills: {} });
    expect(await history.agentProfiles()).toEqual([{ ...anna, name: 'Anna B', skills: {} }, ben]);
    expect(await history.removeAgentProfile('ben')).toBe(true);
    expect(await history.removeAgentProfile('ben')).toBe(false);
    expect(idsOf(await history.agentProfiles())).toEqual(['anna']);
  });

  it('saves, replaces and removes tokens', async () => {
    await history.saveToken(TOKEN);
    await history.saveToken({ ...TOKEN, id: 'token-0', role: 'admin', agentId: null });
    await history.saveToken({ ...TOKEN, hash: 'scrypt$y' });
    const first = { ...TOKEN, id: 'token-0', role: 'admin', agentId: null };
    expect(await history.tokens()).toEqual([first, { ...TOKEN, hash: 'scrypt$y' }]);
    expect(await history.removeToken('token-0')).toBe(true);
    expect(await history.removeToken('token-0')).toBe(false);
  });

  it('keeps campaigns and changes what is asked', async () => {
    await history.createCampaign({ ...CAMPAIGN, id: 'campaign-2' });
    await history.createCampaign(CAMPAIGN);
    expect(await history.campaign('campaign-1')).toEqual(CAMPAIGN);
    expect(await history.campaign('campaign-3')).toBeNull();
    const changed = { ...CAMPAIGN, status: 'running', cps: 3, require: [] };
    expect(await history.updateCampaign('campaign-1', { status: 'running', cps: 3, require: [] })).toEqual(changed);
    expect(await history.updateCampaign('campaign-1', {})).toEqual(changed);
    expect(await history.updateCampaign('campaign-3', { cps: 3 })).toBeNull();
    expect(await history.campaigns()).toEqual([changed, { ...CAMPAIGN, id: 'campaign-2' }]);
  });

  describe('leads', () => {
    beforeEach(() => history.createCampaign(CAMPAIGN));

    it('adds each number once per campaign and counts the rest', async () => {
      await history.createCampaign({ ...CAMPAIGN, id: 'campaign-2' });
      const leads = leadsOf(3);
      const again = leads.map((lead) => ({ ...lead, id: `${lead.id}-again`, name: 'other' }));
      expect(await history.addLeads(CAMPAIGN.id, [...leads, ...again])).toEqual({
        added: 3,
        updated: 0,
        duplicates: 3,
      });
      expect(await history.addLeads(CAMPAIGN.id, again)).toEqual({ added: 0, updated: 0, duplicates: 3 });
      expect(await history.addLeads('campaign-2', again)).toEqual({ added: 3, updated: 0, duplicates: 0 });
      expect(await history.addLeads(CAMPAIGN.id, [])).toEqual({ added: 0, updated: 0, duplicates: 0 });
      const fresh = { campaignId: CAMPAIGN.id, status: 'pending', attempts: 0, notBefore: 0, outcome: null };
      expect(await history.leads(CAMPAIGN.id, FIRST)).toEqual(
        leads.map((lead) => ({ ...lead, ...fresh })).toReversed(),
      );
      expect(await history.lead(id('lead', 1))).toEqual({ ...leads[1], ...fresh });
      expect(await history.lead('nobody')).toBeNull();
    });

    it('fails for a campaign that is not there', async () => {
      await expect(history.addLeads('nowhere', leadsOf(1))).rejects.toThrow();
    });

    it('pages newest first', async () => {
      await history.addLeads(CAMPAIGN.id, leadsOf(5));
      expect(idsOf(await history.leads(CAMPAIGN.id, { limit: 2, before: id('lead', 3) }))).toEqual([
        id('lead', 2),
        id('lead', 1),
      ]);
    });

    it('claims in the order of adding, counts the attempt, and gives no lead out twice', async () => {
      await history.addLeads(CAMPAIGN.id, leadsOf(5));
      const first = await history.claimLeads(claimOf(2));
      expect(first).toEqual([
        expect.objectContaining({ ...leadsOf(1)[0], status: 'leased', attempts: 1, notBefore: 0, outcome: null }),
        expect.objectContaining({ id: id('lead', 1), status: 'leased', attempts: 1 }),
      ]);
      expect(idsOf(await history.claimLeads(claimOf(9, { owner: 'process-2' })))).toEqual(
        [2, 3, 4].map((n) => id('lead', n)),
      );
      expect(await history.claimLeads(claimOf(9))).toEqual([]);
      expect(await history.leadCounts(CAMPAIGN.id)).toEqual({ pending: 0, leased: 5, done: 0 });
      expect(await history.leadCounts('campaign-2')).toEqual({ pending: 0, leased: 0, done: 0 });
    });

    it('gives leads to one claimer each, however many claim at once', async () => {
      await history.addLeads(CAMPAIGN.id, leadsOf(300));
      const others = await store.second();
      const claims = Array.from({ length: 24 }, async (_claim, n) => {
        const door = n % 2 && others ? others : history;
        return door.claimLeads(claimOf(10, { owner: `process-${n}` }));
      });
      const claimed = (await Promise.all(claims)).flat();
      expect(new Set(idsOf(claimed)).size).toBe(claimed.length);
      expect(claimed).toHaveLength(240);
      expect(await history.leadCounts(CAMPAIGN.id)).toEqual({ pending: 60, leased: 240, done: 0 });
    });

    it('takes the same list from two importers at once', async () => {
      const others = (await store.second()) ?? history;
      const leads = leadsOf(400);
      const mirrored = leads.map((lead) => ({ ...lead, id: `${lead.id}-b` })).toReversed();
      const results = await Promise.all([
        history.addLeads(CAMPAIGN.id, leads),
        others.addLeads(CAMPAIGN.id, mirrored),
        history.addLeads(CAMPAIGN.id, mirrored),
      ]);
      expect(results.reduce((sum, { added }) => sum + added, 0)).toBe(400);
      expect(results.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(800);
    });

    it('gives back what a dead process held, with the attempt uncounted', async () => {
      await history.addLeads(CAMPAIGN.id, leadsOf(3));
      await history.claimLeads(claimOf(2));
      expect(await history.expireLeases(1_999)).toBe(0);
      expect(await history.expireLeases(2_000)).toBe(2);
      expect(await history.expireLeases(9_000)).toBe(0);
      expect(await history.leadCounts(CAMPAIGN.id)).toEqual({ pending: 3, leased: 0, done: 0 });
      const again = await history.claimLeads(claimOf(3, { owner: 'process-2' }));
      expect(again.map((lead) => [lead.id, lead.attempts])).toEqual([0, 1, 2].map((n) => [id('lead', n), 1]));
    });

    it('never gives back a lead whose attempt is open, for a person may be on the line', async () => {
      await history.addLeads(CAMPAIGN.id, leadsOf(1));
      await history.claimLeads(claimOf(1));
      await history.startAttempt(attemptOf(0), NOT_DIALLED);
      expect(await history.expireLeases(99_000)).toBe(0);
      expect(await history.claimLeads(claimOf(1, { now: 99_000 }))).toEqual([]);
      await history.endAttempt(endOf(0, { lead: { status: 'pending', notBefore: 99_000 } }));
      expect(await history.claimLeads(claimOf(1, { now: 99_000 }))).toMatchObject([{ attempts: 2, outcome: 'busy' }]);
    });
  });

  describe('attempts', () => {
    beforeEach(async () => {
      await history.createCampaign(CAMPAIGN);
      await history.addLeads(CAMPAIGN.id, leadsOf(4));
      await history.claimLeads(claimOf(3));
    });

    it('closes an attempt once and moves its lead on', async () => {
      await history.startAttempt(attemptOf(0), NOT_DIALLED);
      await history.startAttempt(attemptOf(1), NOT_DIALLED);
      expect(await history.openAttempts()).toEqual([attemptOf(0), attemptOf(1)]);

      expect(await history.endAttempt(endOf(0, { outcome: 'connected', q850: 16, sip: null, agentId: 'anna' }))).toBe(
        true,
      );
      expect(await history.endAttempt(endOf(0, { outcome: 'failed', lead: { status: 'pending', notBefore: 0 } }))).toBe(
        false,
      );
      expect(await history.endAttempt(endOf(9))).toBe(false);

      expect(await history.openAttempts()).toEqual([attemptOf(1)]);
      const closed = { endedAt: 200, outcome: 'connected', q850: 16, sip: null, agentId: 'anna' };
      expect(await history.attempts(CAMPAIGN.id, FIRST)).toEqual([attemptOf(1), { ...attemptOf(0), ...closed }]);
      expect(await history.lead(id('lead', 0))).toMatchObject({ status: 'done', attempts: 1, outcome: 'connected' });
      expect(await history.leadCounts(CAMPAIGN.id)).toEqual({ pending: 1, leased: 2, done: 1 });
      expect(await history.attemptCounts(CAMPAIGN.id)).toEqual({ connected: 1, open: 1 });
      expect(await history.attemptCounts('campaign-2')).toEqual({});
    });

    it('tells by which trunk an attempt went in the end, when that is another than at first', async () => {
      for (const nth of [0, 1]) await history.startAttempt({ ...attemptOf(nth), trunk: 'north' }, NOT_DIALLED);
      await history.endAttempt(endOf(0, { trunk: 'south' }));
      await history.endAttempt(endOf(1));
      const ended = await history.attempts(CAMPAIGN.id, FIRST);
      expect(ended.map(({ trunk }) => trunk)).toEqual(['north', 'south']);
    });

    it('closes once, however many close at once', async () => {
      await history.startAttempt(attemptOf(0), NOT_DIALLED);
      const ends = await Promise.all(Array.from({ length: 8 }, () => history.endAttempt(endOf(0))));
      expect(ends.filter(Boolean)).toEqual([true]);
    });

    it('dials again when that is due, after the fresh leads', async () => {
      await history.startAttempt(attemptOf(0), NOT_DIALLED);
      await history.endAttempt(endOf(0, { lead: { status: 'pending', notBefore: 5_000 } }));
      expect(idsOf(await history.claimLeads(claimOf(9, { now: 4_999 })))).toEqual([id('lead', 3)]);
      const [again] = await history.claimLeads(claimOf(9, { now: 5_000 }));
      expect(again).toMatchObject({ id: id('lead', 0), attempts: 2, notBefore: 5_000, outcome: 'busy' });
    });

    it('opens no attempt once its campaign does not run any more', async () => {
      expect(await history.startAttempt(attemptOf(0), NOT_DIALLED)).toBe(true);
      await history.updateCampaign(CAMPAIGN.id, { status: 'paused' });
      expect(await history.startAttempt(attemptOf(1), NOT_DIALLED)).toBe(false);
      expect(await history.openAttempts()).toEqual([attemptOf(0)]);
    });

    it('takes back leads of the process that leased them, and of no other', async () => {
      const [a, b, c] = [id('lead', 0), id('lead', 1), id('lead', 2)];
      expect(await history.giveBackLeads([a, b], 'process-2')).toBe(0);
      expect(await history.giveBackLeads([a, b, id('lead', 3)], 'process-1')).toBe(2);
      await history.startAttempt(attemptOf(2), NOT_DIALLED);
      expect(await history.giveBackLeads([c], 'process-1')).toBe(0);
      expect(await history.giveBackLeads([], 'process-1')).toBe(0);
      expect(await history.lead(a)).toMatchObject({ status: 'pending', attempts: 0 });
      expect(await history.lead(c)).toMatchObject({ status: 'leased', attempts: 1 });
      expect(idsOf(await history.claimLeads(claimOf(9)))).toEqual([a, b, id('lead', 3)]);
    });

    it('tells what became of the latest attempts, with the times of their calls', async () => {
      for (const nth of [0, 1, 2]) await history.startAttempt(attemptOf(nth), NOT_DIALLED);
      await history.saveCallRecord({ ...CALL, id: id('call', 0), answeredAt: 120, waitedMs: 7, talkedMs: 30 });
      await history.endAttempt(endOf(0, { outcome: 'connected', agentId: 'anna' }));
      await history.endAttempt(endOf(1));
      const plain = { startedAt: 100, endedAt: 200, answeredAt: null, waitedMs: 0, talkedMs: 0, agentId: null };
      const talk = { outcome: 'connected', agentId: 'anna', answeredAt: 120, waitedMs: 7, talkedMs: 30 };
      const [first, second] = [
        { ...plain, id: id('attempt', 0), ...talk },
        { ...plain, id: id('attempt', 1), outcome: 'busy' },
      ];
      expect(await history.attemptStory(CAMPAIGN.id, 100, 9)).toEqual([first, second]);
      expect(await history.attemptStory(CAMPAIGN.id, 100, 1)).toEqual([second]);
      expect(await history.attemptStory(CAMPAIGN.id, 101, 9)).toEqual([]);
    });

    it('opens no second attempt on a lead that is being dialled', async () => {
      await history.startAttempt(attemptOf(0), NOT_DIALLED);
      await expect(
        history.startAttempt({ ...attemptOf(0, 7), number: '+358409999999' }, NOT_DIALLED),
      ).rejects.toThrow();
      await history.endAttempt(endOf(0));
      await history.startAttempt(attemptOf(0, 8), { since: 0, dials: 1 });
      expect(idsOf(await history.attempts(CAMPAIGN.id, { limit: 1, before: null }))).toEqual([id('attempt', 8)]);
      expect(idsOf(await history.attempts(CAMPAIGN.id, { limit: 9, before: id('attempt', 8) }))).toEqual([
        id('attempt', 0),
      ]);
    });
  });

  describe('decisions', () => {
    const why = (callId: string, at: number, agentIds: string[] = ['anna']): Why => ({
      at,
      callId,
      kind: 'call',
      queue: 'sales',
      through: 'sales',
      agentIds,
      step: 0,
      require: [{ skill: 'lang:fi', level: 3 }],
      score: { waited: 12.5, priority: 300, campaign: 0, share: 0, total: 312.5 },
      strategy: 'longest-idle',
      rank: 1,
      key: 5,
      candidates: { able: 3, free: 2 },
      lost: [{ agentId: 'bo', by: 'strategy', rank: 1, key: 9 }],
      behind: [{ callId: 'call-9', queue: 'sales', total: 4 }],
      preferred: null,
    });

    it('are found by call and by agent, latest first, and kept once', async () => {
      expect(await history.lastDecisionAt()).toBeNull();
      const [first, second, other] = [why('call-1', 10), why('call-1', 20, ['anna', 'bo']), why('call-2', 15, ['bo'])];
      await history.keepDecisions([first, second, other]);
      await history.keepDecisions([{ ...first, strategy: 'linear' }]);
      await history.keepDecisions([]);
      await history.keepDecisions([why('call-2~g1', 12)]);
      expect((await history.decisions({ callId: 'call-2', limit: 9 })).map(({ at }) => at)).toEqual([15, 12]);
      expect(await history.decisions({ callId: 'call-1', limit: 9 })).toEqual([second, first]);
      expect(await history.decisions({ agentId: 'bo', limit: 1 })).toEqual([second]);
      expect(await history.decisions({ agentId: 'nobody', limit: 9 })).toEqual([]);
      expect(await history.lastDecisionAt()).toBe(20);
    });

    it('are forgotten when they are old', async () => {
      await history.keepDecisions([why('call-1', 10), why('call-2', 20)]);
      await history.trimDecisions(20);
      expect(await history.decisions({ limit: 9 })).toEqual([why('call-2', 20)]);
    });
  });
});
