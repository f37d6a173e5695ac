import type { Why } from '../call/why.ts';
import type { JournalEvent } from '../call/journal.ts';
import { faultName } from './flow-services.ts';
import type { History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

/** Decisions are written together: one write a second, whatever the traffic. */
const EVERY_MS = 1_000;
/** A database that is away so long that more than this gather has lost them; the journal has them for longer. */
const MOST = 20_000;
const SLICE = 500;
const KEPT_MS = 90 * 86_400_000;
const TRIM_EVERY_MS = 3_600_000;
/** Written, and not yet in SQL when a process died. */
const OVERLAP_MS = 60_000;

interface KeeperRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly history: Pick<History, 'keepDecisions' | 'lastDecisionAt' | 'trimDecisions'>;
}

/** Keeps in SQL, for 90 days, why each call was offered to whom. Off the way of the calls: they wait for none of it. */
export class DecisionKeeper {
  readonly #rooms: KeeperRooms;
  #waiting: Why[] = [];
  #alarm: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();
  #trimAt = 0;

  constructor(rooms: KeeperRooms) {
    this.#rooms = rooms;
  }

  see(event: JournalEvent): void {
    const why = decisionIn(event);
    if (!why) return;
    this.#waiting.push(why);
    if (this.#waiting.length > MOST) this.#waiting.shift();
    const { clock } = this.#rooms;
    this.#alarm ??= clock.at(clock.now() + EVERY_MS, () => this.#flush());
  }

  /** What the journal tells and a process that died had not written yet. */
  async catchUp(): Promise<void> {
    try {
      await this.#fromJournal();
    } catch (error) {
      this.#rooms.log.warn(
        { fault: faultName(error) },
        'decisions of the last process not written: done at the next start',
      );
    }
  }

  async #fromJournal(): Promise<void> {
    const { live, history } = this.#rooms;
    const last = await history.lastDecisionAt();
    let cursor = await live.cursorAt((last ?? 0) - OVERLAP_MS);
    for (;;) {
      const stored = await live.read(cursor, SLICE);
      await history.keepDecisions(stored.map(({ event }) => decisionIn(event)).filter((why) => why !== null));
      cursor = stored.at(-1)?.cursor ?? cursor;
      if (stored.length < SLICE) return;
    }
  }

  async stop(): Promise<void> {
    this.#alarm?.();
    this.#flush();
    await this.#writing;
    this.#alarm?.();
  }

  #flush(): void {
    this.#alarm = null;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const { clock, history, log } = this.#rooms;
    const batch = this.#waiting;
    this.#waiting = [];
    try {
      await history.keepDecisions(batch);
      if (clock.now() < this.#trimAt) return;
      this.#trimAt = clock.now() + TRIM_EVERY_MS;
      await history.trimDecisions(clock.now() - KEPT_MS);
    } catch (error) {
      log.warn({ fault: faultName(error), kept: batch.length }, 'decisions not written: tried again in a second');
      this.#waiting = [...batch, ...this.#waiting].slice(-MOST);
      this.#alarm ??= clock.at(clock.now() + EVERY_MS, () => this.#flush());
    }
  }
}

function decisionIn(event: JournalEvent): Why | null {
  return event.type === 'call.assigned' ? event.data : null;
}
