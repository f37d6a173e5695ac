import { CAUSE, type HangupCause } from '../../call/cause.ts';
import type { LegId, PlaybackId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { type Clock, unlessHeard } from '../../engine/ports/time.ts';
import { AMD_VARIABLE, amdArguments, watchTalk } from './amd.ts';
import { Bridges } from './bridges.ts';
import { callerId, dialString } from './dial-string.ts';
import type { Legs } from './legs.ts';
import { mediaUris } from './media.ts';
import { Monitors } from './monitors.ts';
import { newLeg, OUTBOUND } from './news.ts';
import type { Recordings } from './recordings.ts';
import type { AriReply, AriRequest, Ask } from './requests.ts';
import { failed, OK } from '../results.ts';
import { resultOf } from './results.ts';
import type { Snoops } from './snoops.ts';

export interface VerbRooms {
  readonly app: string;
  readonly soundsDir: string;
  readonly recordingsDir: string | null;
  readonly trunks: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly legs: Legs;
  readonly recordings: Recordings;
  readonly snoops: Snoops;
  readonly ask: Ask;
  /** For what rings somebody, and takes long. */
  readonly askToRing: Ask;
  /** Asks to be told of the leg also when it is in our hands no more. */
  readonly subscribe: (legId: LegId) => Promise<unknown>;
  /** An originate was refused: the leg has ended before it was. */
  readonly stillborn: (legId: LegId, cause: HangupCause) => void;
}

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** The variable that tells whose leg it is, on the channel from its first moment. */
export const CALL_VARIABLE = 'CALLWRIGHT_CALL';
/** The dialplan's context for legs that are given back. */
const RELEASE_CONTEXT = 'callwright-release';
/** A key and the pause after it. */
const MS_PER_KEY = 200;
const MOST_KEYS = 20;
const STOP_AGAIN_MS = 200;
/** To clear a talk away costs the switch as much as to begin one, and nobody waits for it; its agent's next caller does. */
const CLEAR_AFTER_MS = 25;

/** Telephone verbs, in ARI. */
export class Verbs {
  readonly #rooms: VerbRooms;
  readonly #ring = new Map<LegId, () => void>();
  readonly #bridges: Bridges;
  readonly monitors: Monitors;

  constructor(rooms: VerbRooms) {
    this.#rooms = rooms;
    const { app, legs, recordings, snoops, ask } = rooms;
    this.#bridges = new Bridges({ app, legs, recordings, ask, stopPlayback: (id) => this.#stop(id) });
    this.monitors = new Monitors({ app, legs, ask, bridges: this.#bridges, snoops, clock: rooms.clock });
  }

  do(command: SwitchCommand): Promise<SwitchResult> {
    switch (command.type) {
      case 'answer':
        return this.#answer(command.legId);
      case 'ring':
        return this.#onLeg(command.legId, 'POST', 'ring');
      case 'music.start':
        this.#rooms.legs.music(command.legId, true);
        return this.#onLeg(command.legId, 'POST', 'moh', { mohClass: command.class });
      case 'music.stop':
        this.#rooms.legs.music(command.legId, false);
        return this.#onLeg(command.legId, 'DELETE', 'moh');
      case 'play':
        return this.#play(command);
      case 'stop':
        return this.#stop(command.playbackId);
      case 'record':
        return this.#rooms.recordings.record(command);
      case 'record.stop':
        return this.#rooms.recordings.stop(command.recordingId);
      case 'dtmf.send':
        return this.#sendKeys(command);
      case 'originate':
        return this.#originate(command);
      case 'bridge':
        return this.#bridge(command);
      case 'unbridge':
        return this.#bridges.end(command.bridgeId);
      case 'part':
        return this.#bridges.part(command.bridgeId, command.legId);
      case 'mute':
        return this.#onLeg(command.legId, command.on ? 'POST' : 'DELETE', 'mute', { direction: 'in' });
      case 'talk.watch':
        return watchTalk(this.#rooms.ask, this.#rooms.legs.get(command.legId), command);
      case 'monitor':
        return this.monitors.begin(command);
      case 'monitor.stop':
        return this.monitors.stop(command.legId);
      case 'record.leg':
        return this.#rooms.recordings.recordLeg(command);
      case 'record.bridge':
        return this.#rooms.recordings.recordBridge(command);
      case 'record.pause':
        return this.#rooms.recordings.pause(command.recordingId, command.on);
      case 'hangup':
        return this.#hangUp(command.legId, command.cause);
      case 'release':
        return this.#release(command);
    }
  }

  /** The leg was answered or has ended: it need not be rung out. */
  settled(legId: LegId): void {
    this.#ring.get(legId)?.();
    this.#ring.delete(legId);
  }

  stop(): void {
    for (const legId of this.#ring.keys()) this.settled(legId);
  }

  #ask(method: AriRequest['method'], uri: string, rest: Pick<AriRequest, 'query' | 'body'> = {}): Promise<AriReply> {
    return this.#rooms.ask({ method, uri, ...rest });
  }

  async #onLeg(
    legId: LegId,
    method: 'POST' | 'DELETE',
    verb: string,
    query?: Readonly<Record<string, string>>,
  ): Promise<SwitchResult> {
    const reply = await this.#ask(method, legUri(legId, verb), query && { query });
    return resultOf(reply, this.#rooms.legs.get(legId));
  }

  async #answer(legId: LegId): Promise<SwitchResult> {
    if (this.#rooms.legs.get(legId)?.phase === 'up') return OK;
    await this.#bridges.silence(legId);
    return this.#onLeg(legId, 'POST', 'answer');
  }

  /** Playbacks are counted from the request on, since the leg may end before the answer. */
  async #play({ legId, playbackId, media, language }: Of<'play'>): Promise<SwitchResult> {
    const { legs, soundsDir, recordingsDir } = this.#rooms;
    const uris = mediaUris(media, soundsDir, recordingsDir);
    if (!uris?.length) return failed('refused', 'nothing in it that can be played');
    const isKnown = legs.get(legId) !== null;
    legs.playing(legId, playbackId);
    const body = { media: uris, lang: language };
    const reply = await this.#ask('POST', legUri(legId, 'play', playbackId), { body });
    const result = resultOf(reply, legs.get(legId));
    if (result.ok || !reply) return result;
    const hasEnded = isKnown && !legs.notPlaying(legId, playbackId);
    return hasEnded ? OK : result;
  }

  async #stop(playbackId: PlaybackId): Promise<SwitchResult> {
    const { legs } = this.#rooms;
    const leg = legs.whoPlays(playbackId);
    if (leg) legs.playing(leg.id, playbackId, true);
    const reply = await this.#ask('DELETE', `playbacks/${encodeURIComponent(playbackId)}`);
    if (reply?.status === 404 && leg) legs.notPlaying(leg.id, playbackId);
    if (leg && reply) void this.#stopAgain(playbackId);
    return reply?.status === 500 ? OK : resultOf(reply);
  }

  /** A spoken number cannot be stopped and takes no notice, but what follows it in the list can. */
  async #stopAgain(playbackId: PlaybackId): Promise<void> {
    await this.#pause(STOP_AGAIN_MS);
    if (this.#rooms.legs.whoPlays(playbackId)) await this.#stop(playbackId);
  }

  /** Asterisk queues the keys and lets whatever comes next for this channel wait, and every other request with it: so we wait. */
  async #sendKeys({ legId, digits }: Of<'dtmf.send'>): Promise<SwitchResult> {
    if (!/^[0-9A-D*#]+$/.test(digits) || digits.length > MOST_KEYS) {
      return failed('refused', `1 to ${MOST_KEYS} keys of 0-9 A-D * # can be sent`);
    }
    const result = await this.#onLeg(legId, 'POST', 'dtmf', { dtmf: digits });
    if (result.ok) await this.#pause(digits.length * MS_PER_KEY);
    return result;
  }

  #pause(ms: number): Promise<void> {
    const { clock } = this.#rooms;
    return new Promise((resolve) => void clock.at(clock.now() + ms, resolve));
  }

  async #originate(command: Of<'originate'>): Promise<SwitchResult> {
    const { legs, trunks, stillborn } = this.#rooms;
    const { legId } = command;
    if (legs.get(legId)) return failed('exists', 'a leg with this id is up');
    const endpoint = dialString(command.to, trunks);
    if (endpoint === null) {
      stillborn(legId, { q850: 28 });
      return failed('refused', 'no such number, phone or trunk');
    }
    legs.put({ ...newLeg(legId, true), detect: command.detect ? { by: command.detect, since: 0 } : null });
    this.#ringOut(legId, command.ringMs);
    const body = this.#originateBody(command, endpoint);
    const reply = await this.#rooms.askToRing({ method: 'POST', uri: 'channels', body });
    if (reply && reply.status < 300) return OK;
    this.settled(legId);
    if (!reply || reply.status === 409) legs.forget(legId);
    // Asterisk takes no originate to a phone that is not registered.
    else stillborn(legId, command.to.kind === 'phone' ? { q850: 20 } : CAUSE.congestion);
    return reply?.status === 409 ? failed('exists', reply.problem) : resultOf(reply);
  }

  #originateBody(command: Of<'originate'>, endpoint: string): object {
    const caller = callerId(command.callerId, command.callerName);
    return {
      channelId: command.legId,
      endpoint,
      app: this.#rooms.app,
      appArgs: `${OUTBOUND},${command.callId}`,
      // Whole seconds, and only for the case that we are gone by then.
      timeout: Math.max(1, Math.ceil(command.ringMs / 1000)),
      variables: {
        [`__${CALL_VARIABLE}`]: command.callId,
        ...(command.detect?.kind === 'switch' && { [AMD_VARIABLE]: amdArguments(command.detect.settings) }),
      },
      ...(caller !== null && { callerId: caller }),
    };
  }

  #ringOut(legId: LegId, ringMs: number): void {
    const { clock, legs } = this.#rooms;
    const giveUp = () => {
      this.#ring.delete(legId);
      // It may have been answered while the connection was away.
      if (legs.get(legId)?.phase !== 'up') void this.#hangUp(legId, CAUSE.noAnswer);
    };
    this.#ring.set(legId, unlessHeard(clock, clock.now() + ringMs, giveUp));
  }

  /** Who listens to others and is joined with somebody listens no more. */
  async #bridge({ bridgeId, legIds }: Of<'bridge'>): Promise<SwitchResult> {
    await Promise.all(legIds.map((legId) => this.monitors.stop(legId)));
    const joined = await this.#bridges.join(bridgeId, legIds);
    if (joined.ok) await this.monitors.moved(legIds);
    return joined;
  }

  async #hangUp(legId: LegId, cause: HangupCause): Promise<SwitchResult> {
    const { legs } = this.#rooms;
    if (cause.q850 > 0) legs.hangingUp(legId, cause.q850);
    if (legs.get(legId)?.phase === 'up') await this.#pause(CLEAR_AFTER_MS);
    const query = cause.q850 > 0 ? { reason_code: String(cause.q850) } : {};
    return resultOf(await this.#ask('DELETE', legUri(legId), { query }));
  }

  async #release({ legId, extension }: Of<'release'>): Promise<SwitchResult> {
    if (!/^[A-Za-z0-9_.+*#-]+$/.test(extension)) return failed('refused', 'no such extension');
    await this.#bridges.silence(legId);
    this.monitors.legGone(legId);
    // What becomes of it in the dialplan is told only so.
    void this.#rooms.subscribe(legId);
    return this.#onLeg(legId, 'POST', 'continue', { context: RELEASE_CONTEXT, extension, priority: '1' });
  }
}

const legUri = (legId: LegId, ...below: readonly string[]): string =>
  ['channels', legId, ...below].map(encodeURIComponent).join('/');
