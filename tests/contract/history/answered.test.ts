import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { builtInProfiles } from '../../../src/config/profiles/built-in.ts';
import { type AnsweredDial, ledgerFactsOf } from '../../../src/dialer/compliance/answered.ts';
import { dayOf } from '../../../src/dialer/compliance/ledger.ts';
import type { AnsweredDay, AnsweredRow } from '../../../src/engine/ports/evidence.ts';
import type { History } from '../../../src/engine/ports/history.ts';
import { type Store, STORES } from './stores.ts';

/** Half an hour before midnight in Brussels, half an hour after it in Helsinki. */
const T = Date.parse('2026-11-22T22:30:00Z');
const DAY = 24 * 3_600_000;

const rulesOf = (name: string) => {
  const found = builtInProfiles().get(name);
  if (!found) throw new Error(`no profile ${name}`);
  return found.profile.abandonment;
};

const PLAIN: AnsweredDial = {
  pickedUpAt: T,
  greetingEndedAt: null,
  connectedAt: T + 1_000,
  gaveUpAt: null,
  leftAt: T + 60_000,
  screened: false,
  keptOut: false,
  byFlow: false,
  metMachine: false,
};

const row = (callId: string, dial: Partial<AnsweredDial> = {}, seq = 5, campaignId = 'one'): AnsweredRow => ({
  campaignId,
  callId,
  seq,
  dial: { ...PLAIN, ...dial },
});

/** Like things together, in an order of their own. */
function added(days: readonly AnsweredDay[]): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const { campaignId, day, type, screened, count } of days) {
    const plain = type === 'left-in-time' || type === 'taken-for-machine';
    const key = [campaignId, day, type, plain || screened].join(' ');
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return Object.fromEntries([...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

describe.each(STORES)('what is kept of dials that were picked up: %s', (_name, make) => {
  let store: Store;
  let history: History;

  beforeAll(async () => {
    store = await make();
  });
  beforeEach(async () => {
    history = await store.fresh();
  });
  afterAll(() => store.stop());

  const ask = { campaignIds: ['one', 'two'], rules: rulesOf('eu-default'), from: T - 40 * DAY, until: T + DAY };

  it('counts by the day of the zone of the rules', async () => {
    await history.keepAnswered([row('a'), row('b', { pickedUpAt: T + 3_600_000, connectedAt: T + 3_601_000 })], []);
    expect(added(await history.answeredDays(ask))).toEqual({
      'one 2026-11-22 connected false': 1,
      'one 2026-11-23 connected false': 1,
    });
    expect(await history.answeredDays({ ...ask, campaignIds: [] })).toEqual([]);
    expect(await history.answeredDays({ ...ask, campaignIds: ['two'] })).toEqual([]);
    expect(added(await history.answeredDays({ ...ask, until: T + 1 }))).toEqual({
      'one 2026-11-22 connected false': 1,
    });
    expect(await history.answeredDays({ ...ask, from: T + 3_600_001 })).toEqual([]);
  });

  it('keeps a dial as its latest fact has it, whatever is written last', async () => {
    const late = row('a', { connectedAt: T + 1_000 }, 9);
    await history.keepAnswered([row('a', { connectedAt: null, leftAt: null }, 3)], []);
    expect(await history.answeredDays(ask)).toEqual([]);
    await history.keepAnswered([late], []);
    await history.keepAnswered([row('a', { connectedAt: null, gaveUpAt: T + 2_000 }, 4)], []);
    expect(added(await history.answeredDays(ask))).toEqual({ 'one 2026-11-22 connected false': 1 });
  });

  it('takes the last word of an agent, and keeps it when the dial is written again', async () => {
    await history.keepAnswered([row('a')], [{ callId: 'a', metMachine: true, at: T }]);
    await history.keepAnswered([row('a', {}, 6)], [{ callId: 'unknown', metMachine: true, at: T }]);
    const met = { 'one 2026-11-22 connected false': 1, 'one 2026-11-22 met-machine false': 1 };
    expect(added(await history.answeredDays(ask))).toEqual(met);
    await history.keepAnswered([], [{ callId: 'a', metMachine: false, at: T - 1 }]);
    expect(added(await history.answeredDays(ask))).toEqual(met);
    await history.keepAnswered(
      [],
      [
        { callId: 'a', metMachine: true, at: T + 1 },
        { callId: 'a', metMachine: false, at: T + 2 },
      ],
    );
    expect(added(await history.answeredDays(ask))).toEqual({ 'one 2026-11-22 connected false': 1 });
  });

  it('counts every dial as the rules of each profile do', async () => {
    const at = fc.option(fc.integer({ min: 0, max: 6_000 }), { freq: 2 });
    const dial = fc.record({
      pickedUpAt: fc.integer({ min: T - 3 * DAY, max: T + DAY }),
      greetingEndedAt: at,
      connectedAt: at,
      gaveUpAt: at,
      leftAt: at,
      screened: fc.boolean(),
      keptOut: fc.boolean(),
      byFlow: fc.boolean(),
      metMachine: fc.boolean(),
    });
    const dials = fc.sample(dial, { numRuns: 400, seed: 7 });
    const rows = dials.map((one, index) => {
      const after = (ms: number | null) => (ms === null ? null : one.pickedUpAt + ms);
      const times = { greetingEndedAt: after(one.greetingEndedAt), connectedAt: after(one.connectedAt) };
      const ends = { gaveUpAt: after(one.gaveUpAt), leftAt: after(one.leftAt) };
      return row(`call-${index}`, { ...one, ...times, ...ends }, 1, index % 2 === 0 ? 'one' : 'two');
    });
    const words = rows.map(({ callId, dial: { metMachine } }) => ({ callId, metMachine, at: T }));
    await history.keepAnswered(rows, words);
    for (const name of builtInProfiles().keys()) {
      const rules = rulesOf(name);
      const expected = rows.flatMap(({ campaignId, dial: one }) =>
        ledgerFactsOf(rules, one).map((fact) => {
          const screened = 'screened' in fact ? fact.screened : true;
          return { campaignId, day: dayOf(fact.at, rules.zone.value), type: fact.type, screened, count: 1 };
        }),
      );
      expect(added(await history.answeredDays({ ...ask, rules, until: T + 2 * DAY })), name).toEqual(added(expected));
    }
  });
});
