import type { AgentId } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { changeGuest, dismiss, invite, isSame, nameOf } from './guests.ts';
import { leaderLeaves } from './settle.ts';
import { consultIn, membersIn } from './seating.ts';
import type { CallState } from './state.ts';
import { type Ask, asking, nameOfActor } from './talk-asking.ts';
import { complete, escalate, park, transfer } from './talk-hand-over.ts';
import type { Guest } from './talk-state.ts';
import type { TalkInput, TalkVerb } from './talk-verbs.ts';
import { monitor, move, pickUp, raise, takeOver, unmonitor } from './talk-watch.ts';
import type { CallWorld } from './world.ts';

type Of<T extends TalkVerb['type']> = Extract<TalkVerb, { type: T }>;
/** Does it, or says in one sentence why not. What is so already is done. */
type Does<T extends TalkVerb['type']> = (draft: Draft, verb: Of<T>, ask: Ask) => string | null;

/** What is asked of a call by an agent in it or by a supervisor. */
export function talkInput(draft: Draft, input: TalkInput, world: CallWorld): void {
  const does = VERBS[input.verb.type] as (draft: Draft, verb: TalkVerb, ask: Ask) => string | null;
  draft.refusal = does(draft, input.verb, { by: input.by, summoned: input.summoned ?? null, world });
}

const VERBS: { readonly [T in TalkVerb['type']]: Does<T> } = {
  hold: led((draft, { on }, { talk }) => void draft.set({ talk: { ...talk, held: on } })),
  mute,
  consult: led((draft, { to }, ask) => consult(draft, to, ask)),
  side: led((draft, { side }, { talk }) => {
    if (side === 'consult' && !consultIn(draft.state))
      return 'Nobody is being consulted yet, so there is no other side.';
    return void draft.set({ talk: { ...talk, side } });
  }),
  'end-consult': led((draft) => {
    for (const guest of draft.state.guests) if (guest.role === 'consult') dismiss(draft, guest);
  }),
  merge: led(merge),
  add: led((draft, { to }, ask) => {
    const wish = asking(draft, to, ask);
    if (typeof wish === 'string') return wish;
    if (!isAsked(draft, to, 'member')) invite(draft, { ...wish, role: 'member', why: null, back: null });
    return null;
  }),
  drop,
  leave,
  transfer: led(transfer),
  complete: led(complete),
  park: led(park),
  escalate: led(escalate),
  'pick-up': pickUp,
  monitor,
  unmonitor,
  move,
  raise,
};

type Led = Ask & { readonly talk: NonNullable<CallState['talk']> };

/** For the agent who leads the talk, or a supervisor in his place. */
function led<V extends TalkVerb>(does: (draft: Draft, verb: V, ask: Led) => string | null | void) {
  return (draft: Draft, verb: V, ask: Ask): string | null => {
    const { talk, phase, id, handed } = draft.state;
    const { by } = ask;
    if (phase === 'talking' && talk && (by.kind === 'supervisor' || talk.agentId === by.agentId)) {
      return does(draft, verb, { ...ask, talk }) ?? null;
    }
    // Asked again when it has been done: he has left the call by it.
    const again = verb.type === 'transfer' || verb.type === 'complete' || verb.type === 'park';
    if (again && by.kind === 'agent' && handed?.from === by.agentId && !isIn(draft.state, by.agentId)) return null;
    if (phase !== 'talking' || !talk) return `No agent leads a talk in call ${id}: it is ${phase}.`;
    return `Agent ${nameOfActor(by)} does not lead the talk of call ${id}: agent ${talk.agentId} does.`;
  };
}

const guestFor = ({ guests }: CallState, agentId: AgentId): Guest | undefined =>
  guests.find((each) => each.agentId === agentId && each.phase === 'in');

const isIn = (state: CallState, agentId: AgentId): boolean =>
  state.talk?.agentId === agentId || guestFor(state, agentId) !== undefined;

const isAsked = ({ state }: Draft, to: Guest['to'], role: Guest['role']): boolean =>
  state.guests.some((guest) => guest.role === role && isSame(guest.to, to));

