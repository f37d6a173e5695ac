import type { Day } from '../acd/replay/day.ts';
import { PLAIN_DAY, type Regime, type Scenario, type Spread } from '../dialer/lab/index.ts';

/** A day of the lab that is like a real one, and what was measured for it. */
export type Measured =
  | { readonly ok: true; readonly day: Scenario; readonly words: readonly string[] }
  | { readonly ok: false; readonly why: string };

/** Fewer answers than this say nothing about talk and wrap-up; fewer dials nothing about an hour's answer rate. */
const LEAST_ANSWERS = 20;
const LEAST_DIALS_AN_HOUR = 50;
const HOUR_MS = 3_600_000;
/** Whatever ends unanswered sooner was busy or failed; ringing takes longer. */
const BUSY_WITHIN_SEC = 5;

/** One dial as it was: how long until somebody answered, or until it was given up. */
interface Rang {
  readonly at: number;
  readonly sec: number;
  readonly answered: boolean;
}

/**
 * Takes from a real day what chance did: ringing, the answer rate of each hour, talk, wrap-up, and when agents were there.
 * What the dialer did is left out: that is what the lab tries. Machines are not told apart in the journal's day: they count as
 * unanswered.
 */
export function measuredDay(real: Day, campaignId?: string): Measured {
  const dials = rings(real, campaignId);
  const talks = served(real, campaignId);
  const answers = dials.filter(({ answered }) => answered).length;
  if (talks.length < LEAST_ANSWERS || answers < LEAST_ANSWERS)
    return { ok: false, why: tooFew(dials.length, talks.length) };
  const from = Math.min(...dials.map(({ at }) => at));
  const to = Math.max(...dials.map(({ at, sec }) => at + 1_000 * sec));
  const hours = Math.max(0.05, (to - from) / HOUR_MS);
  const shifts = shiftsOf(real, new Set(talks.map(({ agentId }) => agentId)), from, to);
  const ringing = dials.filter(({ answered }) => answered).map(({ sec }) => sec);
  const waited = dials.filter(({ answered, sec }) => !answered && sec > BUSY_WITHIN_SEC).map(({ sec }) => sec);
  const regimes = regimesOf(dials, from);
  const day: Scenario = {
    ...PLAIN_DAY,
    name: 'measured day',
    hours,
    agents: shifts.length,
    shifts,
    talk: measured(talks.map(({ talkSec }) => talkSec)),
    wrap: measured(talks.map(({ wrapSec }) => wrapSec)),
    ring: measured(ringing),
    maxRingSec: Math.max(1 + Math.max(...ringing), median(waited) ?? 0),
    setup: { kind: 'fixed', mean: Math.min(1, ringing.toSorted((a, b) => a - b)[0] ?? 1) },
    regimes,
  };
  return { ok: true, day, words: wordsOf(day, dials.length, answers, talks.length) };
}

function rings({ dials, visits, to }: Day, campaignId: string | undefined): readonly Rang[] {
  const reached = new Set(visits.filter(({ kind }) => kind === 'campaign').map(({ callId }) => callId));
  return dials
    .filter((dial) => (campaignId === undefined || dial.campaignId === campaignId) && dial.until < to)
    .map(({ id, at, until }) => ({ at, sec: (until - at) / 1_000, answered: reached.has(id.replace(/~dial$/, '')) }));
}

function served({ visits }: Day, campaignId: string | undefined) {
  return visits.flatMap(({ kind, end, campaignId: of }) => {
    if (kind !== 'campaign' || end.how !== 'connected' || end.talkMs === null || end.wrapUpMs === null) return [];
    if (campaignId !== undefined && of !== campaignId) return [];
    return { agentId: end.agentId, talkSec: end.talkMs / 1_000, wrapSec: end.wrapUpMs / 1_000 };
  });
}

const tooFew = (dials: number, answers: number) =>
  `Of ${dials} dials in that time ${answers} came to a finished talk, and ${LEAST_ANSWERS} are needed to measure a day by: ` +
  'ask for a longer one with --from and --to, or leave out --real for a synthetic day.';

/** When those who served were ready; all the time where that is not known. */
function shiftsOf({ moves }: Day, who: ReadonlySet<string>, from: number, to: number): Scenario['shifts'] {
  return [...who].map((agentId) => {
    const statuses = moves
      .filter((move) => move.type === 'status' && move.agentId === agentId)
      .toSorted((a, b) => a.at - b.at);
    const spans: { from: number; to: number }[] = [];
    let since: number | null = statuses.length === 0 ? from : null;
    for (const move of statuses) {
      if (move.type !== 'status') continue;
      if (move.status === 'ready') since ??= move.at;
      else if (since !== null) {
        spans.push({ from: since, to: move.at });
        since = null;
      }
    }
    if (since !== null) spans.push({ from: since, to: to + HOUR_MS });
    return spans
      .filter((span) => span.to > from && span.from < to)
      .map((span) => ({ from: Math.max(0, (span.from - from) / 1_000), to: (span.to - from) / 1_000 }));
  });
}

/** The answer rate hour by hour; an hour with few dials goes on as the day was. */
function regimesOf(dials: readonly Rang[], from: number): readonly Regime[] {
  const whole = sharesOf(dials);
  const byHour = Map.groupBy(dials, ({ at }) => Math.floor((at - from) / HOUR_MS));
  const last = Math.max(...byHour.keys());
  return Array.from({ length: last + 1 }, (_, hour) => {
    const some = byHour.get(hour) ?? [];
    return { fromSec: 3_600 * hour, ...(some.length < LEAST_DIALS_AN_HOUR ? whole : sharesOf(some)) };
  });
}

function sharesOf(dials: readonly Rang[]): Omit<Regime, 'fromSec'> {
  const share = (is: (dial: Rang) => boolean) => dials.filter(is).length / dials.length;
  const busy = share(({ answered, sec }) => !answered && sec <= BUSY_WITHIN_SEC);
  return { person: share(({ answered }) => answered), machine: 0, busy };
}

const measured = (values: readonly number[]): Spread => ({
  kind: 'measured',
  values: values.toSorted((a, b) => a - b),
});

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1];

function wordsOf(day: Scenario, dials: number, answers: number, talks: number): readonly string[] {
  const mean = (spread: Spread) =>
    spread.kind === 'measured' ? spread.values.reduce((sum, sec) => sum + sec, 0) / spread.values.length : spread.mean;
  const rates = day.regimes.map(({ person }) => Math.round(100 * person));
  const [low, high] = [Math.min(...rates), Math.max(...rates)];
  const there = day.agents === 1 ? '1 agent as he was there' : `${day.agents} agents as they were there`;
  return [
    `Measured on the real day: ${dials} dials, ${answers} answered (${low === high ? low : `${low} to ${high}`} % by hour), ` +
      `ringing ${mean(day.ring).toFixed(1)} s,`,
    `${talks} talks of ${mean(day.talk).toFixed(0)} s and wrap-ups of ${mean(day.wrap).toFixed(0)} s, ${there}. ` +
      'Lines and call starts are not limited unless asked.',
  ];
}
