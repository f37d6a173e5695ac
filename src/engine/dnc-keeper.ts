import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { CampaignId, EpochMs } from '../call/ids.ts';
import { ANY_CAMPAIGN, type DncEntry, type DncHit, dncHits } from '../dialer/dnc.ts';
import { DncBook } from '../dialer/dnc-book.ts';
import { NumberSet, SetWriter } from '../dialer/dnc-set.ts';
import type { CallSession } from './call-session.ts';
import { isRegister } from './campaign-law-facts.ts';
import type { DncMessage } from './dnc-message.ts';
import { faultName } from './flow-services.ts';
import { insist } from './insist.ts';
import type { DncList, DncStore } from './ports/dnc.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

export interface KeeperRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly dnc: DncStore;
  readonly live: Pick<LiveStore, 'tell'>;
  readonly board: () => { all(): readonly Pick<CallSession, 'state' | 'post'>[] };
}

/** Entries read at a time. */
const PAGE = 2_000;
const AGAIN_MS = 2_000;
/** Clocks of processes differ by less: what was written since then, by any of them, is read again. */
const MARGIN_MS = 10 * 60_000;
const SALT_BYTES = 32;
/** Hits that a person or a list stands for; the others say that nobody knows. */
const KNOWN: ReadonlySet<DncHit['kind']> = new Set(['number', 'prefix', 'hash', 'list']);

const NOBODY = new SetWriter().done();

/**
 * Everybody who is not to be called, in the memory of this process and as the store has it: read at the start, told by the other
 * processes from then on, and read again where news may have been lost. Until it was read nobody may be dialled.
 */
export class DncKeeper {
  readonly book: DncBook;
  readonly #rooms: KeeperRooms;
  /** The version of each list that is in the book; null: its numbers could not be read. */
  readonly #read = new Map<string, string | null>();
  #salt = '';
  #lastLook: EpochMs | null = null;
  #turn: Promise<void> = Promise.resolve();
  #again: (() => void) | null = null;
  #stopped = false;

  constructor(rooms: KeeperRooms) {
    this.#rooms = rooms;
    this.book = new DncBook((digits) => this.hashOf(digits));
  }

  start(): void {
    this.look();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#again?.();
    await this.#turn;
  }

  async idle(): Promise<void> {
    await this.#turn;
  }

  /** Every reason why the number is not to be called for that campaign; answers from memory. */
  hits(number: string, campaignId: CampaignId | null): readonly DncHit[] {
    return dncHits(number, campaignId ?? ANY_CAMPAIGN, this.book);
  }

  /**
   * HMAC-SHA-256 under the secret of this installation. Whoever has the secret can try all numbers there are, as with any hash
   * of a telephone number; whoever has only the rows cannot.
   */
  hashOf(digits: string): string {
    return createHmac('sha256', this.#salt).update(digits).digest('hex');
  }

  /** News may have been lost: reads again what changed. */
  look(): void {
    if (this.#stopped) return;
    this.#again?.();
    this.#again = null;
    this.#turn = this.#turn.then(() => this.#look());
  }

  /** Another process changed something, and it is in force here from now on. */
  hear({ entries, gone, lists }: DncMessage): void {
    this.#apply(entries, gone);
    if (lists) this.look();
  }

  /** Puts what was written in force here and in all other processes. Gives how many ringing calls were given up here. */
  async changed(change: { entries?: readonly DncEntry[]; gone?: readonly string[]; lists?: boolean }): Promise<number> {
    const { entries = [], gone = [], lists = false } = change;
    const givenUp = this.#apply(entries, gone);
    const message: DncMessage = { type: 'dnc', entries, gone, lists };
    await insist(this.#rooms, 'news of who is not to be called', () => this.#rooms.live.tell(null, message));
    return givenUp;
  }

  /** A new version that this process made itself. */
  took(list: DncList, numbers: NumberSet): Promise<void> {
    // Behind a look that may have read the version before.
    this.#turn = this.#turn.then(() => {
      this.#set(list, numbers);
      this.giveUp();
    });
    return this.#turn;
  }

  dropList(id: string): void {
    this.#read.delete(id);
    this.book.dropList(id);
  }

  stateOf(list: DncList): 'read' | 'reading' | 'unread' {
    const read = this.#read.get(list.id);
    if (read === null) return 'unread';
    return read === (list.version?.id ?? '') ? 'read' : 'reading';
  }

  /** Who is rung at this moment though he is not to be called is not rung on. Gives how many. */
  giveUp(): number {
    const rung = this.#rooms
      .board()
      .all()
      .filter(({ state: { attempt, phase, dnis } }) => {
        if (!attempt || phase !== 'dialing') return false;
        return this.isBarred(dnis, attempt.campaignId);
      });
    for (const session of rung) session.post({ type: 'hangup' });
    return rung.length;
  }

  /**
   * Somebody is known not to want calls. Else than for `hits`, a list that is not read yet says nothing, nor does the country's
   * register: consent may stand above it, and the law weighs both before each dial.
   */
  isBarred(number: string, campaignId: CampaignId | null): boolean {
    return this.hits(number, campaignId).some((hit) => KNOWN.has(hit.kind) && !isRegister(hit));
  }

  #apply(entries: readonly DncEntry[], gone: readonly string[]): number {
    for (const id of gone) this.book.drop(id);
    for (const entry of entries) this.book.put(entry);
    return this.book.ready && entries.some(({ removedAt }) => removedAt === null) ? this.giveUp() : 0;
  }

