import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { meanOf } from '../dialer/lab/index.ts';
import type { CampaignGate } from '../dialer/campaign-gates.ts';
import { settingsFault } from './campaign-law-words.ts';
import { detectionFault } from './detection-fault.ts';
import type { Campaign } from './ports/history.ts';
import type { Preflight, PreflightWarning } from './ports/preflight.ts';
import type { Heard } from './preflight-heard.ts';
import type { Times } from './preflight-known.ts';
import { answerRateOf } from './preflight-expected.ts';

export interface Sight {
  readonly campaign: Campaign;
  readonly profile: ComplianceProfile;
  /** Gates of the law that the campaign itself does not pass. */
  readonly blockers: readonly CampaignGate[];
  readonly connected: boolean;
  /** Null: the site has no such trunk. */
  readonly trunk: { readonly lines: number; readonly cps: number } | null;
  /** Agents with the skills: all there are, and those who are ready. */
  readonly agents: { readonly all: number; readonly ready: number };
  readonly dncReady: boolean;
  readonly heard: Heard;
  readonly times: Times;
  /** Lines and call starts that it may have, by all that bounds them. */
  readonly lines: number;
  readonly cps: number;
  readonly leads: Preflight['leads'];
  readonly skipped: Preflight['skipped'];
  readonly hours: Preflight['hours'];
}

/** With fewer agents chance rules: predictive dialling wins little over progressive. */
const FEW_AGENTS = 5;
/** From this share of the open leads on a reason is worth a sentence of its own. */
const MUCH = 0.2;
const USUAL_UTILISATION = 0.85;

/** What a manager should know before he starts, what blocks first. */
export function warningsOf(sight: Sight): readonly PreflightWarning[] {
  const { campaign, profile, blockers } = sight;
  const fault = settingsFault(campaign, profile) ?? detectionFault(campaign, profile);
  const law = [...(fault === null ? [] : [fault]), ...blockers.map(({ text }) => text)];
  const blocks = [...law, ...houseFaults(sight), ...agentFaults(sight), ...leadFaults(sight)];
  const warns = [...agentHints(sight), ...lineHints(sight), ...leadHints(sight)];
  return [...blocks.map((text) => ({ blocks: true, text })), ...warns.map((text) => ({ blocks: false, text }))];
}

function houseFaults({ connected, trunk, dncReady, campaign }: Sight): readonly string[] {
  return [
    ...(connected ? [] : ['The switch is not connected.']),
    ...(trunk ? [] : [`There is no trunk ${campaign.trunk}: add it to the site's trunks.yaml.`]),
    ...(dncReady ? [] : ['The do-not-call lists are not read yet; nobody is dialled until they are.']),
  ];
}

function agentFaults({ agents, campaign }: Sight): readonly string[] {
  if (campaign.mode === 'agentless' || agents.all > 0) return [];
  const skills = campaign.require.map(({ skill }) => skill).join(', ');
  return [skills === '' ? 'There are no agents.' : `No agent has the skills that it asks for: ${skills}.`];
}

function leadFaults({ leads, hours }: Sight): readonly string[] {
  if (leads.all === 0) return ['The campaign has no leads: upload a list.'];
  if (leads.now + leads.later === 0) return ['No lead is left that may ever be dialled.'];
  return hours.some((hour) => hour.leads > 0) ? [] : ['No lead may be dialled within the next seven days.'];
}

function agentHints({ agents, campaign: { mode } }: Sight): readonly string[] {
  if (mode === 'agentless' || agents.all === 0) return [];
  const few = mode === 'predictive' && (agents.ready || agents.all) < FEW_AGENTS;
  return [
    ...(agents.ready === 0
      ? [`None of its ${agents.all} agents is ready; the forecast reckons with all of them.`]
      : []),
    ...(few ? [`With fewer than ${FEW_AGENTS} agents predictive dialling wins little over progressive.`] : []),
  ];
}

/** Modes in which a dial is for one agent, who has nothing else to do meanwhile. */
const ONE_EACH: ReadonlySet<Campaign['mode']> = new Set<Campaign['mode']>(['preview', 'progressive']);

/** Lines and call starts that would keep the agents as busy as is usual. */
function lineHints({ agents, campaign: { mode, ringMs }, trunk, lines, cps, heard, times }: Sight): readonly string[] {
  const served = agents.ready || agents.all;
  if (trunk === null || mode === 'agentless' || served === 0) return [];
  if (ONE_EACH.has(mode)) return lines < served ? [`Each of ${served} agents needs a line; it may have ${lines}.`] : [];
  const served1 = USUAL_UTILISATION / Math.max(1, meanOf(times.talk) + meanOf(times.wrap));
  const rate = answerRateOf(heard);
  const starts = (served * served1) / rate;
  const { machines = 0, dials = 1 } = heard.counts ?? {};
  const picked = Math.min(1, rate + machines / dials);
  const listened = heard.detection ? meanOf(heard.detection.took) : 0;
  const message = (machines / dials) * (heard.detection?.held ? meanOf(heard.detection.held) : 0);
  const rung = picked * (meanOf(times.ring) + listened) + message + ((1 - picked) * ringMs) / 1_000;
  const needed = Math.ceil(starts * rung + served);
  return [
    ...(needed > lines ? [`About ${needed} lines would keep ${served} agents busy; it may have ${lines}.`] : []),
    ...(starts > cps
      ? [`About ${starts.toFixed(1)} call starts per second would keep ${served} agents busy; it may have ${cps}.`]
      : []),
  ];
}

function leadHints({ leads, skipped, hours, campaign }: Sight): readonly string[] {
  const open = leads.all - leads.done;
  const much = skipped.filter((each) => each.until === null && each.reason !== 'in-dial' && each.leads > MUCH * open);
  const told = much.map(({ leads: count, text }) => `${percent(count / open)} of the leads are not dialled: ${text}.`);
  const first = hours.find((hour) => hour.leads > 0);
  const closed = leads.now === 0 && first !== undefined;
  return [
    ...told,
    ...(closed ? [`Nobody may be dialled now; the first at ${at(first.at)}.`] : []),
    ...(campaign.status === 'stopped' || campaign.status === 'finished'
      ? [`The campaign is ${campaign.status} and cannot be started again.`]
      : []),
  ];
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const at = (ms: number): string => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
