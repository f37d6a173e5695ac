import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HeardMachines } from '../../../src/dialer/compliance/abandonment.ts';
import type { AnsweredDial } from '../../../src/dialer/compliance/answered.ts';
import { CampaignLedgers } from '../../../src/engine/campaign-ledger.ts';
import type { DialNews } from '../../../src/engine/evidence-picker.ts';
import type { AnsweredDay } from '../../../src/engine/ports/evidence.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import type { ComplianceProfile } from '../../../src/engine/site.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';
import { silent } from '../../support/silent.ts';

const T = Date.parse('2026-11-23T09:00:00Z');
const SECOND = 1_000;

const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });
const lab = labProfile();
const profile: ComplianceProfile = {
  ...lab,
  abandonment: {
    ...lab.abandonment,
    limits: cited([
      { cap: 0.03, window: 'day', scope: 'campaign' },
      { cap: 0.03, window: 'rolling-30-days', scope: 'all' },
    ] as const),
  },
};

const campaign = (id: string, change: Partial<Campaign> = {}): Campaign => ({
  ...AUTUMN,
  id,
  mode: 'predictive',
  status: 'running',
  createdAt: T,
  ...change,
});

const dial = (change: Partial<AnsweredDial>): AnsweredDial => ({
  pickedUpAt: T,
  greetingEndedAt: null,
  connectedAt: null,
  gaveUpAt: null,
  leftAt: null,
  screened: false,
  keptOut: false,
  byFlow: false,
  metMachine: false,
  ...change,
});

const connected = dial({ connectedAt: T + SECOND });
const abandoned = dial({ gaveUpAt: T + 2 * SECOND });

/** When campaigns dialled first; null: each when it was made. */
type Dialled = readonly (readonly [id: string, at: number])[] | null;

/** Ledgers over books that a test fills, and which say how often they were asked. */
function ledgersOn(days: AnsweredDay[] = [], campaigns: readonly Campaign[] = [campaign('one'), campaign('two')]) {
  let tell: (news: DialNews) => void = () => undefined;
  const heard: HeardMachines = { heard: 0, persons: 0 };
  const state = {
    now: T,
    asked: 0,
    fails: false,
    meanwhile: [] as DialNews[],
    rules: profile,
    heard,
    truth: heard,
    dialled: null as Dialled,
  };
  const ledgers = new CampaignLedgers({
    clock: { now: () => state.now },
    log: silent,
    history: {
      campaigns: async () => campaigns,
      firstDials: async () => new Map(state.dialled ?? campaigns.map(({ id, createdAt }) => [id, createdAt])),
      answeredDays: async ({ campaignIds, from, until }) => {
        state.asked += 1;
        if (state.fails) throw new Error('away');
        const at = (day: string) => Date.parse(`${day}T12:00:00Z`);
        return days.filter(
          ({ campaignId, day }) => campaignIds.includes(campaignId) && at(day) >= from && at(day) < until,
        );
      },
    },
    keeper: {
      listen: (listener) => (tell = listener),
      still: async (read, use) => use(await read(), state.meanwhile),
    },
    amd: { heardOf: () => state.heard, learn: async () => (state.heard = state.truth) },
    profileOf: () => state.rules,
  });
  const says = (before: AnsweredDial | null, after: AnsweredDial | null, campaignId = 'one') =>
    tell({ campaignId, callId: 'call', before, after });
  return { ledgers, state, says };
}

const day = (count: number, change: Partial<AnsweredDay> = {}): AnsweredDay => ({
  campaignId: 'one',
  day: '2026-11-23',
  type: 'connected',
  screened: false,
  count,
  ...change,
});