  async #look(): Promise<void> {
    const { clock, log, dnc } = this.#rooms;
    const now = clock.now();
    try {
      if (this.#salt === '') this.#salt = await dnc.dncSalt(randomBytes(SALT_BYTES).toString('base64url'));
      if (this.#lastLook === null) await this.#readEntries();
      else for (const entry of await dnc.dncChangedSince(this.#lastLook - MARGIN_MS)) this.book.put(entry);
      await this.#readLists();
      this.book.ready = true;
      this.#lastLook = now;
      this.giveUp();
    } catch (error) {
      const what = this.book.ready ? 'what changed' : 'nobody is dialled until it was read';
      log.warn({ fault: faultName(error), what }, 'do-not-call lists not read: tried again in a moment');
      if (!this.#stopped) this.#again = clock.at(clock.now() + AGAIN_MS, () => this.look());
    }
  }

  async #readEntries(): Promise<void> {
    for (let after: string | null = null; ; ) {
      const page: readonly DncEntry[] = await this.#rooms.dnc.dncInForce(after, PAGE);
      for (const entry of page) this.book.put(entry);
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return;
    }
  }

  async #readLists(): Promise<void> {
    const lists = await this.#rooms.dnc.dncLists();
    const there = new Set(lists.map(({ id }) => id));
    for (const { id } of this.book.lists) if (!there.has(id)) this.dropList(id);
    for (const list of lists) {
      if (this.#read.get(list.id) === (list.version?.id ?? '')) continue;
      // Whose numbers were not read yet stands for everybody.
      if (!this.book.list(list.id)) this.book.setList({ ...aboutOf(list), numbers: null });
      this.#set(list, await this.#numbersOf(list));
    }
  }

  #set(list: DncList, numbers: NumberSet | null): void {
    this.#read.set(list.id, numbers && (list.version?.id ?? ''));
    this.book.setList({ ...aboutOf(list), numbers });
  }

  async #numbersOf({ id: listId, version }: DncList): Promise<NumberSet | null> {
    if (version === null) return NOBODY;
    const bytes = new Uint8Array(version.bytes);
    const hash = createHash('sha256');
    let filled = 0;
    for (let part = 0; filled < version.bytes; part++) {
      const read = await this.#rooms.dnc.dncPart(version.id, part);
      if (!read || read.length === 0 || filled + read.length > version.bytes) break;
      bytes.set(read, filled);
      hash.update(read);
      filled += read.length;
    }
    const numbers = filled === version.bytes && hash.digest('hex') === version.hash ? NumberSet.read(bytes) : null;
    if (!numbers) await this.#tellUnread(listId, version.id);
    return numbers;
  }

  /** Replaced while it was read: the new one is read instead. */
  async #tellUnread(listId: string, versionId: string): Promise<void> {
    const now = await this.#rooms.dnc.dncList(listId);
    if (now?.version?.id !== versionId) return this.look();
    const cure = 'import the list again, or remove it';
    this.#rooms.log.error(
      { listId, versionId, cure },
      'a do-not-call list is damaged: nobody is dialled whom it concerns',
    );
  }
}

const aboutOf = ({ id, name, campaignId, version }: DncList) => ({
  id,
  name,
  campaignId,
  since: version?.importedAt ?? null,
});
