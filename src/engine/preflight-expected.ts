import { setImmediate as breathe } from 'node:timers/promises';
import type { EpochMs } from '../call/ids.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { forecast, type Known, type MakePolicy, meanOf, PLAIN_DAY } from '../dialer/lab/index.ts';
import { createPolicy, createPower, progressive } from '../dialer/pacing/index.ts';
import { capOf } from './campaign-law-words.ts';
import type { Campaign } from './ports/history.ts';
import type { Expected, Preflight, Tenths } from './ports/preflight.ts';
import type { PreflightCount } from './preflight-count.ts';
import { HOUR_MS } from './preflight-count.ts';
import type { Seen, Times } from './preflight-known.ts';

export interface Outlook {
  readonly campaign: Campaign;
  readonly profile: ComplianceProfile;
  readonly seen: Seen;
  readonly times: Times;
  readonly agents: number;
  /** Lines that it may have: its own, and those of its trunk. */
  readonly lines: number;
  readonly cps: number;
  readonly hours: Preflight['hours'];
}

/** Nobody knows yet: a quarter, as the plain day of the lab has it. */
export const answerRateOf = ({ counts }: Seen): number =>
  counts ? Math.max(0.002, (counts.persons + 0.5) / (counts.dials + 1)) : (PLAIN_DAY.regimes[0]?.person ?? 0.25);

/** What it will come to; null where nobody would be dialled. `told` hears the share of the work that is done. */
export async function expectedOf(
  outlook: Outlook,
  count: PreflightCount,
  told: (share: number) => void,
): Promise<Expected | null> {
  const dials = count.dials(answerRateOf(outlook.seen));
  const open = outlook.hours.filter(({ leads }) => leads > 0).length;
  if (dials === 0 || open === 0) return null;
  if (outlook.campaign.mode === 'agentless') return byFlow(outlook, dials);
  return outlook.agents === 0 ? null : byAgents(outlook, { dials, hours: open }, told);
}

async function byAgents(
  outlook: Outlook,
  { dials, hours }: { readonly dials: number; readonly hours: number },
  told: (share: number) => void,
) {
  const { agents, campaign, profile, seen, times, lines, cps } = outlook;
  const known: Known = {
    ...times,
    dials: () => dials,
    hours,
    seen: seen.counts,
    agents,
    lines,
    cps,
    cap: Math.min(campaign.abandonCap ?? 1, capOf(profile)),
    minRingSec: profile.ring.minimumMs.value / 1_000,
    maxRingSec: campaign.ringMs / 1_000,
    connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
  };
  const runs = forecast(known, { make: paces(campaign) });
  for (let turn = runs.next(); ; turn = runs.next()) {
    if (turn.done === true) {
      const { answerRate, utilisation, abandonment, finish } = turn.value;
      return { agents, dials, answerRate, utilisation, abandonment, finishAt: finishAt(outlook, finish) };
    }
    told(turn.value);
    await breathe();
  }
}

const paces = ({ mode, ratio = 1 }: Campaign): MakePolicy => {
  if (mode === 'predictive') return (config) => createPolicy(config);
  return mode === 'power' ? (config) => createPower(config, ratio) : () => progressive;
};

/** Of the normal distribution: a tenth lies beyond. */
const TENTH = 1.2816;

/** A flow is always free: lines and call starts say how fast it dials. */
function byFlow(outlook: Outlook, dials: number): Expected {
  const { seen, times, lines, cps, campaign } = outlook;
  const answered = answerRateOf(seen);
  const sd = Math.sqrt((answered * (1 - answered)) / ((seen.counts?.dials ?? 40) + 1));
  const rate = { low: Math.max(0, answered - TENTH * sd), middle: answered, high: Math.min(1, answered + TENTH * sd) };
  const sec = (share: number) => {
    const held = share * (meanOf(times.ring) + meanOf(times.talk)) + ((1 - share) * campaign.ringMs) / 1_000;
    return dials / Math.min(cps, lines / held);
  };
  const finish = [sec(rate.low), sec(rate.middle), sec(rate.high)].toSorted((a, b) => a - b);
  const [low = 0, middle = 0, high = 0] = finish;
  const at = finishAt(outlook, { low, middle, high });
  return { agents: 0, dials, answerRate: rate, utilisation: null, abandonment: null, finishAt: at };
}

/** Seconds of dialling, laid over the hours in which somebody may be dialled; a lead's retries take their time in any case. */
function finishAt({ hours, campaign }: Outlook, finish: Tenths<number | null>): Tenths<EpochMs | null> {
  const retries = (campaign.maxAttempts - 1) * campaign.retryAfterMs;
  const at = (sec: number | null) => {
    const end = sec === null ? null : clockAfter(hours, sec * 1_000);
    return end === null ? null : Math.max(end, (hours[0]?.at ?? 0) + retries);
  };
  return { low: at(finish.low), middle: at(finish.middle), high: at(finish.high) };
}

function clockAfter(hours: Preflight['hours'], ms: number): EpochMs | null {
  let left = ms;
  for (const { at, leads } of hours) {
    if (leads === 0) continue;
    const span = (Math.floor(at / HOUR_MS) + 1) * HOUR_MS - at;
    if (left <= span) return Math.round(at + left);
    left -= span;
  }
  return null;
}
