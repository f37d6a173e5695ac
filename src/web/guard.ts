import { isIP } from 'node:net';
import { mayConnect } from './address.ts';
import { defaultPort, type HostRule, placeOf } from './allow-list.ts';

/** Where a request may go. */
export interface Target {
  readonly secure: boolean;
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** With its query. */
  readonly path: string;
  readonly private: boolean;
}

export type Admission =
  | { readonly ok: true; readonly target: Target }
  | { readonly ok: false; readonly why: 'URL not understood' | 'host not allowed' | 'address not allowed' };

const LONGEST_URL = 2_048;

/** RFC 3986 without the fragment: an unencoded `#` in a variable would cut the rest of the URL off. */
const URL_PARTS = /^(https?):\/\/([^/?#]*)([/?][\w\-.~:/?[\]@!$&'()*+,;=%]*)?$/i;

/** A variable that holds `..` would climb to another resource of the same host. */
const CLIMBS = /\/(?:\.|%2e){1,2}(?:[/?]|%2f|$)/i;

/** Judges a URL by its spelling, before any name is resolved. */
export function admit(url: string, rules: readonly HostRule[]): Admission {
  const [, scheme, authority, path = '/'] = (url.length <= LONGEST_URL && URL_PARTS.exec(url)) || [];
  const place = placeOf((authority ?? '').toLowerCase());
  if (!place || CLIMBS.test(path)) return { ok: false, why: 'URL not understood' };
  const secure = scheme?.toLowerCase() === 'https';
  const port = place.port ?? defaultPort(secure);
  const fits = rules.filter((rule) => rule.secure === secure && rule.port === port && matches(rule, place.host));
  if (fits.length === 0) return { ok: false, why: 'host not allowed' };
  const inside = fits.some((rule) => rule.private);
  const host = place.host.replace(/^\[|\]$/g, '');
  // A literal address is never resolved, so the check at the resolver would not see it.
  if (isIP(host) !== 0 && !mayConnect(host, inside)) return { ok: false, why: 'address not allowed' };
  return { ok: true, target: { secure, host, port, path: path.replace(/^\?/, '/?'), private: inside } };
}

const matches = (rule: HostRule, host: string): boolean =>
  rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
