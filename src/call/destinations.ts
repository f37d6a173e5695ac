import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A host that lookups may ask: `crm.example.org`, `*.example.org:8443`, or one that may be at a private address. */
type AllowedHost = string | { readonly host: string; readonly private: boolean };

/** How much flows and agents may dial outside, all of them together; what is beyond it is refused. */
export interface OutsideCaps {
  /** Legs at the same time, ringing ones too. */
  readonly concurrent: number;
  /** Legs begun within an hour. */
  readonly perHour: number;
  /** Minutes talked on legs begun within 24 hours; a talk under way is not cut off. */
  readonly minutesPerDay: number;
}

/** The same for each flow and each agent by itself; where nothing is said of agents they have `USUAL_AGENT_CAPS`. */
interface CapsEach {
  readonly flow?: OutsideCaps;
  readonly agent?: OutsideCaps;
  /** Of its single calls; what its lists may is bounded by its own lines and pace. */
  readonly campaign?: OutsideCaps;
}

/** What a house lets its flows reach outside. Whatever is not allowed is denied. */
export interface Destinations {
  /** E.164 numbers, or beginnings of them with `*` at the end. */
  readonly numbers: readonly string[];
  /** The same, for what is not allowed within them. */
  readonly deny: readonly string[];
  readonly hosts: readonly AllowedHost[];
  readonly caps?: OutsideCaps;
  readonly capsEach?: CapsEach;
}

/** A house that says nothing lets nothing out. */
export const NO_DESTINATIONS: Destinations = Object.freeze({ numbers: [], deny: [], hosts: [] });

export type DestinationVerdict = 'allowed' | 'not-allowed' | 'denied' | 'premium';

/**
 * May this number be called? The longest entry that fits decides, `deny` before `numbers` of the same length; premium-rate
 * ranges are refused whatever the lists say, by the numbering plans that libphonenumber knows.
 */
export function judgeNumber(number: string, { numbers, deny }: Destinations): DestinationVerdict {
  if (isPremium(number)) return 'premium';
  const allowed = longestMatch(numbers, number);
  const denied = longestMatch(deny, number);
  if (denied >= allowed && denied > 0) return 'denied';
  return allowed > 0 ? 'allowed' : 'not-allowed';
}

const SHORTEST = 5;
const LONGEST = 16;
const ANY_DIGITS = '2345678901234';

/**
 * Whether somebody earns by each call of a number in E.164. Numbers that the plan does not know are judged by those that they could become: a carrier takes no notice of digits too
 * many, so `+1 900` and fifteen digits reach the premium number that they begin with.
 */
export function isPremium(number: string): boolean {
  const type = typeOf(number);
  if (type !== undefined) return type === 'PREMIUM_RATE';
  const longest = (number + ANY_DIGITS).slice(0, Math.max(LONGEST, number.length));
  return Array.from(longest, (_, length) => longest.slice(0, length)).some(
    (form) => form.length >= SHORTEST && typeOf(form) === 'PREMIUM_RATE',
  );
}

const typeOf = (number: string) => parsePhoneNumberFromString(number)?.getType();

/** Characters that the longest fitting entry fixes; a whole number counts for more than the same as a beginning. */
function longestMatch(entries: readonly string[], number: string): number {
  const matches = entries.map((entry) => {
    if (!entry.endsWith('*')) return entry === number ? entry.length + 0.5 : 0;
    return number.startsWith(entry.slice(0, -1)) ? entry.length - 1 : 0;
  });
  return Math.max(0, ...matches);
}
