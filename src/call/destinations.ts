import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/** A host that lookups may ask: `crm.example.org`, `*.example.org:8443`, or one that may be at a private address. */
type AllowedHost = string | { readonly host: string; readonly private: boolean };

/** What a house lets its flows reach outside. Whatever is not allowed is denied. */
export interface Destinations {
  /** E.164 numbers, or beginnings of them with `*` at the end. */
  readonly numbers: readonly string[];
  /** The same, for what is not allowed within them. */
  readonly deny: readonly string[];
  readonly hosts: readonly AllowedHost[];
}

/** A house that says nothing lets nothing out. */
export const NO_DESTINATIONS: Destinations = Object.freeze({ numbers: [], deny: [], hosts: [] });

export type DestinationVerdict = 'allowed' | 'not-allowed' | 'denied' | 'premium';

/**
 * May this number be called? The longest entry that fits decides, `deny` before `numbers` of the same length; premium-rate
 * ranges are refused whatever the lists say, by the numbering plans that libphonenumber knows.
 */
export function judgeNumber(number: string, { numbers, deny }: Destinations): DestinationVerdict {
  if (parsePhoneNumberFromString(number)?.getType() === 'PREMIUM_RATE') return 'premium';
  const allowed = longestMatch(numbers, number);
  const denied = longestMatch(deny, number);
  if (denied >= allowed && denied > 0) return 'denied';
  return allowed > 0 ? 'allowed' : 'not-allowed';
}

/** Characters that the longest fitting entry fixes; a whole number counts for more than the same as a beginning. */
function longestMatch(entries: readonly string[], number: string): number {
  const matches = entries.map((entry) => {
    if (!entry.endsWith('*')) return entry === number ? entry.length + 0.5 : 0;
    return number.startsWith(entry.slice(0, -1)) ? entry.length - 1 : 0;
  });
  return Math.max(0, ...matches);
}
