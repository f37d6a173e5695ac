import type { DialTarget } from '../../call/switch.ts';

const DIGITS = /^\+?[0-9]{1,32}$/;
const ENDPOINT = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/**
 * The only place where a dial string is made. What a flow, a list or an API says ends up here either as a `+` and digits or as the
 * plain name of an endpoint, so nothing in it can reach another endpoint, a dialplan function or a second destination.
 *
 * @param trunks trunk name → name of its PJSIP endpoint.
 * @returns null when the target is not one that may be dialled.
 */
export function dialString(to: DialTarget, trunks: ReadonlyMap<string, string>): string | null {
  if (to.kind === 'phone') return ENDPOINT.test(to.name) ? `PJSIP/${to.name}` : null;
  const endpoint = trunks.get(to.trunk);
  if (endpoint === undefined || !ENDPOINT.test(endpoint) || !DIGITS.test(to.number)) return null;
  return `PJSIP/${to.number}@${endpoint}`;
}

/**
 * `"Name" <number>` for the far end's display, null when there is nothing to show. Names are people's words: quotes, brackets and
 * control characters in them would end the field early.
 */
export function callerId(number: string | null, name: string | null): string | null {
  const shown = name?.replace(/[^\p{L}\p{N} .,'+&-]/gu, '').trim() ?? '';
  if (number === null || !DIGITS.test(number)) return shown === '' ? null : `"${shown}" <>`;
  return shown === '' ? `<${number}>` : `"${shown}" <${number}>`;
}
