import Srf from 'drachtio-srf';
import type { Request } from './drachtio.ts';
import { isPhoneName, type TrunkAddress, trunkAt } from './routes.ts';

const DIGITS = /^\+?[0-9*#]+$/;
const NAME = /^[A-Za-z0-9_.-]+$/;
const ANONYMOUS = 'anonymous';

export const userOf = (uri: string): string => decodeURIComponent(Srf.parseUri(uri)?.user ?? '');

/** Null when it is withheld (RFC 3323, RFC 3325). */
export function aniOf(request: Request): string | null {
  if (/\bid\b/i.test(request.get('Privacy') ?? '')) return null;
  const user = userOf(request.getParsedHeader('From').uri);
  return user !== ANONYMOUS && (DIGITS.test(user) || NAME.test(user)) ? user : null;
}

export function nameOf(request: Request): string | null {
  const name = request.getParsedHeader('From').name?.replaceAll('"', '').trim() ?? '';
  return name === '' || name.toLowerCase() === ANONYMOUS ? null : name;
}

/** What a request says of itself that is to be believed of an edge alone. */
interface Introduced {
  readonly source_address: string;
  readonly source_port: string;
  get(name: string): string | undefined;
}

/**
 * Where a call came from: a trunk's name, a phone's, or `guest`. An edge of ours says whom it has let in; from anybody else
 * such a header means nothing.
 */
export function sourceIn(
  request: Introduced,
  trunks: ReadonlyMap<string, TrunkAddress>,
  edges: ReadonlySet<string>,
): string {
  const host = request.source_address;
  const said = edges.has(host) ? (request.get('X-Callwright-Phone') ?? request.get('X-Callwright-Trunk')) : undefined;
  if (said !== undefined && isPhoneName(said)) return said;
  return trunkAt(host, Number(request.source_port), trunks) ?? 'guest';
}