describe('the ledgers of campaigns that dial', () => {
  it('asks the books when a campaign begins and at an interval, never for a dial', async () => {
    const { ledgers, state, says } = ledgersOn([day(100)]);
    expect(ledgers.sight(campaign('one'))).toBeNull();
    await ledgers.open(campaign('one'));
    await ledgers.open(campaign('two'));
    const once = state.asked;
    expect(once).toBeLessThanOrEqual(2);
    for (let second = 0; second < 29; second += 1) {
      state.now += SECOND;
      says(null, connected);
      expect(ledgers.sight(campaign('one'))?.counts.connected).toBe(101 + second);
    }
    expect(state.asked).toBe(once);
    state.now += SECOND;
    ledgers.sight(campaign('one'));
    await Promise.resolve();
    await new Promise(setImmediate);
    // The days that are over are not read again so soon.
    expect(state.asked).toBe(once + 1);
    expect(ledgers.sight(campaign('one'))?.counts.connected).toBe(100);
  });

  it('counts on with what was told while the books were read', async () => {
    const { ledgers, state } = ledgersOn([day(100)]);
    state.meanwhile = [{ campaignId: 'one', callId: 'call', before: null, after: abandoned }];
    await ledgers.open(campaign('one'));
    expect(ledgers.sight(campaign('one'))?.counts).toMatchObject({ connected: 100, abandoned: 1 });
  });

  it('counts on as long as the books cannot be read, and reads them soon after an agent spoke of an old call', async () => {
    const { ledgers, state, says } = ledgersOn([day(100)]);
    await ledgers.open(campaign('one'));
    const once = state.asked;
    says(null, null);
    state.now += 4 * SECOND;
    ledgers.sight(campaign('one'));
    expect(state.asked).toBe(once);
    state.fails = true;
    state.now += SECOND;
    expect(ledgers.sight(campaign('one'))?.counts.connected).toBe(100);
    await new Promise(setImmediate);
    expect(state.asked).toBeGreaterThan(once);
    says(null, connected);
    expect(ledgers.sight(campaign('one'))?.counts.connected).toBe(101);
  });

  it('gives campaigns that may spend a pooled budget equal parts of it, and others none', async () => {
    const days = [day(1_000), day(1_000, { campaignId: 'two' }), day(1_000, { campaignId: 'three' })];
    const three = [
      campaign('one'),
      campaign('two', { mode: 'power', ratio: 2 }),
      campaign('three', { status: 'paused' }),
    ];
    const { ledgers } = ledgersOn(days, three);
    await ledgers.open(campaign('one'));
    // Its own day has 30 to lose, and the three together 90, for two of them.
    expect(ledgers.sight(campaign('one'))?.budget).toBeCloseTo(30, 9);
    const alone = ledgersOn([day(100), day(3_000, { day: '2026-11-22', type: 'abandoned' })], three);
    await alone.ledgers.open(campaign('one'));
    expect(alone.ledgers.sight(campaign('one'))?.budget).toBeLessThan(-1);
    const pooled = ledgersOn([day(10_000), day(290, { campaignId: 'two', type: 'abandoned' })], three);
    await pooled.ledgers.open(campaign('one'));
    expect(pooled.ledgers.sight(campaign('one'))?.budget).toBeCloseTo((0.03 * 10_290 - 290) / 2, 9);
  });

  it('a budget is spent when one more would pass the cap, and not before anybody was abandoned', async () => {
    const { ledgers, says } = ledgersOn([day(60)], [campaign('one')]);
    await ledgers.open(campaign('one'));
    expect(ledgers.sight(campaign('one'))?.budget).toBeCloseTo(1.8, 9);
    says(null, abandoned);
    // 1 of 61 is allowed still; a second would be one too many.
    expect(ledgers.sight(campaign('one'))?.abandoned.tightest).toMatchObject({ abandoned: 1, of: 61, budget: 0 });
    expect(ledgers.sight(campaign('one'))?.budget).toBe(-1);
    const fresh = ledgersOn([], [campaign('one')]);
    await fresh.ledgers.open(campaign('one'));
    expect(fresh.ledgers.sight(campaign('one'))?.budget).toBe(0);
  });

  it('whatever is corrected in whatever order, it stands as the last word of each dial', async () => {
    const times = fc.option(fc.integer({ min: T, max: T + 40 * SECOND }), { nil: null });
    const anyDial = fc.record({
      connectedAt: times,
      gaveUpAt: times,
      leftAt: times,
      metMachine: fc.boolean(),
      keptOut: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anyDial, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), async (calls) => {
        const [moved, final] = [ledgersOn(), ledgersOn()];
        await Promise.all([moved.ledgers.open(campaign('one')), final.ledgers.open(campaign('one'))]);
        for (const words of calls) {
          let before: AnsweredDial | null = null;
          for (const word of words) {
            moved.says(before, dial(word));
            before = dial(word);
          }
          final.says(null, before);
        }
        expect(moved.ledgers.sight(campaign('one'))?.counts).toEqual(final.ledgers.sight(campaign('one'))?.counts);
      }),
      { numRuns: 60 },
    );
  });

  const read = () => new Promise(setImmediate);

  it('loses no day when one is over, nor those of a campaign that comes under the profile, read again so soon', async () => {
    const MIDNIGHT = Date.parse('2026-11-23T23:00:00Z'); // in Brussels
    const campaigns = [campaign('one', { createdAt: Date.parse('2026-11-01T09:00:00Z') })];
    const days = [day(100, { day: '2026-11-22' }), day(40, { campaignId: 'moved', day: '2026-11-10' })];
    const { ledgers, state } = ledgersOn(days, campaigns);
    // Its beginning stays where it is when a day is over.
    const limits = cited([{ cap: 0.03, window: 'campaign', scope: 'all' }] as const);
    state.rules = { ...profile, abandonment: { ...profile.abandonment, limits } };
    state.now = MIDNIGHT - 60 * SECOND;
    await ledgers.open(campaign('one'));
    const pooled = () => ledgers.sight(campaign('one'))?.abandoned.limits[0]?.of;
    expect(pooled()).toBe(100);
    campaigns.push(campaign('moved'));
    state.now += 31 * SECOND;
    pooled();
    await read();
    expect(pooled()).toBe(140);
    state.now = MIDNIGHT + 60 * SECOND;
    pooled();
    await read();
    expect(pooled()).toBe(140);
  });

  it('is in the window of the day at once, though nothing has happened and nothing was read', async () => {
    const { ledgers, state } = ledgersOn([day(100), day(4, { type: 'abandoned' })]);
    await ledgers.open(campaign('one'));
    expect(ledgers.sight(campaign('one'))?.abandoned.limits[0]).toMatchObject({ from: '2026-11-23', abandoned: 4 });
    state.fails = true;
    state.now = Date.parse('2026-11-23T23:00:00Z');
    expect(ledgers.sight(campaign('one'))?.abandoned.limits[0]).toMatchObject({ from: '2026-11-24', abandoned: 0 });
  });

  it('charges persons taken for machines by what was found, from the first look on and as more is found', async () => {
    const { ledgers, state } = ledgersOn([day(900), day(100, { type: 'taken-for-machine' })], [campaign('one')]);
    state.truth = { heard: 1_000, persons: 10 };
    await ledgers.open(campaign('one'));
    const charged = () => ledgers.sight(campaign('one'))?.abandoned.limits[0]?.abandoned;
    expect(charged()).toBeCloseTo(1, 9);
    state.heard = { heard: 1_000, persons: 200 };
    expect(charged()).toBeCloseTo(20, 9);
  });

  it('reads back to where the period of each campaign began, which is not that of the oldest', async () => {
    const limits = cited([{ cap: 0.03, window: 'campaign-30-days', scope: 'campaign' }] as const);
    const old = campaign('one', { createdAt: Date.parse('2026-10-20T09:00:00Z') });
    const later = campaign('two', { createdAt: Date.parse('2026-11-01T09:00:00Z') });
    const { ledgers, state } = ledgersOn([day(70, { campaignId: 'two', day: '2026-11-05' })], [old, later]);
    state.rules = { ...profile, abandonment: { ...profile.abandonment, limits } };
    await ledgers.open(later);
    expect(ledgers.sight(later)?.abandoned.limits[0]).toMatchObject({ from: '2026-11-01', of: 70 });
    expect(ledgers.sight(old)?.abandoned.limits[0]).toMatchObject({ from: '2026-11-19', of: 0 });
  });

  it('counts a period from the first dial, at once when that is made, and from when it was made until then', async () => {
    const limits = cited([{ cap: 0.03, window: 'campaign-30-days', scope: 'campaign' }] as const);
    const ready = campaign('one', { createdAt: Date.parse('2026-11-01T09:00:00Z') });
    const { ledgers, state, says } = ledgersOn([], [ready]);
    state.rules = { ...profile, abandonment: { ...profile.abandonment, limits } };
    state.dialled = [];
    await ledgers.open(ready);
    const period = () => ledgers.sight(ready)?.abandoned.limits[0];
    expect(period()).toMatchObject({ from: '2026-11-01', to: '2026-11-30' });
    says(null, connected);
    expect(period()).toMatchObject({ from: '2026-11-23', to: '2026-12-22', of: 1 });
    state.dialled = [['one', T - 24 * 3_600_000]];
    state.now += 11 * 60_000;
    period();
    await read();
    expect(period()).toMatchObject({ from: '2026-11-22', to: '2026-12-21' });
  });
});
