import { CAUSE, type Verdict, verdictOf } from '../../call/cause.ts';
import type { AgentId } from '../../call/ids.ts';
import { newLeg } from '../../call/leg.ts';
import type { QueueRequest } from '../../call/routing.ts';
import type { DialTarget } from '../../call/switch.ts';
import type { Draft } from './actions.ts';
import { serve } from './agent-leg.ts';
import { dropLeg } from './drop.ts';
import { dialTarget } from './way-out.ts';
import { letGo, reachAgent, type Reserved } from './reach-agent.ts';
import { cancelRingsFor } from './ring.ts';
import { customer, isLive } from './state.ts';
import type { CallLeg, CallOffer } from './state.ts';
import type { Guest, TalkTarget } from './talk-state.ts';
import type { CallWorld } from './world.ts';

/** How long somebody who was asked for by name is waited for, ring included, and how long a queue's agents are. */
export const WAIT_FOR_ONE_MS = 30_000;
export const WAIT_FOR_QUEUE_MS = 120_000;
/** A supervisor's own phone, and a number outside, ring for so long. */
const RING_MS = 30_000;

/** Who is asked into the call, and what for. */
export interface Wish {
  readonly role: Guest['role'];
  readonly why: Guest['why'];
  readonly by: string;
  readonly supervisor?: boolean;
  readonly to: TalkTarget;
  readonly request: QueueRequest | null;
  readonly back: AgentId | null;
  readonly limitMs: number;
}

/** How it went with somebody who was asked. */
type GuestOutcome = 'busy' | 'noAnswer' | 'failed' | 'cancelled';

const OUTCOME: Readonly<Partial<Record<Verdict, GuestOutcome>>> = {
  busy: 'busy',
  rejected: 'busy',
  'no-answer': 'noAnswer',
  unreachable: 'noAnswer',
  cancelled: 'cancelled',
};

export const nameOf = (to: TalkTarget): string => {
  if (to.kind === 'agent') return to.agentId;
  if (to.kind === 'queue') return to.queue;
  return to.kind === 'number' ? to.number : to.phone;
};

export const isSame = (a: TalkTarget, b: TalkTarget): boolean => a.kind === b.kind && nameOf(a) === nameOf(b);

const timerOf = (id: string): string => `guest:${id}`;

const guestOf = (draft: Draft, id: string): Guest | undefined => draft.state.guests.find((each) => each.id === id);

export function changeGuest(draft: Draft, id: string, change: Partial<Guest>): void {
  draft.set({ guests: draft.state.guests.map((each) => (each.id === id ? { ...each, ...change } : each)) });
}

function removeGuest(draft: Draft, id: string): void {
  draft.set({ guests: draft.state.guests.filter((each) => each.id !== id) }).clearTimers(timerOf(id));
}

/** Asks somebody into the call: an agent waits to be reserved, as a caller would; a phone or number is rung at once. */
export function invite(draft: Draft, wish: Wish): Guest {
  const { role, why, by, to, request, back, limitMs, supervisor = false } = wish;
  const { now } = draft;
  // Within the call, which its tickets name besides.
  const id = draft.newId('guest').slice(draft.state.id.length + 1);
  const guest: Guest = {
    id,
    role,
    why,
    by,
    to,
    request,
    back,
    supervisor,
    phase: 'waiting',
    agentId: null,
    legId: null,
    muted: false,
    enqueuedAt: now,
    since: now,
    until: now + limitMs,
  };
  draft.set({ guests: [...draft.state.guests, guest] });
  if (wish.to.kind === 'number') ring(draft, guest, wish.to);
  else if (wish.to.kind === 'phone') ring(draft, guest, { kind: 'phone', name: wish.to.phone });
  else draft.timer(timerOf(id), guest.until);
  return guest;
}

/** Held against the caps of the house and of whoever asked for it. */
const outside = (to: DialTarget, by: string) =>
  to.kind === 'number' ? { number: to.number, askedBy: `agent:${by}` } : {};

