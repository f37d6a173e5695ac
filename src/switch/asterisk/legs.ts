import type { BridgeId, LegId, PlaybackId, RecordingId } from '../../call/ids.ts';
import type { DoorLeg } from './news.ts';

/** The living legs of this switch. */
export class Legs {
  #legs = new Map<LegId, DoorLeg>();
  readonly #waiters = new Map<LegId, (() => void)[]>();
  /** Nobody looks through thousands of legs for each playback and bridge. */
  readonly #players = new Map<PlaybackId, LegId>();
  readonly #bridges = new Map<BridgeId, Set<LegId>>();

  get(id: LegId | null): DoorLeg | null {
    return (id === null ? undefined : this.#legs.get(id)) ?? null;
  }

  put(leg: DoorLeg): void {
    this.#index(this.get(leg.id), leg);
    this.#legs.set(leg.id, leg);
    if (isQuiet(leg)) this.#tellQuiet(leg.id);
  }

  forget(id: LegId): void {
    this.#index(this.get(id), null);
    this.#legs.delete(id);
    this.#tellQuiet(id);
  }

  /** After a lost connection: what the switch lists is what there is. */
  replace(legs: readonly DoorLeg[]): void {
    for (const leg of this.#legs.values()) this.#index(leg, null);
    this.#legs = new Map(legs.map((leg) => [leg.id, leg]));
    for (const leg of legs) this.#index(null, leg);
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

  /** Music plays to it, or nobody knows. */
  music(id: LegId, plays: boolean): void {
    const leg = this.get(id);
    if (leg && leg.music !== plays) this.put({ ...leg, music: plays });
  }

  /** We hang it up: the switch will not tell why. A far end that was quicker has said so already. */
  hangingUp(id: LegId, q850: number): void {
    const leg = this.get(id);
    if (leg && leg.q850 === null) this.put({ ...leg, q850 });
  }

  inBridge(bridge: BridgeId): readonly LegId[] {
    return [...(this.#bridges.get(bridge) ?? [])];
  }

  whoPlays(playbackId: PlaybackId): DoorLeg | null {
    return this.get(this.#players.get(playbackId) ?? null);
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

  #index(before: DoorLeg | null, after: DoorLeg | null): void {
    for (const playbackId of before?.playing.keys() ?? []) {
      if (!after?.playing.has(playbackId)) this.#players.delete(playbackId);
    }
    for (const playbackId of after?.playing.keys() ?? []) this.#players.set(playbackId, after?.id ?? '');
    if (before?.bridge === after?.bridge) return;
    if (before?.bridge != null) this.#leave(before.bridge, before.id);
    if (after?.bridge != null) this.#join(after.bridge, after.id);
  }

  #join(bridge: BridgeId, id: LegId): void {
    const inside = this.#bridges.get(bridge) ?? new Set();
    this.#bridges.set(bridge, inside.add(id));
  }

  #leave(bridge: BridgeId, id: LegId): void {
    const inside = this.#bridges.get(bridge);
    inside?.delete(id);
    if (inside?.size === 0) this.#bridges.delete(bridge);
  }

  #tellQuiet(id: LegId): void {
    for (const resolve of this.#waiters.get(id) ?? []) resolve();
    this.#waiters.delete(id);
  }
}

const isQuiet = ({ playing, recording }: DoorLeg): boolean => playing.size === 0 && recording.size === 0;
