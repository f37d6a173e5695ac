import { z } from 'zod';
import type { AriAddress } from './event-socket.ts';
import { ariGet, reasonOf } from './http.ts';

/** Two holes in ARI's privileges were closed in this version. */
const OLDEST = [22, 10, 1] as const;
const WITHIN_MS = 5_000;

const answer = z.object({
  system: z.object({ version: z.string() }),
  status: z.object({ startup_time: z.string() }),
});

export type Asked =
  | { readonly outcome: 'ready'; readonly version: string; readonly startedAt: string }
  /** It is there and does not want us, or we do not want it: trying again will not help. */
  | { readonly outcome: 'refused'; readonly sentence: string }
  | { readonly outcome: 'unreachable'; readonly reason: string };

/**
 * Asks Asterisk who it is before its application is taken over: the password and the version are checked while nothing has happened yet.
 *
 * @param allowOld accept a version with known holes.
 */
export async function askAsterisk(address: AriAddress, allowOld: boolean): Promise<Asked> {
  const { url, user } = address;
  try {
    const reply = await ariGet(address, 'asterisk/info', WITHIN_MS);
    if (!reply.ok) {
      await reply.body?.cancel();
      return refusal(reply.status, url.host, user);
    }
    const { system, status } = answer.parse(await reply.json());
    if (!allowOld && isOld(system.version)) return tooOld(system.version, url.host);
    return { outcome: 'ready', version: system.version, startedAt: status.startup_time };
  } catch (error) {
    return { outcome: 'unreachable', reason: reasonOf(error, WITHIN_MS) };
  }
}

function refusal(status: number, host: string, user: string): Asked {
  if (status === 401 || status === 403) {
    const sentence = `Asterisk at ${host} refused the user "${user}" or the password: put the ones of its ari.conf into ASTERISK_URL.`;
    return { outcome: 'refused', sentence };
  }
  if (status === 404) {
    const sentence = `There is no ARI at ${host}: enable it in Asterisk's ari.conf and http.conf, or correct ASTERISK_URL.`;
    return { outcome: 'refused', sentence };
  }
  return { outcome: 'unreachable', reason: `it answered with HTTP status ${status}` };
}

const tooOld = (version: string, host: string): Asked => ({
  outcome: 'refused',
  sentence: `Asterisk at ${host} is version ${version}, and before ${OLDEST.join('.')} ARI has two known privilege holes: upgrade it, or set CALLWRIGHT_ALLOW_OLD_ASTERISK=1 where nobody else can reach it.`,
});

function isOld(version: string): boolean {
  const parts = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(version)?.slice(1) ?? [];
  for (const [index, oldest] of OLDEST.entries()) {
    const part = Number(parts[index] ?? 0);
    if (part !== oldest) return part < oldest;
  }
  return false;
}
