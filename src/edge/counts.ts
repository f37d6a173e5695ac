/** What the edge counts, with the values of its one label. */
export type EdgeCount =
  | readonly ['call', 'phone' | 'trunk' | 'to-phone']
  | readonly ['refused', 'password' | 'rate' | 'scanner' | 'flood' | 'failures' | 'forged' | 'no-node']
  | readonly ['ban', 'scanner' | 'flood' | 'failures']
  | readonly ['next-node', 'silent' | 'failed']
  | readonly ['register', 'kept' | 'removed' | 'refused' | 'store-away'];

/** Counts since the start. Both words are of closed lists, so they are bounded. */
export class EdgeCounts {
  readonly #counts = new Map<string, number>();

  count(...[what, label]: EdgeCount): void {
    const key = `${what} ${label}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
  }

  /** By what is counted and its label, e.g. `refused scanner`. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }
}
