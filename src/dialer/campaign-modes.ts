import type { Decision, DialerState, Policy } from './pacing/index.ts';
import type { PreviewTerms } from './preview.ts';

export const CAMPAIGN_MODES = ['preview', 'progressive', 'power', 'predictive', 'agentless'] as const;

/**
 * How a campaign dials. `preview`: an agent sees the lead, sits on the line and then has him dialled. `progressive`: one dial for each free agent. `power`: a fixed number of dials for each, inside the
 * guard of the abandonment cap. `predictive`: as many as keep agents busy under the cap. `agentless`: a flow talks.
 */
export type CampaignMode = (typeof CAMPAIGN_MODES)[number];

/**
 * Is an agent kept from other calls while a dial rings? In power and predictive more may ring than agents are free: what covers
 * them is pacing's guard, and who answers goes before everybody else. Were each to keep one, callers would find nobody.
 */
export const keepsAgent = (mode: CampaignMode): boolean => mode === 'progressive' || mode === 'preview';

/** Is an agent on the line before the number is dialled? Then nobody who answers can be abandoned. */
export const guaranteesAgent = (mode: CampaignMode): boolean => mode === 'preview';

/** Can a person answer and find nobody? In `preview` the agent is there first, and `agentless` calls have none. */
export const canAbandon = (mode: CampaignMode): boolean => mode !== 'preview' && mode !== 'agentless';

export interface ModeSettings extends PreviewTerms {
  readonly mode: CampaignMode;
  /** Dials for each free agent, 1–10; power only. */
  readonly ratio?: number;
  /** Share of the live answers that may be abandoned, 0–0.03; power and predictive. */
  readonly abandonCap?: number;
  readonly guard?: 'quantile' | 'strict';
  /** The flow that talks; agentless only. */
  readonly flow?: string;
}

/** The most that any rule known to us allows, and the default: 16 CFR 310.4(b)(4)(i), 47 CFR 64.1200(a)(7), Ofcom 2016. */
export const ABANDON_CAP = 0.03;

/** What is missing in the settings of a mode, or does not belong there; `flows` are those that the house knows. */
export function modeFault(settings: ModeSettings, flows: ReadonlySet<string>): string | null {
  const { mode, ratio, flow } = settings;
  if (mode === 'power' && ratio === undefined) return 'A power campaign needs `ratio`, the dials for each free agent.';
  if (mode !== 'agentless') return null;
  if (flow === undefined) return 'An agentless campaign needs `flow`, the flow that talks with whoever answers.';
  if (flows.has(flow)) return null;
  return `There is no flow '${flow}'; the house has ${[...flows].join(', ') || 'none'}.`;
}

/** What may be changed while the campaign runs: the next dial goes by it. */
const LIVE: ReadonlySet<string> = new Set([
  'name',
  'mode',
  'ratio',
  'abandonCap',
  'guard',
  'weight',
  'maxLines',
  'cps',
  'ringMs',
  'maxAttempts',
  'retryAfterMs',
  'retry',
  'wrapUpMs',
  'previewMs',
  'previewAfter',
  'takesCalls',
]);

/**
 * Why a running campaign cannot be changed so; null: it can. The cap may only be lowered and the guard made strict: the reverse
 * in the middle of a run is what a regulator asks about.
 */
export function liveFault(now: ModeSettings, change: Partial<ModeSettings>): string | null {
  const stuck = Object.keys(change).filter((name) => !LIVE.has(name));
  if (stuck.length > 0) return `The campaign is running; pause it to change ${stuck.join(', ')}.`;
  const cap = now.abandonCap ?? ABANDON_CAP;
  if ((change.abandonCap ?? cap) > cap) return `The campaign is running; pause it to raise the cap above ${cap}.`;
  if (now.guard === 'strict' && change.guard === 'quantile')
    return 'The campaign is running; pause it to make its guard less strict.';
  const toFlow = change.mode === 'agentless' || now.mode === 'agentless';
  if (toFlow && change.mode !== undefined && change.mode !== now.mode)
    return 'The campaign is running; pause it to change between agents and a flow.';
  return null;
}

/** A flow talks and needs nobody: all lines are used, at the pace of the call starts. */
export const agentless: Policy = {
  decideOn: 'event',
  decide,
  on: () => undefined, // it learns nothing: the lines say it all
};

function decide({ lines }: DialerState): Decision {
  const launch = Math.max(0, lines.max - lines.inUse);
  return { launch, because: `${launch} of ${lines.max} lines are free, and the flow talks.` };
}

/** Agents see leads and say when: pacing has no say, and shows what it sees. */
export const previewing: Policy = {
  decideOn: 'event',
  decide: ({ counts: { idle } }) => ({
    launch: 0,
    because: idle === 0 ? 'No agent is free to be shown a lead.' : 'Agents see their leads and say whom to dial.',
  }),
  on: () => undefined,
};
