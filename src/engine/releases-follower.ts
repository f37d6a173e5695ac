import { z } from 'zod';
import type { EpochMs } from '../call/ids.ts';
import { insist } from './insist.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { ReleaseProcess } from './ports/releases.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import { sameRunning } from './releases-choice.ts';
import type { Releases } from './releases.ts';

/** What a process says of the release that leads its calls, whenever it takes another or cannot. */
export const releaseMessageSchema = z.object({
  type: z.literal('release'),
  from: z.string(),
  release: z.string(),
  canary: z.object({ release: z.string(), percent: z.number() }).nullable(),
  since: z.number(),
  fault: z.string().nullable(),
  /** It has just come up, or may have missed something: say what runs with you. */
  asks: z.boolean(),
});

export type ReleaseMessage = z.output<typeof releaseMessageSchema>;

interface FollowerRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append' | 'leases'>;
  readonly recorder: Recorder;
  readonly releases: Pick<Releases, 'running' | 'follow'>;
  /** Name of this process in leases. */
  readonly owner: string;
  /** The switch whose calls it leads. */
  readonly node: string;
  readonly say: (message: ReleaseMessage) => void;
}

const SWITCH_LEASE = 'switch:';
/** A store that was away is back, a sound that could not be made can be: what is behind is tried so often. */
const AGAIN_MS = 10_000;

/**
 * Keeps this process with the others: what one of them activates all load, from the store that they share. Who cannot says so,
 * keeps what it ran, and tries on. What each runs they tell each other.
 */
export class ReleaseFollower {
  readonly #rooms: FollowerRooms;
  readonly #told = new Map<string, ReleaseMessage>();
  #since: EpochMs;
  #fault: string | null = null;
  #turn: Promise<void> = Promise.resolve();
  #queued = false;
  #again: (() => void) | null = null;
  #stopped = false;

  constructor(rooms: FollowerRooms) {
    this.#rooms = rooms;
    this.#since = rooms.clock.now();
  }

  /** Others are heard from now on: says what runs here, asks what runs there, and takes what was activated meanwhile. */
  start(): void {
    this.#say(true);
    this.look();
  }

  stop(): void {
    this.#stopped = true;
    this.#again?.();
  }

  /** Other releases lead calls here than before. */
  moved(): void {
    this.#since = this.#rooms.clock.now();
    this.#fault = null;
    this.#say(false);
  }

  hear(message: ReleaseMessage): void {
    this.#told.set(message.from, message);
    if (message.asks) this.#say(false);
    if (!sameRunning(message, this.#rooms.releases.running)) this.look();
  }

  /** News may have been lost, here and there. */
  missed(): void {
    this.#say(false);
    this.look();
  }

  look(): void {
    if (this.#stopped || this.#queued) return;
    this.#queued = true;
    this.#again?.();
    this.#again = null;
    this.#turn = this.#turn.then(() => this.#look());
  }

  async idle(): Promise<void> {
    await this.#turn;
  }

  /** Every process that has a switch, by name of the switch. */
  async processes(): Promise<readonly ReleaseProcess[]> {
    const { live, owner: self } = this.#rooms;
    const held = (await live.leases()).filter(({ name }) => name.startsWith(SWITCH_LEASE));
    const alive = new Set(held.map(({ owner }) => owner));
    for (const owner of this.#told.keys()) if (!alive.has(owner)) this.#told.delete(owner);
    return held
      .map(({ name, owner }) => {
        const {
          release = null,
          canary = null,
          since = null,
          fault = null,
        } = (owner === self ? this.#ours(false) : this.#told.get(owner)) ?? {};
        return { node: name.slice(SWITCH_LEASE.length), self: owner === self, release, canary, since, fault };
      })
      .sort((a, b) => (a.node < b.node ? -1 : 1));
  }

  async #look(): Promise<void> {
    this.#queued = false;
    try {
      await this.#rooms.releases.follow();
      if (this.#fault === null) return;
      this.#fault = null;
      this.#say(false);
    } catch (error) {
      this.#behind(error);
    }
  }

  #behind(error: unknown): void {
    const { clock, log, releases, node } = this.#rooms;
    if (!this.#stopped) this.#again = clock.at(clock.now() + AGAIN_MS, () => this.look());
    const told = error instanceof Error && error.name.endsWith('Fault') ? error.message : 'The log has the fault.';
    if (told === this.#fault) return;
    this.#fault = told;
    const { release } = releases.running;
    log.error({ err: error, running: release }, 'the release that others run cannot be loaded here; what ran runs on');
    this.#say(false);
    this.#journal({ node, running: release, why: told });
  }

  #journal(data: { readonly node: string; readonly running: string; readonly why: string }): void {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`switch/${data.node}`, [{ type: 'flows.behind', data }]);
    recorder.tell(events);
    void insist(this.#rooms, 'a release that cannot be loaded', () => live.append(events));
  }

  #say(asks: boolean): void {
    if (!this.#stopped) this.#rooms.say(this.#ours(asks));
  }

  #ours(asks: boolean): ReleaseMessage {
    const { releases, owner: from } = this.#rooms;
    const { release, canary } = releases.running;
    return { type: 'release', from, release, canary, since: this.#since, fault: this.#fault, asks };
  }
}
