import { expect, it, onTestFinished } from 'vitest';
import type { JournalEvent } from '../../src/call/journal.ts';
import { KeyFigures, teamsOf } from '../../src/engine/key-figures.ts';
import { figureRooms } from '../support/figure-rooms.ts';
import { createMemoryHistory } from '../support/memory-history.ts';
import { Recount } from '../support/kpi-count.ts';
import type { Of } from '../support/kpi-count-story.ts';
import { onDay } from '../support/shifted-days.ts';
import { queueProfile } from '../support/site.ts';
import { openHouse } from '../unit/http/house.ts';
import { dayOfCalls, TEAMS } from './kpi-day.ts';
import { RATES, TARGET_MS } from './kpi-house.ts';

/** As many calls as a release is tried with: `npm run bench:kpis`. */
const CALLS = Number(process.env['CALLWRIGHT_KPI_CALLS'] ?? 1_000);
const A_DAY = 2_500;
const DAY_MS = 86_400_000;
const BYS = [null, 'queue', 'agent', 'team', 'flow', 'did', 'language', 'campaign'] as const;

interface Figures {
  readonly answered?: number;
  readonly serviceLevel: Readonly<Record<'ignore' | 'negative' | 'positive', number | null>>;
}
interface Cell {
  readonly from: number;
  readonly to: number;
  readonly key: string | null;
  readonly figures: Figures;
}

/** Days one after the other, as if they were of one house: each call, agent and campaign of a day has a name of its own. */
async function journalOf(calls: number): Promise<readonly JournalEvent[]> {
  const all: JournalEvent[] = [];
  for (let day = 0; day * A_DAY < calls; day += 1) {
    if (process.env['CALLWRIGHT_KPI_CALLS'] !== undefined) console.log(`${day * A_DAY} of ${calls} calls`);
    const house = await dayOfCalls(Math.min(A_DAY, calls - day * A_DAY), 7 + day);
    expect(house.warnings).toEqual([]);
    const [first] = house.events;
    const shift = day * DAY_MS - (house.clock.now() - (first?.at ?? 0) > DAY_MS ? Number.NaN : 0);
    for (const event of house.events) all.push(onDay(event, day, shift));
    house.kill();
  }
  return all;
}

async function door(events: readonly JournalEvent[]) {
  const cursor = (index: number) => String(index).padStart(14, '0');
  const live = {
    read: async (after: string | null, limit: number) => {
      const first = after === null ? 0 : Number(after) + 1;
      return events.slice(first, first + limit).map((event, i) => ({ event, cursor: cursor(first + i) }));
    },
    cursorAt: async (at: number) => {
      const first = events.findIndex((event) => event.at >= at);
      return first <= 0 ? null : cursor(first - 1);
    },
  };
  const queues = new Map(['billing', 'tech'].map((name) => [name, queueProfile(name, { targetMs: TARGET_MS })]));
  const named = new Map([...TEAMS].map(([name, members]) => [name, { title: name, members, ladder: null }]));
  const figures = new KeyFigures({
    ...figureRooms(() => events.at(-1)?.at ?? 0),
    live,
    queues: () => queues,
    agents: () => [],
    teams: () => teamsOf({ teams: named }),
    settings: () => RATES,
  });
  const opened = await openHouse({}, createMemoryHistory(), figures);
  onTestFinished(() => opened.close());
  return async (query: string): Promise<{ cells: readonly Cell[]; report: { all: Record<string, unknown> } }> => {
    const answer = await opened.ask('manager', { method: 'GET', url: `/v1/kpis?${query}` });
    expect(answer.statusCode).toBe(200);
    return answer.json();
  };
}

const FIGURES =
  `arrived redials contained blocked cost occupancy breaks outbound results offered abandoned abandonedShort
  unserved abandonment callbacksTaken callbacksAnswered handled asa aht firstResponse repeats transferRate transfers ewtError
  csat nps ces`.split(/\s+/);

/** Some number in it is another than 0. */
const happened = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(happened)
    : typeof value === 'number' && value !== 0;

it('every figure of the API is what a second count of the journal says, whatever it is told apart by', async () => {
  const events = await journalOf(CALLS);
  const { shortAbandonMs: shortMs, ...rates } = RATES;
  const recount = new Recount(events, { ...rates, shortMs, targetMs: TARGET_MS });
  const ask = await door(events);
  const from = events[0]?.at ?? 0;
  const seen = new Set<string>();
  const compare = ({ key, figures, ...span }: Cell, by: Of['by']) => {
    const { gaveUpInTime, answeredInTime, answered, ...counted } = recount.count({ ...span, by, key, teams: TEAMS });
    expect({ by, key, from: span.from, ...figures }).toMatchObject({ by, key, from: span.from, ...counted });
    const ended = answered + counted.abandoned + counted.unserved;
    if (by === 'agent' || by === 'team') expect(figures.serviceLevel).toMatchObject({ negative: null, positive: null });
    else if (ended > 0) {
      const late = ended - gaveUpInTime;
      expect(figures.serviceLevel.ignore).toBe(late > 0 ? answeredInTime / late : null);
      expect(figures.serviceLevel.negative).toBe(answeredInTime / ended);
      expect(figures.serviceLevel.positive).toBe((answeredInTime + gaveUpInTime) / ended);
    }
    for (const [name, value] of Object.entries(counted)) if (happened(value)) seen.add(name);
  };
  for (const by of BYS) {
    const { cells } = await ask(`from=${from}${by === null ? '&interval=1h' : `&by=${by}&interval=1d`}`);
    for (const cell of cells) compare(cell, by);
    expect(new Set(cells.map(({ key }) => key))).toEqual(new Set(recount.keys(by, TEAMS)));
  }
  // What never happened on these days would be equal whatever was counted.
  expect([...seen].toSorted()).toEqual(FIGURES.toSorted());
  const { report } = await ask(`from=${from}`);
  const calls = events.filter((event) => event.type === 'call.arrived' && event.data.direction === 'inbound').length;
  expect(report.all).toMatchObject({ arrived: calls });
  expect(calls).toBe(CALLS);
}, 3_600_000);
