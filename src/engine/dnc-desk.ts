import { isSupportedCountry } from 'libphonenumber-js/max';
import type { CampaignId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import { type DncEntry, type DncHit, dncDigits, type DncKind, dncPrefix } from '../dialer/dnc.ts';
import { readNumbers, type Tally } from './dnc-import.ts';
import { DncKeeper, type KeeperRooms } from './dnc-keeper.ts';
import { storeVersion } from './dnc-version.ts';
import { insist } from './insist.ts';
import type { DncDesk, DncImport, DncImportOrder, DncList, DncListView, DncVersion, NewDncEntry } from './ports/dnc.ts';
import type { History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Ids } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

interface DeskRooms extends KeeperRooms {
  readonly ids: Ids;
  readonly live: Pick<LiveStore, 'tell' | 'append'>;
  readonly history: Pick<History, 'campaign'>;
  readonly recorder: Recorder;
}

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;
const yes = <T>(value: T) => ({ ok: true, value }) as const;

const NO_NUMBER = no('invalid', 'That is no number in E.164: write + and the country code, as in +358401234567.');
const NO_PREFIX = no('invalid', 'That is no prefix: write + and the first digits of the numbers, as in +35870.');
const noList = (id: string) => no('not-found', `There is no do-not-call list ${id}.`);

/** What people and programs outside do with those who are not to be called. */
export class EngineDncDesk implements DncDesk {
  readonly keeper: DncKeeper;
  readonly #rooms: DeskRooms;
  readonly #importing = new Map<string, Tally & { readonly since: number; readonly by: string }>();

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
    this.keeper = new DncKeeper(rooms);
  }

  check(number: string, campaignId: CampaignId | null): Answer<readonly DncHit[]> {
    const digits = dncDigits(number);
    return digits === null ? NO_NUMBER : yes(this.keeper.hits(digits, campaignId));
  }

  async add(given: NewDncEntry): Promise<Answer<{ readonly entry: DncEntry; readonly givenUp: number }>> {
    const read = keyOf(given.what);
    if (!read.ok) return read;
    const { campaignId, reason, source, by } = given;
    const fault = await this.#campaignFault(campaignId);
    if (fault) return fault;
    const { entry, givenUp } = await this.#put({ ...read.value, listId: null, campaignId, reason, source, by });
    return yes({ entry, givenUp });
  }

  /** By a key, in a call. True: it is in force. */
  async optOut(number: string, campaignId: CampaignId | null): Promise<boolean> {
    const about = { campaignId, reason: 'asked by a key', source: 'caller', by: 'caller' } as const;
    return (await this.add({ what: { number }, ...about })).ok;
  }

  async remove(id: string, reason: string, by: string): Promise<Answer<DncEntry>> {
    const { dnc, clock } = this.#rooms;
    const ended = await dnc.endDncEntry(id, { at: clock.now(), by, reason });
    if (!ended) {
      return (await dnc.dncEntry(id))
        ? no('conflict', `Do-not-call entry ${id} was removed already.`)
        : no('not-found', `There is no do-not-call entry ${id}.`);
    }
    await this.keeper.changed({ entries: [ended] });
    const { kind, campaignId } = ended;
    await this.#tell(id, { type: 'dnc.removed', data: { entryId: id, kind, campaignId, reason, by } });
    return yes(ended);
  }

  async except(listId: string, number: string, reason: string, by: string): Promise<Answer<DncEntry>> {
    const digits = dncDigits(number);
    if (digits === null) return NO_NUMBER;
    const list = await this.#rooms.dnc.dncList(listId);
    if (!list) return noList(listId);
    const { campaignId } = list;
    const { entry } = await this.#put({ kind: 'except', key: digits, listId, campaignId, reason, source: 'api', by });
    return yes(entry);
  }

  async entries(query: Parameters<DncDesk['entries']>[0]): Promise<Answer<readonly DncEntry[]>> {
    const { number, ...page } = query;
    const key = number === null ? null : dncDigits(number);
    if (number !== null && key === null) return NO_NUMBER;
    return yes(await this.#rooms.dnc.dncEntries({ key, ...page }));
  }

  async erase(number: string, by: string): Promise<Answer<number>> {
    const digits = dncDigits(number);
    if (digits === null) return NO_NUMBER;
    const { gone, kept } = await this.#rooms.dnc.eraseDncNumber(digits, this.keeper.hashOf(digits));
    await this.keeper.changed({ entries: kept, gone });
    if (gone.length > 0) await this.#tell('erased', { type: 'dnc.erased', data: { entries: kept.length, by } });
    return yes(kept.length);
  }

  async lists(): Promise<readonly DncListView[]> {
    return (await this.#rooms.dnc.dncLists()).map((list) => this.#view(list));
  }

  async list(id: string): Promise<DncListView | null> {
    const list = await this.#rooms.dnc.dncList(id);
    return list && this.#view(list);
  }

  versions(listId: string, limit: number): Promise<readonly DncVersion[]> {
    return this.#rooms.dnc.dncVersions(listId, limit);
  }

  async createList(name: string, campaignId: CampaignId | null, by: string): Promise<Answer<DncListView>> {
    const { dnc, ids, clock } = this.#rooms;
    const fault = await this.#campaignFault(campaignId);
    if (fault) return fault;
    const list = { id: ids.next('dnc'), name, campaignId, createdAt: clock.now(), createdBy: by, version: null };
    if (!(await dnc.createDncList(list))) return no('conflict', `There is a do-not-call list “${name}” already.`);
    this.keeper.look();
    await this.keeper.idle();
    await this.keeper.changed({ lists: true });
    await this.#tell(list.id, { type: 'dnc.list.created', data: { listId: list.id, name, campaignId, by } });
    return yes(this.#view(list));
  }

  async removeList(id: string, by: string): Promise<Answer> {
    const { dnc } = this.#rooms;
    const list = await dnc.dncList(id);
    if (!list) return noList(id);
    if (this.#importing.has(id)) return no('conflict', `“${list.name}” is being imported; wait for its end.`);
    await dnc.removeDncList(id);
    this.keeper.dropList(id);
    await this.keeper.changed({ lists: true });
    await this.#tell(id, { type: 'dnc.list.removed', data: { listId: id, name: list.name, by } });
    return yes(undefined);
  }

  async importList(id: string, file: AsyncIterable<Uint8Array>, order: DncImportOrder): Promise<Answer<DncImport>> {
    const list = await this.#rooms.dnc.dncList(id);
    if (!list) return noList(id);
    if (order.country !== null && !isSupportedCountry(order.country)) {
      return no('invalid', `“${order.country}” is not a country; give its two letters, for example FI.`);
    }
    if (this.#importing.has(id)) return no('conflict', `“${list.name}” is being imported already; wait for its end.`);
    const tally = { since: this.#rooms.clock.now(), by: order.by, bytes: 0, rows: 0, rejected: 0 };
    this.#importing.set(id, tally);
    try {
      return await this.#import(list, file, order, tally);
    } finally {
      this.#importing.delete(id);
    }
  }

  async #import(
    list: DncList,
    file: AsyncIterable<Uint8Array>,
    order: DncImportOrder,
    tally: Tally,
  ): Promise<Answer<DncImport>> {
    const before = this.keeper.book.list(list.id)?.numbers ?? null;
    const isMerge = order.mode === 'merge';
    if (isMerge && (!before || this.keeper.stateOf(list) !== 'read')) {
      return no(
        'conflict',
        `“${list.name}” is not read yet, so that nothing can be added to it; try again in a moment.`,
      );
    }
    const read = await readNumbers(file, order, tally, isMerge && before ? [before] : []);
    if (!read.ok) return no('invalid', read.sentence);
    if (read.rows === 0 || read.rejected > read.rows) return no('invalid', unlikely(read));
    const version = await storeVersion(this.#rooms, list, order, read);
    if (!version)
      return no('conflict', `“${list.name}” was changed by somebody else meanwhile; look and import again.`);
    await this.keeper.took({ ...list, version }, read.numbers);
    // What was excepted from the version before is read back.
    this.keeper.look();
    await this.keeper.idle();
    await this.keeper.changed({ lists: true });
    const { listId, mode, fileName, fileHash, by, rows, rejected, numbers } = version;
    const data = { listId, versionId: version.id, mode, fileName, fileHash, by, rows, rejected, numbers };
    await this.#tell(listId, { type: 'dnc.imported', data });
    return yes({ version, errors: read.errors });
  }

  async #put(given: Omit<DncEntry, 'id' | 'addedAt' | 'removedAt' | 'removedBy' | 'removedReason'>) {
    const { dnc, ids, clock } = this.#rooms;
    const fresh = { ...given, id: ids.next('dnc'), addedAt: clock.now() };
    const entry = await dnc.addDncEntry({ ...fresh, removedAt: null, removedBy: null, removedReason: null });
    const givenUp = await this.keeper.changed({ entries: [entry] });
    if (entry.id !== fresh.id) return { entry, givenUp };
    const { kind, listId, campaignId, reason, source, by } = entry;
    const data = { entryId: entry.id, kind, listId, campaignId, reason, source, by };
    await this.#tell(entry.id, { type: 'dnc.added', data });
    return { entry, givenUp };
  }

  async #campaignFault(id: CampaignId | null): Promise<ReturnType<typeof no> | null> {
    if (id === null || (await this.#rooms.history.campaign(id))) return null;
    return no('not-found', `There is no campaign ${id}.`);
  }

  #view(list: DncList): DncListView {
    const importing = this.#importing.get(list.id) ?? null;
    const memory = this.keeper.book.list(list.id)?.numbers?.byteLength ?? 0;
    return { ...list, state: this.keeper.stateOf(list), memory, importing: importing && { ...importing } };
  }

  async #tell(about: string, fact: Fact): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`dnc/${about}`, [fact]);
    recorder.tell(events);
    await insist(this.#rooms, 'news of who is not to be called', () => live.append(events));
  }
}

function keyOf(what: NewDncEntry['what']): Answer<{ readonly kind: DncKind; readonly key: string }> {
  if ('prefix' in what) {
    const key = dncPrefix(what.prefix);
    return key === null ? NO_PREFIX : yes({ kind: 'prefix', key });
  }
  const key = dncDigits(what.number);
  return key === null ? NO_NUMBER : yes({ kind: 'number', key });
}

/** A wrong column or country must not empty a list. */
function unlikely({ rows, rejected, errors }: { rows: number; rejected: number; errors: DncImport['errors'] }): string {
  const [first] = errors;
  const example = first ? ` Line ${first.line} ${first.problem}.` : '';
  const what = rows === 0 ? 'The file holds no number' : `Only ${rows} of ${rows + rejected} rows hold a number`;
  return `${what}, so nothing was changed.${example} Look at the column and the country that you gave.`;
}
