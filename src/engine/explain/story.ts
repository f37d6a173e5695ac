import type { JournalEvent } from '../../call/journal.ts';
import { partsOf } from '../call/tickets.ts';
import type { ExplainLine } from '../ports/explain.ts';
import { reasons } from './reasons.ts';
import { asked, lasting, listed, type NameOf } from './words.ts';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];
type Tellers = { readonly [T in JournalEvent['type']]?: (data: Of<T>, name: NameOf) => string };

const BY = { caller: 'the customer', agent: 'the agent', system: 'Callwright', transfer: 'a transfer' } as const;
/** Whom a campaign rang does not give up: nobody was there for him in time. */
const OF_CAMPAIGN = 'campaign:';
const AGAIN = { transfer: ' after a transfer', return: ' again', moved: ' again, moved' } as const;
const BECAUSE = {
  callback: 'a callback was promised',
  abandoned: 'the caller had hung up',
  'cut-off': 'a talk broke off',
};
const NOT_TAKEN: Readonly<Record<string, (rang: string) => string>> = {
  'no-answer': (rang) => `did not answer for ${rang}`,
  busy: () => 'was busy',
  rejected: (rang) => `declined it after ${rang}`,
  unreachable: () => 'could not be reached',
};

const credit = (priority: number) => (priority === 0 ? '' : `, with ${Math.round(priority)} s of credit`);

/** What an agent did not do with an offer that came to nothing by his or his phone's doing. */
export const notTakenHow = (verdict: string, rangMs: number): string =>
  NOT_TAKEN[verdict]?.(lasting(rangMs)) ?? `could not be rung (${verdict})`;

function notTaken({ agentId, verdict, rangMs, guest }: Of<'call.offer.failed'>, name: NameOf): string {
  const who = name(agentId);
  const rang = lasting(rangMs);
  if (verdict === 'cancelled') return `${who} was rung for ${rang}, and not needed any more.`;
  return `${who} ${notTakenHow(verdict, rangMs)}.${guest === undefined ? ' The call kept its place.' : ''}`;
}

