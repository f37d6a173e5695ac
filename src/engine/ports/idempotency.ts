import type { EpochMs } from '../../call/ids.ts';

/** What was answered to a request, as it went out. */
export interface KeptAnswer {
  readonly status: number;
  /** Its `Content-Type`; null: it had no body. */
  readonly type: string | null;
  readonly body: string;
}

export interface KeyClaim {
  /** Stands for the key, its credential and its route; says nothing of any of them. */
  readonly id: string;
  readonly tokenId: string;
  /** Stands for what is asked for. */
  readonly print: string;
  /** Names this very request. */
  readonly holder: string;
  readonly now: EpochMs;
  /** Until then it counts as under way; whoever comes later may do it. */
  readonly until: EpochMs;
}

export type Claimed =
  | { readonly is: 'new' }
  /** Another request with this key is being served. */
  | { readonly is: 'busy' }
  /** The key came before, and with something else. */
  | { readonly is: 'other' }
  | { readonly is: 'done'; readonly answer: KeptAnswer };

/**
 * Where answers are kept by the key of their request. Guarantees:
 *
 * - Of any number of claims of one id at once, by whatever processes, one is `new`.
 * - Only the holder of a claim settles it. A claim that its holder lost to time is not his any more.
 */
export interface KeyBook {
  claim(claim: KeyClaim): Promise<Claimed>;
  /** Keeps the answer until then. */
  settle(id: string, holder: string, answer: KeptAnswer, until: EpochMs): Promise<void>;
  /** As if it had never been claimed. */
  release(id: string, holder: string): Promise<void>;
  /** Forgets those whose time is over, and of each credential the oldest beyond `most`; how many. */
  trim(now: EpochMs, most: number): Promise<number>;
}
