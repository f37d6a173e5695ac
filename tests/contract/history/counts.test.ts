import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Campaign, History, Lead } from '../../../src/engine/ports/history.ts';
import { PLAIN_TERMS } from '../../../src/engine/ports/leads.ts';
import { startSql } from '../../../src/local/sql.ts';
import { createSqlHistory } from '../../../src/store/sql/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { silent } from '../../support/silent.ts';
import { query, STORES, type Store } from './stores.ts';

const CAMPAIGN: Campaign = { ...AUTUMN, id: 'c1', status: 'running', createdAt: 1 };
const PAGE = { limit: 1_000, before: null };

const lead = (n: number) => ({ id: `lead-${n}`, number: `+35840${1_000_000 + n}`, name: null, fields: {} });

/** Counted one by one. A lead whom a filter or a quota holds is dialled all the same when he was promised a call. */
async function byHand(history: History) {
  const leads = await history.leads(CAMPAIGN.id, PAGE);
  const isCounted = ({ status, hold, callbackAt }: Lead) =>
    hold === undefined || status !== 'pending' || (callbackAt !== undefined && hold !== 'stopped');
  const attempts = await history.attempts(CAMPAIGN.id, PAGE);
  return {
    leads: { pending: 0, leased: 0, done: 0, ...tally(leads.filter(isCounted).map(({ status }) => status)) },
    held: tally(leads.flatMap(({ hold }) => hold ?? [])),
    refused: tally(leads.flatMap(({ refused }) => refused ?? [])),
    attempts: tally(attempts.map(({ outcome }) => outcome ?? 'open')),
  };
}

const tally = (words: readonly string[]) =>
  Object.fromEntries(
    Map.groupBy(words, String)
      .entries()
      .map(([word, all]) => [word, all.length]),
  );

const kept = async (history: History) => ({
  leads: await history.leadCounts(CAMPAIGN.id),
  held: await history.heldLeads(CAMPAIGN.id),
  refused: await history.refusedLeads(CAMPAIGN.id),
  attempts: await history.attemptCounts(CAMPAIGN.id),
});

