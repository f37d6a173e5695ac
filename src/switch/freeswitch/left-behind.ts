import { CAUSE } from '../../call/cause.ts';
import { z } from 'zod';
import type { Drachtio } from './drachtio.ts';
import type { MediaServer } from './media-server.ts';
import { reasonHeader } from './sip-cause.ts';

const listed = z.object({ rows: z.array(z.object({ uuid: z.string() })).default([]) });

/** Uuids of all channels of a FreeSWITCH; null when it cannot be said now. */
export async function channelsOf(server: Pick<MediaServer, 'api'>): Promise<readonly string[] | null> {
  const answer = await server.api('show channels as json');
  if (answer === null) return null;
  try {
    return listed.parse(JSON.parse(answer)).rows.map(({ uuid }) => uuid);
  } catch {
    return null;
  }
}

/**
 * Ends what other processes left in FreeSWITCH, or what this one does not know: the far end gets its BYE, which any client of
 * drachtio may send, and the channel goes. drachtio cannot hand a dialog to another process, so no call is taken over.
 *
 * @returns how many there were.
 */
export async function endLeftBehind(
  server: MediaServer,
  drachtios: readonly Drachtio[],
  isKnown: (uuid: string) => boolean,
): Promise<number> {
  const strangers = ((await channelsOf(server)) ?? []).filter((uuid) => !isKnown(uuid));
  await Promise.all(strangers.map((uuid) => end(server, drachtios, uuid)));
  return strangers.length;
}

async function end(server: MediaServer, drachtios: readonly Drachtio[], uuid: string): Promise<void> {
  const variable = async (name: string) => {
    const value = (await server.api(`uuid_getvar ${uuid} ${name}`))?.trim();
    return value === undefined || value === '_undef_' || value.startsWith('-ERR') ? null : value;
  };
  // Channels that are none of ours are left alone: this FreeSWITCH may have other work.
  if ((await variable('callwright_controller')) === null) return;
  const [dialogId, name] = [await variable('callwright_dialog'), await variable('callwright_drachtio')];
  const drachtio = drachtios.find((one) => one.name === name) ?? drachtios[0];
  if (dialogId !== null) await drachtio?.ask({ method: 'BYE', dialogId, headers: reasonHeader(CAUSE.normal) });
  await server.api(`uuid_kill ${uuid}`);
}
