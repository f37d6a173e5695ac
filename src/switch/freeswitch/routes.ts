import type { DialTarget } from '../../call/switch.ts';

/** Where a trunk is reached over SIP, and how we log in there. */
export interface TrunkAddress {
  readonly host: string;
  /** 5060 when left out. */
  readonly port?: number;
  readonly auth?: { readonly username: string; readonly password: string };
}

/** Whoever registers telephones. */
export interface PhoneBook {
  /** SIP URI under which the phone can be reached now; null when it is not registered. */
  contactOf(name: string): Promise<string | null>;
  /** Whether there is an account of this name, registered or not; null: it cannot be said now. */
  knows(name: string): Promise<boolean | null>;
}

export interface Route {
  readonly uri: string;
  readonly auth?: TrunkAddress['auth'];
}

const DIGITS = /^\+?[0-9]{1,32}$/;
const PHONE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;
const SIP_PORT = 5060;

export const isPhoneName = (name: string): boolean => PHONE.test(name);

/**
 * The only place where a SIP URI to dial is made. What a flow, a list or an API says ends up here either as a `+` and digits or as
 * the plain name of a phone, so nothing in it can reach another host or a second destination.
 *
 * @returns `absent`: no such phone is registered · `no`: the target is not one that may be dialled.
 */
export async function routeTo(
  to: DialTarget,
  trunks: ReadonlyMap<string, TrunkAddress>,
  phones: PhoneBook,
): Promise<Route | 'absent' | 'no'> {
  if (to.kind === 'phone') {
    if (!isPhoneName(to.name)) return 'no';
    const uri = await phones.contactOf(to.name);
    return uri === null ? 'absent' : { uri };
  }
  const trunk = trunks.get(to.trunk);
  if (!trunk || !DIGITS.test(to.number)) return 'no';
  const uri = `sip:${to.number}@${trunk.host}:${trunk.port ?? SIP_PORT}`;
  return trunk.auth ? { uri, auth: trunk.auth } : { uri };
}

/** Name of the trunk that an INVITE came from, by its address; of two behind one host the port tells. */
export function trunkAt(host: string, port: number, trunks: ReadonlyMap<string, TrunkAddress>): string | null {
  const there = [...trunks].filter(([, trunk]) => trunk.host === host);
  const exact = there.find(([, trunk]) => (trunk.port ?? SIP_PORT) === port);
  return (exact ?? (there.length === 1 ? there[0] : undefined))?.[0] ?? null;
}

/** What the far end shows (RFC 3261 §20.20, RFC 3325 for who withholds his number). */
export function fromHeader(number: string | null, name: string | null): Readonly<Record<string, string>> {
  // Quotes, brackets and control characters in a name would end the field early.
  const shown = name?.replace(/[^\p{L}\p{N} .,'+&-]/gu, '').trim() ?? '';
  const label = shown === '' ? '' : `"${shown}" `;
  if (number === null || !DIGITS.test(number)) {
    return { From: `${label || '"Anonymous" '}<sip:anonymous@anonymous.invalid>`, Privacy: 'id' };
  }
  return { From: `${label}<sip:${number}@localhost>` };
}
