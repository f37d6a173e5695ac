import type { EpochMs } from '../call/ids.ts';
import { clip } from './clip.ts';
import { roomFor, routesRoom, trunkLimit } from './trunk-limits.ts';
import {
  destinationOf,
  routeOf,
  type Trouble,
  type TrunkRule,
  type TrunksState,
  type TrunkState,
  type TrunkUse,
  troubleOf,
  trunkIn,
  withTrunk,
} from './trunk-state.ts';

export interface TrunkOrder {
  /** Whose turns are counted: a campaign's, or of all calls that go by a trunk or group of this name. */
  readonly turnsOf: string;
  readonly number: string;
  readonly uses: readonly TrunkUse[];
  /** Within a tier: by weight, or the cheapest for this number and by weight among equals. */
  readonly prefer: 'weight' | 'rate';
  /**
   * Somebody is on the line and waits for it. When no trunk may have the call, one that has a line gets it all the same: one
   * whose starts are used up before one that failed, since a call that is not even tried is lost for certain.
   */
  readonly pressing?: boolean;
}

export type TrunkChoice =
  | {
      readonly ok: true;
      readonly trunk: string;
      /** The one call that is to show whether the trunk has recovered. */
      readonly probe: boolean;
      readonly why: string;
      /** With a line and a call start of the trunk taken. */
      readonly state: TrunksState;
    }
  | {
      readonly ok: false;
      /** One sentence per trunk. */
      readonly because: readonly string[];
      /** When it is worth to ask again; null: when a line is given back, or the settings change. */
      readonly until: EpochMs | null;
    };

interface Candidate {
  readonly use: TrunkUse;
  readonly rule: TrunkRule;
  readonly perMinute: number;
  readonly probe: boolean;
}

type Judgement =
  | { readonly ok: true; readonly candidate: Candidate }
  | {
      readonly ok: false;
      readonly sentence: string;
      readonly until: EpochMs | null;
      /** Who would do if need be; `trouble`: it failed lately. */
      readonly pressed?: { readonly candidate: Candidate; readonly trouble: boolean };
    };

/**
 * The trunk for one call: of the lowest tier that has one which leads there, has a line and a call start, and does not fail.
 * A trunk or a destination that failed gets one call when its time is over, and no other before that one has shown a sign of
 * life. The line and the start are taken in the answer's state; `trunkHeard` gives the line back.
 */
export function chooseTrunk(
  rules: ReadonlyMap<string, TrunkRule>,
  state: TrunksState,
  order: TrunkOrder,
  now: EpochMs,
): TrunkChoice {
  const judged = order.uses.map((use) => judge(rules, state, order, use, now));
  const able = ableOf(judged, order);
  const chosen = pick(able, state, order);
  if (!chosen) {
    const refused = judged.flatMap((judgement) => (judgement.ok ? [] : [judgement]));
    const times = refused.flatMap(({ until }) => (until === null ? [] : [until]));
    const because = refused.map(({ sentence }) => sentence);
    const until = times.length === 0 ? null : Math.min(...times);
    return { ok: false, because: because.length > 0 ? because : ['There is no trunk for it.'], until };
  }
  const { rule, probe } = chosen.candidate;
  const taken = take({ ...state, turns: { ...state.turns, [order.turnsOf]: chosen.turns } }, rule, order.number, now);
  return { ok: true, trunk: rule.name, probe, why: whyOf(chosen.candidate, able.length), state: taken };
}

/**
 * Takes for a call what was chosen for it, though meanwhile it may be another's turn: the line and the start are counted
 * whatever happens, for the call is on its way.
 */
export function takeTrunk(
  rules: ReadonlyMap<string, TrunkRule>,
  state: TrunksState,
  order: TrunkOrder,
  trunk: string,
  now: EpochMs,
): TrunksState {
  const choice = chooseTrunk(rules, state, order, now);
  const rule = rules.get(trunk);
  if (choice.ok && choice.trunk === trunk) return choice.state;
  return rule ? take(state, rule, order.number, now) : state;
}

