import type { CampaignStatus } from './campaign.ts';
import type { CampaignMode } from './campaign-modes.ts';

/** One thing that must be so for a campaign to dial. */
export interface CampaignGate {
  /** A word for programs; `text` is for people. */
  readonly gate: string;
  readonly pass: boolean;
  readonly text: string;
}

export interface GateFacts {
  readonly status: CampaignStatus;
  readonly mode: CampaignMode;
  readonly connected: boolean;
  /** Does the process that is asked dial the campaign? One at a time does. */
  readonly isHere: boolean;
  /** `title` names all of them; `fault`: one is not there; `dead`: none of them works, null: one does. */
  readonly trunk: Room & { readonly title: string; readonly fault: string | null; readonly dead: string | null };
  readonly agents: { readonly ready: number; readonly idle: number };
  readonly lines: Room;
  /** What forbids a call start at this moment; null: nothing. */
  readonly starts: string | null;
  readonly leads: { readonly pending: number; readonly leased: number; readonly done: number };
  readonly look: LeadLook;
  /** Whom rules keep back, in words; null: nobody. */
  readonly keptBack: string | null;
  /** Whether the law lets more be dialled than there are free agents; null: nobody knows, or no agent is to talk. */
  readonly abandonment: CampaignGate | null;
  /** What pacing said last. */
  readonly because: string | null;
}

/** What the last look for leads found: one that is due, none, or such only as a rule forbids. */
export type LeadLook = 'due' | 'none' | 'refused';

interface Room {
  readonly lines: number;
  readonly inUse: number;
}

const STATUS: Readonly<Record<CampaignStatus, string>> = {
  draft: 'The campaign has not been started: start it.',
  running: 'The campaign is running.',
  paused: 'The campaign is paused: start it to go on.',
  stopped: 'The campaign was stopped for good: create a new one.',
  finished: 'The campaign has finished: add leads and start it again.',
};

/**
 * Why a campaign is not dialling: what must be so, in the order in which it is looked at; the first that fails is the answer.
 * `rules` are those of the law, which somebody else knows.
 */
export function campaignGates(facts: GateFacts, rules: readonly CampaignGate[] = []): readonly CampaignGate[] {
  const { status, connected, isHere, because } = facts;
  return [
    gate('status', status === 'running', STATUS[status]),
    gate('process', isHere, isHere ? 'This process dials it.' : 'Another process dials it: ask that one for the rest.'),
    gate('switch', connected, connected ? 'The switch is connected.' : 'The switch is not connected.'),
    ...trunk(facts),
    ...rules,
    ...(facts.mode === 'agentless' ? [] : agents(facts)),
    room('lines', 'The campaign', facts.lines),
    room('trunk-lines', facts.trunk.title, facts.trunk),
    gate('starts', facts.starts === null, facts.starts ?? 'A call may be started now.'),
    ...leads(facts),
    ...(facts.abandonment ? [facts.abandonment] : []),
    gate('pacing', true, because === null ? 'Pacing has not decided yet.' : `Pacing says: ${because}`),
  ];
}

const gate = (name: string, pass: boolean, text: string): CampaignGate => ({ gate: name, pass, text });

function trunk({ trunk: { title, fault, dead } }: GateFacts): readonly CampaignGate[] {
  const there = gate('trunk', fault === null, fault ?? `${title}: there.`);
  const works = gate('trunk-health', dead === null, dead ?? `${title}: a call can go out, as far as is known.`);
  return fault === null ? [there, works] : [there];
}

/** Predictive dials before an agent is free: that all are busy is what it is there for, and keeps it from nothing. */
function agents({ mode, agents: { ready, idle } }: GateFacts): readonly CampaignGate[] {
  const none = 'No agent who serves the campaign is ready: somebody has to log in, with its skills.';
  const busy = `None of its ${ready} ready agents is free.`;
  const isReady = gate('agents-ready', ready > 0, ready > 0 ? `Agents ready: ${ready}.` : none);
  if (mode === 'predictive' && ready > 0)
    return [isReady, gate('agents-free', true, `Agents free: ${idle}; predictive dialling waits for none.`)];
  return [
    isReady,
    gate('agents-free', idle > 0, idle > 0 ? `Agents free: ${idle}.` : ready > 0 ? busy : 'No agent is free.'),
  ];
}

function room(name: string, title: string, { lines, inUse }: Room): CampaignGate {
  return gate(name, inUse < lines, `${title} has ${inUse} of its ${lines} lines in use.`);
}

const LOOK: Readonly<Record<LeadLook, string>> = {
  due: 'A lead is due.',
  none: 'No lead is due yet: the next attempts are for later.',
  refused: 'No lead that is due may be dialled.',
};

/** One lead's refusal is no answer for its campaign: all are told together, beside the gate that has them as its cause. */
function leads({ leads: { pending, leased, done }, look, keptBack }: GateFacts): readonly CampaignGate[] {
  const all = pending + leased + done;
  const kept = keptBack === null ? '' : ` ${keptBack}`;
  const none = `Every lead is done or is being dialled: add leads.${kept}`;
  const left = pending > 0 ? `Leads left: ${pending}.` : none;
  return [
    gate('leads', pending > 0, all === 0 ? 'The campaign has no leads: upload a list.' : left),
    gate('leads-due', pending > 0 && look === 'due', pending > 0 ? LOOK[look] + kept : 'No lead is due.'),
  ];
}
