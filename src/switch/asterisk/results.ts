import type { SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import type { DoorLeg } from './news.ts';
import type { AriReply } from './requests.ts';

/**
 * What an ARI answer means. 404, 409 and 422 are ordinary: the caller hung up.
 *
 * @param leg the leg asked about, when the answer is about one. Asterisk says of a leg that is hanging up that it is not in the
 *   application; that is gone.
 */
export function resultOf(reply: AriReply, leg?: DoorLeg | null): SwitchResult {
  if (!reply) return failed('unavailable', 'the connection to Asterisk was lost');
  if (reply.status < 300) return OK;
  const isGone = reply.status === 404 || leg === null || leg?.left;
  return failed(isGone ? 'gone' : 'refused', `${reply.status} ${reply.problem}`);
}
