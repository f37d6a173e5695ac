import { setImmediate as breathe } from 'node:timers/promises';
import { KpiBook } from '../acd/kpi/book.ts';
import type { Cut, KpiCell } from '../acd/kpi/cell-words.ts';
import { Intervals } from '../acd/kpi/intervals.ts';
import { KPI_SETTINGS, type KpiSettings } from '../acd/kpi/words.ts';
import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import type { FollowUpRules } from '../work/follow-up-rules.ts';
import { dayOf } from './day-desk.ts';
import { beginsAfter, DISORDER_MS, RUN_UP_MS, SeenTwice, slices } from './journal-span.ts';
import { ImportedFigures } from './key-figures-imported.ts';
import { outboundOf, type OutboundRooms } from './key-figures-outbound.ts';
import type { CutWish, Figures } from './ports/figures.ts';
import type { ImportedBook } from './ports/imported.ts';
import { reportCsv } from './report-csv.ts';
import { reportPage } from './report-page.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

/** Reports that go on by themselves are kept for the next who asks; so many. */
const MOST_BOOKS = 4;
/** What an answer holds, and a page can show. */
const MOST_CELLS = 1_000;
/** Cells that are reckoned in one go. */
const CELLS_A_TURN = 20;
/** So long after the span it is looked for what became of its calls; a line that is open longer has been forgotten. */
const AFTER_MS = 12 * 3_600_000;

interface Reading {
  readonly book: KpiBook;
  readonly seen: SeenTwice;
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  cursor: string | null;
  /** When the journal began as this was opened, if it began too late. */
  journalBegins: EpochMs | null;
}

