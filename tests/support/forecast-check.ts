import { rateOf } from '../../src/dialer/compliance/abandonment.ts';
import type { ComplianceProfile } from '../../src/dialer/compliance/profile.ts';
import { createPolicy, createPower, progressive } from '../../src/dialer/pacing/index.ts';
import { agentless } from '../../src/dialer/campaign-modes.ts';
import { type MakePolicy, meanOf } from '../../src/dialer/lab/index.ts';
import type { Campaign } from '../../src/engine/ports/history.ts';
import { PreflightCount } from '../../src/engine/preflight-count.ts';
import { expectedOf } from '../../src/engine/preflight-expected.ts';
import { heardOf } from '../../src/engine/preflight-heard.ts';
import { readingOf } from '../../src/engine/preflight-journal.ts';
import { seenOf, timesOf } from '../../src/engine/preflight-known.ts';
import type { Tenths } from '../../src/engine/ports/preflight.ts';
import { come, pastOf, type Truth } from './campaign-truth.ts';

/** When the campaigns begin. */
export const BEGINS = Date.parse('2026-11-23T08:00:00Z');
const HOUR_MS = 3_600_000;

/** What was forecast from its past, and what the campaign then came to, as shares and seconds. */
export async function checked(truth: Truth, campaign: Campaign, profile: ComplianceProfile, dials = 800) {
  const { story, said, journal } = pastOf(truth, dials);
  const seen = await seenOf(campaign, { campaigns: async () => [], attemptStory: async () => story }, BEGINS);
  const heard = heardOf(campaign, profile, { seen, said, own: said, journal });
  const hours = Array.from({ length: 48 }, (_, hour) => ({ at: BEGINS + hour * HOUR_MS, leads: 1 }));
  const count = new PreflightCount(BEGINS, (reason) => reason);
  for (let lead = 0; lead < truth.leads; lead += 1)
    count.add({ reason: null, until: null, from: BEGINS, zones: [] }, truth.maxAttempts);
  const reading = readingOf(campaign, journal);
  const { agents, lines, cps } = truth.day;
  const outlook = {
    campaign,
    profile,
    seen,
    times: timesOf(campaign, seen),
    heard,
    reading,
    journal,
    agents,
    lines,
    cps,
    hours,
  };
  const expected = await expectedOf(outlook, count, () => undefined);
  const byFlow = campaign.mode === 'agentless';
  const day = { ...truth.day, ...(byFlow && { agents: lines, cap: 1 }) };
  const result = come({ ...truth, day }, paces(campaign, heard.chargedShare, hoursOf(truth)));
  const { totals, machinesTalked: connectedToMachine } = result;
  const plain = { connected: totals.connected, connectedToMachine, abandoned: totals.abandoned, leftInTime: 0 };
  const none = { unscreenedConnected: 0, unscreenedToMachine: 0, unscreenedAbandoned: 0 };
  const came = {
    answerRate: (result.persons + result.falsePositives) / totals.launched,
    utilisation: result.utilisation ?? 0,
    abandonment: rateOf(profile.abandonment, { ...plain, ...none, takenForMachine: totals.machine }, heard.chargedShare)
      .rate,
    finishAt: BEGINS + (result.finishedAt ?? Infinity) * 1_000,
    dials: result.dials,
    linesInUse: (result.level ?? 0) * day.agents,
    startsPerSecond: result.totals.launched / (result.finishedAt ?? Infinity),
  };
  return { expected, came };
}

/** How long agents who are always busy would take: what the engine tells pacing once it knows the pace. */
function hoursOf({ day: { talk, wrap, agents, regimes }, leads, maxAttempts }: Truth): number {
  const person = regimes[0]?.person ?? 0;
  const talks = leads * (1 - (1 - person) ** maxAttempts);
  return (talks * (meanOf(talk) + meanOf(wrap))) / agents / 3_600;
}

function paces({ mode, ratio = 1 }: Campaign, chargedShare: number, dayHours: number): MakePolicy {
  if (mode === 'agentless') return () => agentless;
  if (mode !== 'predictive' && mode !== 'power') return () => progressive;
  const charged = { amdFalsePositiveEstimate: chargedShare, amdEstimateOf: 'machines', dayHours } as const;
  return (config) =>
    mode === 'power' ? createPower({ ...config, ...charged }, ratio) : createPolicy({ ...config, ...charged });
}

/** To a millionth: a range without width holds what is the same. */
export const holds = (range: Tenths<number | null> | null, value: number): boolean =>
  range !== null && range.low !== null && value >= range.low - 1e-6 && value <= (range.high ?? Infinity) + 1e-6;
