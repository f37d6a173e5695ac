import { z } from 'zod';
import type { SwitchSnapshot } from '../../call/switch.ts';
import { DETECT_CONTEXT } from './amd.ts';
import { type AriChannel, ariChannel } from './ari-event.ts';
import { monitorName, type Watch, watchOf } from './monitors.ts';
import { aniOf, type DoorLeg, newLeg, OUTBOUND, sourceOf } from './news.ts';
import type { Ask } from './requests.ts';
import { isSnoop } from './snoops.ts';
import { CALL_VARIABLE } from './verbs.ts';

const channels = z.array(ariChannel);
const bridges = z.array(z.object({ id: z.string(), name: z.string(), channels: z.array(z.string()) }));
const application = z.object({ channel_ids: z.array(z.string()) });
const variable = z.object({ value: z.string() });

/** What Asterisk holds of ours. */
export interface Listing {
  readonly channels: readonly ListedChannel[];
  readonly bridges: z.output<typeof bridges>;
  /** Who listens to whom: channels and bridges that are no call's. */
  readonly watches: readonly Watch[];
  readonly watchBridges: z.output<typeof bridges>;
}

interface ListedChannel {
  readonly channel: AriChannel;
  /** Arguments it entered our application with, null while it is not in it. */
  readonly args: readonly string[] | null;
  readonly callId: string | null;
}

/** Null when Asterisk gave no answer, or none that can be read. */
export async function listOurs(ask: Ask, app: string): Promise<Listing | null> {
  const [all, ours, made] = await Promise.all([
    read(ask, 'channels', channels),
    read(ask, `applications/${app}`, application),
    read(ask, 'bridges', bridges),
  ]);
  if (!all || !ours || !made) return null;
  const subscribed = new Set(ours.channel_ids);
  const listed = all.flatMap((channel) => {
    const args = argsOf(channel, app);
    return args || subscribed.has(channel.id) ? [{ channel, args }] : [];
  });
  const watches = listed.flatMap(({ channel, args }) => watchOf(channel.id, args) ?? []);
  const legs = listed.filter(({ channel }) => !isSnoop(channel));
  return {
    watches,
    watchBridges: made.filter((bridge) => bridge.name === monitorName(app)),
    channels: await Promise.all(legs.map(async (one) => ({ ...one, callId: await callIdOf(ask, one) }))),
    bridges: made.filter((bridge) => bridge.name === app),
  };
}

async function read<T>(ask: Ask, uri: string, schema: z.ZodType<T>): Promise<T | null> {
  const reply = await ask({ method: 'GET', uri });
  return reply && reply.status < 300 ? (schema.safeParse(reply.body).data ?? null) : null;
}

function argsOf({ dialplan }: AriChannel, app: string): readonly string[] | null {
  const [name, ...args] = dialplan.app_name === 'Stasis' ? dialplan.app_data.split(',') : [];
  return name === app ? args : null;
}

/** One that has answered carries its call in the arguments; only for the others there is something to ask. */
async function callIdOf(ask: Ask, { channel, args }: Omit<ListedChannel, 'callId'>): Promise<string | null> {
  if (args) return args[0] === OUTBOUND ? (args[1] ?? null) : null;
  const uri = `channels/${encodeURIComponent(channel.id)}/variable`;
  const reply = await ask({ method: 'GET', uri, query: { variable: CALL_VARIABLE } });
  const read = variable.safeParse(reply?.body);
  return read.success && read.data.value !== '' ? read.data.value : null;
}

/** @param isToEnd legs that the engine has done with: nobody is to be served who only waits for his hang-up. */
export function snapshotOf(
  listing: Listing,
  trunkNames: ReadonlyMap<string, string>,
  isToEnd: (legId: string) => boolean,
): SwitchSnapshot {
  return {
    legs: listing.channels.map(({ channel, args, callId }) => ({
      legId: channel.id,
      callId,
      state: stateOf(channel),
      startedAt: Date.parse(channel.creationtime),
      ours: !isToEnd(channel.id) && (args !== null || (callId !== null && isOnItsWay(channel))),
      dnis: dnisOf(channel, args, callId),
      // On a leg that we rang it is the number we showed.
      ani: callId === null ? aniOf(channel) : null,
      source: sourceOf(channel, trunkNames),
    })),
    bridges: listing.bridges.map(({ id, channels }) => ({ bridgeId: id, legIds: channels })),
  };
}

/** Not picked up, or picked up and listened to: it will come to us. */
const isOnItsWay = ({ state, dialplan }: AriChannel): boolean => state !== 'Up' || dialplan.context === DETECT_CONTEXT;

function stateOf({ state }: AriChannel): 'down' | 'ringing' | 'up' {
  if (state === 'Up') return 'up';
  return state === 'Ringing' || state === 'Ring' ? 'ringing' : 'down';
}

function dnisOf(channel: AriChannel, args: readonly string[] | null, callId: string | null): string {
  if (callId !== null) return '';
  return args?.[1] ?? channel.dialplan.exten;
}

/** The legs to go on with after a (re)connection: what was known of them before, in the state in which they are now. */
export function legsOf(listing: Listing, known: (id: string) => DoorLeg | null): readonly DoorLeg[] {
  return listing.channels.map(({ channel, args, callId }) => {
    const state = stateOf(channel);
    const phase = state === 'down' ? 'new' : state;
    const left = args === null && state === 'up' && callId === null;
    const bridge =
      [...listing.bridges, ...listing.watchBridges].find(({ channels }) => channels.includes(channel.id))?.id ?? null;
    const fresh = { ...newLeg(channel.id, callId !== null), music: true };
    const before = known(channel.id) ?? fresh;
    // Picked up, or back from being listened to, while nobody looked: it is not listened to any more.
    const detect = args === null ? before.detect : null;
    return { ...before, phase, bridge, left, detect };
  });
}