/** Who may have the call; where nobody may and it presses, who can. */
function ableOf(judged: readonly Judgement[], { pressing = false }: TrunkOrder): readonly Candidate[] {
  const able = judged.flatMap((judgement) => (judgement.ok ? [judgement.candidate] : []));
  if (able.length > 0 || !pressing) return able;
  const pressed = judged.flatMap((judgement) => (judgement.ok ? [] : (judgement.pressed ?? [])));
  const sound = pressed.filter(({ trouble }) => !trouble);
  return (sound.length > 0 ? sound : pressed).map(({ candidate }) => candidate);
}

function judge(
  rules: ReadonlyMap<string, TrunkRule>,
  state: TrunksState,
  { number }: TrunkOrder,
  use: TrunkUse,
  now: EpochMs,
): Judgement {
  const rule = rules.get(use.trunk);
  const no = (sentence: string, until: EpochMs | null = null) => ({ ok: false, sentence, until }) as const;
  if (!rule) return no(`There is no trunk ${use.trunk}.`);
  const title = `Trunk ${rule.name}`;
  const route = routeOf(rule, number);
  // Routes speak of numbers of the world; an extension of another site goes wherever its trunk leads.
  if (rule.routes.length > 0 && !route && number.startsWith('+')) return no(`${title} has no route to this number.`);
  const trunk = trunkIn(state, rule.name);
  const trouble = troubleOf(trunk, destinationOf(rule, number));
  const probe = trunk.dead !== null || trouble !== null;
  const candidate = { use, rule, perMinute: route?.perMinute ?? 0, probe };
  const held = sparedBecause(rule, state, number, now);
  const room = roomFor(rule, trunk, number, now);
  if (!held && room.ok) return { ok: true, candidate };
  const refused = held ? no(held.sentence, held.until) : no(room.because, room.until);
  return room.hasLine ? { ...refused, pressed: { candidate, trouble: held !== null } } : refused;
}

/** Why the trunk gets no call to this number at this moment: it is dead, or fails there; null: it may have one. */
function sparedBecause(rule: TrunkRule, state: TrunksState, number: string, now: EpochMs) {
  const trunk = trunkIn(state, rule.name);
  const title = `Trunk ${rule.name}`;
  const destination = destinationOf(rule, number);
  const trouble = troubleOf(trunk, destination);
  return heldBack(`${title} is dead`, trunk.dead, now) ?? heldBack(`${title} fails to ${destination}`, trouble, now);
}

export interface TrunkRoom {
  /** Of the trunks that are not dead. */
  readonly lines: number;
  readonly linesInUse: number;
  /** Calls that may start now, wherever to. */
  readonly launch: number;
  /** One sentence per trunk that is full. */
  readonly because: readonly string[];
  /** One sentence per trunk that is dead. */
  readonly dead: readonly string[];
}

/** What all trunks of a campaign have room for, before it is known who is dialled. */
export function trunkRoom(
  rules: ReadonlyMap<string, TrunkRule>,
  state: TrunksState,
  uses: readonly TrunkUse[],
  now: EpochMs,
): TrunkRoom {
  const names = [...new Set(uses.map(({ trunk }) => trunk))];
  const rooms = names.flatMap((name) => {
    const rule = rules.get(name);
    return rule ? [roomOf(rule, trunkIn(state, name), now)] : [];
  });
  const sum = (of: (room: OneRoom) => number) => rooms.reduce((total, room) => total + of(room), 0);
  return {
    lines: sum(({ lines }) => lines),
    linesInUse: sum(({ linesInUse }) => linesInUse),
    launch: sum(({ launch }) => launch),
    because: rooms.flatMap(({ full }) => full ?? []),
    dead: rooms.flatMap(({ dead }) => dead ?? []),
  };
}

interface OneRoom {
  readonly lines: number;
  readonly linesInUse: number;
  readonly launch: number;
  readonly full: string | null;
  readonly dead: string | null;
}