/** What of a call's facts matters to who asks where it waited and who took it. */
const TELLERS: Tellers = {
  'call.arrived': ({ direction, ani, dnis }) =>
    direction === 'inbound' ? `Came from ${ani ?? 'a withheld number'} to ${dnis}.` : `A call of ours to ${dnis}.`,
  'call.rejected': ({ reason }) => `Was refused: ${reason}.`,
  'call.queued': ({ queue, require, priority, again }) =>
    `Joined queue ${queue}${again ? AGAIN[again] : ''}, asking for ${asked(require)}${credit(priority)}.`,
  'call.place.kept': ({ because, waitedMs }) => `Has an earlier place, ${lasting(waitedMs)} old: ${BECAUSE[because]}.`,
  'call.position.announced': ({ position }) => `Heard that it was number ${position}.`,
  'call.offer.failed': notTaken,
  'call.connected': ({ agentId, waitedMs, rangMs, of }, name) =>
    of === undefined
      ? `${name(agentId)} answered, after ${lasting(waitedMs)} of waiting and ${lasting(rangMs)} of ringing.`
      : `The customer answered after ${lasting(rangMs)} and talks with ${name(agentId)}; the ${of === 'callback' ? 'callback' : 'message'} had waited ${lasting(waitedMs)}.`,
  'call.abandoned': ({ queue, waitedMs, while: during }) =>
    (queue.startsWith(OF_CAMPAIGN)
      ? `Met no agent for ${lasting(waitedMs)} and counts as abandoned`
      : `The caller gave up after ${lasting(waitedMs)}`) + (during === 'ringing' ? ', while a phone rang.' : '.'),
  'attempt.apologised': ({ message, whole }) => `Heard the message ${message}${whole ? '' : ', not to its end'}.`,
  'attempt.opted-out': () => 'Asked by key not to be called any more.',
  'call.queue.left': ({ queue, outcome, waitedMs }) => `Left queue ${queue} (${outcome}) after ${lasting(waitedMs)}.`,
  'call.disconnected': ({ agentId, talkedMs, by }, name) =>
    `${name(agentId)} talked for ${lasting(talkedMs)}; ${BY[by]} ended it.`,
  'call.transferred': ({ to, outcome, from }, name) =>
    `Was transferred${from === undefined ? '' : ` by ${name(from)}`} to ${name(to)}: ${outcome}.`,
  'call.consulted': ({ by, to, agentId, outcome }, name) => `${name(by)} asked ${name(agentId ?? to)}: ${outcome}.`,
  'call.conferenced': ({ by, to, agentId, outcome }, name) =>
    `${name(by)} asked ${name(agentId ?? to)} to join: ${outcome}.`,
  'call.returned': ({ to, agentId, queue }, name) =>
    `Came back to ${agentId === null ? (queue ?? to) : name(agentId)}.`,
  'call.held': ({ agentId, why }, name) =>
    `${name(agentId)} put it on hold${why === 'consult' ? ', to ask somebody' : ''}.`,
  'call.resumed': ({ agentId, heldMs }, name) => `${name(agentId)} went on with it after ${lasting(heldMs)} on hold.`,
  'call.moved': ({ by, from, to }, name) => `${name(by)} moved it from ${from} to ${to}.`,
  'call.raised': ({ by, priority, previous }, name) =>
    `${name(by)} changed its credit from ${Math.round(previous)} s to ${Math.round(priority)} s.`,
  'call.parked': ({ agentId, slot }, name) => `${name(agentId)} parked it in slot ${slot}.`,
  'call.unparked': ({ outcome, parkedMs }) => `Left its slot (${outcome}) after ${lasting(parkedMs)}.`,
  'call.taken-over': ({ by, from }, name) => `${name(by)} took it over from ${name(from)}.`,
  'callback.wanted': () => 'Asked to be called back; while asked for the number nobody is rung.',
  'callback.declined': () => 'Waits on after all, at the old place.',
  'callback.requested': ({ callbackId, queue, keepPlace }) =>
    `Was promised callback ${callbackId} in ${queue}${keepPlace ? ', keeping its place' : ''}.`,
  'callback.started': ({ agentId, attempt }, name) => `The customer is rung for ${name(agentId)}, try ${attempt}.`,
  'callback.failed': ({ why, retryAt }) =>
    `The customer was not reached (${why}); ${retryAt === null ? 'that was the last try' : 'there will be another'}.`,
  'callback.changed': ({ by }) => `${by} gave the callback other times.`,
  'callback.cancelled': ({ by }) => `${by} called the callback off.`,
  'callback.withdrawn': ({ waitedMs }) => `The caller rang again; the callback had waited ${lasting(waitedMs)}.`,
  'callback.expired': () => 'The time of the callback was over before the customer was reached.',
  'voicemail.left': ({ box, durationMs }) => `Left a message of ${lasting(durationMs)} in ${box}.`,
  'voicemail.heard': ({ agentId }, name) => `${name(agentId)} heard the message.`,
  'voicemail.done': ({ agentId }, name) => `${name(agentId)} said that the message is dealt with.`,
  'call.ended': ({ verdict, durationMs }) => `Ended (${verdict}) after ${lasting(durationMs)}.`,
};

/** The facts of one call as sentences, in their order; those nobody asks about are left out. */
export function storyOf(events: readonly JournalEvent[], name: NameOf): readonly ExplainLine[] {
  return events.flatMap((event): readonly ExplainLine[] => {
    const { at } = event;
    if (event.type === 'call.assigned') return [offered(at, event.data, name)];
    const tell = TELLERS[event.type] as ((data: unknown, name: NameOf) => string) | undefined;
    return tell ? [{ at, text: tell(event.data, name), details: [] }] : [];
  });
}

const DECIDED: ReadonlySet<JournalEvent['type']> = new Set([
  'call.rejected',
  'call.connected',
  'call.abandoned',
  'call.queue.left',
]);

/** How it went, in a sentence or two: what came of its last wait, and what came last of all. */
export function outcomeOf(events: readonly JournalEvent[], name: NameOf): string {
  const came = storyOf(
    events.filter(({ type }) => DECIDED.has(type)),
    name,
  ).at(-1);
  const last = storyOf(events, name).at(-1);
  return [came, last]
    .flatMap((line, i, both) => (line && line.text !== both[i - 1]?.text ? [line.text] : []))
    .join(' ');
}

/** That agents were chosen, and why those. */
export function offered(at: number, why: Of<'call.assigned'>, name: NameOf): ExplainLine {
  const who = listed(why.agentIds.map(name));
  const text = partsOf(why.callId).for === 'visit' ? `Offered to ${who}.` : `Asks ${who} into the talk.`;
  return { at, text, details: reasons(why, name) };
}
