import type { EpochMs } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { type DialNews, EvidencePicker } from './evidence-picker.ts';
import { faultName } from './flow-services.ts';
import { slices } from './journal-span.ts';
import type { AnsweredRow, AnsweredWord, EvidenceBook, KeptFact } from './ports/evidence.ts';
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

/** What is to be written together. */
class Batch {
  readonly facts: KeptFact[] = [];
  /** By call: the last one says all. */
  readonly rows = new Map<string, AnsweredRow>();
  readonly words: AnsweredWord[] = [];
  readonly news: DialNews[] = [];

  add({ fact, row, word, news }: ReturnType<EvidencePicker['pick']>): void {
    if (fact) this.facts.push(fact);
    if (row) this.rows.set(row.callId, row);
    if (word) this.words.push(word);
    if (news) this.news.push(news);
  }

  /** With what came later. */
  with(later: Batch): this {
    this.facts.push(...later.facts);
    for (const row of later.rows.values()) this.rows.set(row.callId, row);
    this.words.push(...later.words);
    this.news.push(...later.news);
    return this;
  }
}

/**
 * Keeps in SQL, for good, the facts that an evidence pack is made of: the journal forgets. Off the way of the calls, which
 * wait for none of it. What could not be written is read from the journal again, so a fact is missed only when nobody wrote
 * for so long that the journal has forgotten it.
 */
export class EvidenceKeeper {
  readonly #rooms: KeeperRooms;
  readonly #picker = new EvidencePicker();
  readonly #listeners: ((news: DialNews) => void)[] = [];
  #waiting = new Batch();
  /** When facts were let go for want of room; null: none were. */
  #behindSince: EpochMs | null = null;
  #alarm: (() => void) | null = null;
  /** The last write did not succeed. */
  #failed = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(rooms: KeeperRooms) {
    this.#rooms = rooms;
  }

  /** Tells at once of each dial that counts otherwise than before. */
  listen(listener: (news: DialNews) => void): void {
    this.#listeners.push(listener);
  }

  see(event: JournalEvent): void {
    const picked = this.#picker.pick(event);
    if (!picked.fact) return;
    this.#waiting.add(picked);
    for (const listener of this.#listeners) if (picked.news) listener(picked.news);
    if (this.#waiting.facts.length > MOST) {
      this.#behindSince ??= this.#waiting.facts[0]?.event.at ?? event.at;
      this.#waiting = new Batch();
    }
    this.#wakeUp();
  }

  /** What the journal tells and is not in SQL yet; calls that go on are known from then on. */
  async catchUp(): Promise<void> {
    const { history, clock, log } = this.#rooms;
    try {
      const last = await history.lastEvidenceAt();
      const begun = clock.now();
      await this.#fromJournal((last ?? 0) - RUN_UP_MS, this.#picker);
      // What was told while that was read, of calls that were not known yet.
      await this.#fromJournal(begun, this.#picker);
    } catch (error) {
      log.warn({ fault: faultName(error) }, 'evidence of the last process not written: done at the next start');
    }
  }

  /**
   * Reads the books when all that was told is in them and nothing is being added; `use` gets what was told meanwhile: the two
   * together are all. Rejects when the database does not answer.
   */
  still<T, U>(read: () => Promise<T>, use: (value: T, meanwhile: readonly DialNews[]) => U): Promise<U> {
    const done = this.#writing.then(async () => {
      await this.#write();
      if (this.#behindSince !== null || this.#failed) throw new Error('the evidence could not be written');
      return use(await read(), this.#waiting.news);
    });
    this.#writing = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  /** Resolves when all that happened before is in SQL, also what other processes journalled; rejects when it cannot be. */
  async settle(): Promise<void> {
    const { history } = this.#rooms;
    const catchUp = async () =>
      this.#fromJournal(((await history.lastEvidenceAt()) ?? 0) - RUN_UP_MS, new EvidencePicker());
    await this.still(catchUp, () => undefined);
  }

  async stop(): Promise<void> {
    this.#alarm?.();
    this.#flush();
    await this.#writing;
    this.#alarm?.();
  }

  /** The dials only when all is read: half of one would say less than is known. */
  async #fromJournal(since: EpochMs, picker: EvidencePicker): Promise<void> {
    const { live, history, clock } = this.#rooms;
    const dials = new Batch();
    for await (const { events } of slices(live, await live.cursorAt(since), clock.now())) {
      const slice = new Batch();
      for (const event of events) slice.add(picker.pick(event));
      await history.keepEvidence(slice.facts);
      slice.facts.length = 0;
      dials.with(slice);
    }
    await history.keepAnswered([...dials.rows.values()], dials.words);
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
    const { history, log } = this.#rooms;
    const batch = this.#waiting;
    const behind = this.#behindSince;
    this.#waiting = new Batch();
    this.#behindSince = null;
    this.#failed = false;
    try {
      await history.keepEvidence(batch.facts);
      await history.keepAnswered([...batch.rows.values()], batch.words);
      if (behind !== null) await this.#fromJournal(behind - RUN_UP_MS, new EvidencePicker());
    } catch (error) {
      const kept = batch.facts.length;
      log.warn({ fault: faultName(error), kept }, 'evidence not written: tried again in a second');
      this.#failed = true;
      this.#waiting = batch.with(this.#waiting);
      this.#behindSince = behind ?? this.#behindSince;
      this.#wakeUp();
    }
  }
}
