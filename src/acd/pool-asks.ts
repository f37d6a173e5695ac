import type { Relaxation, Requirement } from '../call/routing.ts';
import type { WaitingCall } from './queue.ts';

/** What of a call says who can take it, now and later. */
type Ask = Pick<WaitingCall, 'queue' | 'also' | 'require' | 'relax' | 'campaignId'>;

/**
 * Finds what was noted for calls that ask the same. Every call asks, so no text is put together for it: names are numbered
 * once, and the numbers mixed into one; what is found under it is compared as it stands.
 */
export class Asks<T> {
  readonly #numbers = new Map<string, number>();
  readonly #found = new Map<number, { readonly ask: Ask; readonly value: T }[]>();

  get(ask: Ask): T | undefined {
    for (const one of this.#found.get(this.#hash(ask)) ?? []) if (isSame(one.ask, ask)) return one.value;
    return undefined;
  }

  set({ queue, also, require, relax, campaignId }: Ask, value: T): void {
    const ask = { queue, also, require, relax, campaignId };
    const hash = this.#hash(ask);
    const alike = this.#found.get(hash);
    if (alike) alike.push({ ask, value });
    else this.#found.set(hash, [{ ask, value }]);
  }

  /** Keeps those only. */
  retain(keeps: (value: T) => boolean): void {
    const kept = [...this.#found.values()].flat().filter(({ value }) => keeps(value));
    this.#found.clear();
    this.#numbers.clear();
    for (const { ask, value } of kept) this.set(ask, value);
  }

  #hash({ queue, also, require, relax, campaignId }: Ask): number {
    let hash = mix(Number(campaignId !== null), this.#number(queue));
    for (const name of also) hash = mix(hash, this.#number(name));
    hash = this.#hashOf(require, hash);
    for (const step of relax) hash = this.#hashOf(step.require, mix(hash, step.afterMs));
    return hash;
  }

  #hashOf(require: readonly Requirement[], before: number): number {
    let hash = before;
    for (const { skill, level } of require) hash = mix(hash, 16 * this.#number(skill) + level);
    return mix(hash, require.length);
  }

  #number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }
}

function mix(hash: number, number: number): number {
  const mixed = Math.imul(hash ^ number, 0x9e37_79b1);
  return mixed ^ (mixed >>> 15);
}

function isSame(a: Ask, b: Ask): boolean {
  return (
    a.queue === b.queue &&
    (a.campaignId === null) === (b.campaignId === null) &&
    isList(a.also, b.also, (one, other) => one === other) &&
    isList(a.require, b.require, isRequirement) &&
    isList(a.relax, b.relax, isStep)
  );
}

function isStep(a: Relaxation, b: Relaxation): boolean {
  return a.afterMs === b.afterMs && isList(a.require, b.require, isRequirement);
}

function isRequirement(a: Requirement, b: Requirement): boolean {
  return a.skill === b.skill && a.level === b.level;
}

function isList<T>(a: readonly T[], b: readonly T[], isOne: (a: T, b: T) => boolean): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (!isOne(a[at] as T, b[at] as T)) return false;
  return true;
}
