import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AUTUMN } from '../../support/campaign.ts';
import {
  ATTEMPT_OUTCOMES,
  type Attempt,
  type AttemptOutcome,
  type CallRecord,
  type History,
} from '../../../src/engine/ports/history.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-23T22:30:00Z');
const HOUR = 3_600_000;

const RECORD: CallRecord = {
  id: '',
  direction: 'outbound',
  ani: null,
  dnis: '+358407400000',
  source: 'public',
  language: 'fi',
  flow: null,
  queue: null,
  agentId: null,
  campaignId: null,
  startedAt: T,
  answeredAt: null,
  endedAt: T + 3 * HOUR,
  waitedMs: 0,
  talkedMs: 0,
  heldMs: 0,
  outcome: 'handled',
  verdict: 'completed',
  q850: 16,
  detected: 'event',
};

describe.each(STORES)('what the law asks of the history: %s', (_name, make) => {
  let store: Store;
  let history: History;
  let made = 0;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
  });
  afterAll(() => store.stop());

  const campaign = async (): Promise<string> => {
    const id = `campaign-law-${(made += 1)}`;
    await history.createCampaign({ ...AUTUMN, id, status: 'running', createdAt: T });
    return id;
  };

  const lead = async (campaignId: string, number: string): Promise<string> => {
    const id = `lead-law-${(made += 1)}`;
    await history.addLeads(campaignId, [{ id, number, name: null, fields: {} }]);
    return id;
  };

  const dial = async (campaignId: string, number: string, startedAt: number, outcome: AttemptOutcome | null) => {
    const leadId = await lead(campaignId, number);
    const id = `attempt-law-${(made += 1)}`;
    const fresh = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const attempt: Attempt = { id, campaignId, leadId, callId: `call-${id}`, number, startedAt, ...fresh };
    const { length: dials } = await history.pastDials([number], 0);
    expect(await history.startAttempt(attempt, { since: 0, dials })).toBe(true);
    if (outcome === null) return id;
    const end = { attemptId: id, endedAt: startedAt + 1_000, outcome, q850: 16, sip: null, agentId: null } as const;
    await history.endAttempt({ ...end, lead: { status: 'done' } });
    return id;
  };

  it('tells the dials of a number by all campaigns, and those that are still out however old', async () => {
    const number = `+35840${7_000_000 + (made += 1)}`;
    await dial(await campaign(), number, T - 50 * HOUR, 'busy');
    await dial(await campaign(), number, T - 2 * HOUR, 'abandoned');
    await dial(await campaign(), number, T - 30 * HOUR, null);
    const past = await history.pastDials([number, '+358409999999'], T - 24 * HOUR);
    expect(past).toEqual([
      { number, startedAt: T - 30 * HOUR, endedAt: null, outcome: null },
      { number, startedAt: T - 2 * HOUR, endedAt: T - 2 * HOUR + 1_000, outcome: 'abandoned' },
    ]);
    expect(await history.pastDials([], 0)).toEqual([]);
  });

  it('puts a refused lead back until its time, or has done with it, and counts no attempt', async () => {
    const id = await campaign();
    const [one, two, three] = [
      await lead(id, '+358407100001'),
      await lead(id, '+358407100002'),
      await lead(id, '+358407100003'),
    ];
    const request = { campaignId: id, count: 3, owner: 'us', now: T, leaseUntil: T + HOUR };
    expect(await history.claimLeads(request)).toHaveLength(3);
    const refusals = [
      { leadId: one, rule: 'calling-hours', until: T + HOUR },
      { leadId: two, rule: 'dnc', until: null },
    ] as const;
    expect(await history.refuseLeads([...refusals, { leadId: three, rule: 'dnc', until: null }], 'somebody else')).toBe(
      0,
    );
    expect(await history.refuseLeads(refusals, 'us')).toBe(2);
    expect(await history.lead(one)).toMatchObject({
      status: 'pending',
      attempts: 0,
      notBefore: T + HOUR,
      refused: 'calling-hours',
    });
    expect(await history.lead(two)).toMatchObject({ status: 'done', attempts: 0, refused: 'dnc', outcome: null });
    expect(await history.refusedLeads(id)).toEqual({ 'calling-hours': 1, dnc: 1 });
    expect(await history.claimLeads({ ...request, now: T + HOUR - 1 })).toEqual([]);
    const [again] = await history.claimLeads({ ...request, now: T + HOUR });
    expect(again).toMatchObject({ id: one, attempts: 1 });
    expect(again).not.toHaveProperty('refused');
    expect(await history.refusedLeads(id)).toEqual({ dnc: 1 });
  });

  it('has those asked anew whom another profile put off by its hours or caps, and nobody else', async () => {
    const id = await campaign();
    const rules = [
      ['calling-hours', 'old@1'],
      ['attempts-cap', 'old@1'],
      ['calling-hours', undefined],
      ['calling-hours', 'new@1'],
      ['locked-out', 'old@1'],
      ['not-yet-due', 'old@1'],
      ['no-trunk', undefined],
    ] as const;
    const ids: string[] = [];
    for (const nth of rules.keys()) ids.push(await lead(id, `+35840710020${nth}`));
    const done = await lead(id, '+358407100209');
    const retried = await lead(id, '+358407100210');
    const elsewhere = await campaign();
    const other = await lead(elsewhere, '+358407100211');
    const request = { owner: 'us', now: T, leaseUntil: T + HOUR };
    await history.claimLeads({ ...request, campaignId: id, count: 9 });
    await history.claimLeads({ ...request, campaignId: elsewhere, count: 1 });
    const until = T + HOUR;
    await history.refuseLeads(
      [
        ...rules.map(([rule, by], nth) => ({
          leadId: ids[nth] ?? '',
          rule,
          until,
          ...(by === undefined ? {} : { profile: by }),
        })),
        { leadId: done, rule: 'attempts-cap', until: null, profile: 'old@1' },
        { leadId: other, rule: 'calling-hours', until, profile: 'old@1' },
      ],
      'us',
    );
    const kept = await lead(elsewhere, '+358407100212');
    await history.setCallback(kept, { at: T + 2 * HOUR, agentId: null });
    const attempt = { id: 'attempt-anew', campaignId: id, leadId: retried, callId: 'call-anew', startedAt: T } as const;
    const open = { number: '+358407100210', endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    await history.startAttempt({ ...attempt, ...open }, { since: 0, dials: 0 });
    const ended = { attemptId: attempt.id, endedAt: T, outcome: 'busy', q850: 17, sip: 486, agentId: null } as const;
    await history.endAttempt({ ...ended, lead: { status: 'pending', notBefore: until } });
    expect(await history.lead(ids[0] ?? '')).toMatchObject({ refused: 'calling-hours', refusedBy: 'old@1' });
    expect(await history.lead(ids[2] ?? '')).not.toHaveProperty('refusedBy');
    const ask = { campaignId: id, profile: 'new@1', now: T + 1, limit: 2 };
    expect([await history.askAnew(ask), await history.askAnew(ask), await history.askAnew(ask)]).toEqual([2, 1, 0]);
    for (const lost of ids.slice(0, 3)) {
      const freed = await history.lead(lost);
      expect(freed).toMatchObject({ status: 'pending', notBefore: T + 1, attempts: 0 });
      expect(freed).not.toHaveProperty('refused');
      expect(freed).not.toHaveProperty('refusedBy');
    }
    for (const still of [...ids.slice(3), retried])
      expect(await history.lead(still)).toMatchObject({ notBefore: until });
    expect(await history.lead(done)).toMatchObject({ status: 'done', refused: 'attempts-cap' });
    expect(await history.lead(other)).toMatchObject({ notBefore: until, refusedBy: 'old@1' });
    expect(await history.lead(kept)).toMatchObject({ callbackAt: T + 2 * HOUR });
    expect(await history.refusedLeads(id)).toMatchObject({ 'calling-hours': 1, 'attempts-cap': 1, 'locked-out': 1 });
  });

  it('puts a lead back with the number that may be dialled instead, be it the first one', async () => {
    const campaignId = await campaign();
    const id = `lead-law-${(made += 1)}`;
    const numbers = ['+358407300001', '+358407300002'].map((number) => ({
      number,
      kind: '',
      attempts: 0,
      status: 'open' as const,
    }));
    await history.addLeads(campaignId, [{ id, number: '+358407300001', numbers, name: null, fields: {} }]);
    for (const numberIndex of [1, 0]) {
      await history.claimLeads({ campaignId, count: 1, owner: 'us', now: T, leaseUntil: T + HOUR });
      expect(await history.refuseLeads([{ leadId: id, rule: 'attempts-cap', until: T, numberIndex }], 'us')).toBe(1);
      expect(await history.lead(id)).toMatchObject({ numberIndex, number: numbers[numberIndex]?.number });
    }
  });

  it('counts each way of picking up, once, at the moment when it was', async () => {
    const id = await campaign();
    const dialled: [AttemptOutcome, string][] = [];
    for (const [n, outcome] of ATTEMPT_OUTCOMES.entries()) {
      dialled.push([outcome, await dial(id, `+3584074${String(n).padStart(5, '0')}`, T, outcome)]);
    }
    const byOutcome = (a: { outcome: string }, b: { outcome: string }) => a.outcome.localeCompare(b.outcome);
    const picked = ['abandoned', 'connected', 'fax', 'machine', 'message-left', 'silent'];
    const query = { campaignIds: [id], since: T, zone: 'UTC' };
    const before = await history.answered({ ...query, singleFrom: T + 1_001 });
    expect(before.single).toEqual([]);
    expect(before.days.toSorted(byOutcome)).toMatchObject(
      picked.map((outcome) => ({ outcome, day: '2026-11-23', count: 1 })),
    );
    const [first] = dialled.filter(([outcome]) => outcome === 'connected').map(([, attemptId]) => attemptId);
    const answeredAt = T + 2 * HOUR;
    await history.saveCallRecord({ ...RECORD, id: `call-${first}`, answeredAt });
    const late = await history.answered({ ...query, singleFrom: T + 1_000 });
    expect(late.days).toEqual([]);
    expect(late.single.toSorted(byOutcome)).toMatchObject(
      picked.map((outcome) => ({ outcome, at: outcome === 'connected' ? answeredAt : T })),
    );
    const days = (await history.answered({ ...query, singleFrom: T + HOUR })).days;
    expect(days.find(({ outcome }) => outcome === 'connected')).toMatchObject({ day: '2026-11-24' });
    expect((await history.answered({ ...query, since: T + 1, singleFrom: T })).single).toEqual([]);
  });

  it('counts what was picked up by the day of a zone, and the latest one by one', async () => {
    const [id, other] = [await campaign(), await campaign()];
    await dial(id, '+358407200001', T, 'connected');
    await dial(id, '+358407200002', T, 'busy');
    await dial(id, '+358407200003', T - 2 * HOUR, 'abandoned');
    await dial(other, '+358407200004', T, 'machine');
    const late = await dial(id, '+358407200005', T + HOUR, 'connected');
    await dial(id, '+358407200006', T - 90 * HOUR, 'connected');
    const query = { since: T - 24 * HOUR, zone: 'Europe/Helsinki', singleFrom: T + HOUR };
    const both = await history.answered({ campaignIds: [id, other], ...query });
    const key = ({ day, outcome }: { day: string; outcome: string }) => `${day} ${outcome}`;
    expect(both.days.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))).toEqual([
      { campaignId: id, day: '2026-11-23', outcome: 'abandoned', count: 1 },
      { campaignId: id, day: '2026-11-24', outcome: 'connected', count: 1 },
      { campaignId: other, day: '2026-11-24', outcome: 'machine', count: 1 },
    ]);
    expect(both.single).toEqual([{ attemptId: late, campaignId: id, outcome: 'connected', at: T + HOUR }]);
    expect(await history.answered({ campaignIds: [], ...query })).toEqual({ days: [], single: [] });
  });
});
