import type { SwitchEvent } from '../../call/switch.ts';
import { type AriEvent, channelOf } from './ari-event.ts';
import { recordingOver } from './news.ts';
import { LISTENER, type Recordings } from './recordings.ts';

type RecordingEvent = Extract<AriEvent, { recording: object }>;
type Finished = Extract<AriEvent, { type: 'RecordingFinished' }>;

/** Ends of recordings wait until it is known how long they are; what happens on the same leg meanwhile is told after them. */
export class RecordingEnds {
  readonly #recordings: Recordings;
  /** By leg, or by recording where it is no leg's own. */
  readonly #held = new Map<string, AriEvent[]>();

  constructor(recordings: Recordings) {
    this.#recordings = recordings;
  }

  /** False when nothing of this leg is waited for. */
  hold(event: AriEvent, legId: string): boolean {
    const held = this.#held.get(legId);
    held?.push(event);
    return held !== undefined;
  }

  /** The connection was lost: what was before it is not told after it. */
  forget(): void {
    this.#held.clear();
  }

  /** Null when it was forgotten meanwhile. */
  async measured(event: Finished, key: string) {
    const { recording } = event;
    const held: AriEvent[] = [];
    this.#held.set(key, held);
    const durationMs = (await this.#recordings.lengthMs(recording.id)) ?? recording.durationMs;
    if (this.#held.get(key) !== held) return null;
    this.#held.delete(key);
    return { event: { ...event, recording: { ...recording, durationMs } }, held };
  }

  /** Neither a bridge nor a channel that listens is a leg: their recordings are told of by the leg that was named, which may be gone. */
  async apart(event: RecordingEvent): Promise<SwitchEvent | null> {
    const { id } = event.recording;
    if (event.type === 'RecordingStarted') this.#recordings.began(id);
    if (event.type === 'RecordingStarted') return null;
    this.#recordings.ended(id, channelOf(event));
    const legId = this.#recordings.legOf(id);
    if (legId === null) this.#recordings.over(id);
    if (legId === null) return null;
    const measured = event.type === 'RecordingFinished' ? await this.measured(event, id) : { event };
    return measured && recordingOver(measured.event, legId);
  }
}

/** Null when the event is no news of a recording that a bridge, or a channel that listens to a leg, makes. */
export const toldApart = (event: AriEvent): RecordingEvent | null =>
  'recording' in event && (event.recording.target_uri.startsWith('bridge:') || isListener(event)) ? event : null;

const isListener = (event: AriEvent): boolean => channelOf(event)?.endsWith(LISTENER) === true;
