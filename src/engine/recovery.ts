import { CAUSE } from '../call/cause.ts';
import type { AgentLive } from '../acd/agent.ts';
import type { SwitchSnapshot } from '../call/switch.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { Lines } from './lines.ts';
import { closeLostAttempts, type LostRooms } from './lost-attempts.ts';
import { seatingOf } from './call/seating.ts';
import { type CallState, callStateSchema } from './call/state.ts';
import type { History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

interface RecoveryRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly history: History;
  readonly switchPort: SwitchPort;
  readonly recorder: Recorder;
  readonly board: Switchboard;
  readonly desk: AgentDesk;
}

interface ReconcileRooms extends RecoveryRooms {
  readonly lines: Lines;
  readonly ways: LostRooms['ways'];
  readonly profileOf: LostRooms['profileOf'];
}

type SeenLeg = SwitchSnapshot['legs'][number];

/**
 * Reads the calls of a process that died back into the house; `reconcile` then finds out what became of them. Until then
 * their timers are silent: a ring that seems too long may have been answered, and a command would reach no switch. Calls of
 * other switches are their processes' own.
 */
export async function readBackCalls(
  { live, board, log, desk, switchPort }: RecoveryRooms,
  redo: (call: CallState) => Promise<void>,
): Promise<number> {
  const stored = (await live.loadCalls()).filter(({ body }) => isOf(switchPort.node, body));
  for (const { id, body } of stored) {
    const parsed = callStateSchema.safeParse(body);
    if (parsed.success) await redo(parsed.data);
    if (parsed.success && parsed.data.phase !== 'ended') {
      board.open(withoutLostAgents(parsed.data, desk));
      continue;
    }
    if (!parsed.success)
      log.error({ callId: id, problem: parsed.error.message }, 'stored call is not readable: forgotten');
    await live.saveCall(id, null, []);
  }
  return stored.length;
}

/** A call of before there were several switches names none. */
function isOf(node: string, body: unknown): boolean {
  const of = typeof body === 'object' && body !== null && 'node' in body ? body.node : '';
  return of === node || of === '';
}

/** An agent may have been freed and given to another call since; if he answers this one's ring, it is taken down. */
function withoutLostAgents(call: CallState, desk: AgentDesk): CallState {
  const offers = call.offers.map((offer) =>
    desk.holds(offer.agentId, call.id) ? offer : { ...offer, ended: offer.ended ?? ('cancelled' as const) },
  );
  return { ...call, offers };
}

/**
 * After every (re)connection the switch is the truth: calls it still holds go on where they were, calls it lost are closed in
 * the records, legs nobody knows are served or ended, agents who hold no call are freed.
 */
export async function reconcile(rooms: ReconcileRooms): Promise<void> {
  const { switchPort, recorder, live, board, log } = rooms;
  const [calls, since] = [board.all(), rooms.clock.now()];
  const snapshot = await switchPort.snapshot();
  if (!snapshot) {
    for (const call of calls) call.rearm();
    return log.warn({ node: switchPort.node }, 'no listing from the switch: reconciled at the next connection');
  }
  const seen = new Map(snapshot.legs.map((leg) => [leg.legId, leg.state] as const));
  const dialled = calls.filter(({ state }) => state.legs.some((leg) => leg.planned !== true));
  const gone = dialled.filter((call) => !call.legIds.some((legId) => seen.has(legId)));
  for (const call of calls) call.post({ type: 'adopt', legs: seen, since });
  await rooms.lines.adopt(snapshot.legs);
  const strangers = snapshot.legs.filter((leg) => leg.ours && !board.has(leg.legId) && !rooms.lines.has(leg.legId));
  for (const leg of strangers) await serveStranger(rooms, leg);
  await Promise.all(calls.map((call) => call.idle()));
  await endStrayBridges(rooms, snapshot);
  const freedAgents = await freeIdleAgents(rooms);
  await closeLostAttempts(rooms);
  const found = { adopted: dialled.length - gone.length, closed: gone.length, unknown: strangers.length, freedAgents };
  log.info({ node: switchPort.node, ...found }, 'reconciled with the switch');
  const events = recorder.events(`switch/${switchPort.node}`, [
    { type: 'switch.reconciled', data: { node: switchPort.node, ...found } },
  ]);
  await live.append(events);
  recorder.tell(events);
}

/** A caller we have no record of starts anew; a leg we once rang for a call nobody knows is ended. */
async function serveStranger({ board, switchPort, clock }: RecoveryRooms, leg: SeenLeg): Promise<void> {
  const { legId, ani, dnis, source } = leg;
  if (leg.callId === null && dnis !== '') {
    board.offered({ type: 'leg.offered', at: clock.now(), legId, ani, dnis, callerName: null, source });
  } else await switchPort.do({ type: 'hangup', legId, cause: CAUSE.normal });
}

/** Bridges of calls that are no more, one at a time. */
async function endStrayBridges({ board, switchPort }: RecoveryRooms, snapshot: SwitchSnapshot): Promise<void> {
  const inUse = new Set(board.all().flatMap(({ state }) => [...seatingOf(state).rooms]));
  for (const bridge of snapshot.bridges) {
    if (!inUse.has(bridge.bridgeId)) await switchPort.do({ type: 'unbridge', bridgeId: bridge.bridgeId });
  }
}

/** No agent stays busy with nobody. */
async function freeIdleAgents({ board, desk, live }: RecoveryRooms): Promise<number> {
  let freed = 0;
  const holders = new Map(
    board.all().flatMap(({ state }) => {
      const talks = state.legs.some(({ id, phase }) => id === state.talk?.legId && phase !== 'ended');
      const held = [...(state.talk && talks ? [state.talk] : []), ...state.serving, ...state.offers];
      return held.map(({ agentId }) => [agentId, state.id] as const);
    }),
  );
  const busy = desk.all().flatMap(({ live: agent }) => (isBusy(agent) && !holders.has(agent.id) ? [agent] : []));
  const held = await live.reservations();
  // Read after whom we found busy: a call that is not there any more was there before him, and has ended.
  const stored = await live.callIds();
  const isOthers = (callId: string) => stored.has(callId) && !board.find(callId);
  for (const { callId, fence } of held) {
    if (!board.find(callId)?.state.offers.length && !isOthers(callId)) await live.endReservation(callId, fence);
  }
  for (const { id, callId } of busy) {
    // Without a call yet he is being held at this very moment.
    if (callId === null || isOthers(callId)) continue;
    await desk.apply(id, { type: 'free' }, callId);
    freed += 1;
  }
  return freed;
}

const isBusy = ({ state }: AgentLive) => state === 'reserved' || state === 'ringing' || state === 'talking';
