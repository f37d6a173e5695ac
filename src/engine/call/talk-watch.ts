import type { Draft } from './actions.ts';
import { changeGuest, invite, nameOf, offerGuest, WAIT_FOR_ONE_MS } from './guests.ts';
import { cancelRings } from './ring.ts';
import { stayIn, stopTreatment, waitedSoFar } from './queue-phase.ts';
import { letGo } from './reach-agent.ts';
import { leaderLeaves, stopMonitoring } from './settle.ts';
import { type Ask, nameOfActor } from './talk-asking.ts';
import type { Guest } from './talk-state.ts';
import type { MonitorMode, TalkVerb } from './talk-verbs.ts';
import { customer } from './state.ts';

type Of<T extends TalkVerb['type']> = Extract<TalkVerb, { type: T }>;

const ROLE = { listen: 'listen', whisper: 'whisper', barge: 'member', 'take-over': 'taker' } as const satisfies Record<
  MonitorMode,
  Guest['role']
>;

/** A supervisor's phone is rung and he listens, whispers to the agent, speaks with all, or leads in the agent's place. */
export function monitor(draft: Draft, { mode, to }: Of<'monitor'>, ask: Ask): string | null {
  const refused = mayMonitor(draft, to, ask) ?? (changes(draft, mode, ask) ? null : undefined);
  if (refused !== undefined) {
    giveBack(draft, ask);
    return refused;
  }
  const by = nameOfActor(ask.by);
  const about = { by, to, role: ROLE[mode], why: null, request: null, back: null, supervisor: true };
  const guest = invite(draft, { ...about, limitMs: WAIT_FOR_ONE_MS });
  if (ask.summoned) ringSummoned(draft, guest, ask);
  return null;
}

function mayMonitor({ state }: Draft, to: Guest['to'], { by, summoned }: Ask): string | null {
  if (by.kind !== 'supervisor') return 'Only a supervisor listens to a call.';
  if (state.phase !== 'talking' || !state.talk)
    return `No agent leads a talk in call ${state.id}: it is ${state.phase}.`;
  if (to.kind === 'agent' && to.agentId === state.talk.agentId) return `Agent ${to.agentId} leads this very talk.`;
  return to.kind === 'agent' && !summoned && !isWatching(state.guests, by.name)
    ? `Agent ${to.agentId} cannot be rung now.`
    : null;
}

const isWatching = (guests: readonly Guest[], by: string): boolean =>
  guests.some((each) => each.supervisor && each.by === by);

/** He is there already, or his phone rings: only what he does there becomes another. */
function changes(draft: Draft, mode: MonitorMode, { by }: Ask): boolean {
  const name = nameOfActor(by);
  const guest = draft.state.guests.find((each) => each.supervisor && each.by === name);
  if (!guest) return false;
  if (guest.role === ROLE[mode]) return true;
  changeGuest(draft, guest.id, { role: ROLE[mode] });
  if (guest.phase !== 'in') return true;
  const agentId = draft.state.talk?.agentId ?? null;
  if (mode === 'take-over') takeOver(draft, guest);
  else draft.fact({ type: 'call.monitored', data: { by: name, mode, agentId } });
  return true;
}

function giveBack(draft: Draft, { summoned }: Ask): void {
  if (summoned) letGo(draft, summoned, 'cancelled');
}

function ringSummoned(draft: Draft, guest: Guest, { summoned, world }: Ask): void {
  if (!summoned) return;
  const { wrapUpMs } = draft.state;
  offerGuest(draft, { for: guest.id, agents: [summoned], ringMs: WAIT_FOR_ONE_MS, wrapUpMs }, world);
}

/** The supervisor leads from now on; the agent is let go. */
export function takeOver(draft: Draft, guest: Guest): void {
  const from = draft.state.talk?.agentId ?? '';
  const { by, agentId, to } = guest;
  changeGuest(draft, guest.id, { role: 'successor', why: null, supervisor: false });
  draft
    .set({ handed: { how: 'taken-over', from, to: nameOf(to), note: null, at: draft.now } })
    .fact({ type: 'call.taken-over', data: { by, from, agentId } });
  leaderLeaves(draft, 'transfer');
}

export function unmonitor(draft: Draft, _verb: Of<'unmonitor'>, { by }: Ask): string | null {
  const name = nameOfActor(by);
  for (const guest of draft.state.guests) if (guest.supervisor && guest.by === name) stopMonitoring(draft, guest);
  return null;
}

/** An agent fetches the parked customer: his phone is rung, and whoever is there first has him. */
export function pickUp(draft: Draft, _verb: Of<'pick-up'>, ask: Ask): string | null {
  const { parked, id, guests } = draft.state;
  const { summoned } = ask;
  if (!parked || !summoned || guests.some(({ why }) => why === 'pick-up')) {
    giveBack(draft, ask);
    if (!parked) return `Call ${id} is not parked any more.`;
    return summoned ? `Somebody else's phone rings for call ${id} already.` : 'The agent cannot be rung now.';
  }
  const { agentId } = summoned;
  const about = { role: 'successor', why: 'pick-up', by: agentId, request: null, back: null } as const;
  const to = { kind: 'agent', agentId } as const;
  const guest = invite(draft, { ...about, to, limitMs: WAIT_FOR_ONE_MS });
  ringSummoned(draft, guest, ask);
  return null;
}

/** A waiting call goes to another queue, with its place by time. */
export function move(draft: Draft, { queue }: Of<'move'>, { by, world }: Ask): string | null {
  const { visit, phase, record, id, errand } = draft.state;
  if (by.kind !== 'supervisor') return 'Only a supervisor moves waiting calls.';
  if (!visit || errand || (phase !== 'queued' && phase !== 'offering'))
    return `Call ${id} does not wait in a queue: it is ${phase}.`;
  const { request, enqueuedAt } = visit;
  if (request.queue === queue) return null;
  if (!world.queues.has(queue)) return `There is no queue ${queue}.`;
  const waitedMs = waitedSoFar(draft.state, draft.now);
  cancelRings(draft, 'cancelled');
  stopTreatment(draft);
  draft
    .tell({ type: 'music.stop', legId: customer(draft.state).id })
    .record({ waitedMs: record.waitedMs + waitedMs })
    .fact({ type: 'call.queue.left', data: { queue: request.queue, outcome: 'moved', waitedMs } })
    .fact({ type: 'call.moved', data: { by: by.name, from: request.queue, to: queue } })
    .set({ handed: { how: 'moved', from: by.name, to: queue, note: null, at: draft.now } });
  stayIn(draft, { ...request, queue }, enqueuedAt, world, 'moved');
  return null;
}

export function raise(draft: Draft, { priority }: Of<'raise'>, { by }: Ask): string | null {
  const { visit, phase, id } = draft.state;
  if (by.kind !== 'supervisor') return 'Only a supervisor changes the priority of a call.';
  if (!visit || (phase !== 'queued' && phase !== 'offering' && phase !== 'promised')) {
    return `Call ${id} does not wait in a queue: it is ${phase}.`;
  }
  const { queue, priority: previous } = visit.request;
  if (previous === priority) return null;
  draft
    .set({ visit: { ...visit, request: { ...visit.request, priority } } })
    .fact({ type: 'call.raised', data: { by: by.name, queue, priority, previous } });
  return null;
}
