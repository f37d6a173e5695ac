import type { Fact } from '../call/journal.ts';
import { shownBy, textWithoutPerson } from './erase-facts.ts';
import { PersonWords, spellingsOf } from './erase-words.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
import type { DncDesk } from './ports/dnc.ts';
import type {
  Belongings,
  EraseDesk,
  Erasure,
  ErasureBook,
  ErasureOrder,
  PersonBook,
  PersonKeys,
  StoredErasure,
} from './ports/erasures.ts';
import type { EventArchive } from './ports/event-archive.ts';
import type { FlowDesk } from './ports/flow-desk.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

const LEASE = 'erasure';
/** Long enough for the longest step; who takes over after a crash does harmless work twice at worst. */
const LEASE_MS = 300_000;
const LOOK_MS = 60_000;
/** What was on its way when the first round went by, as a batch of a webhook that is tried, has come to rest by then. */
const SETTLE_MS = 15_000;
const MOST_ROUNDS = 8;
const FEWEST_DIGITS = 6;

export interface EraseRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'rewrite' | 'loadCalls' | 'lease' | 'releaseLease' | 'append'>;
  readonly archive: Pick<EventArchive, 'rewrite'>;
  readonly books: ErasureBook;
  readonly people: PersonBook;
  readonly flowDesk: Pick<FlowDesk, 'eraseVoicemail' | 'eraseRecording'>;
  readonly callbacks: Pick<CallbackDesk, 'cancelCallback'>;
  readonly dnc: Pick<DncDesk, 'erase'>;
  readonly recorder: Recorder;
  /** Other places, as a file for reports; each says how many texts it changed. */
  readonly places: readonly ((person: PersonWords) => Promise<number>)[];
  /** The secret by which names are made that stand for erased numbers. */
  readonly salt: () => Promise<string>;
  /** ISO 3166, of numbers as they are written at home. */
  readonly country: string | null;
  /** Whether a number is one of the house. */
  readonly isOurs: (number: string) => boolean;
  /** Name of this process in leases. */
  readonly owner: string;
}

