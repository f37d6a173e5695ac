import type { SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import { makeChannel } from './channels.ts';
import type { Leg, Legs } from './legs.ts';
import type { MediaServer } from './media-server.ts';

interface RehomingRooms {
  readonly legs: Legs;
  readonly controller: string;
  /** Names the leg's dialog on its channel, for whoever cleans up. */
  readonly name: (leg: Leg) => void;
}

/**
 * Moves the voice of a leg that is up to another FreeSWITCH, since only who is at the same one can hear each other: a channel
 * there, and a second INVITE to the phone that says where its sound goes now (RFC 3261 §14). The phone hears nothing for as long
 * as that takes. What it was played, and whom it was joined with, ended before.
 *
 * @returns `refused` when the server is full or the phone would not: all is as it was then.
 */
export async function rehome(leg: Leg, server: MediaServer, rooms: RehomingRooms): Promise<SwitchResult> {
  const { legs, controller, name } = rooms;
  const before = { server: leg.server, channel: leg.channel };
  if (!before.channel) return failed('unavailable', 'FreeSWITCH has no channel for it');
  const order = { legId: leg.id, callId: leg.callId, controller, offer: null };
  const channel = await makeChannel(leg.line.drachtio, server, order);
  if (!channel) return failed('refused', 'the other FreeSWITCH takes no more channels');
  const sdp = continued(before.channel.sdp, channel.sdp);
  const answer = leg.cause ? null : await leg.line.move(sdp);
  const isMoved = answer !== null && (await channel.connect(answer)) && !leg.cause;
  if (isMoved) {
    legs.move(leg, server);
    leg.channel = { sdp, connect: (theirs) => channel.connect(theirs) };
    name(leg);
    void before.server.api(`uuid_kill ${leg.id}`);
    return OK;
  }
  void server.api(`uuid_kill ${leg.id}`);
  if (leg.cause) return failed('gone', 'there is no such leg');
  if (answer !== null) await leg.line.move(continued(sdp, before.channel.sdp));
  return failed('refused', 'its phone does not let its sound be moved to another FreeSWITCH');
}

const ORIGIN = /^o=(\S+ \S+) (\d+) (.*)$/m;

/**
 * To a phone it is one session that goes on: its `o=` line stays but for the version, which is one more (RFC 3264 §8).
 *
 * @param before what the phone was told last. @param next what another server would tell it.
 */
export function continued(before: string, next: string): string {
  const [, session, version, address] = ORIGIN.exec(before) ?? [];
  if (session === undefined || version === undefined) return next;
  return next.replace(ORIGIN, () => `o=${session} ${BigInt(version) + 1n} ${address}`);
}
