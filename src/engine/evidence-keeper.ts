import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { isOfCall, isOfCampaign } from '../dialer/evidence-facts.ts';
import { faultName } from './flow-services.ts';
import { slices } from './journal-span.ts';
import type { EvidenceBook, KeptFact } from './ports/evidence.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

/** Facts are written together: one write a second, whatever the traffic. */
const EVERY_MS = 1_000;
/** Of more than this nothing is held: it is read from the journal again once the database answers. */
const MOST = 50_000;
/** No call of a campaign lasts longer. What a process that died had not written is younger than this, too. */
const RUN_UP_MS = 2 * 3_600_000;

interface KeeperRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly history: EvidenceBook;
}

interface OwnCall {
  readonly campaignId: string;
  readonly startedAt: EpochMs;
}

/** Picks from the journal's facts those that tell how campaigns dialled, and to which campaign each belongs. */
class Picker {
  readonly #calls = new Map<string, OwnCall>();

  pick(event: JournalEvent): KeptFact | null {
    if (event.type === 'attempt.started') {
      this.#calls.set(event.subject, { campaignId: event.data.campaignId, startedAt: event.at });
    }
    const call = this.#calls.get(event.subject);
    if (event.type === 'call.ended') this.#calls.delete(event.subject);
    if (call) return isOfCall(event.type) ? { ...call, event } : null;
    return isOfCampaign(event) ? { campaignId: event.data.campaignId, startedAt: event.at, event } : null;
  }
}

/**
 * Keeps in SQL, for good, the facts that an evidence pack is made of: the journal forgets. Off the way of the calls, which
 * wait for none of it. What could not be written is read from the journal again, so a fact is missed only when nobody wrote
 * for so long that the journal has forgotten it.
 */
export class EvidenceKeeper {
  readonly #rooms: KeeperRooms;
  readonly #picker = new Picker();
  #waiting: KeptFact[] = [];
  /** When facts were let go for want of room; null: none were. */
  #behindSince: EpochMs | null = null;
  #alarm: (() => void) | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(rooms: KeeperRooms) {
    this.#rooms = rooms;
  }

  see(event: JournalEvent): void {
    const fact = this.#picker.pick(event);
    if (!fact) return;
    this.#waiting.push(fact);
    if (this.#waiting.length > MOST) {
      this.#behindSince ??= this.#waiting[0]?.event.at ?? event.at;
      this.#waiting = [];
    }
    this.#wakeUp();
  }

  /** What the journal tells and is not in SQL yet. */
  async catchUp(): Promise<void> {
    try {
      const last = await this.#rooms.history.lastEvidenceAt();
      await this.#fromJournal(last ?? 0);
    } catch (error) {
      this.#rooms.log.warn(
        { fault: faultName(error) },
        'evidence of the last process not written: done at the next start',
      );
    }
  }

  /** Resolves when all that happened before is in SQL, also what other processes journalled; rejects when it cannot be. */
  async settle(): Promise<void> {
    this.#flush();
    await this.#writing;
    await this.#fromJournal((await this.#rooms.history.lastEvidenceAt()) ?? 0);
  }

  async stop(): Promise<void> {
    this.#alarm?.();
    this.#flush();
    await this.#writing;
    this.#alarm?.();
  }

  async #fromJournal(since: EpochMs): Promise<void> {
    const { live, history, clock } = this.#rooms;
    const picker = new Picker();
    const cursor = await live.cursorAt(since - RUN_UP_MS);
    for await (const { events } of slices(live, cursor, clock.now())) {
      await history.keepEvidence(events.flatMap((event) => picker.pick(event) ?? []));
    }
  }

  #wakeUp(): void {
    const { clock } = this.#rooms;
    this.#alarm ??= clock.at(clock.now() + EVERY_MS, () => this.#flush());
  }

  #flush(): void {
    this.#alarm = null;
    this.#writing = this.#writing.then(() => this.#write());
  }

  async #write(): Promise<void> {
    const batch = this.#waiting;
    const behind = this.#behindSince;
    this.#waiting = [];
    this.#behindSince = null;
    try {
      await this.#rooms.history.keepEvidence(batch);
      if (behind !== null) await this.#fromJournal(behind);
    } catch (error) {
      this.#rooms.log.warn(
        { fault: faultName(error), kept: batch.length },
        'evidence not written: tried again in a second',
      );
      this.#waiting = [...batch, ...this.#waiting];
      this.#behindSince = behind ?? this.#behindSince;
      this.#wakeUp();
    }
  }
}
