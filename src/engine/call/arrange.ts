import type { BridgeId, LegId } from '../../call/ids.ts';
import type { CallAction, Draft } from './actions.ts';
import { isLive } from './state.ts';
import { consultIn, isOnHold, moves, type Seating, seatingOf } from './seating.ts';

/** Everybody goes where the state says he is to be; to be called before anything is played to who leaves a talk. */
export function arrange(draft: Draft): void {
  const from = draft.seated;
  giveRooms(draft);
  const to = seatingOf(draft.state);
  const staying = draft.state.legs.filter((leg) => isLive(leg) && leg.dropped !== true && !draft.isLeaving(leg.id));
  for (const command of moves(from, to, staying)) draft.tell(command);
  draft.seated = to;
  const left = [...from.rooms].filter((room) => !to.rooms.has(room));
  if (left.length > 0) draft.set({ left: [...draft.state.left, ...left] });
}

/**
 * A room in which nobody is left at the end of the step ends after all that, so that no hang-up waits for it: it lets go of
 * those who hang up by itself.
 *
 * @param before where everybody was at the beginning of the step.
 */
export function endEmptyRooms(draft: Draft, before: Seating): void {
  const stays = (legId: LegId) => !draft.isLeaving(legId) && isLive(draft.state.legs.find((leg) => leg.id === legId));
  const used = new Set([...before.seats].flatMap(([legId, { room }]) => (stays(legId) && room !== null ? [room] : [])));
  for (const action of draft.actions) {
    if (action.type === 'switch' && action.command.type === 'bridge') used.add(action.command.bridgeId);
  }
  const isLast = (action: CallAction) =>
    action.type === 'switch' && action.command.type === 'unbridge' && !used.has(action.command.bridgeId);
  const last = draft.actions.filter(isLast);
  if (last.length > 0) draft.actions.splice(0, Infinity, ...draft.actions.filter((each) => !isLast(each)), ...last);
}

/** A room is there for as long as the customer is in a talk, also while he is on hold: what records it goes on. */
function giveRooms(draft: Draft): void {
  const { phase, talk, room, aside } = draft.state;
  if (phase !== 'talking' && phase !== 'awaiting') {
    if (room !== null || aside !== null) draft.set({ room: null, aside: null });
    return;
  }
  if (phase === 'talking' && room === null) enterRoom(draft, talk?.bridgeId ?? draft.newId('bridge'));
  const consulting = consultIn(draft.state) !== undefined;
  if (!consulting && aside !== null) draft.set({ aside: null });
  else if (consulting && talk?.side === 'consult' && aside === null) draft.set({ aside: draft.newId('bridge') });
}

function enterRoom(draft: Draft, room: BridgeId): void {
  const { talk } = draft.state;
  draft.set({ room, talk: talk && { ...talk, bridgeId: room } });
}

/** Tells when the customer is put on hold and when that ends, for whatever reason, and counts the time. */
export function noteHold(draft: Draft): void {
  const { state, now } = draft;
  const { talk } = state;
  if (!talk || isOnHold(state) === (talk.heldSince !== null)) return;
  const { agentId, heldSince, heldMs } = talk;
  if (heldSince === null) {
    const why = talk.held ? 'hold' : 'consult';
    draft.set({ talk: { ...talk, heldSince: now } }).fact({ type: 'call.held', data: { agentId, why } });
    return;
  }
  const thisTimeMs = Math.max(0, now - heldSince);
  draft
    .set({ talk: { ...talk, heldSince: null, heldMs: heldMs + thisTimeMs } })
    .fact({ type: 'call.resumed', data: { agentId, heldMs: thisTimeMs } });
}
