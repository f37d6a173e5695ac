import { Looks } from './looks.ts';
import type { EventArchive } from './ports/event-archive.ts';
import type { LiveStore, StoredText } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

const EVERY_MS = 5_000;
/** Events that make a part of the archive; so many may be in memory at once. */
const PART = 2_000;
/** Events read in one go, a twentieth of a part: a whole one kept the live store, and with it every call, waiting for 20 ms. */
const SLICE = 100;
/** Events are archived together, and wait no longer than this for others. */
const OLD_MS = 15_000;
/** What is younger stays in the live store too, where readers are served at once. */
const LIVE_MS = 3_600_000;
const DAY_MS = 86_400_000;
const TRIM_EVERY_MS = 3_600_000;
/** Of several processes one archives; another goes on after this when it has died. */
const LEASE = 'journal-archive';
const LEASE_MS = 30_000;

export interface ArchiverRooms {
  readonly clock: Clock;
  readonly log: Log;
  /** The live store itself, without what is archived. */
  readonly live: Pick<LiveStore, 'lease' | 'releaseLease' | 'readTexts' | 'firstCursor' | 'trim' | 'cursorAt'>;
  readonly archive: EventArchive;
  /** Name of this process in leases. */
  readonly owner: string;
  /** Events are forgotten after so many days. */
  readonly days: number;
}

/**
 * Moves the journal from the live store, which holds it in memory, to the archive. Nothing waits for it: with the database away the
 * live store keeps more, up to its own bound, and the archive goes on where it ended.
 */
export class JournalArchiver {
  readonly #rooms: ArchiverRooms;
  readonly #looks: Looks;
  #trimAt = 0;

  constructor(rooms: ArchiverRooms) {
    this.#rooms = rooms;
    const { clock, log } = rooms;
    const failing = 'the journal is not archived for the moment; nothing is lost';
    this.#looks = new Looks({ clock, log, everyMs: EVERY_MS, look: () => this.#archive(), failing });
  }

  start(): void {
    this.#looks.start();
  }

  async stop(): Promise<void> {
    await this.#looks.stop();
    const { live, owner } = this.#rooms;
    await live.releaseLease(LEASE, owner).catch(() => undefined);
  }

  async #archive(): Promise<void> {
    const { live, owner } = this.#rooms;
    const { mine } = await live.lease(LEASE, owner, LEASE_MS);
    if (mine) await this.#moveOn();
  }

  async #moveOn(): Promise<void> {
    while (!this.#looks.isStopped && (await this.#addPart()));
    await this.#trim();
  }

  /** True: a whole part was added, and there may be more. */
  async #addPart(): Promise<boolean> {
    const { live, archive, clock, log } = this.#rooms;
    const end = await archive.end();
    const events = await this.#readPart(end);
    const [first] = events;
    if (!first) return false;
    const old = await live.cursorAt(clock.now() - OLD_MS);
    if (events.length < PART && (old === null || first.cursor > old)) return false;
    if (await archive.add(end, events)) return events.length === PART;
    log.info({ end }, 'another process archives the journal');
    return false;
  }

  async #readPart(end: string | null): Promise<readonly StoredText[]> {
    const part: StoredText[] = [];
    for (let [from, isLast] = [end, false]; !isLast && part.length < PART; ) {
      const slice = await this.#rooms.live.readTexts(from, SLICE);
      part.push(...slice);
      [from, isLast] = [slice.at(-1)?.cursor ?? from, slice.length < SLICE];
    }
    return part;
  }

  /** The live store forgets only what the archive has. */
  async #trim(): Promise<void> {
    const { live, archive, clock, days } = this.#rooms;
    const now = clock.now();
    const [end, young] = [await archive.end(), await live.cursorAt(now - LIVE_MS)];
    if (end !== null && young !== null) await live.trim(young < end ? young : end);
    if (now < this.#trimAt) return;
    this.#trimAt = now + TRIM_EVERY_MS;
    const kept = await live.cursorAt(now - days * DAY_MS);
    if (kept !== null) await archive.trim(kept);
  }
}
