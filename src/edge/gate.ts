import { randomBytes } from 'node:crypto';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { EdgeCounts } from './counts.ts';
import { challenges, credentialsIn, type DigestRealm, isProved, NonceCounts, nonceState } from './decide/digest.ts';
import { RETRY_AFTER_SECONDS } from './decide/retry.ts';
import { isScanner } from './decide/scanner.ts';
import type { SourceBook, Verdict } from './decide/sources.ts';
import type { SipAsk } from './sip.ts';

interface GateOptions {
  readonly realm: DigestRealm;
  readonly sources: SourceBook;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly counts: EdgeCounts;
}

/** Nonces whose use is remembered. */
const NONCES = 50_000;
/** Of no account, so that a wrong name takes as long as a wrong password. */
const NOBODYS_PASSWORD = 'nobody';

const HEADERS = {
  REGISTER: { status: 401, ask: 'WWW-Authenticate', give: 'authorization' },
  other: { status: 407, ask: 'Proxy-Authenticate', give: 'proxy-authorization' },
} as const;

/** Who may come in: rates and bans by source address, then the password (RFC 3261 §22). Whoever may not is answered here. */
export class Gate {
  readonly #options: GateOptions;
  readonly #nonces = new NonceCounts(NONCES);
  #accounts: ReadonlyMap<string, string>;

  constructor(options: GateOptions, accounts: ReadonlyMap<string, string>) {
    this.#options = options;
    this.#accounts = accounts;
  }

  update(accounts: ReadonlyMap<string, string>): void {
    this.#accounts = accounts;
  }

  /** Whether an unknown source may ask at all. */
  mayAsk(ask: SipAsk): boolean {
    const { sources, clock } = this.#options;
    const isProgram = isScanner({ userAgent: ask.userAgent, user: ask.fromUser });
    return this.#obeys(ask, sources.asked(ask.source.address, isProgram, clock.now()));
  }

  /** The account that a request proves with its password; null when it did not, and was answered. */
  account(ask: SipAsk): string | null {
    const { realm, clock, sources } = this.#options;
    const words = ask.method === 'REGISTER' ? HEADERS.REGISTER : HEADERS.other;
    const given = credentialsIn(ask.header(words.give));
    if (!given || given.realm !== realm.name) return this.#challenge(ask, false);
    const state = nonceState(given.nonce, realm, clock.now());
    if (state !== 'good') return this.#challenge(ask, true);
    const password = this.#accounts.get(given.username);
    const proof = { credentials: given, method: ask.verb, password: password ?? NOBODYS_PASSWORD };
    if (!isProved(proof) || password === undefined) return this.#wrong(ask);
    if (!this.#nonces.isFresh(given, clock.now())) return this.#challenge(ask, true);
    sources.proved(ask.source.address);
    return given.username;
  }

  /** It asked for what is not there, or for what is not its own. */
  failed(ask: SipAsk): void {
    const { sources, clock } = this.#options;
    this.#noteBan(ask, sources.failed(ask.source.address, clock.now()));
  }

  #wrong(ask: SipAsk): null {
    this.#options.counts.count('refused', 'password');
    this.#options.log.warn(
      { source: ask.source.address, pii: { account: ask.fromUser } },
      'a wrong account or password',
    );
    this.failed(ask);
    ask.answer(403);
    return null;
  }

  #challenge(ask: SipAsk, isStale: boolean): null {
    const { status, ask: name } = ask.method === 'REGISTER' ? HEADERS.REGISTER : HEADERS.other;
    const salt = randomBytes(9).toString('base64url');
    ask.answer(status, { [name]: challenges(this.#options.realm, salt, isStale, this.#options.clock.now()) });
    return null;
  }

  #obeys(ask: SipAsk, verdict: Verdict): boolean {
    if (verdict.kind === 'pass') return true;
    this.#noteBan(ask, verdict);
    this.#options.counts.count('refused', verdict.kind === 'banned' ? verdict.why : 'rate');
    if (verdict.kind === 'banned') ask.answer(403);
    else ask.answer(503, { 'Retry-After': String(RETRY_AFTER_SECONDS) });
    return false;
  }

  #noteBan(ask: SipAsk, verdict: Verdict): void {
    if (verdict.kind !== 'banned' || !verdict.isNew) return;
    const { address } = ask.source;
    const until = new Date(verdict.until).toISOString();
    this.#options.log.warn(
      { source: address, why: verdict.why, until, pii: { userAgent: ask.userAgent } },
      'a source is banned',
    );
    this.#options.counts.count('ban', verdict.why);
  }
}
