import { CAUSE } from '../../call/cause.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Drachtio } from './drachtio.ts';
import type { MediaServer } from './media-server.ts';
import { reasonHeader } from './sip-cause.ts';

const listed = z.object({ rows: z.array(z.object({ uuid: z.string() })).default([]) });

type Asked = Pick<MediaServer, 'api'>;

/** Uuids of all channels of a FreeSWITCH; null when it cannot be said now. */
async function channelsOf(server: Asked): Promise<readonly string[] | null> {
  const answer = await server.api('show channels as json');
  if (answer === null) return null;
  try {
    return listed.parse(JSON.parse(answer)).rows.map(({ uuid }) => uuid);
  } catch {
    return null;
  }
}

/** Which channels are to be ended: all that nobody knows, or all of one process. */
type Whose = { readonly isKnown: (uuid: string) => boolean } | { readonly controller: string };

/**
 * Ends what a process left in FreeSWITCH: the far end gets its BYE, which any client of drachtio may send, and the channel goes.
 * drachtio cannot hand a dialog to another process, so no call is taken over.
 *
 * @returns how many there were.
 */
export async function endLeftBehind(server: Asked, drachtios: readonly Drachtio[], whose: Whose): Promise<number> {
  const all = (await channelsOf(server)) ?? [];
  const strangers = 'isKnown' in whose ? all.filter((uuid) => !whose.isKnown(uuid)) : all;
  const ended = await Promise.all(strangers.map((uuid) => end(server, drachtios, uuid, whose)));
  return ended.filter(Boolean).length;
}

/** Of what was sent on a connection that has broken since. */
const WRITTEN_WITHIN_MS = 500;

/** BYE for who is up, a final response for who waits for an answer, CANCEL for who is being rung. */
async function endLine(drachtio: Drachtio, variable: (name: string) => Promise<string | null>): Promise<void> {
  const names = ['callwright_dialog', 'callwright_refuse', 'callwright_cancel'];
  const isNamed = async () => (await Promise.all(names.map(variable))).some((value) => value !== null);
  // What the dying process wrote last may not have been read by FreeSWITCH yet.
  if (!(await isNamed())) await pause(WRITTEN_WITHIN_MS);
  const dialogId = await variable('callwright_dialog');
  if (dialogId !== null) {
    await drachtio.ask({ method: 'BYE', dialogId, headers: reasonHeader(CAUSE.normal) });
    return;
  }
  const [waits, rings] = [await variable('callwright_refuse'), await variable('callwright_cancel')];
  if (waits !== null) drachtio.refuse(waits);
  if (rings !== null) await drachtio.ask({ method: 'CANCEL', txnId: rings });
}

async function end(server: Asked, drachtios: readonly Drachtio[], uuid: string, whose: Whose): Promise<boolean> {
  const variable = async (name: string) => {
    const value = (await server.api(`uuid_getvar ${uuid} ${name}`))?.trim();
    return value === undefined || value === '' || value === '_undef_' || value.startsWith('-ERR') ? null : value;
  };
  // Channels that are none of ours are left alone: this FreeSWITCH may have other work.
  const controller = await variable('callwright_controller');
  if (controller === null || ('controller' in whose && controller !== whose.controller)) return false;
  const name = await variable('callwright_drachtio');
  const drachtio = drachtios.find((one) => one.name === name) ?? drachtios[0];
  if (drachtio) await endLine(drachtio, variable);
  await server.api(`uuid_kill ${uuid}`);
  return true;
}
