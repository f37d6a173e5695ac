import type { EpochMs } from '../../call/ids.ts';
import type { Contact } from '../../engine/ports/registrations.ts';

/** What a REGISTER asks for one of its contacts. `expires` in seconds; null: nothing was said. */
interface AskedContact {
  readonly uri: string;
  readonly expires: number | null;
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
export function registrationBy(ask: RegisterAsk, known: readonly Contact[], now: EpochMs): Registration {
  const live = known.filter(({ expiresAt }) => expiresAt > now);
  if (live.some(({ callId, cseq }) => callId === ask.callId && cseq >= ask.cseq)) return refused(500);
  if (ask.contacts.some(({ uri }) => uri === '*')) {
    const isWhole = ask.contacts.length === 1 && ask.expires === 0;
    return isWhole ? { kind: 'kept', save: [], remove: live.map(({ uri }) => uri) } : refused(400);
  }
  const wished = ask.contacts.map((each) => ({ ...each, seconds: each.expires ?? ask.expires ?? REGISTRAR.usual }));
  if (wished.some(({ seconds }) => seconds > 0 && seconds < REGISTRAR.least)) return refused(423);
  const reached = wished.map(({ uri, seconds }) => ({ uri: reachable(uri, ask.source), seconds }));
  if (reached.some(({ uri }) => uri === null)) return refused(400);
  const kept = reached.flatMap(({ uri, seconds }) => (uri === null || seconds <= 0 ? [] : [{ uri, seconds }]));
  const gone = reached.flatMap(({ uri, seconds }) => (uri === null || seconds > 0 ? [] : [uri]));
  const after = new Set([
    ...live.map(({ uri }) => uri).filter((uri) => !gone.includes(uri)),
    ...kept.map(({ uri }) => uri),
  ]);
  if (after.size > REGISTRAR.contacts) return refused(403);
  return { kind: 'kept', save: kept.map(({ uri, seconds }) => contactOf(ask, uri, seconds, now)), remove: gone };
}

const refused = (status: 400 | 403 | 423 | 500): Registration => ({ kind: 'refused', status });

const contactOf = ({ callId, cseq }: RegisterAsk, uri: string, seconds: number, now: EpochMs): Contact => ({
  uri,
  expiresAt: now + Math.min(seconds, REGISTRAR.most) * 1_000,
  callId,
  cseq,
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
