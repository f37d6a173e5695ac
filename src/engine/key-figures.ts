import { KpiBook } from '../acd/kpi/book.ts';
import { KPI_SETTINGS, type KpiSettings } from '../acd/kpi/words.ts';
import type { EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import { dayOf } from './day-desk.ts';
import type { Figures } from './ports/figures.ts';
import { beginsAfter, DISORDER_MS, RUN_UP_MS, SeenTwice, slices } from './journal-span.ts';
import type { LiveStore } from './ports/live-store.ts';

/** Reports that go on by themselves are kept for the next who asks; so many. */
const MOST_BOOKS = 4;
interface Reading {
  readonly book: KpiBook;
  readonly seen: SeenTwice;
  readonly from: EpochMs;
  cursor: string | null;
  /** When the journal began as this was opened, if it began too late. */
  journalBegins: EpochMs | null;
}

interface FigureRooms {
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly agents: () => readonly AgentProfile[];
  /** What the site says of rates and times. */
  readonly settings: () => Omit<KpiSettings, 'targetMs'>;
}

/**
 * Key figures of a span of time, counted from the journal whenever somebody asks. Who asks again for figures up to now pays
 * only for what is new. As far back as the journal is kept.
 */
export class KeyFigures implements Figures {
  readonly #rooms: FigureRooms;
  readonly #readings = new Map<string, Reading>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(rooms: FigureRooms) {
    this.#rooms = rooms;
  }

  /** @param to null: up to now */
  async report(from: EpochMs, to: EpochMs | null) {
    const told = this.#turn.then(() => this.#count(from, to));
    this.#turn = told.catch(() => undefined);
    return told;
  }

  async day(from: EpochMs, to: EpochMs | null) {
    const { live, queues, agents } = this.#rooms;
    const told = this.#turn.then(async () => {
      const journalBegins = await beginsAfter(live, from);
      return { journalBegins, day: await dayOf(live, from, to) };
    });
    this.#turn = told.catch(() => undefined);
    return { ...(await told), queues: [...queues().values()], agents: agents() };
  }

  async #count(from: EpochMs, to: EpochMs | null) {
    const settings = this.#settings();
    const reading = to === null ? this.#open(from, settings) : this.#fresh(from, settings);
    await this.#read(reading, to, Math.max(RUN_UP_MS, settings.repeatMs));
    return { report: reading.book.report(), settings, journalBegins: reading.journalBegins };
  }

  #settings(): KpiSettings {
    const targets = [...this.#rooms.queues().values()].map(({ name, targetMs }) => [name, targetMs] as const);
    return { ...KPI_SETTINGS, ...this.#rooms.settings(), targetMs: new Map(targets) };
  }

  /** Other settings are another book. */
  #open(from: EpochMs, settings: KpiSettings): Reading {
    const key = JSON.stringify([from, { ...settings, targetMs: [...settings.targetMs] }]);
    const kept = this.#readings.get(key) ?? this.#fresh(from, settings);
    this.#readings.delete(key);
    this.#readings.set(key, kept);
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > MOST_BOOKS && oldest !== undefined) this.#readings.delete(oldest);
    return kept;
  }

  #fresh(from: EpochMs, settings: KpiSettings): Reading {
    return { book: new KpiBook(settings, from), seen: new SeenTwice(), cursor: null, from, journalBegins: null };
  }

  /** @param runUpMs of so long before the span it is read who called, and what agents were doing */
  async #read(reading: Reading, to: EpochMs | null, runUpMs: number): Promise<void> {
    const { book, seen, from } = reading;
    const until = to ?? Infinity;
    const { live } = this.#rooms;
    if (reading.cursor === null) {
      reading.journalBegins = await beginsAfter(live, from);
      reading.cursor = await live.cursorAt(from - runUpMs - DISORDER_MS);
    }
    for await (const { events, cursor } of slices(live, reading.cursor, until)) {
      for (const event of events) if (event.at < until && !seen.has(event)) book.see(event);
      reading.cursor = cursor;
    }
  }
}
