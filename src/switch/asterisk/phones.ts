import { dialString } from './dial-string.ts';
import type { Ask } from './requests.ts';

/** Asterisk lists its endpoints whether they are registered or not; those of trunks lead to nobody without a number. */
export async function knowsPhone(
  ask: Ask,
  name: string,
  trunks: ReadonlyMap<string, unknown>,
): Promise<boolean | null> {
  const endpoint = dialString({ kind: 'phone', name }, new Map());
  if (endpoint === null || trunks.has(name)) return false;
  const reply = await ask({ method: 'GET', uri: `endpoints/${endpoint}` });
  if (reply?.status === 404) return false;
  return reply && reply.status < 300 ? true : null;
}