interface FigureRooms extends OutboundRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: OutboundRooms['history'] & ImportedBook;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly agents: () => readonly AgentProfile[];
  /** Teams of each agent, as they are now. */
  readonly teams: () => ReadonlyMap<AgentId, readonly string[]>;
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
  readonly #imports: ImportedFigures;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(rooms: FigureRooms) {
    this.#rooms = rooms;
    this.#imports = new ImportedFigures(rooms);
  }

  imported(...asked: Parameters<Figures['imported']>) {
    return this.#imports.read(...asked);
  }

  keepImported(...asked: Parameters<Figures['keepImported']>) {
    return this.#imports.keep(...asked);
  }

  /** @param to null: up to now */
  report(from: EpochMs, to: EpochMs | null) {
    return this.#inTurn(async () => {
      const { book, ...told } = await this.#count(from, to, null);
      return { report: book.report(), imported: await this.imported(from, to, []), ...told };
    });
  }

  /** As `report`, and the same figures of each cell. */
  cells(from: EpochMs, to: EpochMs | null, wish: CutWish): ReturnType<Figures['cells']> {
    return this.#inTurn(async () => {
      const wide = tooWide(from, to, wish);
      if (wide) return wide;
      const { book, ...told } = await this.#count(from, to, { ...wish, teams: this.#rooms.teams() });
      if (book.size > MOST_CELLS) return tooMany(book.size);
      const cells: KpiCell[] = [];
      for (const cell of book.cells()) {
        cells.push(cell);
        if (cells.length % CELLS_A_TURN === 0) await breathe();
      }
      if (cells.length > MOST_CELLS) return tooMany(cells.length);
      const beside = await this.#beside(from, to, wish, cells);
      return { ok: true, value: { report: book.report(), cells, ...beside, ...told } };
    });
  }

  /** What is not counted from the journal: from elsewhere, and of campaigns from their own books. */
  async #beside(from: EpochMs, to: EpochMs | null, { by }: CutWish, cells: readonly KpiCell[]) {
    const imported = await this.imported(from, to, by === null ? [] : [by]);
    if (by !== 'campaign') return { imported, outbound: null };
    const until = Math.min(to ?? Infinity, this.#rooms.clock.now());
    const dialled = new Set(cells.flatMap(({ key }) => key ?? []));
    return { imported, outbound: await outboundOf(this.#rooms, { from, until, dialled }) };
  }

  async sheet(from: EpochMs, to: EpochMs | null, { format, ...wish }: Parameters<Figures['sheet']>[2]) {
    const answer = await this.cells(from, to, wish);
    if (!answer.ok) return answer;
    const page = () => [reportPage({ from, to, ...wish, ...answer.value })];
    const csv = () => reportCsv({ from, to: to ?? this.#rooms.clock.now(), zone: wish.zone, ...answer.value });
    return { ok: true as const, value: format === 'csv' ? csv() : page() };
  }

  async day(from: EpochMs, to: EpochMs | null) {
    const { live, queues, agents } = this.#rooms;
    const told = await this.#inTurn(async () => {
      const journalBegins = await beginsAfter(live, from);
      return { journalBegins, day: await dayOf(live, from, to) };
    });
    return { ...told, queues: [...queues().values()], agents: agents() };
  }

  /** One after the other: who asks for the same waits for what is being read, and does not read it again. */
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(job);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #count(from: EpochMs, to: EpochMs | null, cut: Cut | null) {
    const settings = this.#settings();
    const asked = { from, to, cut };
    const reading = to === null ? this.#open(asked, settings) : this.#fresh(asked, settings);
    await this.#read(reading, Math.max(RUN_UP_MS, settings.repeatMs));
    return { book: reading.book, settings, journalBegins: reading.journalBegins };
  }

  #settings(): KpiSettings {
    const targets = [...this.#rooms.queues().values()].map(({ name, targetMs }) => [name, targetMs] as const);
    return { ...KPI_SETTINGS, ...this.#rooms.settings(), targetMs: new Map(targets) };
  }

  /** Other settings are another book. */
  #open(asked: Asked, settings: KpiSettings): Reading {
    const key = JSON.stringify([asked, settings], (_, value: unknown) => (value instanceof Map ? [...value] : value));
    const kept = this.#readings.get(key) ?? this.#fresh(asked, settings);
    this.#readings.delete(key);
    this.#readings.set(key, kept);
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > MOST_BOOKS && oldest !== undefined) this.#readings.delete(oldest);
    return kept;
  }

  #fresh({ from, to, cut }: Asked, settings: KpiSettings): Reading {
    const book = new KpiBook(settings, { from, to: to ?? Number.POSITIVE_INFINITY, cut });
    return { book, seen: new SeenTwice(), cursor: null, from, to, journalBegins: null };
  }

  /**
   * From before the span, for who had called and what agents were doing, to after it, for what became of its calls.
   * Between two slices whoever else has to do something has his turn.
   */
  async #read(reading: Reading, runUpMs: number): Promise<void> {
    const { book, seen, from, to } = reading;
    const { live } = this.#rooms;
    if (reading.cursor === null) {
      reading.journalBegins = await beginsAfter(live, from);
      reading.cursor = await live.cursorAt(from - runUpMs - DISORDER_MS);
    }
    const until = to === null ? Number.POSITIVE_INFINITY : to + AFTER_MS;
    for await (const { events, cursor } of slices(live, reading.cursor, until)) {
      for (const event of events) if (event.at < until && !seen.has(event)) book.see(event);
      reading.cursor = cursor;
      if (to !== null && book.isSettled && (events.at(-1)?.at ?? 0) >= to + DISORDER_MS) return;
      await breathe();
    }
  }
}

/** Teams of each agent, by their names; an agent may be in several. */
export function teamsOf({ teams }: Pick<FollowUpRules, 'teams'>): ReadonlyMap<AgentId, readonly string[]> {
  const found = new Map<AgentId, string[]>();
  for (const [name, { members }] of teams)
    for (const agent of members) found.set(agent, [...(found.get(agent) ?? []), name]);
  return found;
}

interface Asked {
  readonly from: EpochMs;
  readonly to: EpochMs | null;
  readonly cut: Cut | null;
}

/** Before anything is read: more intervals than an answer holds. */
function tooWide(from: EpochMs, to: EpochMs | null, { every, zone }: CutWish) {
  if (every === null || to === null) return null;
  let count = 0;
  for (const _ of new Intervals(every, zone).within({ from, to })) if ((count += 1) > MOST_CELLS) return tooMany(count);
  return null;
}

const tooMany = (count: number): Extract<Answer<never>, { ok: false }> => ({
  ok: false,
  why: 'invalid',
  sentence: `That would be more than ${MOST_CELLS} cells (${count} at least): ask for longer intervals or a shorter span.`,
});