function ring(draft: Draft, { id, by }: Guest, to: DialTarget): void {
  const legId = draft.newId('leg');
  const { state, now } = draft;
  const leg: CallLeg = { ...newLeg(legId, now), role: 'guest', ...outside(to, by) };
  draft.set({ legs: [...state.legs, leg] }).timer(timerOf(id), now + RING_MS);
  changeGuest(draft, id, { phase: 'ringing', legId });
  const callerId = state.direction === 'inbound' ? state.ani : state.dnis;
  dialTarget(draft, legId, to, { callerId, ringMs: RING_MS });
}

interface GuestOffer {
  readonly for: string;
  readonly agents: readonly Reserved[];
  readonly ringMs: number;
  readonly wrapUpMs: number;
}

/** Agents are reserved for a guest's place: rings them, unless nobody waits for them any more. */
export function offerGuest(draft: Draft, offer: GuestOffer, world: CallWorld): void {
  const guest = guestOf(draft, offer.for);
  if (guest?.phase !== 'waiting' || !isLive(customer(draft.state))) {
    for (const agent of offer.agents) letGo(draft, agent, 'cancelled');
    return;
  }
  for (const agent of offer.agents) {
    const legId = reachAgent(draft, agent, { ringMs: offer.ringMs, for: guest.id, role: 'agent' }, world);
    if (legId === null) continue;
    const waitedMs = Math.max(0, draft.now - guest.enqueuedAt);
    const data = { queue: guest.request?.queue ?? '', agentId: agent.agentId, legId, waitedMs, guest: guest.id };
    draft.fact({ type: 'call.offered', data });
  }
  if (!draft.state.offers.some((each) => each.for === guest.id)) return failed(draft, guest, 'failed');
  draft.set({ wrapUpMs: offer.wrapUpMs }).timer(timerOf(guest.id), draft.now + offer.ringMs);
  changeGuest(draft, guest.id, { phase: 'ringing' });
}

/** The time for a guest to come is over. */
export function guestTooLong(draft: Draft, id: string): void {
  const guest = guestOf(draft, id);
  if (!guest || guest.phase === 'in') return;
  if (guest.phase === 'waiting') return failed(draft, guest, 'noAnswer');
  cancelRingsFor(draft, id, 'no-answer');
  if (guest.legId !== null) dropLeg(draft, guest.legId, CAUSE.noAnswer);
}

/** An agent's phone was answered that was rung for a guest's place. Answers who came in, or null when nobody wants him. */
export function agentCameIn(draft: Draft, leg: CallLeg, offer: CallOffer): Guest | null {
  const guest = guestOf(draft, offer.for);
  if (!guest || guest.phase === 'in' || offer.ended !== null) {
    dropLeg(draft, leg.id, CAUSE.normal);
    return null;
  }
  const isListener = guest.role === 'listen' || guest.role === 'whisper';
  serve(draft, offer, isListener ? 0 : draft.state.wrapUpMs, guest.request?.queue ?? null);
  cancelRingsFor(draft, guest.id, 'cancelled', leg.id);
  return comeIn(draft, guest, { legId: leg.id, agentId: offer.agentId });
}

/** A phone or number was answered that was rung for a guest's place. */
export function guestCameIn(draft: Draft, leg: CallLeg): Guest | null {
  const guest = draft.state.guests.find(({ legId }) => legId === leg.id);
  if (guest) return comeIn(draft, guest, { legId: leg.id, agentId: null });
  dropLeg(draft, leg.id, CAUSE.normal);
  return null;
}

function comeIn(draft: Draft, guest: Guest, who: Pick<Guest, 'legId' | 'agentId'>): Guest {
  draft.clearTimers(timerOf(guest.id));
  const waitedMs = Math.max(0, draft.now - guest.since);
  changeGuest(draft, guest.id, { ...who, phase: 'in', since: draft.now });
  const { by, id, to, role } = guest;
  const about = { by, guest: id, to: nameOf(to), toKind: to.kind, agentId: who.agentId };
  if (role === 'consult') draft.fact({ type: 'call.consulted', data: { ...about, outcome: 'answered', waitedMs } });
  if (role === 'member') draft.fact({ type: 'call.conferenced', data: { ...about, outcome: 'joined' } });
  return { ...guest, ...who, phase: 'in', since: draft.now };
}

