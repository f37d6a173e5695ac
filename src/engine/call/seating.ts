import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchCommand } from '../../call/switch.ts';
import { type CallLeg, type CallState, customer, isLive } from './state.ts';

/** Where one leg is. With no room, no music and nobody to listen to, the flow or the queue says what it hears. */
interface Seat {
  readonly room: BridgeId | null;
  readonly music: string | null;
  /** Nobody hears this leg. */
  readonly muted: boolean;
  readonly monitor: { readonly target: LegId; readonly mode: 'listen' | 'whisper' } | null;
}

/** Who is where, read from the state of a call alone. */
export interface Seating {
  readonly seats: ReadonlyMap<LegId, Seat>;
  /** Bridges that are there, though nobody may be in one for the moment. */
  readonly rooms: ReadonlySet<BridgeId>;
}

const NOWHERE: Seat = { room: null, music: null, muted: false, monitor: null };
const USUAL_MUSIC = 'default';

/** Those in the talk besides the customer and the agent who leads it. */
export const membersIn = ({ guests }: CallState) =>
  guests.filter((each) => each.role === 'member' && each.phase === 'in');

/** Whom the leading agent consults, once he is there. */
export const consultIn = ({ guests }: CallState) =>
  guests.find((each) => each.role === 'consult' && each.phase === 'in');

/** The customer hears music while he is in a talk: he was put on hold, or nobody but the agent is with him and asks aside. */
export function isOnHold(state: CallState): boolean {
  const { talk } = state;
  return talk !== null && (talk.held || (talk.side === 'consult' && membersIn(state).length === 0));
}

/** Where everybody is to be. Nobody whose leg is up sits in silence, but for the agent who himself put the customer on hold. */
export function seatingOf(state: CallState): Seating {
  if (state.phase === 'transferred') return transferSeating(state);
  if (state.phase !== 'talking' && state.phase !== 'awaiting') return { seats: new Map(), rooms: new Set() };
  const seats = new Map<LegId, Seat>();
  const main = mainRoom(state);
  for (const legId of main) seats.set(legId, { ...NOWHERE, room: roomOf(state) });
  const partner = consultIn(state)?.legId ?? null;
  const { talk } = state;
  if (talk?.side === 'consult' && partner !== null) {
    for (const legId of [talk.legId, partner]) seats.set(legId, { ...NOWHERE, room: state.aside });
  }
  for (const legId of everybody(state)) if (!seats.has(legId)) seats.set(legId, { ...NOWHERE, music: musicOf(state) });
  for (const legId of mutedIn(state)) seats.set(legId, { ...(seats.get(legId) ?? NOWHERE), muted: true });
  for (const { role, legId, phase } of state.guests) {
    if (phase !== 'in' || legId === null || !talk || (role !== 'listen' && role !== 'whisper')) continue;
    seats.set(legId, { ...NOWHERE, monitor: { target: talk.legId, mode: role } });
  }
  return {
    seats,
    rooms: new Set([roomOf(state), partner === null ? null : state.aside].filter((room) => room !== null)),
  };
}

function transferSeating(state: CallState): Seating {
  const { transfer } = state;
  if (!transfer) return { seats: new Map(), rooms: new Set() };
  const seat = { ...NOWHERE, room: transfer.bridgeId };
  return {
    seats: new Map([customer(state).id, transfer.legId].map((legId) => [legId, seat])),
    rooms: new Set([transfer.bridgeId]),
  };
}

/** Who is together with the customer, or would be if he were not on hold. */
function mainRoom(state: CallState): readonly LegId[] {
  const { talk } = state;
  const members = membersIn(state).flatMap(({ legId }) => legId ?? []);
  const leader = talk?.side === 'customer' ? [talk.legId] : [];
  const present = [...(isOnHold(state) ? [] : [customer(state).id]), ...leader, ...members];
  if (present.length > 1) return present;
  // Alone by his own choice; the others are given music.
  return talk?.held && talk.side === 'customer' ? leader : [];
}

/** All but those who listen in. */
function everybody(state: CallState): readonly LegId[] {
  const guests = state.guests.filter(({ role, phase }) => phase === 'in' && (role === 'member' || role === 'consult'));
  return [customer(state).id, ...(state.talk ? [state.talk.legId] : []), ...guests.flatMap(({ legId }) => legId ?? [])];
}

