import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AttemptWord } from '../../../src/engine/ports/dispositions.ts';
import type { AttemptEnd, History } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-23T12:00:00Z');
const HOUR = 3_600_000;
const CAMPAIGN = 'campaign-said';
const LEAD = 'lead-said';
const NUMBERS = ['+358401234501', '+358401234502'].map((number) => ({
  number,
  kind: 'mobile',
  attempts: 0,
  status: 'open' as const,
}));

const WORD: AttemptWord = {
  disposition: 'later',
  kind: 'retry',
  at: T + 30_000,
  agentId: 'alice',
  by: 'alice',
  values: { plan: 'small', sum_due: 12_050 },
  counts: ['sales'],
  payment: { amount: 12_050, currency: 'EUR', due: '2026-12-24' },
  lead: { status: 'pending', notBefore: T + 4 * HOUR, numberIndex: 1 },
};
const CALLBACK = { at: T + 24 * HOUR, agentId: 'alice', waitMs: 15 * 60_000 };
const PROMISED: AttemptWord = {
  ...WORD,
  disposition: 'call-me',
  kind: 'callback',
  lead: { status: 'pending', notBefore: CALLBACK.at, numberIndex: 0, callback: CALLBACK },
};

describe.each(STORES)('what agents say, in the history: %s', (_name, make) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
    await history.createCampaign({ ...AUTUMN, id: CAMPAIGN, status: 'running', createdAt: T });
    const lead = { id: LEAD, number: NUMBERS[0]?.number ?? '', numbers: NUMBERS, name: null, fields: { town: 'Oulu' } };
    await history.addLeads(CAMPAIGN, [lead]);
  });
  afterAll(() => store.stop());

  const claim = (now: number, agents?: readonly string[]) =>
    history.claimLeads({
      campaignId: CAMPAIGN,
      count: 5,
      owner: 'a',
      now,
      leaseUntil: now + HOUR,
      ...(agents && { callbackAgents: agents }),
    });

  async function dialled(nth: number, startedAt = T): Promise<string> {
    const [lead] = await claim(startedAt);
    const id = `attempt-${nth}`;
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    const number = lead?.number ?? '';
    const { length: dials } = await history.pastDials([number], 0);
    const attempt = { id, campaignId: CAMPAIGN, leadId: LEAD, callId: `call-${nth}`, number, startedAt, ...open };
    await history.startAttempt(attempt, { since: 0, dials });
    return id;
  }

  const end = (attemptId: string, lead: AttemptEnd['lead'] = { status: 'done' }) =>
    history.endAttempt({
      attemptId,
      endedAt: T + 60_000,
      outcome: 'connected',
      q850: 16,
      sip: null,
      agentId: 'alice',
      lead,
    });

  it('a word said during the talk waits for its end, and is more than the rule', async () => {
    const attempt = await dialled(1);
    expect(await history.disposeAttempt(attempt, WORD)).toBe(true);
    expect(await history.lead(LEAD)).toMatchObject({ status: 'leased' });
    expect(await end(attempt)).toBe(true);
    const lead = await history.lead(LEAD);
    expect(lead).toMatchObject({ status: 'pending', notBefore: T + 4 * HOUR, numberIndex: 1, outcome: 'connected' });
    expect(lead?.number).toBe(NUMBERS[1]?.number);
  });

  it('a word said after the talk moves the lead at once', async () => {
    const attempt = await dialled(1);
    await end(attempt);
    expect(await history.lead(LEAD)).toMatchObject({ status: 'done' });
    await history.disposeAttempt(attempt, WORD);
    expect(await history.lead(LEAD)).toMatchObject({ status: 'pending', notBefore: T + 4 * HOUR, numberIndex: 1 });
  });

  it('a word about a lead that a rule put off meanwhile takes its place, and no change of profile undoes it', async () => {
    const attempt = await dialled(1);
    await end(attempt, { status: 'pending', notBefore: T + 60_000 });
    await claim(T + HOUR);
    const refusal = { leadId: LEAD, rule: 'calling-hours', until: T + 9 * HOUR, profile: 'old@1' } as const;
    await history.refuseLeads([refusal], 'a');
    await history.disposeAttempt(attempt, WORD);
    const lead = await history.lead(LEAD);
    expect(lead).toMatchObject({ status: 'pending', notBefore: T + 4 * HOUR });
    expect(lead).not.toHaveProperty('refused');
    expect(lead).not.toHaveProperty('refusedBy');
    expect(await history.askAnew({ campaignId: CAMPAIGN, profile: 'new@1', now: T + HOUR, limit: 9 })).toBe(0);
  });

  it('the first word stands, and is told as it was said', async () => {
    const attempt = await dialled(1);
    await history.disposeAttempt(attempt, WORD);
    expect(await history.disposeAttempt(attempt, PROMISED)).toBe(false);
    expect((await history.attemptOf('call-1'))?.word).toEqual(WORD);
    await end(attempt);
    expect(await history.lead(LEAD)).not.toHaveProperty('callbackAt');
    expect(await history.attemptOf('call-2')).toBeNull();
    expect(await history.disposeAttempt('attempt-none', WORD)).toBe(false);
  });

  it.each([true, false])('a callback is kept, said before the end: %s', async (before) => {
    const attempt = await dialled(1);
    if (before) await history.disposeAttempt(attempt, PROMISED);
    expect(await history.lead(LEAD)).not.toHaveProperty('callbackAt');
    await end(attempt);
    if (!before) await history.disposeAttempt(attempt, PROMISED);
    const { at, agentId, waitMs } = CALLBACK;
    const promised = { status: 'pending', callbackAt: at, callbackAgent: agentId, callbackWaitMs: waitMs };
    expect(await history.lead(LEAD)).toMatchObject(promised);
    expect(await claim(at - 1)).toEqual([]);
    expect(await claim(at, ['bob'])).toEqual([]);
    expect(await claim(at + waitMs - 1, [])).toEqual([]);
    expect(await claim(at + waitMs, [])).toHaveLength(1);
  });

  it('a word said late, of a lead that is being dialled again, leaves that dial alone and keeps its promise', async () => {
    const attempt = await dialled(1);
    await end(attempt, { status: 'pending', notBefore: T });
    const next = await dialled(2, T + HOUR);
    await history.disposeAttempt(attempt, PROMISED);
    expect(await history.lead(LEAD)).toMatchObject({ status: 'leased', callbackAt: CALLBACK.at });
    await end(next);
    expect(await history.lead(LEAD)).toMatchObject({ status: 'pending', callbackAt: CALLBACK.at });
  });

  it.each(['before its end', 'after its end', 'while the lead is called back'] as const)(
    'a callback that others promised stands when the agent says %s to dial again',
    async (said) => {
      const attempt = await dialled(1);
      if (said !== 'before its end') await end(attempt);
      await history.setCallback(LEAD, { at: T + 2 * HOUR, agentId: 'bob', waitMs: 60_000 });
      const promised = { callbackAt: T + 2 * HOUR, callbackAgent: 'bob', callbackWaitMs: 60_000 };
      const isBack = said === 'while the lead is called back';
      if (isBack) await dialled(2, T + 2 * HOUR);
      await history.disposeAttempt(attempt, WORD);
      if (said === 'before its end') await end(attempt);
      expect(await history.lead(LEAD)).toMatchObject({ ...promised, numberIndex: isBack ? 0 : 1 });
      // At its time, and not when the word alone would have him dialled.
      if (!isBack) expect(await claim(T + 2 * HOUR, ['bob'])).toHaveLength(1);
    },
  );

  it.each([true, false])('who is done with a lead takes its callback off, said before the end: %s', async (before) => {
    const attempt = await dialled(1);
    await history.setCallback(LEAD, { at: T + 2 * HOUR, agentId: 'bob' });
    if (!before) await end(attempt);
    await history.disposeAttempt(attempt, { ...WORD, kind: 'refusal', lead: { status: 'done' } });
    if (before) await end(attempt);
    const lead = await history.lead(LEAD);
    expect(lead).toMatchObject({ status: 'done' });
    expect(lead).not.toHaveProperty('callbackAt');
  });

  it('tells how earlier dials of a lead ended, the oldest first, and none that is open', async () => {
    await end(await dialled(1), { status: 'pending', notBefore: T, numberIndex: 1 });
    await end(await dialled(2, T + HOUR), { status: 'pending', notBefore: T });
    await dialled(3, T + 2 * HOUR);
    expect(await history.endedDials(LEAD)).toEqual([
      { number: NUMBERS[0]?.number, startedAt: T, outcome: 'connected' },
      { number: NUMBERS[1]?.number, startedAt: T + HOUR, outcome: 'connected' },
    ]);
    expect(await history.attempts(CAMPAIGN, { limit: 10, before: null })).toHaveLength(3);
  });

  it.each(['later', 'sales'])('a quota of %s counts the lead once', async (outcome) => {
    for (const nth of [1, 2]) {
      const attempt = await dialled(nth, T + nth * 5 * HOUR);
      if (nth === 1) await history.disposeAttempt(attempt, WORD);
      await end(attempt);
      if (nth === 2) await history.disposeAttempt(attempt, WORD);
    }
    const quotas = [{ outcome, field: 'town', most: 1 }];
    const list = { id: '', name: '', priority: 0, share: 0, active: true, filter: null, quotas, seed: 0 };
    expect(await history.quotaCounts(CAMPAIGN, { ...list, order: 'file' })).toEqual([
      { outcome, field: 'town', value: 'Oulu', count: 1 },
    ]);
  });
});
