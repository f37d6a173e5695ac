import type { Customers } from '../call/customer.ts';
import type { Destinations } from '../call/destinations.ts';
import type { DidRoute } from '../call/did.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import type { Calendar } from '../ivr/calendar.ts';
import type { Flow } from '../ivr/flow.ts';

/** A carrier link as the site defines it. */
export interface TrunkProfile {
  readonly name: string;
  readonly lines: number;
  /** Call starts per second. */
  readonly cps: number;
}

/** A voicemail box as the site defines it. */
export interface BoxProfile {
  readonly name: string;
  readonly title: string;
  /** With so many that nobody has dealt with it is full. */
  readonly maxMessages: number;
}

/** Everything the site's files say, checked and frozen. */
export interface Site {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly routes: readonly DidRoute[];
  readonly queues: ReadonlyMap<string, QueueProfile>;
  readonly agents: readonly AgentProfile[];
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Prompts that have sound, per language; the atoms of numbers and dates are not among them. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly trunks: ReadonlyMap<string, TrunkProfile>;
  readonly boxes: ReadonlyMap<string, BoxProfile>;
  readonly destinations: Destinations;
  /** Callers whom the house knows; none where the site has no such list. */
  readonly customers?: Customers;
}
