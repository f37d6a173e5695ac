import type { EpochMs } from '../../call/ids.ts';

/** How much one source address, and all together, may ask. */
export interface SourceLimits {
  /** New requests of one unknown source within ten seconds. */
  readonly requestsPerTenSeconds: number;
  /** Failed passwords, unknown accounts and unknown numbers of one source within a minute, before it is banned. */
  readonly failuresPerMinute: number;
  /** New requests of all unknown sources within a second. */
  readonly requestsPerSecondOverall: number;
  /** How long a ban lasts, ms. A scanner that names itself gets the same. */
  readonly banMs: number;
  /** Sources remembered at once; the one heard longest ago is forgotten first. */
  readonly remembered: number;
}

const RATE_MS = 10_000;
const FAILURE_MS = 60_000;
const OVERALL_MS = 1_000;

/** `banned` also says that this very request began the ban (`isNew`), which is worth a line in the log. */
export type Verdict =
  | { readonly kind: 'pass' }
  | { readonly kind: 'too-many'; readonly whose: 'source' | 'overall' }
  | { readonly kind: 'banned'; readonly isNew: boolean; readonly until: EpochMs; readonly why: BanReason };

export type BanReason = 'scanner' | 'flood' | 'failures';

interface Window {
  from: EpochMs;
  count: number;
}

/** A source that has shown a right password may be an office of many phones behind one router. */
const PROVED_TIMES = 10;
/** One that asks so many times more than it may is no phone gone wrong. */
const FLOOD_TIMES = 10;

interface Source {
  readonly requests: Window;
  readonly failures: Window;
  ban: { readonly until: EpochMs; readonly why: BanReason } | null;
  isProved: boolean;
}

const PASS: Verdict = { kind: 'pass' };

/**
 * What is known of the addresses that requests come from. Counts are in windows that begin with the first request in them, so
 * one source can at most double its rate across a border. A source that asks ten times what it may within one window is banned;
 * one that has shown a right password may do ten times as much of everything.
 * It holds at most `remembered` sources: a flood from changing addresses forgets old ones and is met by the overall limit.
 */
export class SourceBook {
  readonly #limits: SourceLimits;
  readonly #sources = new Map<string, Source>();
  readonly #overall: Window = { from: 0, count: 0 };

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#sources.size;
  }

  /** A new request of an unknown source. `isScanner`: it has given itself away. */
  asked(address: string, isScanner: boolean, now: EpochMs): Verdict {
    const source = this.#source(address, now);
    const standing = bannedBy(source, now);
    if (standing) return standing;
    if (isScanner) return this.#ban(source, 'scanner', now);
    const count = counted(source.requests, RATE_MS, now);
    const most = this.#limits.requestsPerTenSeconds * timesFor(source);
    if (count >= most * FLOOD_TIMES) return this.#ban(source, 'flood', now);
    if (count > most) return { kind: 'too-many', whose: 'source' };
    const all = counted(this.#overall, OVERALL_MS, now);
    return all > this.#limits.requestsPerSecondOverall ? { kind: 'too-many', whose: 'overall' } : PASS;
  }

  /** It gave a wrong password, an account or a number that is not there. */
  failed(address: string, now: EpochMs): Verdict {
    const source = this.#source(address, now);
    const standing = bannedBy(source, now);
    if (standing) return standing;
    const count = counted(source.failures, FAILURE_MS, now);
    return count >= this.#limits.failuresPerMinute * timesFor(source) ? this.#ban(source, 'failures', now) : PASS;
  }

  /** It has shown a password that is right. */
  proved(address: string): void {
    const source = this.#sources.get(address);
    if (source) source.isProved = true;
  }

  banned(now: EpochMs): readonly string[] {
    return [...this.#sources].flatMap(([address, { ban }]) => (ban && ban.until > now ? [address] : []));
  }

  #ban(source: Source, why: BanReason, now: EpochMs): Verdict {
    source.ban = { until: now + this.#limits.banMs, why };
    return { kind: 'banned', isNew: true, until: source.ban.until, why };
  }

  /** Put last among the remembered, which a Map keeps in order. */
  #source(address: string, now: EpochMs): Source {
    const known = this.#sources.get(address);
    const source = known ?? {
      requests: { from: now, count: 0 },
      failures: { from: now, count: 0 },
      ban: null,
      isProved: false,
    };
    if (known) this.#sources.delete(address);
    else if (this.#sources.size >= this.#limits.remembered) this.#forgetOne();
    this.#sources.set(address, source);
    return source;
  }

  #forgetOne(): void {
    const [eldest] = this.#sources.keys();
    if (eldest !== undefined) this.#sources.delete(eldest);
  }
}

const timesFor = ({ isProved }: Source): number => (isProved ? PROVED_TIMES : 1);

function bannedBy({ ban }: Source, now: EpochMs): Verdict | null {
  return ban && ban.until > now ? { kind: 'banned', isNew: false, until: ban.until, why: ban.why } : null;
}

/** Counts one more in the window, or opens the next. A clock that was set back opens one too. */
function counted(window: Window, lengthMs: number, now: EpochMs): number {
  if (now - window.from >= lengthMs || now < window.from) Object.assign(window, { from: now, count: 0 });
  window.count += 1;
  return window.count;
}
