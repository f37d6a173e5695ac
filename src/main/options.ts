import { hostname } from 'node:os';
import type { Settings } from '../config/settings.ts';
import type { LoadedSite } from '../config/site/load.ts';
import type { PhoneAccounts } from '../engine/ports/phone-accounts.ts';
import type { Draft, ReleaseMaker } from '../engine/ports/releases.ts';
import { systemIds } from '../system.ts';
import type { LogBook } from '../telemetry/log.ts';

/** Where the servers are that Callwright works with. */
interface Servers {
  readonly asteriskUrl: string;
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly databaseConnections: number | undefined;
  /** Of phones on a private Asterisk; undefined: the switch is the house's own. */
  readonly accounts: PhoneAccounts | undefined;
}

export interface CallwrightOptions {
  readonly settings: Settings;
  readonly servers: Servers;
  /** Its agents and trunks are in force to the end of this process; all else comes from the releases. */
  readonly site: LoadedSite;
  readonly draft: Draft;
  readonly maker: ReleaseMaker;
  /** Folder of the prompts as audio. */
  readonly sounds: string;
  readonly logBook: LogBook;
  readonly version: string;
  /** Gives up a start that has not come to its end. */
  readonly signal: AbortSignal;
  /** Another process has taken over; this one has stopped acting and should end. */
  readonly fenced: (reason: string) => void;
}

/** What an operator has written keeps it from starting; the message says where and how to mend it. */
export class SettingsFault extends Error {
  override readonly name = 'SettingsFault';
}

/** What was opened is closed in the other order. */
export type Closers = (() => Promise<unknown>)[];

/** Name of this process in leases. */
export const OWNER = `${hostname()}:${process.pid}:${systemIds.next('token')}`;

/** Where events say that they come from. */
export const SOURCE = '/callwright';
