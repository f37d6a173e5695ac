import type { SwitchCommand, SwitchEvent, SwitchResult, SwitchSnapshot } from '../../call/switch.ts';

/**
 * A telephone switch. What every implementation guarantees (tests/contract/switch holds each of them to it):
 *
 * - Events of one leg arrive in the order in which they happened. `leg.ended` comes exactly once per leg that was offered or
 *   originated, and nothing of that leg after it; also when the originate itself failed.
 * - `do` never throws and always settles, within 5 s, connected or not: a result is a value. Commands of one leg are carried
 *   out in the order they were given.
 * - An originate is `ok` when the switch took it; what became of it are events. Its leg id is the caller's, and using an id
 *   twice answers `exists`. Nothing is rung while no controller would hear the answer.
 * - `play` plays the list in order and ends with exactly one `playback.finished`, also after `stop` or hang-up. A second
 *   `play` on a leg waits for the first. `stop` of a playback that is over answers `gone`.
 * - `dtmf.received` comes once per key, for RFC 4733 and SIP INFO alike, also during playback, music and bridging.
 * - `music.start` during a playback begins when that ends, also if the controller is gone by then; a playback begun during
 *   music ends the music.
 * - `bridge` is idempotent; music on a leg ends when it is bridged. A leg that ends leaves its bridge; the bridge stays until
 *   `unbridge`. `unbridge` hangs nobody up.
 * - `hangup` of a leg that is gone answers `gone`. `answer` twice is harmless.
 * - After `switch.disconnected` no other event comes until `switch.connected`; what happened between the two is never
 *   replayed: read `snapshot()` and compare.
 */
export interface SwitchPort {
  /** Name of this node in records and metrics, e.g. `asterisk-1`. */
  readonly node: string;
  readonly capabilities: SwitchCapabilities;
  /** Connects and keeps reconnecting for ever; resolves at the first connection, rejects with a clear sentence when the switch refuses us (password, version). */
  start(listener: (event: SwitchEvent) => void): Promise<void>;
  do(command: SwitchCommand): Promise<SwitchResult>;
  snapshot(): Promise<SwitchSnapshot | null>;
  /** p99 of the time from command to result over the last commands, ms. */
  latencyP99Ms(): number;
  /** Lets go of the switch without touching its calls. */
  stop(): Promise<void>;
}

interface SwitchCapabilities {
  /** Calls outlive the controller and can be adopted by another. */
  readonly survivesControllerCrash: boolean;
}
