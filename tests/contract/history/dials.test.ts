import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Attempt, History } from '../../../src/engine/ports/history.ts';
import type { ClaimRequest } from '../../../src/engine/ports/leads.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { type Store, STORES } from './stores.ts';

const T = Date.parse('2026-11-23T12:00:00Z');
const NUMBER = '+358407000001';

/** Two processes, where the store takes two; otherwise one that asks for two things at once. */
describe.each(STORES)('two that dial at once, over %s', (_name, make) => {
  let store: Store;
  let history: History;
  let other: History;
  let made = 0;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
    other = (await store.second()) ?? history;
  });
  afterAll(() => store.stop());

  const campaign = async (): Promise<string> => {
    const id = `campaign-${(made += 1)}`;
    await history.createCampaign({ ...AUTUMN, id, status: 'running', createdAt: T });
    return id;
  };

  /** A lead of a campaign of its own, so that nothing but its number is the same. */
  const attempt = async (number = NUMBER): Promise<Attempt> => {
    const campaignId = await campaign();
    const leadId = `lead-${(made += 1)}`;
    await history.addLeads(campaignId, [{ id: leadId, number, name: null, fields: {} }]);
    const id = `attempt-${(made += 1)}`;
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null };
    return { id, campaignId, leadId, callId: `call-${id}`, number, startedAt: T, ...open };
  };

  const end = (attemptId: string) => {
    const over = { endedAt: T + 1, outcome: 'cancelled', q850: 16, sip: null, agentId: null } as const;
    return history.endAttempt({ attemptId, ...over, lead: { status: 'done' } });
  };

  it('write one dial of a number down, of many that judged by the same books', async () => {
    for (let round = 0; round < 20; round += 1) {
      const number = `+35840${7_100_000 + round}`;
      const each = await Promise.all(Array.from({ length: 8 }, () => attempt(number)));
      const seen = { since: 0, dials: 0 };
      const asked = each.map((one, nth) => (nth % 2 ? other : history).startAttempt(one, seen));
      const answers = await Promise.all(asked);
      expect(answers.filter(Boolean)).toEqual([true]);
      const [open] = await history.pastDials([number], T);
      expect(open).toMatchObject({ number, endedAt: null });
    }
  });

  it('never pass a cap, however they meet: each counts all that was written before it', async () => {
    const MOST = 3;
    /** Looks, judges, dials and hangs up at once, again and again, as long as the books let it. */
    const dialler = async (mine: History): Promise<number> => {
      let dialled = 0;
      for (let tries = 0; tries < 30; tries += 1) {
        const past = await mine.pastDials([NUMBER], T - 1_000);
        if (past.length >= MOST) return dialled;
        if (past.some(({ endedAt }) => endedAt === null)) continue;
        const one = await attempt();
        if (!(await mine.startAttempt(one, { since: T - 1_000, dials: past.length }))) continue;
        dialled += 1;
        await end(one.id);
      }
      return dialled;
    };
    const dialled = await Promise.all([dialler(history), dialler(other), dialler(history), dialler(other)]);
    expect(dialled.reduce((sum, one) => sum + one, 0)).toBe(MOST);
    expect(await history.pastDials([NUMBER], 0)).toHaveLength(MOST);
  });

  it('ask again when the number was dialled meanwhile, though that dial is over', async () => {
    const [first, second] = [await attempt(), await attempt()];
    expect(await history.startAttempt(first, { since: 0, dials: 0 })).toBe(true);
    expect(await other.startAttempt(second, { since: 0, dials: 1 })).toBe(false);
    await end(first.id);
    expect(await other.startAttempt(second, { since: 0, dials: 0 })).toBe(false);
    expect(await other.startAttempt(second, { since: 0, dials: 1 })).toBe(true);
  });

  it('count no dial that is too old to matter', async () => {
    const old = { ...(await attempt()), startedAt: T - 9_000 };
    expect(await history.startAttempt(old, { since: T - 20_000, dials: 0 })).toBe(true);
    await end(old.id);
    expect(await history.startAttempt(await attempt(), { since: T - 9_000, dials: 0 })).toBe(false);
    expect(await history.pastDials([NUMBER], T - 9_000)).toHaveLength(1);
    expect(await history.pastDials([NUMBER], T - 8_999)).toHaveLength(0);
    expect(await history.startAttempt(await attempt(), { since: T - 8_999, dials: 0 })).toBe(true);
  });

  const fill = async (count: number): Promise<string> => {
    const id = await campaign();
    for (let from = 0; from < count; from += 1_000) {
      const leads = Array.from({ length: Math.min(1_000, count - from) }, (_, n) => {
        const nth = String(from + n).padStart(6, '0');
        return { id: `lead-${nth}`, number: `+35840${nth}`, name: null, fields: {} };
      });
      await history.addLeads(id, leads);
    }
    return id;
  };

  const claim = (campaignId: string, owner: string, more: Partial<ClaimRequest> = {}): ClaimRequest => ({
    campaignId,
    owner,
    count: 100,
    now: T,
    leaseUntil: T + 60_000,
    from: { list: '' },
    ...more,
  });

  it('claim each of 10,000 leads once, and leave none; where there is but one door, of 2,000', async () => {
    const many = other === history ? 2_000 : 10_000;
    const id = await fill(many);
    const taken: string[] = [];
    const claimer = async (mine: History, owner: string): Promise<number> => {
      for (let claims = 1; ; claims += 1) {
        const leads = await mine.claimLeads(claim(id, owner));
        if (leads.length === 0) return claims;
        taken.push(...leads.map((lead) => lead.id));
      }
    };
    await Promise.all([claimer(history, 'a'), claimer(other, 'b'), claimer(history, 'a2'), claimer(other, 'b2')]);
    expect(taken).toHaveLength(many);
    expect(new Set(taken).size).toBe(many);
    expect(await history.leadCounts(id)).toEqual({ pending: 0, leased: many, done: 0 });
  });

  it('claim each promised call once', async () => {
    const id = await fill(120);
    const ids = Array.from({ length: 120 }, (_, n) => `lead-${String(n).padStart(6, '0')}`);
    for (const each of ids) await history.setCallback(each, { at: T, agentId: null });
    const taken: string[] = [];
    const claimer = async (mine: History, owner: string): Promise<void> => {
      for (;;) {
        const leads = await mine.claimLeads(claim(id, owner, { count: 10, from: 'callbacks' }));
        if (leads.length === 0) return;
        taken.push(...leads.map((lead) => lead.id));
      }
    };
    await Promise.all([claimer(history, 'a'), claimer(other, 'b'), claimer(history, 'a2'), claimer(other, 'b2')]);
    expect(taken.toSorted()).toEqual(ids);
  });

  it('claim what a dead one held as soon as that lapses, each lead once, while it lapses', async () => {
    const id = await fill(2_000);
    const dead = await history.claimLeads(claim(id, 'dead', { count: 1_000, leaseUntil: T + 1 }));
    expect(dead).toHaveLength(1_000);
    const later = T + 2;
    const taken: string[] = [];
    let lapsed = 0;
    let isOver = false;
    const claimer = async (mine: History, owner: string): Promise<void> => {
      for (;;) {
        const last = isOver;
        const leads = await mine.claimLeads(claim(id, owner, { now: later, count: 50, leaseUntil: T + 60_000 }));
        taken.push(...leads.map((lead) => lead.id));
        if (leads.length === 0 && last) return;
      }
    };
    const lapse = async () => {
      const counts = await Promise.all([history.expireLeases(later), other.expireLeases(later)]);
      lapsed = counts.reduce((sum, count) => sum + count, 0);
      isOver = true;
    };
    await Promise.all([claimer(history, 'a'), claimer(other, 'b'), lapse()]);
    expect(lapsed).toBe(1_000);
    expect(taken).toHaveLength(2_000);
    expect(new Set(taken).size).toBe(2_000);
  });

  it('tell when each campaign dialled first, of those that have', async () => {
    const [first, later, never] = [await attempt('+358407000011'), await attempt('+358407000012'), await campaign()];
    const again = { ...later, id: `${later.id}-2`, callId: 'again', leadId: 'lead-again', number: '+358407000013' };
    await history.addLeads(later.campaignId, [{ id: 'lead-again', number: again.number, name: null, fields: {} }]);
    const starts = [later, { ...again, startedAt: T + 9 }, { ...first, startedAt: T + 5 }];
    for (const one of starts) expect(await history.startAttempt(one, { since: 0, dials: 0 })).toBe(true);
    await end(later.id);
    expect(await other.firstDials([first.campaignId, later.campaignId, never, 'nobody'])).toEqual(
      new Map([
        [first.campaignId, T + 5],
        [later.campaignId, T],
      ]),
    );
    expect(await other.firstDials([])).toEqual(new Map());
  });
});
