import type { HangupCause } from '../../call/cause.ts';

/** Q.850 value → SIP final response that turns a call away (RFC 3398 §8.2.6.1), for the causes that Callwright gives. */
const SIP_OF_Q850: ReadonlyMap<number, number> = new Map([
  [1, 404],
  [3, 404],
  [16, 480],
  [17, 486],
  [18, 408],
  [19, 480],
  [20, 480],
  [21, 603],
  [22, 410],
  [27, 502],
  [28, 484],
  [34, 503],
  [38, 503],
  [41, 503],
  [42, 503],
  [44, 503],
  [58, 503],
]);

/** SIP final response → Q.850 value (RFC 3398 §7.2.4.1). */
const Q850_OF_SIP: ReadonlyMap<number, number> = new Map([
  [401, 21],
  [402, 21],
  [403, 21],
  [404, 1],
  [405, 63],
  [407, 21],
  [408, 102],
  [410, 22],
  [480, 18],
  [481, 41],
  [482, 25],
  [483, 25],
  [484, 28],
  [485, 1],
  [486, 17],
  [487, 16],
  [488, 31],
  [500, 41],
  [501, 79],
  [502, 38],
  [503, 41],
  [504, 102],
  [600, 17],
  [603, 21],
  [604, 1],
]);
const INTERWORKING = 127;
const FAILED = 500;

export const sipStatusOf = ({ q850, sip }: HangupCause): number => sip ?? SIP_OF_Q850.get(q850) ?? FAILED;

/** What a final response says; a Reason header of the far switch (RFC 3326) is the more exact Q.850 value. */
export const causeOfSip = (status: number, reason: string | undefined): HangupCause => ({
  q850: q850In(reason) ?? Q850_OF_SIP.get(status) ?? INTERWORKING,
  sip: status,
});

/** Of a Reason header: `Q.850;cause=17;text="busy"`. Asterisk says 0 where it knows nothing better than the response. */
export function q850In(reason: string | undefined): number | null {
  const [, value] = /Q\.850\s*;(?:[^,]*;)?\s*cause\s*=\s*(\d+)/i.exec(reason ?? '') ?? [];
  return Number(value ?? 0) || null;
}

/** The header that tells the far end why (RFC 3326). */
export const reasonHeader = ({ q850 }: HangupCause): Readonly<Record<string, string>> =>
  q850 > 0 ? { Reason: `Q.850;cause=${q850}` } : {};
