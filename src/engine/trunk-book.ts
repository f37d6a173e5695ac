import type { EpochMs } from '../call/ids.ts';
import {
  chooseTrunk,
  takeTrunk,
  type TrunkChoice,
  type TrunkOrder,
  type TrunkRoom,
  trunkRoom,
} from '../dialer/trunk-choice.ts';
import { adoptLines, trunkHeard, type TrunkNews } from '../dialer/trunk-health.ts';
import {
  NO_TRUNKS,
  PLAIN_CARE,
  type TrunkGroup,
  type TrunkRule,
  type TrunksState,
  type TrunkUse,
  trunkIn,
} from '../dialer/trunk-state.ts';
import type { Fact } from '../call/journal.ts';
import type { CallState } from './call/state.ts';
import { outwardLegs } from './call/way-out.ts';
import { insist } from './insist.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { TrunkHealth } from './ports/service.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Site } from './site.ts';
import { recordOf, withRecord } from './trunk-record.ts';

interface BookRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'saveTrunk' | 'loadTrunks'>;
  readonly recorder: Recorder;
  readonly board: { all(): readonly { readonly state: CallState }[] };
  /** Lines that lead to agents at numbers outside. */
  readonly lines: () => readonly { readonly trunk: string; readonly number: string }[];
  /** In force to the end of this process, as are its groups. */
  readonly site: Pick<Site, 'trunks' | 'trunkGroups'>;
}

/** A line of a trunk that is held for somebody. */
interface Held {
  readonly trunk: string;
  readonly number: string;
  readonly at: EpochMs;
}

/**
 * The trunks of this process, shared by all that leaves the house: which of them a call may have, and what its calls tell of
 * it. Other processes have lines and call starts of their own, and find out by themselves that a trunk is dead.
 */
export class TrunkBook {
  readonly #rooms: BookRooms;
  readonly #rules: ReadonlyMap<string, TrunkRule>;
  readonly #groups: ReadonlyMap<string, TrunkGroup>;
  #state: TrunksState = NO_TRUNKS;
  /** By lead, of whom there are no two dials at once; by call, of one that keeps a promise. */
  readonly #held = new Map<string, Held>();
  readonly #downSince = new Map<string, EpochMs>();
  /** What was last written of each, as JSON. */
  readonly #written = new Map<string, string>();

  constructor(rooms: BookRooms) {
    this.#rooms = rooms;
    const { trunks, trunkGroups } = rooms.site;
    this.#rules = new Map([...trunks].map(([name, trunk]) => [name, { routes: [], care: PLAIN_CARE, ...trunk }]));
    this.#groups = trunkGroups ?? new Map();
  }

  has(name: string): boolean {
    return this.#rules.has(name) || this.#groups.has(name);
  }

  hasTrunk(name: string): boolean {
    return this.#rules.has(name);
  }