function mute(draft: Draft, { on }: Of<'mute'>, { by }: Ask): string | null {
  const { talk, id } = draft.state;
  const agentId = by.kind === 'agent' ? by.agentId : (talk?.agentId ?? '');
  const guest = guestFor(draft.state, agentId);
  const muted = talk?.agentId === agentId ? talk.muted : guest?.muted;
  if (muted === undefined) return `Agent ${agentId} does not talk in call ${id}.`;
  if (muted === on) return null;
  if (guest) changeGuest(draft, guest.id, { muted: on });
  else if (talk) draft.set({ talk: { ...talk, muted: on } });
  draft.fact({ type: 'call.muted', data: { agentId, on } });
  return null;
}

/** The customer is put on hold and somebody is asked aside. */
function consult(draft: Draft, to: Guest['to'], ask: Led): string | null {
  if (isAsked(draft, to, 'consult')) return null;
  const other = draft.state.guests.find(({ role }) => role === 'consult');
  if (other)
    return `Somebody (${nameOf(other.to)}) is being consulted already; end that first, or make it a conference.`;
  const wish = asking(draft, to, ask);
  if (typeof wish === 'string') return wish;
  const { talk } = ask;
  draft.set({ talk: { ...talk, side: 'consult' } });
  invite(draft, { ...wish, by: talk.agentId, role: 'consult', why: null, back: null });
  return null;
}

/** All speak with each other. */
function merge(draft: Draft, _verb: Of<'merge'>, { talk, by }: Led): string | null {
  const guest = consultIn(draft.state);
  if (!guest) {
    const isDone = membersIn(draft.state).length > 0;
    return isDone ? null : 'Nobody is being consulted, or whoever is has not come yet, so there is nobody to join.';
  }
  const { id, to, agentId } = guest;
  const about = { by: nameOfActor(by), guest: id, to: nameOf(to), toKind: to.kind, agentId, outcome: 'joined' };
  changeGuest(draft, id, { role: 'member' });
  draft.set({ talk: { ...talk, side: 'customer', held: false } }).fact({ type: 'call.conferenced', data: about });
  return null;
}

function drop(draft: Draft, { guest: id }: Of<'drop'>, { by }: Ask): string | null {
  const { talk, guests } = draft.state;
  if (by.kind === 'agent' && talk?.agentId !== by.agentId) {
    return `Agent ${by.agentId} does not lead the talk, and may not send others out of it.`;
  }
  const guest = guests.find((each) => each.id === id);
  if (!guest) return null;
  if (guest.supervisor && by.kind === 'agent') return 'A supervisor is not sent out by an agent.';
  sendOut(draft, guest);
  return null;
}

function sendOut(draft: Draft, guest: Guest): void {
  dismiss(draft, guest);
  if (guest.phase === 'in') left(draft, guest);
}

function leave(draft: Draft, _verb: Of<'leave'>, { by }: Ask): string | null {
  if (by.kind === 'supervisor') return 'A supervisor leaves by ending his monitoring.';
  const { talk, id } = draft.state;
  const guest = guestFor(draft.state, by.agentId);
  if (guest) sendOut(draft, guest);
  else if (talk?.agentId !== by.agentId) return `Agent ${by.agentId} is not in call ${id}.`;
  else if (membersIn(draft.state).length === 0) {
    return 'Nobody else is with the customer; transfer or park the call, or hang up.';
  } else leaderLeaves(draft, 'transfer');
  return null;
}

/** Somebody who was asked for is there. */
export function cameIn(draft: Draft, guest: Guest | null): void {
  if (!guest) return;
  const { role, by, supervisor } = guest;
  if (role === 'taker') return takeOver(draft, guest);
  if (!supervisor) return;
  const mode = role === 'listen' || role === 'whisper' ? role : 'barge';
  draft.fact({ type: 'call.monitored', data: { by, mode, agentId: draft.state.talk?.agentId ?? null } });
}

/** A guest who was in has gone. */
export function left(draft: Draft, guest: Guest): void {
  const { by, id, to, agentId, role, supervisor } = guest;
  const about = { by, guest: id, to: nameOf(to), toKind: to.kind, agentId, outcome: 'left' };
  if (role === 'member') draft.fact({ type: 'call.conferenced', data: about });
  if (supervisor) {
    draft.fact({ type: 'call.monitored', data: { by, mode: 'stop', agentId: draft.state.talk?.agentId ?? null } });
  }
}
