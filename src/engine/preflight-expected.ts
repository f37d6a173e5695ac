import { setImmediate as breathe } from 'node:timers/promises';
import type { EpochMs } from '../call/ids.ts';
import { ABANDON_CAP, agentless, canAbandon } from '../dialer/campaign-modes.ts';
import { rateOf } from '../dialer/compliance/abandonment.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import {
  type Counted,
  fixed,
  type Forecast,
  forecast,
  type Known,
  type MakePolicy,
  PLAIN_DAY,
  type Reading,
  type Regime,
} from '../dialer/lab/index.ts';
import { createPolicy, createPower, progressive } from '../dialer/pacing/index.ts';
import { capOf } from './campaign-law-words.ts';
import { minRingOf } from './campaign-policy.ts';
import type { Campaign } from './ports/history.ts';
import type { Expected, Preflight, Tenths } from './ports/preflight.ts';
import type { PreflightCount } from './preflight-count.ts';
import { HOUR_MS } from './preflight-count.ts';
import type { Heard } from './preflight-heard.ts';
import type { Journalled } from './preflight-journal.ts';
import { doubtOf, ENOUGH, type Seen, type Times } from './preflight-known.ts';

interface Outlook {
  readonly campaign: Campaign;
  readonly profile: ComplianceProfile;
  readonly seen: Pick<Seen, 'talks'>;
  readonly times: Times;
  readonly heard: Heard;
  /** Null: no lead is read before it is dialled. */
  readonly reading: Reading | null;
  readonly journal: Pick<Journalled, 'reads'>;
  readonly agents: number;
  /** Lines that it may have: its own, those of its trunks, and those of its flow. */
  readonly lines: number;
  readonly cps: number;
  readonly hours: Preflight['hours'];
}

/** Nobody knows yet: a quarter, as the plain day of the lab has it. */
export const answerRateOf = ({ counts }: Pick<Heard, 'counts'>): number =>
  counts ? Math.max(0.002, (counts.persons + 0.5) / (counts.dials + 1)) : (PLAIN_DAY.regimes[0]?.person ?? 0.25);

/**
 * What it will come to, by the same policy and law as it will have; `told` hears the share of the work that is done. Only for a
 * campaign of which a forecast can be made (`noForecastOf`).
 */
export async function expectedOf(
  outlook: Outlook,
  count: Pick<PreflightCount, 'dials'>,
  told: (share: number) => void,
): Promise<Expected> {
  const dials = (regime: Regime) => count.dials(leadEndsAfter(regime, outlook.heard));
  const runs = forecast(knownOf(outlook, dials), { make: paces(outlook), rate: rateBy(outlook) });
  for (let turn = runs.next(); ; turn = runs.next()) {
    if (turn.done === true) return expected(outlook, turn.value);
    told(turn.value);
    await breathe();
  }
}

/** The share of the dials after which a lead is done: who is put through, and outcomes that are not dialled again. */
function leadEndsAfter({ person, machine }: Pick<Regime, 'person' | 'machine'>, { detection, ended }: Heard): number {
  const { personAsMachine, machineAsPerson } = detection ?? { personAsMachine: 0, machineAsPerson: 1 };
  return Math.min(1, person * (1 - personAsMachine) + machine * machineAsPerson + ended);
}

function knownOf(outlook: Outlook, dials: Known['dials']): Known {
  const { campaign, profile, times, heard, reading, seen, lines, cps, hours } = outlook;
  const { talkDoubt, ...lasts } = times;
  const byFlow = campaign.mode === 'agentless';
  return {
    ...lasts,
    // Agents' talks with machines are among those that were timed.
    machineTalk: seen.talks.length >= ENOUGH ? times.talk : PLAIN_DAY.machineTalk,
    dials,
    hours: hours.filter(({ leads }) => leads > 0).length,
    seen: heard.counts,
    // A flow is always free: it is as many as the lines.
    ...(byFlow ? { agents: lines, wrap: fixed(0), talk: times.talk } : { agents: outlook.agents }),
    amd: heard.detection,
    lines,
    cps,
    cap: byFlow ? 1 : Math.min(campaign.abandonCap ?? ABANDON_CAP, capOf(profile)),
    minRingSec: minRingOf(profile) / 1_000,
    maxRingSec: campaign.ringMs / 1_000,
    connectDeadlineSec: campaign.connectDeadlineMs / 1_000,
    doubt: { talk: talkDoubt, reading: doubtOf(outlook.journal.reads), persons: heard.doubt },
    ...(reading && { reading }),
  };
}

/** As the campaign's own policy is made (`policyOf`). */
function paces({ campaign: { mode, ratio = 1, guard = 'quantile' }, heard: { chargedShare } }: Outlook): MakePolicy {
  if (mode === 'agentless') return () => agentless;
  if (mode !== 'predictive' && mode !== 'power') return () => progressive;
  return (config) => {
    const own = { ...config, guard, amdFalsePositiveEstimate: chargedShare, amdEstimateOf: 'machines' } as const;
    return mode === 'power' ? createPower(own, ratio) : createPolicy(own);
  };
}

/** By the formula of the profile; machines that agents meet are told from persons by what they say. */
const rateBy =
  ({ profile: { abandonment }, heard: { detection, chargedShare } }: Outlook) =>
  ({ connected, connectedToMachine, abandoned, takenForMachine }: Counted): number => {
    const unscreened = detection
      ? { unscreenedConnected: 0, unscreenedToMachine: 0, unscreenedAbandoned: 0 }
      : { unscreenedConnected: connected, unscreenedToMachine: connectedToMachine, unscreenedAbandoned: abandoned };
    const counts = { connected, connectedToMachine, abandoned, leftInTime: 0, takenForMachine, ...unscreened };
    return rateOf(abandonment, counts, chargedShare).rate;
  };

function expected(outlook: Outlook, forecast: Forecast): Expected {
  const { dials, answerRate, utilisation, abandonment, finish } = forecast;
  const { mode } = outlook.campaign;
  const byFlow = mode === 'agentless';
  return {
    agents: byFlow ? 0 : outlook.agents,
    dials,
    answerRate,
    utilisation: byFlow ? null : utilisation,
    abandonment: canAbandon(mode) ? abandonment : null,
    byFlow: byFlow ? flowExpected(outlook, forecast) : null,
    finishAt: finishAt(outlook, finish),
  };
}

/** The forecast takes a flow for as many agents as it has lines. */
const flowExpected = ({ lines, cps }: Outlook, { level, startsPerSec }: Forecast): Expected['byFlow'] => {
  const used = (share: number) => lines * Math.min(1, share);
  const linesInUse = { low: used(level.low), middle: used(level.middle), high: used(level.high) };
  return { lines, linesInUse, cps, startsPerSecond: startsPerSec };
};

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
