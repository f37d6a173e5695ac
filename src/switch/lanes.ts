import type { BridgeId, LegId } from '../call/ids.ts';
import type { SwitchCommand } from '../call/switch.ts';

interface Legs {
  inBridge(bridge: BridgeId): readonly LegId[];
}

/** Tasks that share a name run one after another, in the order in which they were given; others do not wait for them. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  run<T>(names: readonly string[], task: () => Promise<T>): Promise<T> {
    const before = names.flatMap((name) => this.#tails.get(name) ?? []);
    const done = before.length === 0 ? task() : Promise.allSettled(before).then(task);
    const tail: Promise<void> = done.then(
      () => this.#leave(names, tail),
      () => this.#leave(names, tail),
    );
    for (const name of names) this.#tails.set(name, tail);
    return done;
  }

  #leave(names: readonly string[], tail: Promise<unknown>): void {
    for (const name of names) if (this.#tails.get(name) === tail) this.#tails.delete(name);
  }
}

/** A command waits for the commands before it on the same legs, bridge and playback. */
export function lanesOf(command: SwitchCommand, legs: Legs): readonly string[] {
  if (command.type === 'bridge') return [command.bridgeId, ...command.legIds];
  if (command.type === 'unbridge') return [command.bridgeId, ...legs.inBridge(command.bridgeId)];
  if (command.type === 'play') return [command.legId, command.playbackId];
  if (command.type === 'stop') return [command.playbackId];
  if (command.type === 'record') return [command.legId, command.recordingId];
  if (command.type === 'record.bridge') return [command.bridgeId, command.recordingId];
  if (command.type === 'record.stop' || command.type === 'record.pause') return [command.recordingId];
  // What is played to the leg meanwhile waits for no recording.
  if (command.type === 'record.leg') return [command.recordingId];
  if (command.type === 'part') return [command.bridgeId, command.legId];
  if (command.type === 'monitor') return [command.legId, command.target];
  return [command.legId];
}
