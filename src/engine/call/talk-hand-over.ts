import { refusalOf } from '../../acd/policy.ts';
import { hoursSeen } from '../../ivr/calendar.ts';
import type { Draft } from './actions.ts';
import { comeBack, dismiss, invite, isSame, nameOf, transferred } from './guests.ts';
import { consultIn, membersIn } from './seating.ts';
import { leaderLeaves, waitAgain } from './settle.ts';
import type { CallState } from './state.ts';
import { type Ask, asking, requestFor } from './talk-asking.ts';
import type { Guest, TalkTarget } from './talk-state.ts';
import type { TalkVerb } from './talk-verbs.ts';
import type { CallWorld } from './world.ts';

type Of<T extends TalkVerb['type']> = Extract<TalkVerb, { type: T }>;
type Led = Ask & { readonly talk: NonNullable<CallState['talk']> };
type Handed = NonNullable<CallState['handed']>;

/** Seconds of credit that a call gains when it is escalated. */
const ESCALATED = 300;

/** Blind: the agent is out of the call at once, and the customer hears music until somebody takes him. */
export function transfer(draft: Draft, { to, note, keepPlace }: Of<'transfer'>, ask: Led): string | null {
  const consulted = draft.state.guests.find(({ role }) => role === 'consult');
  if (consulted && isSame(consulted.to, to)) return complete(draft, { type: 'complete', note }, ask);
  const busy = notAlone(draft.state);
  if (busy) return busy;
  const wish = asking(draft, to, ask);
  if (typeof wish === 'string') return wish;
  if (to.kind !== 'queue') {
    goes(draft, 'blind', to, note, ask);
    invite(draft, { ...wish, by: ask.talk.agentId, role: 'successor', why: 'transfer', back: ask.talk.agentId });
    return null;
  }
  const enqueuedAt = keepPlace ? draft.state.place?.enqueuedAt : undefined;
  return toQueue(
    draft,
    requestFor(draft.state, to.queue),
    { how: 'blind', enqueuedAt: enqueuedAt ?? draft.now, note },
    ask,
  );
}

function notAlone(state: CallState): string | null {
  if (membersIn(state).length > 0) return 'Others are in the talk; leave it to them, or let them go first.';
  const consulted = state.guests.find(({ role }) => role === 'consult');
  return consulted
    ? `Somebody (${nameOf(consulted.to)}) is being consulted; complete that transfer, or end the consultation first.`
    : null;
}

/** The leader goes, and whoever leads next is told by whom and why. */
function goes(draft: Draft, how: Handed['how'], to: TalkTarget, note: string | null, { talk }: Led): void {
  for (const guest of draft.state.guests) if (guest.role === 'member') dismiss(draft, guest);
  draft.set({ handed: { how, from: talk.agentId, to: nameOf(to), note, at: draft.now } });
  leaderLeaves(draft, 'transfer');
}

interface Into {
  readonly how: 'blind' | 'escalated';
  readonly enqueuedAt: number;
  readonly note: string | null;
}

const NOT_ADMITTED = {
  closed: 'is closed now, or will be before the turn of this call',
  full: 'is full',
  noAgents: 'has nobody logged in who could take the call',
} as const satisfies Record<NonNullable<ReturnType<typeof refusalOf>>, string>;

function toQueue(draft: Draft, request: ReturnType<typeof requestFor>, into: Into, ask: Led): string | null {
  const refused = refusal(request, ask.world, draft.now);
  if (refused) return refused;
  const { agentId } = ask.talk;
  const to = { kind: 'queue', queue: request.queue } as const;
  goes(draft, into.how, to, into.note, ask);
  draft.fact(transferred(agentId, to, 'queued'));
  waitAgain(draft, { request, enqueuedAt: into.enqueuedAt }, 'transfer', ask.world);
  const { visit } = draft.state;
  if (visit) draft.set({ visit: { ...visit, back: agentId } });
  return null;
}

/** An agent may send to a queue with a long wait: he knows why. Nobody is served in one that is closed. */
function refusal(request: ReturnType<typeof requestFor>, world: CallWorld, now: number): string | null {
  const known = world.queues.get(request.queue);
  if (!known) return `There is no queue ${request.queue}.`;
  const profile = { ...known, refuseWhenEstimateOverMs: null };
  const hours = hoursSeen(world.calendars.get(known.calendar ?? ''), now);
  const why = refusalOf({ profile, facts: world.queueFacts(request.queue, request), hours, now });
  return why && `Queue ${request.queue} ${NOT_ADMITTED[why]}.`;
}

/** Attended: whom the agent consults has the customer, now or, if his phone still rings, as soon as he is there. */
export function complete(draft: Draft, { note }: Of<'complete'>, ask: Led): string | null {
  const guest: Guest | undefined = consultIn(draft.state) ?? draft.state.guests.find(({ role }) => role === 'consult');
  if (!guest) return 'Nobody is being consulted; consult first, or transfer blindly.';
  goes(draft, guest.phase === 'in' ? 'attended' : 'blind', guest.to, note, ask);
  return null;
}

/** The customer waits with music in a numbered place until an agent fetches him. */
export function park(draft: Draft, { slot, forMs, note }: Of<'park'>, ask: Led): string | null {
  const busy = notAlone(draft.state);
  if (busy) return busy;
  const { agentId } = ask.talk;
  const until = draft.now + forMs;
  goes(draft, 'parked', { kind: 'phone', phone: slot }, note, ask);
  draft
    .set({ parked: { slot, by: agentId, at: draft.now, until } })
    .timer('call:park', until)
    .fact({ type: 'call.parked', data: { agentId, slot, until } });
  return null;
}

const FETCH_GRACE_MS = 5_000;

/** Nobody fetched him: back to who parked him, and from there to the queue. */
export function parkTooLong(draft: Draft): void {
  const { parked, guests } = draft.state;
  if (!parked) return;
  // Somebody's phone rings for him at this moment.
  if (guests.some(({ why }) => why === 'pick-up')) return void draft.timer('call:park', draft.now + FETCH_GRACE_MS);
  const { slot, by, at } = parked;
  draft.set({ parked: null }).fact({
    type: 'call.unparked',
    data: { slot, agentId: null, parkedMs: Math.max(0, draft.now - at), outcome: 'timeout' },
  });
  comeBack(draft, by);
}

/** To the queue that the present one names for hard cases: the customer with more credit, or one of its agents into the talk. */
export function escalate(draft: Draft, { how, note }: Of<'escalate'>, ask: Led): string | null {
  const queue = draft.state.place?.request.queue ?? '';
  const above = ask.world.queues.get(queue)?.escalateTo ?? null;
  if (above === null) return `Queue ${queue} names no queue to escalate to (escalateTo in queues.yaml).`;
  const request = requestFor(draft.state, above, ESCALATED);
  if (how === 'queue') {
    const busy = notAlone(draft.state);
    const enqueuedAt = draft.state.place?.enqueuedAt ?? draft.now;
    return busy ?? toQueue(draft, request, { how: 'escalated', enqueuedAt, note }, ask);
  }
  const to = { kind: 'queue', queue: above } as const;
  const wish = asking(draft, to, ask);
  if (typeof wish === 'string') return wish;
  if (draft.state.guests.some((guest) => guest.role === 'member' && isSame(guest.to, to))) return null;
  invite(draft, { ...wish, request, role: 'member', why: null, back: null });
  return null;
}