const anyStep = fc.record({
  what: fc.constantFrom('add', 'claim', 'dial', 'end', 'hold', 'release', 'promise', 'refuse', 'give-back', 'expire'),
  n: fc.nat({ max: 30 }),
  word: fc.nat({ max: 2 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

/** Does at random what dialers and managers do. */
class Work {
  readonly #history: History;
  readonly #owner: string;
  readonly #open: string[] = [];
  #leased: string[] = [];
  #made = 0;

  constructor(history: History, owner: string) {
    [this.#history, this.#owner] = [history, owner];
  }

  async do({ what, n, word }: Step): Promise<void> {
    const [history, owner] = [this.#history, this.#owner];
    const [first] = this.#leased;
    if (what === 'add')
      await history.addLeads(
        'c1',
        Array.from({ length: 1 + (n % 7) }, (_, k) => lead(n + k)),
        PLAIN_TERMS,
      );
    if (what === 'claim') {
      const claim = { campaignId: 'c1', count: 1 + (n % 5), owner, now: 10, leaseUntil: 20 + n };
      this.#leased.push(...(await history.claimLeads(claim)).map(({ id }) => id));
    }
    if (what === 'dial' && first !== undefined) await this.#dial(first);
    if (what === 'end') await this.#end(word);
    if (what === 'hold')
      await history.holdLeads([`lead-${n}`, `lead-${n + 1}`], (['filter', 'quota', 'stopped'] as const)[word] ?? null);
    if (what === 'release') await history.releaseHeld('c1', '', 'filter', 1 + (n % 3));
    if (what === 'promise') await history.setCallback(`lead-${n}`, word === 0 ? null : { at: n, agentId: null });
    if (what === 'refuse' && first !== undefined)
      await history.refuseLeads([{ leadId: first, rule: 'calling-hours', until: word === 0 ? null : n }], owner);
    if (what === 'give-back') await history.giveBackLeads(this.#leased, owner);
    if (what === 'expire') await history.expireLeases(20 + n);
    if (what === 'refuse' || what === 'give-back' || what === 'dial') this.#leased = this.#leased.slice(1);
  }

  async #dial(leadId: string): Promise<void> {
    this.#made += 1;
    const id = `${this.#owner}-${this.#made}`;
    const open = { endedAt: null, outcome: null, q850: null, sip: null, agentId: null, trunk: null, callerId: null };
    const attempt = {
      id,
      campaignId: 'c1',
      leadId,
      callId: id,
      number: `+${leadId.slice(5)}00000`,
      startedAt: 10,
      ...open,
    };
    if (await begins(this.#history, attempt)) this.#open.push(id);
  }

  async #end(word: number): Promise<void> {
    const attemptId = this.#open.shift();
    if (attemptId === undefined) return;
    const outcome = (['busy', 'connected', 'no-answer'] as const)[word] ?? 'busy';
    const next = { status: word === 1 ? 'done' : 'pending', notBefore: 0 } as const;
    await this.#history.endAttempt({ attemptId, endedAt: 30, outcome, q850: 16, sip: null, agentId: null, lead: next });
  }
}

/** Once a number is dialled it is asked how often. */
async function begins(of: History, attempt: Parameters<History['startAttempt']>[0]): Promise<boolean> {
  const past = await of.pastDials([attempt.number], 0);
  return of.startAttempt(attempt, { since: 0, dials: past.length });
}

describe.each(STORES)('the counts of %s', (_, start) => {
  let store: Store;
  beforeAll(async () => {
    store = await start();
  });
  afterAll(() => store.stop());

  it('are those of a count one by one after whatever happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 10, maxLength: 40 }), async (steps) => {
        const history = await store.fresh();
        await history.createCampaign(CAMPAIGN);
        const work = new Work(history, 'a');
        for (const step of [{ what: 'add', n: 0, word: 0 } as const, ...steps]) await work.do(step);
        expect(await kept(history)).toEqual(await byHand(history));
      }),
      { numRuns: 12 },
    );
  });

  it('are so when many change at once, and nobody waits for ever', async () => {
    const history = await store.fresh();
    await history.createCampaign(CAMPAIGN);
    const other = (await store.second()) ?? history;
    const doers = ['a', 'b', 'c', 'd'].map((owner, nth) => new Work(nth % 2 ? other : history, owner));
    const words = ['add', 'claim', 'dial', 'hold', 'end', 'release', 'claim', 'give-back', 'refuse', 'expire'] as const;
    await Promise.all(
      doers.map(async (doer, nth) => {
        for (let n = 0; n < 60; n += 1)
          await doer.do({ what: words[(n * 7 + nth) % 10] ?? 'add', n: (n * 5 + nth) % 30, word: n % 3 });
      }),
    );
    expect(await kept(history)).toEqual(await byHand(history));
  });
});

it('counts what a store of an earlier version has, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'callwright-counts-'));
  const sql = await startSql({ folder });
  const open = () => createSqlHistory({ databaseUrl: sql.url, log: silent, poolMax: 1 });
  const first = await open();
  await first.createCampaign(CAMPAIGN);
  await first.close();
  await query(
    sql.url,
    `drop table callwright.lead_counts, callwright.attempt_counts;
     drop function callwright.count_leads() cascade; drop function callwright.count_attempts() cascade;
     drop function callwright.count_slot(); delete from callwright.migration where name >= '0027-counts';
     alter table callwright.leads drop column refused_by;
     create index attempts_trunk on callwright.attempts (trunk, id) where trunk is not null and ended_at is not null;
     insert into callwright.leads (id, campaign_id, number, fields, status, hold)
       select 'l' || n, 'c1', n::text, '{}', case when n % 3 = 0 then 'done' else 'pending' end,
         case when n % 5 = 0 then 'filter' end from generate_series(1, 100) as n`,
  );
  for (let start = 0; start < 2; start += 1) {
    const history = await open();
    expect(await kept(history)).toEqual(await byHand(history));
    expect((await history.leadCounts('c1')).done).toBe(33);
    await history.close();
  }
  await sql.stop();
  rmSync(folder, { recursive: true });
});