/** A ring for a guest's place came to nothing. He who was asked for by name is not waited for any more, a queue's agents are. */
export function guestRingEnded(draft: Draft, leg: CallLeg, offer: CallOffer): void {
  const guest = guestOf(draft, offer.for);
  if (guest?.phase !== 'ringing' || draft.state.offers.some((each) => each.for === guest.id)) return;
  const verdict = offer.ended ?? verdictOf(leg.cause ?? CAUSE.unknown, false);
  const again = guest.to.kind === 'queue' || verdict === 'cancelled';
  if (!again || guest.until <= draft.now) return failed(draft, guest, OUTCOME[verdict] ?? 'failed');
  draft.timer(timerOf(guest.id), guest.until);
  changeGuest(draft, guest.id, { phase: 'waiting' });
}

/** The leg of a guest has ended; answers him as he was when he was in. */
export function guestLegEnded(draft: Draft, leg: CallLeg): Guest | null {
  const guest = draft.state.guests.find(({ legId }) => legId === leg.id);
  if (!guest) return null;
  if (guest.phase === 'in') {
    removeGuest(draft, guest.id);
    return guest;
  }
  const verdict = verdictOf(leg.cause ?? CAUSE.unknown, false);
  failed(draft, guest, OUTCOME[verdict] ?? 'failed');
  return null;
}

/** He was asked for in vain. A customer who was handed over to him goes back to whoever did that. */
function failed(draft: Draft, guest: Guest, outcome: GuestOutcome): void {
  removeGuest(draft, guest.id);
  tellFailed(draft, guest, outcome);
  if (guest.role === 'successor' && guest.back !== null) comeBack(draft, guest.back);
}

/** Nobody took the customer whom this agent handed over: it is his phone that rings now, and the queue is the next resort. */
export function comeBack(draft: Draft, agentId: AgentId): void {
  const to = { kind: 'agent', agentId } as const;
  const data = { to: 'agent', agentId, queue: null } as const;
  draft.set({ phase: 'awaiting' }).fact({ type: 'call.returned', data });
  const wish = { role: 'successor', why: 'return', by: agentId, to, request: null, back: null } as const;
  invite(draft, { ...wish, limitMs: WAIT_FOR_ONE_MS });
}

function tellFailed(draft: Draft, guest: Guest, outcome: GuestOutcome): void {
  const { by, id, to, role, why, since } = guest;
  const about = { by, guest: id, to: nameOf(to), toKind: to.kind, agentId: null };
  const waitedMs = Math.max(0, draft.now - since);
  if (role === 'consult') draft.fact({ type: 'call.consulted', data: { ...about, outcome, waitedMs } });
  if (role === 'member') draft.fact({ type: 'call.conferenced', data: { ...about, outcome } });
  if (role === 'successor' && why === 'transfer') draft.fact(transferred(by, to, outcome));
  if (!guest.supervisor || outcome === 'cancelled') return;
  const agentId = draft.state.talk?.agentId ?? null;
  draft.fact({ type: 'call.monitored', data: { by, mode: 'failed', agentId, outcome } });
}

export const transferred = (from: string, to: TalkTarget, outcome: string, kind: 'blind' | 'attended' = 'blind') =>
  ({ type: 'call.transferred', data: { kind, from, to: nameOf(to), toKind: to.kind, outcome } }) as const;

/** Nobody waits for him any more, or he is to go: his phone stops ringing, or his leg ends. */
export function dismiss(draft: Draft, guest: Guest): void {
  if (guest.phase === 'waiting' || guest.phase === 'ringing') tellFailed(draft, guest, 'cancelled');
  removeGuest(draft, guest.id);
  cancelRingsFor(draft, guest.id, 'cancelled');
  if (guest.legId !== null) dropLeg(draft, guest.legId, CAUSE.normal);
}
