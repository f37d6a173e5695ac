import { judgeNumber, type Destinations, type OutsideCaps } from '../call/destinations.ts';
import type { EpochMs, LegId } from '../call/ids.ts';
import type { CallState } from './call/state.ts';
import type { Asker, OutsideRefusal } from './call/world.ts';
import { insist } from './insist.ts';
import type { FlowStore, OutsideLeg } from './ports/flow-store.ts';
import type { Clock, Log } from './ports/time.ts';

interface OutsideRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: Pick<FlowStore, 'saveOutsideLeg' | 'outsideLegs'>;
  /** As they are now, for calls that began under older ones too. */
  readonly destinations: () => Destinations;
  /** Of all calls. */
  readonly states: () => readonly CallState[];
  /** Agents' lines to numbers outside. */
  readonly lines: () => readonly OpenLeg[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MINUTE_MS = 60_000;

/** What a house that sets no caps allows: enough for a help desk's transfers, and no more than a bad night costs. */
const USUAL_CAPS: OutsideCaps = { concurrent: 20, perHour: 120, minutesPerDay: 1_200 };
/** One agent's, where the house says nothing: a busy day of transfers, and a quarter of what all may do. */
const USUAL_AGENT_CAPS: OutsideCaps = { concurrent: 4, perHour: 40, minutesPerDay: 300 };

/**
 * Legs that calls and agents' lines have outside the house, held against its caps: whoever finds a way to make flows dial is
 * stopped before the bill is. Legs of the last 24 hours count, those that are up among them; they are kept, so that a restart forgives nothing.
 */
export class OutsideLegs {
  readonly #rooms: OutsideRooms;
  readonly #legs = new Map<LegId, OutsideLeg>();

  constructor(rooms: OutsideRooms) {
    this.#rooms = rooms;
  }

  async load(): Promise<void> {
    const { flows, clock } = this.#rooms;
    for (const leg of await flows.outsideLegs(clock.now() - DAY_MS)) this.#legs.set(leg.id, leg);
  }

  /** Why this number may not be dialled now, by whom it is asked for; null when it may. */
  refusal(number: string, asker: Asker | null = null): OutsideRefusal | null {
    const destinations = this.#rooms.destinations();
    const verdict = judgeNumber(number, destinations);
    if (verdict !== 'allowed') return verdict;
    const { caps = USUAL_CAPS, capsEach = {} } = destinations;
    const own = asker && (asker.kind === 'agent' ? (capsEach.agent ?? USUAL_AGENT_CAPS) : capsEach[asker.kind]);
    return this.#beyond(caps) ?? (asker && own ? this.#beyond(own, nameOf(asker)) : null);
  }

  /** Looks at what a step made of a call. */
  follow(before: CallState, after: CallState): void {
    const now = this.#rooms.clock.now();
    const [up, was] = [outside(after), outside(before)];
    for (const leg of up) if (!was.some(({ id }) => id === leg.id)) this.begun(leg.id, now, leg.askedBy);
    for (const leg of was) if (!up.some(({ id }) => id === leg.id)) this.ended(leg, now);
  }

  begun(id: LegId, now: EpochMs, askedBy = ''): void {
    this.#keep({ id, begunAt: now, talkedMs: 0, askedBy });
  }

  ended(leg: OpenLeg, now: EpochMs): void {
    this.#keep(asOf(leg, this.#legs.get(leg.id)?.begunAt ?? now, now));
  }

  /** `askedBy`: only those count for whom he asked. */
  #beyond({ concurrent, perHour, minutesPerDay }: OutsideCaps, askedBy?: string): OutsideRefusal | null {
    const now = this.#rooms.clock.now();
    const counts = (leg: { readonly askedBy?: string }) => askedBy === undefined || leg.askedBy === askedBy;
    const up = [...this.#rooms.states().flatMap(outside), ...this.#rooms.lines()].filter(counts);
    if (up.length >= concurrent) return 'concurrent';
    this.#forget(now - DAY_MS);
    const legs = new Map(this.#legs);
    for (const leg of up) legs.set(leg.id, asOf(leg, this.#legs.get(leg.id)?.begunAt ?? now, now));
    const all = [...legs.values()].filter(counts);
    if (all.filter(({ begunAt }) => begunAt > now - HOUR_MS).length >= perHour) return 'per-hour';
    const talkedMs = all.reduce((sum, leg) => sum + leg.talkedMs, 0);
    return talkedMs >= minutesPerDay * MINUTE_MS ? 'minutes-per-day' : null;
  }

  #keep(leg: OutsideLeg): void {
    this.#legs.set(leg.id, leg);
    void insist(this.#rooms, 'leg outside', () => this.#rooms.flows.saveOutsideLeg(leg));
  }

  #forget(before: EpochMs): void {
    for (const { id, begunAt } of this.#legs.values()) if (begunAt <= before) this.#legs.delete(id);
  }
}

export const nameOf = ({ kind, name }: Asker): string => `${kind}:${name}`;

export interface OpenLeg {
  readonly id: LegId;
  /** `agent:<id>`, `flow:<id>` or `campaign:<id>`; nobody in particular: an agent's own seat. */
  readonly askedBy?: string;
  readonly answeredAt: EpochMs | null;
}

/** The legs that a call has outside; a phone of the house costs nothing. */
function outside({ transfer, phase, legs, record }: CallState): readonly OpenLeg[] {
  if (phase === 'ended') return [];
  const reached = legs.filter(({ number, phase: seen }) => number !== undefined && seen !== 'ended');
  const open = reached.map(({ id, answeredAt, askedBy = '' }) => ({ id, answeredAt: answeredAt ?? null, askedBy }));
  if (!transfer?.to.startsWith('+')) return open;
  const askedBy = nameOf({ kind: 'flow', name: record.flow ?? '' });
  return [...open, { id: transfer.legId, answeredAt: transfer.since, askedBy }];
}

const asOf = ({ id, answeredAt, askedBy = '' }: OpenLeg, begunAt: EpochMs, now: EpochMs): OutsideLeg => ({
  id,
  begunAt,
  askedBy,
  talkedMs: answeredAt === null ? 0 : Math.max(0, now - answeredAt),
});