const no = (why: 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** Without the person. */
const shown = ({ person: _person, ...erasure }: StoredErasure): Erasure => erasure;

/**
 * Takes persons out of everything that is kept. Each step can be done again, and nothing of it depends on what an earlier one took
 * away, so an erasure whose process died is simply done again by the next.
 */
export class Eraser implements EraseDesk {
  readonly #rooms: EraseRooms;
  #turn: Promise<void> = Promise.resolve();
  #alarm: (() => void) | null = null;
  #stopped = false;
  #wake: () => void = () => {};

  constructor(rooms: EraseRooms) {
    this.#rooms = rooms;
  }

  /** Carries on what was under way, now and whenever the process that had it in hand is gone. */
  start(): void {
    if (this.#stopped) return;
    const { clock } = this.#rooms;
    this.#work();
    this.#alarm = clock.at(clock.now() + LOOK_MS, () => this.start());
  }

  /** What is under way is carried on by the next who starts. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#alarm?.();
    this.#wake();
    await this.#turn;
  }

  /** Resolves when nothing is under way here. */
  idle(): Promise<void> {
    return this.#turn;
  }

  async order({ dryRun, compact, by, ...asked }: ErasureOrder): Promise<Answer<Erasure>> {
    const { clock, ids, books, people, isOurs } = this.#rooms;
    const fault = faultOf(asked, isOurs);
    if (fault !== null) return no('invalid', fault);
    const listed = asked.customerIds.length > 0 ? await people.numbersOf(asked.customerIds) : [];
    const person = { numbers: [...new Set([...asked.numbers, ...listed])], customerIds: asked.customerIds };
    const busy = await this.#underWay(person);
    if (busy.length > 0 && !dryRun) {
      return no('conflict', `Not now: ${busy.join(', ')}. Ask again when that has ended.`);
    }
    const plain = { id: ids.next('erasure'), state: 'running', dryRun, compact, by } as const;
    const erasure = { ...plain, askedAt: clock.now(), doneAt: null, found: {}, problem: null, person };
    await books.save(erasure);
    this.#work();
    return { ok: true, value: shown(erasure) };
  }

  async one(id: string): Promise<Erasure | null> {
    const erasure = await this.#rooms.books.one(id);
    return erasure && shown(erasure);
  }

  async list(limit: number): Promise<readonly Erasure[]> {
    return (await this.#rooms.books.list(limit)).map(shown);
  }

  async #underWay(keys: PersonKeys): Promise<readonly string[]> {
    const { people, live, clock } = this.#rooms;
    const person = await this.#wordsOf(keys);
    const calls = await live.loadCalls();
    const talking = calls.some(({ body }) => person.areIn(JSON.stringify(body)));
    const busy = await people.underWay(person.spellings, clock.now());
    return talking ? ['a call with the person is under way', ...busy] : busy;
  }

  async #wordsOf(keys: PersonKeys): Promise<PersonWords> {
    return new PersonWords(spellingsOf(keys, await this.#rooms.salt(), this.#rooms.country));
  }

  /** One after the other; several processes agree by a lease who does it. */
  #work(): void {
    this.#turn = this.#turn.then(() => this.#runAll()).catch((error: unknown) => this.#rest(error));
  }

  #rest(error: unknown): void {
    this.#rooms.log.warn({ err: error }, 'an erasure could not go on; it is tried again in a minute');
  }

  async #runAll(): Promise<void> {
    const { live, books, owner } = this.#rooms;
    for (const erasure of await books.running()) {
      if (this.#stopped || !(await live.lease(LEASE, owner, LEASE_MS)).mine) return;
      try {
        await this.#run(erasure);
      } finally {
        await live.releaseLease(LEASE, owner).catch(() => undefined);
      }
    }
  }

  async #run(erasure: StoredErasure): Promise<void> {
    const { person: keys } = erasure;
    if (!keys) return;
    const person = await this.#wordsOf(keys);
    if (erasure.dryRun) return this.#end(erasure, await this.#look(keys, person));
    let found = { ...erasure.found };
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      const { changed, own, notYet } = await this.#round(keys, person);
      found = most(found, own, changed);
      await this.#rooms.books.save({ ...erasure, found });
      if (this.#stopped) return;
      if (changed.events + changed.rows + changed.texts === 0 && round > 1 && notYet === null) {
        return this.#end(erasure, found);
      }
      await this.#rooms.live.lease(LEASE, this.#rooms.owner, LEASE_MS);
      await this.#pause(SETTLE_MS);
    }
    const problem = 'Something of the person comes in again and again, as from a call that goes on; it is tried again.';
    await this.#rooms.books.save({ ...erasure, found, problem });
  }

  /** Everywhere once: events first, since they tell which calls are the person's. */
  async #round(keys: PersonKeys, person: PersonWords) {
    const { live, archive, people, places, clock } = this.#rooms;
    const { own, ids } = await this.#belongings(keys, person);
    const edit = (text: string) => textWithoutPerson(text, person, ids);
    const notYet = await this.#eraseVoices(own);
    const events = (await live.rewrite(edit)) + (await archive.rewrite(edit));
    const order = { spellings: person.spellings, customerIds: keys.customerIds, own, edit, now: clock.now() };
    const rows = await people.erase(order);
    let texts = 0;
    for (const place of places) texts += await place(person);
    for (const number of keys.numbers) await this.#rooms.dnc.erase(number, 'erasure');
    return { changed: { events, rows, texts }, own, notYet };
  }

  async #look(keys: PersonKeys, person: PersonWords): Promise<Readonly<Record<string, number>>> {
    const { own } = await this.#belongings(keys, person);
    const tables = await this.#rooms.people.mentions(person.spellings);
    const named = Object.entries(tables).map(([name, count]) => [`table ${name}`, count]);
    return { ...most({}, own, {}), ...Object.fromEntries(named) };
  }

  /** What the tables know, and the calls that only events tell of: those of the last days, and of callers who left at once. */
  async #belongings(keys: PersonKeys, person: PersonWords) {
    const { live, archive, people } = this.#rooms;
    const [calls, ids] = [new Set<string>(), new Set<string>()];
    const note = (text: string) => {
      const shown = shownBy(text, person);
      for (const id of shown?.calls ?? []) calls.add(id);
      for (const id of shown?.ids ?? []) ids.add(id);
      return text;
    };
    await live.rewrite(note);
    await archive.rewrite(note);
    const own = await people.belongings(person.spellings, keys.customerIds, [...calls]);
    return { own, ids: new Set([...ids, ...Object.values(own).flat()]) };
  }

  /** What was said, with the files; null: all of it is gone. */
  async #eraseVoices(own: Belongings): Promise<string | null> {
    const { flowDesk, callbacks } = this.#rooms;
    for (const id of own.callbacks) await callbacks.cancelCallback(id, 'erasure');
    for (const id of own.recordings) await flowDesk.eraseRecording(id, 'erasure');
    let notYet: string | null = null;
    for (const id of own.voicemails) {
      const erased = await flowDesk.eraseVoicemail(id, 'erasure');
      if (!erased.ok && erased.why === 'conflict') notYet = erased.sentence;
    }
    return notYet;
  }

  async #end(erasure: StoredErasure, found: Readonly<Record<string, number>>): Promise<void> {
    const { books, clock, live, recorder, people } = this.#rooms;
    const { id, by, compact, dryRun } = erasure;
    const left = await people.mentions((await this.#wordsOf(erasure.person ?? NOBODY)).spellings);
    const releases = left['releases'] ?? 0;
    const problem = releases > 0 && !dryRun ? leftInSite(releases) : null;
    if (!dryRun) {
      const fact: Fact = { type: 'person.erased', data: { erasureId: id, by, found } };
      const events = recorder.events(`erasure/${id}`, [fact]);
      await live.append(events);
      recorder.tell(events);
    }
    await books.save({ ...erasure, state: 'done', doneAt: clock.now(), found, problem, person: null });
    if (compact && !dryRun) await people.compact();
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#rooms;
    return new Promise((resolve) => {
      const cancel = clock.at(clock.now() + ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

const NOBODY: PersonKeys = { numbers: [], customerIds: [] };

const leftInSite = (releases: number): string =>
  `The number stands in the site’s files of ${releases} ${releases === 1 ? 'release' : 'releases'}. Take it out of the files and load them; old releases go when 200 newer ones have run.`;

/** The most of each kind that any round has seen: later rounds find less. */
function most(
  before: Readonly<Record<string, number>>,
  own: Belongings,
  changed: Readonly<Record<string, number>>,
): Record<string, number> {
  const found: Record<string, number> = { ...before };
  for (const [kind, ids] of Object.entries(own)) found[kind] = Math.max(found[kind] ?? 0, ids.length);
  for (const [kind, count] of Object.entries(changed)) found[kind] = (found[kind] ?? 0) + count;
  return found;
}

function faultOf({ numbers, customerIds }: PersonKeys, isOurs: (number: string) => boolean): string | null {
  if (numbers.length + customerIds.length === 0) return 'Say who: a number or a customer’s id.';
  const short = numbers.find((number) => number.replaceAll(/\D/gu, '').length < FEWEST_DIGITS);
  if (short !== undefined)
    return `“${short}” has fewer than ${FEWEST_DIGITS} digits; write the whole number, as +358401234567.`;
  const ours = numbers.find(isOurs);
  return ours === undefined
    ? null
    : `${ours} is a number of the house: every call to it would be taken for the person’s.`;
}
