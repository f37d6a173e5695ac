import type { RecordingId } from '../../call/ids.ts';
import type { RecordingResult, SwitchCommand, SwitchEvent, SwitchResult, SwitchSnapshot } from '../../call/switch.ts';

/**
 * A telephone switch. What every implementation guarantees (tests/contract/switch holds each of them to it):
 *
 * - Events of one leg arrive in the order in which they happened. `leg.ended` comes exactly once per leg that was offered or
 *   originated, and nothing of that leg after it; also when the originate itself failed.
 * - `do` never throws and always settles, within 5 s, connected or not: a result is a value. Commands of one leg are carried
 *   out in the order they were given.
 * - An originate is `ok` when the switch took it; what became of it are events. Its leg id is the caller's, and using an id
 *   twice answers `exists`. Nothing is rung while no controller would hear the answer.
 * - `play` plays the list in order and ends with exactly one `playback.finished`, also after `stop`. A leg that is hung up
 *   takes its playbacks along without a word but `leg.ended`: nobody takes a hang-up for a prompt that cannot be played. A
 *   second `play` on a leg waits for the first. `stop` of a playback that is over answers `gone`.
 * - `dtmf.received` comes once per key, for RFC 4733 and SIP INFO alike, also during playback, music and bridging.
 * - `music.start` during a playback begins when that ends, also if the controller is gone by then; a playback begun during
 *   music ends the music.
 * - `record` takes an answered leg alone: one that arrived is answered by it, one in a bridge cannot be recorded and ends as
 *   `failed`. It begins when the playbacks before it have ended, ends music, and what is played after it waits for its end.
 *   An id can be used once, until it is discarded: `exists`. Every `record` that was taken ends with exactly one
 *   `recording.finished`, also after `record.stop`, after hang-up (before `leg.ended`), and when a bridge or a release ends
 *   it; what was said until then is kept. A stop of one that is over answers `gone`.
 *   One that was answered `unavailable` may go on all the same: discard it.
 * - `maxMs` is kept within half a second. `silenceMs` is rounded up to whole seconds. A phone that sends nothing at all, not
 *   even a quiet room, may be taken for silent after four seconds, whatever `silenceMs` says. At most 300 ms of the silence
 *   that ended a recording are in it and count in `durationMs`: less than that is nobody's word.
 * - A recording goes on without a controller and ends at its limits then too, a few seconds late at most. How it ended
 *   meanwhile is never told: `recording` says `unavailable` while it goes on and gives the whole file as soon as it is over,
 *   never half of it.
 * - `bridge` is idempotent; music on a leg ends when it is bridged. A leg that ends leaves its bridge; the bridge stays until
 *   `unbridge`. `unbridge` hangs nobody up.
 * - `part` takes an answered leg out of its bridge and leaves it up, in silence; `gone` when it is not in that bridge. `mute` is
 *   idempotent and follows the leg from bridge to bridge.
 * - `monitor` takes the listener out of whatever bridge he is in. It follows the target from bridge to bridge and goes on while
 *   nobody is connected; nothing of it is in a snapshot, and no event tells of it. It ends with `monitor.stop` (harmless when
 *   there is none), when the listener is bridged, and when either leg ends or is given back; the other leg stays up. Nobody but
 *   the target hears a whisper, no recording has it, and the target hears it alone or with others. A move of the target to
 *   another bridge may interrupt a whisper for some tenths of a second.
 * - `record.bridge` has the voices of all who are in the bridge then or later and are not muted, and no music that one of them
 *   hears apart. It goes on when one leaves and ends at `maxMs`, by `record.stop`, by `unbridge`, and when the last one has left.
 *   Its end is told with the leg that was named for it, also when that leg has ended, and not if the bridge ended while nobody
 *   was connected. Asked for again with the same id it answers `exists`, and is followed from then on when it still goes on: a
 *   process that adopts the call asks so.
 * - `record.leg` takes an answered leg that is in no bridge, and begins within a quarter of a second. It has what is played to the leg and
 *   what the leg says, delays and ends nothing of that, and lets keys through. It ends at `maxMs`, by `record.stop` and with the
 *   leg, and is told of with the leg, also when that has ended. `refused` where `recordsWhatALegHears` says so.
 * - `record.pause` is idempotent. Nothing that is said after its `ok` is written until it is taken back, also without a
 *   controller; the file is that much shorter. Any other answer means that it may be written.
 * - `hangup` of a leg that is gone answers `gone`. `answer` twice is harmless.
 * - A `hangup`, `unbridge` or originate that is answered `unavailable` is not forgotten: the leg or bridge is ended as soon as the
 *   switch can be told, over the next connection too, for as long as this process lives. Nobody need ask again. Until then
 *   such a leg is in a snapshot, but not `ours`.
 * - After `switch.disconnected` no other event comes until `switch.connected`; what happened between the two is never
 *   replayed: read `snapshot()` and compare.
 */
export interface SwitchPort {
  /** Name of this node in records and metrics. */
  readonly node: string;
  readonly capabilities: SwitchCapabilities;
  /** Connects and keeps reconnecting for ever; resolves at the first connection, rejects with a clear sentence when the switch refuses us (password, version). */
  start(listener: (event: SwitchEvent) => void): Promise<void>;
  do(command: SwitchCommand): Promise<SwitchResult>;
  snapshot(): Promise<SwitchSnapshot | null>;
  /** What was recorded, of 32 MB at most. Never throws, and settles within 15 s. */
  recording(id: RecordingId): Promise<RecordingResult>;
  /**
   * The switch forgets the recording, and ends it if it goes on. Harmless for one that is not there. While there is no
   * connection it is made up for at the next one, as long as this process lives.
   */
  discard(id: RecordingId): Promise<void>;
  /**
   * Whether the switch knows a phone of that name, registered or not; a trunk is none. Null: it cannot be said now. Never
   * throws, and settles within 1 s.
   */
  knowsPhone(name: string): Promise<boolean | null>;
  /** p99 of the time from command to result over the last commands, and of no less than three slow ones, ms. */
  latencyP99Ms(): number;
  /** Lets go of the switch without touching its calls. */
  stop(): Promise<void>;
}

interface SwitchCapabilities {
  /** Calls outlive the controller and can be adopted by another. */
  readonly survivesControllerCrash: boolean;
  /** Who calls while no controller is connected is kept by the dialplan and offered afterwards; else he is turned away. */
  readonly keepsCallersWhileAway: boolean;
  /** `record.pause` can be asked of a recording of one leg alone; else it is `refused`. Of a bridge's it always can. */
  readonly pausesRecordingOfOneLeg: boolean;
  /** `record.leg` is carried out; else it is `refused`. */
  readonly recordsWhatALegHears: boolean;
}
