import type { BridgeId, LegId, PlaybackId, RecordingId } from '../../call/ids.ts';
import type { DoorLeg } from './news.ts';

/** The living legs of this switch. */
export class Legs {
  #legs = new Map<LegId, DoorLeg>();
  readonly #waiters = new Map<LegId, (() => void)[]>();

  get(id: LegId | null): DoorLeg | null {
    return (id === null ? undefined : this.#legs.get(id)) ?? null;
  }

  put(leg: DoorLeg): void {
    this.#legs.set(leg.id, leg);
    if (isQuiet(leg)) this.#tellQuiet(leg.id);
  }

  forget(id: LegId): void {
    this.#legs.delete(id);
    this.#tellQuiet(id);
  }

  /** After a lost connection: what the switch lists is what there is. */
  replace(legs: readonly DoorLeg[]): void {
    this.#legs = new Map(legs.map((leg) => [leg.id, leg]));
    for (const id of this.#waiters.keys()) this.#tellQuiet(id);
  }

  playing(id: LegId, playbackId: PlaybackId, stopped = false): void {
    const leg = this.get(id);
    if (leg) this.put({ ...leg, playing: new Map(leg.playing).set(playbackId, stopped) });
  }

  /** @returns false when the playback had ended before. */
  notPlaying(id: LegId, playbackId: PlaybackId): boolean {
    const leg = this.get(id);
    if (!leg?.playing.has(playbackId)) return false;
    const playing = new Map(leg.playing);
    playing.delete(playbackId);
    this.put({ ...leg, playing });
    return true;
  }

  bridged(ids: readonly LegId[], bridge: BridgeId | null): void {
    for (const id of ids) {
      const leg = this.get(id);
      if (leg) this.put({ ...leg, bridge });
    }
  }

  inBridge(bridge: BridgeId): readonly LegId[] {
    return [...this.#legs.values()].flatMap((leg) => (leg.bridge === bridge ? [leg.id] : []));
  }

  whoPlays(playbackId: PlaybackId): DoorLeg | null {
    return this.#legs.values().find((leg) => leg.playing.has(playbackId)) ?? null;
  }

  recording(id: LegId, recordingId: RecordingId): void {
    const leg = this.get(id);
    if (leg) this.put({ ...leg, recording: new Set(leg.recording).add(recordingId) });
  }

  /** @returns false when the recording had ended before. */
  notRecording(id: LegId, recordingId: RecordingId): boolean {
    const leg = this.get(id);
    if (!leg?.recording.has(recordingId)) return false;
    this.put({ ...leg, recording: leg.recording.difference(new Set([recordingId])) });
    return true;
  }

  /** Resolves when nothing is played to the leg or recorded of it any more, or it is gone. */
  quiet(id: LegId): Promise<void> {
    const leg = this.get(id);
    if (!leg || isQuiet(leg)) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.set(id, [...(this.#waiters.get(id) ?? []), resolve]);
    return promise;
  }

  #tellQuiet(id: LegId): void {
    for (const resolve of this.#waiters.get(id) ?? []) resolve();
    this.#waiters.delete(id);
  }
}

const isQuiet = ({ playing, recording }: DoorLeg): boolean => playing.size === 0 && recording.size === 0;
