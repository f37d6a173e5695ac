import type { BridgeId, LegId } from '../../call/ids.ts';
import type { SwitchResult } from '../../call/switch.ts';
import type { Legs } from './legs.ts';
import { newLeg } from './news.ts';
import type { Recordings } from './recordings.ts';
import type { AriReply, AriRequest, Ask } from './requests.ts';
import { OK } from '../results.ts';
import { resultOf } from './results.ts';

export interface BridgeRooms {
  readonly app: string;
  readonly legs: Legs;
  readonly recordings: Recordings;
  readonly ask: Ask;
  readonly stopPlayback: (playbackId: string) => Promise<SwitchResult>;
}

/** Without dtmf_events two legs exchange their RTP by themselves, and Asterisk sees no key in it. */
const BRIDGE_TYPE = 'mixing,dtmf_events';

/** Who hears whom, in ARI. */
export class Bridges {
  readonly #rooms: BridgeRooms;

  constructor(rooms: BridgeRooms) {
    this.#rooms = rooms;
  }

  /** @param others channels of ours that are no legs. @param name what the bridge is found by in a listing. */
  async join(
    bridgeId: BridgeId,
    legIds: readonly LegId[],
    { others = [], name = this.#rooms.app }: { others?: readonly string[]; name?: string } = {},
  ): Promise<SwitchResult> {
    const { legs } = this.#rooms;
    await Promise.all(legIds.map((legId) => this.silence(legId)));
    const uri = bridgeUri(bridgeId);
    const inside = [...legIds, ...others];
    const [made, added] = await Promise.all([
      this.#ask('POST', uri, { type: BRIDGE_TYPE, name }),
      inside.length > 0 && this.#ask('POST', `${uri}/addChannel`, { channel: inside.join(',') }),
      ...legIds.map((legId) => this.#noMusic(legId)),
    ]);
    const isThere = made !== null && (made.status < 300 || made.status === 409);
    if (!isThere || added === false || (added && added.status < 300)) return isThere ? OK : resultOf(made);
    if (made.status < 300) await this.#ask('DELETE', uri);
    const missing = legIds.find((legId) => !legs.get(legId) || legs.get(legId)?.left);
    return resultOf(added, missing === undefined ? undefined : legs.get(missing));
  }

  async #noMusic(legId: LegId): Promise<void> {
    const { legs } = this.#rooms;
    if (legs.get(legId)?.music === false) return;
    legs.music(legId, false);
    await this.#ask('DELETE', `channels/${encodeURIComponent(legId)}/moh`);
  }

  /** Only the taking out waits until the leg is out. One that is not in it, or no more there, is gone. */
  async part(bridgeId: BridgeId, legId: LegId): Promise<SwitchResult> {
    const { legs } = this.#rooms;
    await this.silence(legId);
    if (legs.get(legId)?.bridge === bridgeId) legs.bridged([legId], null);
    const reply = await this.#ask('POST', `${bridgeUri(bridgeId)}/removeChannel`, { channel: legId });
    const isOut = reply?.status === 422 || reply?.status === 400;
    return resultOf(reply, isOut ? null : legs.get(legId));
  }

  /**
   * Takes the legs out one by one first, since only that waits until they are out. A bridge that is just deleted lets go of them
   * some milliseconds later, and what is played to them meanwhile is dropped by Asterisk without a PlaybackFinished.
   */
  async end(bridgeId: BridgeId): Promise<SwitchResult> {
    const { legs, recordings } = this.#rooms;
    const uri = bridgeUri(bridgeId);
    const inside = legs.inBridge(bridgeId);
    await Promise.all([recordings.endOf(bridgeId), ...inside.map((legId) => this.silence(legId))]);
    legs.bridged(inside, null);
    // Nothing will be played any more to one that is hung up.
    const staying = inside.filter((legId) => legs.get(legId)?.q850 === null);
    for (const channel of staying) void this.#ask('POST', `${uri}/removeChannel`, { channel });
    // One that is on its way out answers 409.
    return resultOf(await this.#ask('DELETE', uri), null);
  }

  /**
   * Ends what is played to the leg and recorded of it, and waits until it has ended. Asterisk lets an answer or a bridge wait for
   * that end, and with it every other request on this socket: seconds in which no call is served.
   */
  async silence(legId: LegId): Promise<void> {
    const { legs, recordings, stopPlayback } = this.#rooms;
    const { playing, recording } = legs.get(legId) ?? newLeg(legId, false);
    await Promise.all([
      ...[...playing].flatMap(([playbackId, isStopped]) => (isStopped ? [] : stopPlayback(playbackId))),
      ...[...recording].map((recordingId) => recordings.stop(recordingId)),
    ]);
    await legs.quiet(legId);
  }

  #ask(method: AriRequest['method'], uri: string, query?: Readonly<Record<string, string>>): Promise<AriReply> {
    return this.#rooms.ask({ method, uri, ...(query && { query }) });
  }
}

const bridgeUri = (bridgeId: BridgeId): string => `bridges/${encodeURIComponent(bridgeId)}`;
