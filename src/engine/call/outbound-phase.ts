import type { BridgeId, EpochMs, LegId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { endCall } from './ending.ts';
import { queued } from './queue-phase.ts';
import { type CallLeg, type CallOffer, type CallState, customer } from './state.ts';
import { newTalk } from './talk-state.ts';
import { originate } from './way-out.ts';
import type { CallWorld } from './world.ts';

/** Whom it is to reach, as his list has him. */
interface DialledLead {
  readonly externalId: string | null;
  readonly name: string | null;
  readonly fields: Readonly<Record<string, string>>;
}

export interface Dial {
  readonly number: string;
  readonly trunk: string;
  readonly callerId: string;
  /** When the trunk was taken for it. */
  readonly at: EpochMs;
  /** Of an agent who asked for it and sits on the line; left out: the call began with its attempt. */
  readonly attempt?: NonNullable<CallState['attempt']>;
  readonly lead?: DialledLead;
}

export function dial(draft: Draft, order: Dial, { flows }: Pick<CallWorld, 'flows'>): void {
  const { attempt: own } = draft.state;
  const takes = flows.get(own?.flow ?? '')?.takes ?? [];
  // No more than the flow asks for: all of it is written with each step of the call.
  if (own && order.lead && takes.length > 0) draft.set({ attempt: { ...own, words: wordsFor(takes, order.lead) } });
  if (order.attempt) return dialForSeated(draft, order, order.attempt);
  const { ani, dnis, source } = draft.state;
  const leg = customer(draft.state);
  draft.fact({ type: 'call.arrived', data: { direction: 'outbound', ani, dnis, source, legId: leg.id } });
  dialled(draft, leg, {});
  return begin(draft, leg.id, order);
}

/** The leg that was planned is on its way. */
function dialled(draft: Draft, leg: CallLeg, change: Partial<CallLeg>): void {
  const { planned: _planned, ...rung } = { ...leg, ...change };
  draft.set({ legs: draft.state.legs.map((each) => (each === leg ? rung : each)) });
}

/** A field of the list comes before the lead's own name, where both are called so. */
function wordsFor(takes: readonly string[], { name, fields }: DialledLead): Record<string, string> {
  const known = new Map([...(name === null ? [] : [['name', name] as const]), ...Object.entries(fields)]);
  return Object.fromEntries([...known].filter(([each]) => takes.includes(each)));
}

/** The agent hears it ring. One who has put down since dials nobody: his preview takes the attempt back. */
function dialForSeated(draft: Draft, order: Dial, attempt: NonNullable<CallState['attempt']>): void {
  const { state, now } = draft;
  if (state.phase !== 'briefing' || !state.talk) return;
  const leg = customer(state);
  draft.set({ phase: 'dialing', attempt });
  dialled(draft, leg, { startedAt: now, number: order.number });
  begin(draft, leg.id, order);
  draft.tell({ type: 'ring', legId: state.talk.legId });
}

function begin(draft: Draft, legId: LegId, order: Dial): void {
  const { attempt } = draft.state;
  if (!attempt) return;
  const { campaignId, leadId, attemptId, keeps, profile, ringMs } = attempt;
  const { number, trunk, callerId, at } = order;
  const lead = order.lead && { lead: { ...order.lead, fields: { ...order.lead.fields } } };
  const about = {
    number,
    trunk,
    callerId,
    ...lead,
    ...(profile !== undefined && { profile }),
    ...(keeps && { keeps }),
  };
  draft
    .fact({ type: 'attempt.started', data: { campaignId, leadId, attemptId, ...about } })
    .timer('call:dial', draft.now + ringMs);
  const way = { via: trunk, trunk, number, at, tried: [], callerId, ringMs };
  originate(draft, legId, { way, shown: callerId });
}

/** Nobody picked up in the time the campaign allows. */
export function dialTooLong(draft: Draft): void {
  const { phase, preview } = draft.state;
  if (phase === 'dialing' || (phase === 'briefing' && preview)) endCall(draft);
}

/** Nobody says within this time whether the number may be dialled: the agent is not left in silence. */
const LEAVE_MS = 15_000;

/** The agent who saw the lead is on the line. Whoever asks the law dials the number, or ends the call. */
export function seated(draft: Draft, { agentId, legId, fence }: CallOffer, bridgeId: BridgeId): void {
  const { visit, offers } = draft.state;
  if (!visit) return;
  const { request, enqueuedAt } = visit;
  draft
    .set({
      phase: 'briefing',
      visit: null,
      place: { request, enqueuedAt, music: 'default' },
      offers: offers.filter((offer) => offer.legId !== legId),
      talk: newTalk(agentId, legId, bridgeId, draft.now),
    })
    .timer('call:ring', null)
    .timer('call:dial', draft.now + LEAVE_MS)
    .act({ type: 'agent', agentId, event: { type: 'answer', queue: request.queue } })
    .act({ type: 'reservation.end', fence });
}

/** With the agent on the line already the two are joined at once, so nobody can be left waiting. */
function joined(draft: Draft, attempt: NonNullable<CallState['attempt']>, talk: NonNullable<CallState['talk']>): void {
  const { now } = draft;
  const { agentId, bridgeId } = talk;
  moveAttempt(draft, 'answered');
  moveAttempt(draft, 'connected');
  const rangMs = now - customer(draft.state).startedAt;
  const queue = `campaign:${attempt.campaignId}`;
  draft
    .set({ phase: 'talking', talk: { ...talk, since: now }, room: bridgeId, wrapUpMs: attempt.wrapUpMs })
    .timer('call:dial', null)
    .record({ queue, agentId, outcome: 'handled' })
    .fact({ type: 'call.connected', data: { queue, agentId, waitedMs: 0, rangMs } });
}

/**
 * A person picked up: he waits for an agent of the campaign, before everybody else and not for long.
 *
 * @param since from when on the agent's time to come counts.
 */
export function answeredByPerson(draft: Draft, since: EpochMs): void {
  const { attempt, visit, talk } = draft.state;
  if (attempt && talk) return joined(draft, attempt, talk);
  if (attempt?.flow !== undefined) return handedToFlow(draft);
  if (!attempt || !visit) return endCall(draft);
  const { request, prefer } = visit;
  // To whom the call was promised goes first, but not so long that the person would be abandoned.
  const his = prefer && { prefer: { ...prefer, until: since + attempt.connectDeadlineMs / 2 } };
  moveAttempt(draft, 'answered');
  draft
    .set({ phase: 'queued', visit: { ...visit, ...his, enqueuedAt: draft.now } })
    .record({ queue: request.queue })
    .timer('call:dial', null)
    .timer('call:connect', Math.max(draft.now, since + attempt.connectDeadlineMs))
    .fact(queued(request));
}

/** A flow talks with him, and at once; the step begins it, since it needs the world. */
function handedToFlow(draft: Draft): void {
  moveAttempt(draft, 'answered');
  moveAttempt(draft, 'connected');
  draft.set({ phase: 'flow' }).timer('call:dial', null);
}