/** A dead trunk has one line, when it is time to try it. */
function roomOf(rule: TrunkRule, trunk: TrunkState, now: EpochMs): OneRoom {
  const { linesInUse, dead } = trunk;
  const title = `Trunk ${rule.name}`;
  const limit = trunkLimit(rule, trunk);
  const own = clip(Infinity, { campaign: limit, trunk: limit }, now);
  const there = routesRoom(rule, trunk, now);
  const launch = Math.min(own.launch, there.launch);
  const because = there.launch < own.launch ? there.because : own.because;
  if (!dead) return { lines: rule.lines, linesInUse, launch, full: because, dead: null };
  const held = heldBack(`${title} is dead`, dead, now);
  const probes = Math.min(launch, held ? 0 : 1);
  const sentence = held?.sentence ?? `${title} is dead (${dead.said}); the next call tries whether it is over.`;
  return { lines: linesInUse + probes, linesInUse, launch: probes, full: null, dead: sentence };
}

/** A probe that nothing was heard of for so long went down with its process: no call takes as long to ring. */
const PROBE_LOST_MS = 180_000;

/** In trouble, and neither is its time over nor may another probe begin. */
function heldBack(
  what: string,
  trouble: Trouble | null,
  now: EpochMs,
): { readonly sentence: string; readonly until: EpochMs | null } | null {
  if (!trouble) return null;
  if (trouble.probeAt !== null && now - trouble.probeAt < PROBE_LOST_MS) {
    return { sentence: `${what}; one call tries whether it is over.`, until: trouble.probeAt + PROBE_LOST_MS };
  }
  if (now >= trouble.until) return null;
  const seconds = Math.ceil((trouble.until - now) / 1_000);
  return { sentence: `${what} (${trouble.said}); one call will try in ${seconds} s.`, until: trouble.until };
}

/** The one whose turn it is, and the turns after it. Trunks that cannot take the call neither gain nor lose. */
function pick(able: readonly Candidate[], state: TrunksState, { turnsOf, prefer }: TrunkOrder) {
  const tier = Math.min(...able.map(({ use }) => use.tier));
  const inTier = able.filter(({ use }) => use.tier === tier);
  const cheapest = Math.min(...inTier.map(({ perMinute }) => perMinute));
  const equal = prefer === 'rate' ? inTier.filter(({ perMinute }) => perMinute === cheapest) : inTier;
  const turns = { ...state.turns[turnsOf] };
  let best: Candidate | undefined;
  let total = 0;
  for (const candidate of equal) {
    const { trunk, weight } = candidate.use;
    const turn = (turns[trunk] ?? 0) + weight;
    turns[trunk] = turn;
    total += weight;
    if (!best || turn > (turns[best.use.trunk] ?? 0)) best = candidate;
  }
  if (!best) return undefined;
  turns[best.use.trunk] = (turns[best.use.trunk] ?? 0) - total;
  return { candidate: best, turns };
}

function take(state: TrunksState, rule: TrunkRule, number: string, now: EpochMs): TrunksState {
  const trunk = trunkIn(state, rule.name);
  const destination = destinationOf(rule, number);
  const trouble = troubleOf(trunk, destination);
  return withTrunk(state, rule.name, {
    ...roomFor(rule, trunk, number, now).taken,
    dead: trunk.dead && { ...trunk.dead, probeAt: now },
    troubles: trouble ? { ...trunk.troubles, [destination]: { ...trouble, probeAt: now } } : trunk.troubles,
  });
}

function whyOf({ use, rule, probe }: Candidate, able: number): string {
  if (probe) return `Trunk ${rule.name}: this call tries whether it works again.`;
  const how = able === 1 ? 'the only one that can take the call' : `its turn by weight ${use.weight}`;
  return use.tier === 0 ? `Trunk ${rule.name}: ${how}.` : `Trunk ${rule.name} of tier ${use.tier}: ${how}.`;
}
