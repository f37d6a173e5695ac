import type { Json } from '../../call/request.ts';

/** One question to a system outside, as a `lookup` node asks it. */
export interface WebRequest {
  readonly method: 'GET' | 'POST';
  /** Variables in it are percent-encoded already; spaces, quotes, braces, `#` and `/../` are refused. */
  readonly url: string;
  /** Name of the secret that goes out as `authorization: Bearer …`. */
  readonly secret: string | null;
  /** Sent as JSON by POST; GET sends none. */
  readonly body: Json;
  /** For everything: name, connection, waiting for a free one, and the last byte of the answer. */
  readonly timeoutMs: number;
  /** How long an answer may be given again; null: not at all. */
  readonly cacheMs: number | null;
}

/** `why` is one of a few fixed phrases: it holds no part of the request or the answer, and may be logged and counted. */
export type WebAnswer =
  | { readonly outcome: 'ok'; readonly status: number; readonly body: Json }
  | { readonly outcome: 'notFound' }
  | { readonly outcome: 'timeout' }
  | { readonly outcome: 'error'; readonly why: string };

/** A message that nobody waits for an answer to. */
export interface WebMessage {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** `why` is one of a few fixed phrases, as with `WebAnswer`; `retryAfterMs` is 0 where the receiver asked for nothing. */
export type WebReceipt =
  | { readonly ok: true; readonly status: number; readonly retryAfterMs: number }
  | { readonly ok: false; readonly why: string };

/** The guarded way out for messages: all that `WebPort` guarantees of requests holds here. Never rejects. */
export interface PostPort {
  post(message: WebMessage): Promise<WebReceipt>;
  stop(): void;
}

/**
 * The guarded way out. Guarantees:
 *
 * - `fetchJson` never rejects and settles within `timeoutMs`, also when the other side trickles for ever.
 * - Only hosts of the allow-list are asked, by https unless the list says otherwise. The address that was judged is the one
 *   connected to; private, loopback, link-local and otherwise special addresses are refused (RFC 6890, RFC 8190).
 * - No redirect is followed, nothing is unpacked, and at most 256 KiB are read.
 * - `ok` carries frozen JSON at most 32 levels deep without `__proto__` keys, integers beyond 2^53 as their digits, or null
 *   for an answer that has no body (204). 404 and 410 are `notFound`. Every other answer is an `error`.
 * - Equal GETs that run at the same time are one, and so are equal POSTs that may be cached. Only `ok` and `notFound` are
 *   cached.
 */
export interface WebPort {
  fetchJson(request: WebRequest): Promise<WebAnswer>;
  /** Closes the connections that are kept for the next request. */
  stop(): void;
}
