import { isIP } from 'node:net';

/** A host that may be asked. */
export interface HostRule {
  readonly secure: boolean;
  readonly host: string;
  /** The names below `host`, not `host` itself. */
  readonly below: boolean;
  readonly port: number;
  /** It may live at a private or loopback address. */
  readonly private: boolean;
}

/** As site files write it: `crm.example.org`, `*.example.org:8443`, or `{ host: 'http://127.0.0.1:8099', private: true }`. */
export type AllowedHost = string | { readonly host: string; readonly private: boolean };

export type AllowList =
  | { readonly ok: true; readonly rules: readonly HostRule[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads `hosts` of the destinations; all faults are told at once. */
export function readAllowList(entries: readonly AllowedHost[]): AllowList {
  const read = entries.map((entry) => (typeof entry === 'string' ? { host: entry, private: false } : entry));
  const rules = read.map(ruleOf);
  const bad = read.filter((_, index) => rules[index] === null);
  if (bad.length === 0) return { ok: true, rules: Object.freeze(rules.filter((rule) => rule !== null)) };
  return {
    ok: false,
    problems: bad.map(
      ({ host }) =>
        `Host \`${host}\` is not understood: write crm.example.org, *.example.org:8443 or http://crm.test:8080.`,
    ),
  };
}

export interface Place {
  readonly host: string;
  /** Null when it was not written. */
  readonly port: number | null;
}

export const defaultPort = (secure: boolean): number => (secure ? 443 : 80);

const RULE = /^(?:(https?):\/\/)?(\*\.)?(.+)$/;

function ruleOf(entry: { readonly host: string; readonly private: boolean }): HostRule | null {
  const [, scheme, star, authority = ''] = RULE.exec(entry.host.toLowerCase()) ?? [];
  const place = placeOf(authority);
  const below = star !== undefined;
  if (!place || (below && !isDomain(place.host))) return null;
  const secure = scheme !== 'http';
  const port = place.port ?? defaultPort(secure);
  return Object.freeze({ secure, host: place.host, below, port, private: entry.private });
}

/** `*.org` would be half the world: a star needs two names after it, and no address. */
const isDomain = (host: string): boolean => host.includes('.') && isIP(host) === 0 && !host.startsWith('[');

const AUTHORITY = /^(\[[0-9a-f:.]{2,45}\]|[a-z0-9_.-]{1,253})(?::([1-9]\d{0,4}))?$/;

/**
 * Host and port of an authority in small letters. Refused is everything that has a second spelling: user names, percent
 * signs, trailing dots, letters beyond ASCII, and addresses that are not in their usual form (`0x7f.1`, `2130706433`).
 */
export function placeOf(authority: string): Place | null {
  const [, host = '', port] = AUTHORITY.exec(authority) ?? [];
  if (!isPlain(host) || Number(port ?? 1) > 65_535) return null;
  return { host, port: port === undefined ? null : Number(port) };
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

function isPlain(host: string): boolean {
  if (!host.startsWith('[') && !host.split('.').every((label) => LABEL.test(label))) return false;
  return URL.parse(`http://${host}`)?.hostname === host;
}