function mutedIn({ talk, guests }: CallState): readonly LegId[] {
  const muted = guests.filter((guest) => guest.muted && guest.phase === 'in').flatMap(({ legId }) => legId ?? []);
  return talk?.muted ? [talk.legId, ...muted] : muted;
}

/** Calls of an older Callwright know it by the talk alone. */
const roomOf = ({ room, talk }: CallState): BridgeId | null => room ?? talk?.bridgeId ?? null;

const musicOf = ({ place }: CallState): string => place?.music ?? USUAL_MUSIC;

/**
 * What takes everybody from where they are to where they are to be. First those who go from room to room, then rooms end, then
 * who is alone is given music: a leg that is still in a bridge would not hear what is played to it.
 */
export function moves(from: Seating, to: Seating, staying: readonly CallLeg[]): readonly SwitchCommand[] {
  const steps = staying.map(({ id: legId }) => ({
    legId,
    was: from.seats.get(legId) ?? NOWHERE,
    is: to.seats.get(legId) ?? NOWHERE,
  }));
  return [
    ...steps.flatMap(leaveMonitor),
    ...steps.filter(({ was, is }) => was.muted && !is.muted).map(({ legId }) => mute(legId, false)),
    ...[...to.rooms].flatMap((room) => gather(room, steps)),
    ...[...from.rooms]
      .filter((room) => !to.rooms.has(room))
      .map((bridgeId) => ({ type: 'unbridge', bridgeId }) as const),
    ...steps.flatMap((step) => part(step, to.rooms)),
    ...steps.flatMap(hearMusic),
    ...steps.flatMap(takeMonitor),
    ...steps.filter(({ was, is }) => is.muted && !was.muted).map(({ legId }) => mute(legId, true)),
  ];
}

interface Step {
  readonly legId: LegId;
  readonly was: Seat;
  readonly is: Seat;
}

const mute = (legId: LegId, on: boolean): SwitchCommand => ({ type: 'mute', legId, on });

const leaveMonitor = ({ legId, was, is }: Step): readonly SwitchCommand[] =>
  was.monitor && !is.monitor ? [{ type: 'monitor.stop', legId }] : [];

function takeMonitor({ legId, was, is }: Step): readonly SwitchCommand[] {
  const [a, b] = [was.monitor, is.monitor];
  return !b || (a?.target === b.target && a.mode === b.mode) ? [] : [{ type: 'monitor', legId, ...b }];
}

function gather(room: BridgeId, steps: readonly Step[]): readonly SwitchCommand[] {
  const legIds = steps.filter(({ was, is }) => is.room === room && was.room !== room).map(({ legId }) => legId);
  return legIds.length === 0 ? [] : [{ type: 'bridge', bridgeId: room, legIds }];
}

/** Out of a room that goes on without it; the end of a room puts out all who are in it. */
const part = ({ legId, was, is }: Step, rooms: ReadonlySet<BridgeId>): readonly SwitchCommand[] =>
  was.room !== null && is.room === null && rooms.has(was.room) ? [{ type: 'part', bridgeId: was.room, legId }] : [];

/** Music ends by itself when its leg is joined to others. */
function hearMusic({ legId, was, is }: Step): readonly SwitchCommand[] {
  if (is.music !== null) return is.music === was.music ? [] : [{ type: 'music.start', legId, class: is.music }];
  return was.music !== null && is.room === null ? [{ type: 'music.stop', legId }] : [];
}

/**
 * Puts everybody where they are to be, whatever the switch did of it already: all of it is harmless when it was done.
 */
export function reseat(state: CallState): readonly SwitchCommand[] {
  const to = seatingOf(state);
  const seated = state.legs.filter((leg) => isLive(leg) && leg.dropped !== true && to.seats.has(leg.id));
  const strays = seated.flatMap(({ id }): SwitchCommand[] => {
    const { room, monitor } = to.seats.get(id) ?? NOWHERE;
    const elsewhere = [...to.rooms].filter((other) => other !== room);
    const parting = room === null ? elsewhere.map((bridgeId) => ({ type: 'part', bridgeId, legId: id }) as const) : [];
    const isGuest = state.guests.some(({ legId }) => legId === id);
    return [...parting, ...(isGuest && !monitor ? [{ type: 'monitor.stop', legId: id } as const] : [])];
  });
  const heard = seated.filter(({ id, role }) => role !== 'customer' && to.seats.get(id)?.muted === false);
  const empty: Seating = { seats: new Map(), rooms: new Set() };
  return [...strays, ...heard.map(({ id }) => mute(id, false)), ...moves(empty, to, seated)];
}
