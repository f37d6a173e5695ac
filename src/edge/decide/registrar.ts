import type { EpochMs } from '../../call/ids.ts';
import type { Contact } from '../../engine/ports/registrations.ts';

/** What a REGISTER asks for one of its contacts. `expires` in seconds; null: nothing was said. `instance`: of `+sip.instance` (RFC 5626). */
interface AskedContact {
  readonly uri: string;
  readonly expires: number | null;
  readonly instance: string | null;
}

export interface RegisterAsk {
  /** `*` with nothing else takes all contacts away. */
  readonly contacts: readonly AskedContact[];
  /** Of the header `Expires`, seconds. */
  readonly expires: number | null;
  readonly callId: string;
  readonly cseq: number;
  /** Where the request came from: what reaches the phone through its router (RFC 3581). */
  readonly source: { readonly address: string; readonly port: number; readonly transport: string };
}

/** How the registrar keeps contacts. Seconds. */
export const REGISTRAR = { least: 30, most: 3_600, usual: 600, contacts: 5 } as const;

export type Registration =
  | { readonly kind: 'kept'; readonly save: readonly Contact[]; readonly remove: readonly string[] }
  /** 400: badly made; 403: too many contacts; 423: too short, `Min-Expires` says how long at least; 500: out of order (RFC 3261 §10.3). */
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 423 | 500 };

/**
 * What becomes of a phone's contacts by a REGISTER (RFC 3261 §10.3). A contact is kept as the address that the request came
 * from, with the user part that the phone gave: behind a router its own address reaches nobody. A request of the same Call-ID
 * that is not newer than what is known changes nothing and fails, as step 7 asks.
 */
export function registrationBy(ask: RegisterAsk, held: readonly Contact[], now: EpochMs): Registration {
  const live = held.filter(({ expiresAt }) => expiresAt > now);
  if (live.some(({ callId, cseq }) => callId === ask.callId && cseq >= ask.cseq)) return refused(500);
  if (ask.contacts.some(({ uri }) => uri === '*')) {
    const isWhole = ask.contacts.length === 1 && ask.expires === 0;
    return isWhole ? { kind: 'kept', save: [], remove: live.map(({ uri }) => uri) } : refused(400);
  }
  const wished = ask.contacts.map((each) => ({ ...each, seconds: each.expires ?? ask.expires ?? REGISTRAR.usual }));
  if (wished.some(({ seconds }) => seconds > 0 && seconds < REGISTRAR.least)) return refused(423);
  const reached = wished.map((each) => ({ ...each, uri: reachable(each.uri, ask.source) }));
  const known = reached.flatMap(({ uri, ...rest }) => (uri === null ? [] : [{ uri, ...rest }]));
  if (known.length < reached.length) return refused(400);
  const kept = known.filter(({ seconds }) => seconds > 0);
  const gone = known.filter(({ seconds }) => seconds <= 0).map(({ uri }) => uri);
  const moved = movedFrom(ask.callId, kept, live).filter((uri) => !gone.includes(uri));
  const remove = [...gone, ...moved];
  const left = live.filter(({ uri }) => !remove.includes(uri)).map(({ uri }) => uri);
  if (new Set([...left, ...kept.map(({ uri }) => uri)]).size > REGISTRAR.contacts) return refused(403);
  return { kind: 'kept', save: kept.map((each) => contactOf(ask, each, now)), remove };
}

interface Reached {
  readonly uri: string;
  readonly seconds: number;
  readonly instance: string | null;
}

/**
 * Where phones that register now were before: the same device (RFC 5626) or the same registration (one Call-ID, RFC 3261 §10.2.4)
 * at another port, after a restart or when a router gave it a new one. Calls would ring there for nobody.
 */
function movedFrom(callId: string, kept: readonly Reached[], live: readonly Contact[]): readonly string[] {
  if (kept.length === 0) return [];
  const devices = kept.flatMap(({ instance }) => (instance === null ? [] : [instance]));
  const isSame = (held: Contact) =>
    held.callId === callId || (held.instance !== null && devices.includes(held.instance));
  return live.filter((held) => isSame(held) && !kept.some(({ uri }) => uri === held.uri)).map(({ uri }) => uri);
}

const refused = (status: 400 | 403 | 423 | 500): Registration => ({ kind: 'refused', status });

const contactOf = ({ callId, cseq }: RegisterAsk, { uri, seconds, instance }: Reached, now: EpochMs): Contact => ({
  uri,
  expiresAt: now + Math.min(seconds, REGISTRAR.most) * 1_000,
  callId,
  cseq,
  instance,
});

const CONTACT = /^sips?:(?:([A-Za-z0-9_.!~*'()&=+$,;?/%-]{1,64})@)?[A-Za-z0-9.:[\]-]{1,255}(?:;[^<>\s"]*)?$/u;

/** The address that the request came from, with the user of the contact; null when the contact is not a SIP address. */
function reachable(uri: string, { address, port, transport }: RegisterAsk['source']): string | null {
  const found = CONTACT.exec(uri);
  if (!found) return null;
  const host = address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
  const user = found[1] === undefined ? '' : `${found[1]}@`;
  const how = transport.toLowerCase();
  return `sip:${user}${host}:${port}${how === 'udp' ? '' : `;transport=${how}`}`;
}
