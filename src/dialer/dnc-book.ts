import type { DncEntry, DncKind, DncLists, DncNumbers } from './dnc.ts';

/** The entries in force and the imported lists, as one process holds them. What is put twice is there once. */
export class DncBook implements DncLists {
  ready = false;
  readonly #hash: (digits: string) => string;
  readonly #byId = new Map<string, DncEntry>();
  readonly #byKey = new Map<string, readonly DncEntry[]>();
  /** Ended: whatever is heard of them late, they are not in force again. */
  readonly #gone = new Set<string>();
  readonly #lists = new Map<string, DncNumbers>();
  /** How many prefixes have so many digits. */
  readonly #lengths = new Map<number, number>();
  #hashes = 0;

  constructor(hash: (digits: string) => string) {
    this.#hash = hash;
  }

  /** Takes an entry over as it is: one that was ended goes. News may come twice, and in any order. */
  put(entry: DncEntry): void {
    if (entry.removedAt !== null) return this.drop(entry.id);
    if (this.#gone.has(entry.id)) return;
    this.#take(entry.id);
    this.#byId.set(entry.id, entry);
    const key = keyOf(entry.kind, entry.key);
    this.#byKey.set(key, [...(this.#byKey.get(key) ?? []), entry]);
    this.#count(entry, 1);
  }

  /** It is in force no more, and never again: who wants it back makes another. */
  drop(id: string): void {
    this.#gone.add(id);
    this.#take(id);
  }

  #take(id: string): void {
    const entry = this.#byId.get(id);
    if (!entry) return;
    this.#byId.delete(id);
    const key = keyOf(entry.kind, entry.key);
    const rest = (this.#byKey.get(key) ?? []).filter((other) => other.id !== id);
    if (rest.length > 0) this.#byKey.set(key, rest);
    else this.#byKey.delete(key);
    this.#count(entry, -1);
  }

  setList(list: DncNumbers): void {
    this.#lists.set(list.id, list);
  }

  dropList(id: string): void {
    this.#lists.delete(id);
  }

  get lists(): Iterable<DncNumbers> {
    return this.#lists.values();
  }

  list(id: string): DncNumbers | undefined {
    return this.#lists.get(id);
  }

  entries(kind: DncKind, key: string): readonly DncEntry[] {
    return this.#byKey.get(keyOf(kind, key)) ?? [];
  }

  prefixLengths(): Iterable<number> {
    return this.#lengths.keys();
  }

  hashOf(digits: string): string | null {
    return this.#hashes === 0 ? null : this.#hash(digits);
  }

  #count({ kind, key }: DncEntry, by: 1 | -1): void {
    if (kind === 'hash') this.#hashes += by;
    if (kind !== 'prefix') return;
    const count = (this.#lengths.get(key.length) ?? 0) + by;
    if (count > 0) this.#lengths.set(key.length, count);
    else this.#lengths.delete(key.length);
  }
}

const keyOf = (kind: DncKind, key: string): string => `${kind} ${key}`;
