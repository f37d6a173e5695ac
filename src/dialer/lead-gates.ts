import type { EpochMs } from '../call/ids.ts';
import type { AttemptOutcome } from './attempt.ts';
import type { CampaignGate } from './campaign-gates.ts';
import type { LeadHold } from './lead.ts';

/** The latest dial of a lead. */
export interface LastDial {
  readonly startedAt: EpochMs;
  /** Null: it is out, or being talked on. */
  readonly endedAt: EpochMs | null;
  readonly outcome: AttemptOutcome | null;
  /** What the agent said of it; null: nothing. */
  readonly disposition: string | null;
}

/** One thing that must be so for a lead to be dialled. */
export interface LeadGate extends CampaignGate {
  /** When it will be so, ms since 1970; null: it is, or not by waiting. */
  readonly until: EpochMs | null;
}

export interface LeadGateFacts {
  readonly now: EpochMs;
  readonly status: 'pending' | 'leased' | 'done';
  readonly attempts: number;
  readonly last: LastDial | null;
  /** What forbade its last dial, in words that go after a colon; null: nothing did. */
  readonly refused: string | null;
  /** Id of the profile that its campaign dials by now, where it was put off by another one and will be asked anew; else null. */
  readonly askedAnewBy: string | null;
  readonly hold: LeadHold | null;
  /** Of its list, as it is now: empty name is the unnamed list. */
  readonly list: {
    readonly name: string;
    readonly active: boolean;
    /** The filter that leaves the lead out; null: none does. */
    readonly filteredBy: string | null;
    /** The quota that is full for it, in words; null: none is. */
    readonly full: string | null;
  };
  readonly notBefore: EpochMs;
  readonly callback: {
    readonly at: EpochMs;
    /** Whose call it is; null: anybody's. */
    readonly agentId: string | null;
    readonly agentFree: boolean;
    /** From when on it is anybody's. */
    readonly teamAt: EpochMs | null;
  } | null;
}

/**
 * Why a lead is not dialled, as far as it is about the lead: in the order in which it is looked at. What the law says of its
 * numbers, and what its campaign lacks, is told by others.
 */
export function leadGates(facts: LeadGateFacts): readonly LeadGate[] {
  return [
    done(facts),
    dialled(facts),
    stopped(facts),
    ...(facts.callback ? callback(facts) : listed(facts)),
    due(facts),
  ];
}

const gate = (name: string, pass: boolean, text: string, until: EpochMs | null = null): LeadGate => ({
  gate: name,
  pass,
  text,
  until: pass ? null : until,
});

function done({ status, attempts, last, refused }: LeadGateFacts): LeadGate {
  if (status !== 'done') return gate('lead-open', true, `The lead is not done; dialled so far: ${attempts}.`);
  if (refused !== null) return gate('lead-open', false, `The lead is done, and will not be dialled: ${refused}.`);
  const said = last?.disposition ? `, and its agent said '${last.disposition}'` : '';
  const came = last?.outcome ? ` The last dial came to '${last.outcome}'${said}.` : '';
  return gate('lead-open', false, `The lead is done. Dialled: ${attempts}.${came}`);
}

function dialled({ status, last }: LeadGateFacts): LeadGate {
  if (last !== null && last.endedAt === null)
    return gate('lead-free', false, 'It is being dialled or talked with now.');
  if (status === 'leased') return gate('lead-free', false, 'It has just been taken, to be dialled at once.');
  return gate('lead-free', true, 'Nobody is dialling it.');
}

const stopped = ({ hold }: LeadGateFacts): LeadGate =>
  hold === 'stopped'
    ? gate('lead-held', false, 'Somebody stopped the lead: it is not dialled any more.')
    : gate('lead-held', true, 'Nobody stopped it.');

/** A callback goes before lists, their filters and their quotas. */
function callback({ now, callback: promised }: LeadGateFacts): readonly LeadGate[] {
  if (!promised) return [];
  const { at, agentId, agentFree, teamAt } = promised;
  if (at > now) return [gate('callback', false, `It is to be called back${by(agentId)}, and not before.`, at)];
  const waits = agentId !== null && !agentFree && (teamAt === null || teamAt > now);
  if (waits)
    return [gate('callback', false, `A callback is due, and waits for agent ${agentId}, who is not free.`, teamAt)];
  return [gate('callback', true, `A callback is due${by(agentId)}: it goes before every list.`)];
}

const by = (agentId: string | null): string => (agentId === null ? '' : ` by agent ${agentId}`);

function listed({ hold, list }: LeadGateFacts): readonly LeadGate[] {
  const { name, active, filteredBy, full } = list;
  const title = name === '' ? 'Its list' : `Its list '${name}'`;
  const isOut = filteredBy !== null || hold === 'filter';
  const isFull = full !== null || hold === 'quota';
  return [
    gate('list', active, active ? `${title} is switched on.` : `${title} is switched off: switch it on.`),
    gate(
      'list-filter',
      !isOut,
      isOut
        ? `The filter of its list leaves it out: ${filteredBy ?? 'change the filter or the lead'}.`
        : 'No filter leaves it out.',
    ),
    gate(
      'list-quota',
      !isFull,
      isFull ? `A quota of its list is full${full === null ? '' : `: ${full}`}.` : 'No quota is full for it.',
    ),
  ];
}

function due({ now, notBefore, refused, askedAnewBy }: LeadGateFacts): LeadGate {
  if (notBefore <= now) return gate('lead-due', true, 'It is time for it.');
  if (refused === null)
    return gate(
      'lead-due',
      false,
      'It is to be tried again later: by the retry rule, the word of an agent, or the chain by which it came.',
      notBefore,
    );
  const anew =
    askedAnewBy === null ? '' : ` Its campaign dials by ${askedAnewBy} now, and asks that one when it dials.`;
  return gate('lead-due', false, `It is put off: ${refused}.${anew}`, notBefore);
}
