import Srf from 'drachtio-srf';
import type { Request } from './drachtio.ts';

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
