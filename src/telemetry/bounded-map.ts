/** More calls than any node carries at once: what is remembered of one whose end was never seen goes with the oldest. */
const MOST = 20_000;

/** A map that forgets its oldest entry when there are too many. */
export class BoundedMap<V> {
  readonly #map = new Map<string, V>();

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#map.set(key, value);
    if (this.#map.size > MOST) this.#map.delete(this.#map.keys().next().value ?? key);
  }

  /** What was there; gone from now on. */
  take(key: string): V | undefined {
    const value = this.#map.get(key);
    this.#map.delete(key);
    return value;
  }
}
