import type { EpochMs } from '../../call/ids.ts';

/** Where a phone is reached. */
export interface Contact {
  /** A SIP address that reaches it, through its router too. */
  readonly uri: string;
  readonly expiresAt: EpochMs;
  /** Of the REGISTER that made it: an older one must not undo a newer (RFC 3261 §10.3). */
  readonly callId: string;
  readonly cseq: number;
  /** Which device it is, when the phone says so (RFC 5626). */
  readonly instance: string | null;
}

/** Where the phones are that have registered with the SIP edge. Names are those of the accounts, e.g. `1001`. */
interface Registrations {
  /** The address of a phone that was registered last and still holds; null when it has none, or nobody can tell now. */
  contactOf(name: string): Promise<string | null>;
  /** Whether there is such an account, registered or not; null when nobody can tell now. */
  knows(name: string): Promise<boolean | null>;
}

/** The registrar's own view. What is past its time is not given, and is forgotten by itself. Throws while the store is away. */
export interface RegistrationBook extends Registrations {
  /** All contacts of a phone that still hold, the one that holds longest first. */
  contacts(name: string): Promise<readonly Contact[]>;
  /** Keeps and forgets contacts of one phone, in one step. */
  change(
    name: string,
    change: { readonly save: readonly Contact[]; readonly remove: readonly string[] },
  ): Promise<void>;
  /** These are the accounts now, all of them. */
  setAccounts(names: readonly string[]): Promise<void>;
}