  names(): readonly string[] {
    return [...this.#rules.keys(), ...this.#groups.keys()];
  }

  group(name: string): TrunkGroup | undefined {
    return this.#groups.get(name);
  }

  /** The trunks that stand behind a name: those of the group, or the one. */
  usesOf(name: string): readonly TrunkUse[] {
    return this.#groups.get(name)?.trunks ?? [{ trunk: name, weight: 1, tier: 0 }];
  }

  /** The number that a trunk shows of its own. */
  callerIdOf(trunk: string): string | null {
    return this.#rooms.site.trunks.get(trunk)?.callerId ?? null;
  }

  /** How each trunk fared, whoever found out and by whatever call: what was dead or failing is spared after a restart too. */
  async recall(): Promise<void> {
    const records = await this.#rooms.live.loadTrunks();
    for (const name of this.#rules.keys()) {
      this.#state = withRecord(this.#state, name, records.get(name));
      this.#written.set(name, this.#textOf(name));
      const { dead } = trunkIn(this.#state, name);
      if (dead) this.#downSince.set(name, dead.since); // it was told then
    }
  }

  /** Counts the lines anew: calls of earlier processes hold some too. */
  look(): void {
    const held = new Map([...this.#rules.keys()].map((trunk) => [trunk, [] as string[]]));
    const add = (trunk: string, number: string) => held.get(trunk)?.push(number);
    for (const { state } of this.#rooms.board.all()) {
      for (const { way, phase } of outwardLegs(state)) if (phase !== 'ended') add(way.trunk, way.number);
    }
    for (const { trunk, number } of this.#rooms.lines()) add(trunk, number);
    for (const { trunk, number } of this.#held.values()) add(trunk, number);
    for (const rule of this.#rules.values()) this.#state = adoptLines(rule, this.#state, held.get(rule.name) ?? []);
  }

  /** As the lines were last looked at. */
  room(uses: readonly TrunkUse[]): TrunkRoom {
    return trunkRoom(this.#rules, this.#state, uses, this.#rooms.clock.now());
  }

  /** As the lines were last looked at; takes nothing. */
  choose(order: TrunkOrder): TrunkChoice {
    return chooseTrunk(this.#rules, this.#state, order, this.#rooms.clock.now());
  }

  /** Takes a line and a call start of the trunk that was chosen for this. */
  take(order: TrunkOrder, trunk: string, at: EpochMs = this.#rooms.clock.now()): void {
    this.#state = takeTrunk(this.#rules, this.#state, order, trunk, at);
  }

  /** Who has taken a line of which no call on the board tells yet. */
  hold(id: string, line: Held): void {
    this.#held.set(id, line);
  }

  held(id: string): Held | undefined {
    return this.#held.get(id);
  }

  /** A call tells of the line from now on, or has ended. */
  letGo(id: string): void {
    this.#held.delete(id);
  }

  /** What was held was not dialled after all. */
  giveBack(id: string): void {
    const line = this.#held.get(id);
    if (!line) return;
    this.#held.delete(id);
    this.hear(line.trunk, { type: 'not-dialled', number: line.number, startedAt: line.at });
  }

  health(name: string): TrunkHealth {
    const { dead, troubles } = trunkIn(this.#state, name);
    const told = Object.entries(troubles).filter(([, { failures }]) => failures > 0);
    return {
      down: dead && { since: this.#downSince.get(name) ?? dead.since, said: dead.said, until: dead.until },
      backOff: told.map(([destination, { said, until }]) => ({ destination, said, until })),
    };
  }

  hear(name: string, news: TrunkNews): void {
    const rule = this.#rules.get(name);
    if (!rule) return;
    const { clock } = this.#rooms;
    const now = clock.now();
    this.#state = trunkHeard(rule, this.#state, news, now);
    this.#keep(name, this.#turnOf(name, now));
  }

  /** What there is to tell when it has gone down, or come up again. */
  #turnOf(name: string, now: EpochMs): readonly Fact[] {
    const { dead } = trunkIn(this.#state, name);
    const since = this.#downSince.get(name);
    if (dead && since === undefined) {
      this.#downSince.set(name, now);
      return [{ type: 'trunk.down', data: { trunk: name, said: dead.said, until: dead.until } }];
    }
    if (dead || since === undefined) return [];
    this.#downSince.delete(name);
    return [{ type: 'trunk.up', data: { trunk: name, downMs: now - since } }];
  }

  #keep(name: string, facts: readonly Fact[]): void {
    const { recorder, live } = this.#rooms;
    const text = this.#textOf(name);
    if (text === this.#written.get(name) && facts.length === 0) return;
    this.#written.set(name, text);
    const events = facts.length === 0 ? [] : recorder.events(`trunk/${name}`, facts);
    recorder.tell(events);
    // Written late, it is written as it is then.
    void insist(this.#rooms, 'health of a trunk', () => live.saveTrunk(name, recordOf(this.#state, name), events));
  }

  #textOf(name: string): string {
    return JSON.stringify(recordOf(this.#state, name));
  }
}
