import type { LegId } from '../../call/ids.ts';
import type { Dialog, Drachtio } from './drachtio.ts';
import type { MediaServer } from './media-server.ts';

/** A channel of FreeSWITCH that waits in `park` for what it is told to do: the voice of one leg. Its uuid is the leg's id. */
export interface Channel {
  /** Where FreeSWITCH has its end of the voice. */
  readonly sdp: string;
  /** Where the far end has its; null: it would not. */
  connect(sdp: string): Promise<boolean>;
}

export interface ChannelOrder {
  readonly legId: LegId;
  readonly callId: string | null;
  readonly controller: string;
  /** What the far end offers; null: FreeSWITCH is to offer. */
  readonly offer: string | null;
}

/**
 * Calls FreeSWITCH through drachtio (RFC 3261), with the leg's id as Call-ID: its profile takes that as the channel's uuid. Without
 * an offer FreeSWITCH makes one (RFC 3725 §4.4), and the far end's answer follows in a second INVITE.
 *
 * @returns null when FreeSWITCH would not, or is gone.
 */
export async function makeChannel(
  drachtio: Drachtio,
  server: MediaServer,
  order: ChannelOrder,
): Promise<Channel | null> {
  const { legId, callId, controller, offer } = order;
  const headers = {
    'Call-ID': legId,
    'X-Callwright-Call': callId ?? '',
    'X-Callwright-Controller': controller,
  };
  try {
    const dialog = (await drachtio.srf.createUAC(`sip:leg@${server.sip}`, {
      headers,
      ...(offer !== null && { localSdp: offer }),
    })) as Dialog;
    // How FreeSWITCH ends a channel is told by its event socket, with why.
    dialog.on('destroy', () => {});
    dialog.on('refresh', () => {});
    dialog.on('modify', (_request, response) => response.send(200, { body: dialog.local.sdp }));
    return { sdp: dialog.remote.sdp, connect: (sdp) => connect(drachtio, dialog, sdp) };
  } catch {
    return null;
  }
}

async function connect(drachtio: Drachtio, dialog: Dialog, sdp: string): Promise<boolean> {
  const answer = await drachtio.ask({ method: 'INVITE', dialogId: dialog.id, body: sdp });
  return answer?.status === 200;
}
