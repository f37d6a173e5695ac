import type { HangupCause } from './cause.ts';
import type { Detection, DetectionCause, DetectionResult } from './detection.ts';
import type { BridgeId, EpochMs, LegId, PlaybackId, RecordingId } from './ids.ts';
import type { Media } from './media.ts';

/** Whom an originated leg rings. The switch door is the only one that turns this into a dial string. */
export type DialTarget =
  | { readonly kind: 'phone'; readonly name: string }
  | { readonly kind: 'number'; readonly number: string; readonly trunk: string };

/** What happened on a switch. Times are the switch's own clock where it sends one. */
export type SwitchEvent =
  | {
      readonly type: 'leg.offered';
      readonly at: EpochMs;
      readonly legId: LegId;
      /** Digits as dialled, `+` kept when present. */
      readonly dnis: string;
      /** Null when withheld. Never authenticates anybody. */
      readonly ani: string | null;
      readonly callerName: string | null;
      /** Where the leg came from, as the dialplan says: a trunk's or a phone's name, or `guest`. */
      readonly source: string;
    }
  | { readonly type: 'leg.ringing'; readonly at: EpochMs; readonly legId: LegId }
  | { readonly type: 'leg.answered'; readonly at: EpochMs; readonly legId: LegId }
  /**
   * What the switch's detection found, once for every leg that was originated with it and picked up; not told when the leg
   * ended, or the connection broke, meanwhile. Until then the switch has the leg, and nothing but a hang-up may be asked of it.
   */
  | {
      readonly type: 'leg.detected';
      readonly at: EpochMs;
      readonly legId: LegId;
      readonly result: DetectionResult;
      readonly cause: DetectionCause;
      /** From the pick-up on; 0 when that was not seen. */
      readonly tookMs: number;
    }
  /** The far end makes a sound. Told of legs that are watched for it, a few ten ms after the sound began. */
  | { readonly type: 'talk.started'; readonly at: EpochMs; readonly legId: LegId }
  /** It has been silent for the `quietMs` asked for; `durationMs` is the sound alone, without that silence. */
  | { readonly type: 'talk.stopped'; readonly at: EpochMs; readonly legId: LegId; readonly durationMs: number }
  /** The leg is gone for good. Comes exactly once for every leg that was offered or originated. */
  | { readonly type: 'leg.ended'; readonly at: EpochMs; readonly legId: LegId; readonly cause: HangupCause }
  | { readonly type: 'dtmf.received'; readonly at: EpochMs; readonly legId: LegId; readonly digit: string }
  /** `completed` false: stopped, or the media could not be played. Never told when the leg went away meanwhile. */
  | {
      readonly type: 'playback.finished';
      readonly at: EpochMs;
      readonly legId: LegId;
      readonly playbackId: PlaybackId;
      readonly completed: boolean;
    }
  /** `durationMs` is the length of what can be fetched, 0 when that is nothing. `failed`: there is nothing, and there will not be. */
  | {
      readonly type: 'recording.finished';
      readonly at: EpochMs;
      readonly legId: LegId;
      readonly recordingId: RecordingId;
      readonly durationMs: number;
      readonly outcome: 'done' | 'failed';
    }
  /** `restarted`: the switch lost all its calls since we last saw it. */
  | { readonly type: 'switch.connected'; readonly at: EpochMs; readonly version: string; readonly restarted: boolean }
  | { readonly type: 'switch.disconnected'; readonly at: EpochMs; readonly reason: string }
  /** Another process took this switch over: stop acting on it. */
  | { readonly type: 'switch.fenced'; readonly at: EpochMs };

/** Events that belong to one leg and so to one call. */
export type LegEvent = Extract<SwitchEvent, { legId: LegId }>;

/** Telephone verbs, the only ones a decision may ask of a switch. */
export type SwitchCommand =
  | { readonly type: 'answer'; readonly legId: LegId }
  | { readonly type: 'ring'; readonly legId: LegId }
  | {
      readonly type: 'play';
      readonly legId: LegId;
      readonly playbackId: PlaybackId;
      readonly media: readonly Media[];
      readonly language: string;
    }
  | { readonly type: 'stop'; readonly playbackId: PlaybackId }
  /** Records what the far end says, and nothing of what it hears. */
  | {
      readonly type: 'record';
      readonly legId: LegId;
      /** Up to 64 letters, digits, dashes and underscores. It opens what was said, so it must not be guessable. */
      readonly recordingId: RecordingId;
      readonly maxMs: number;
      /** It ends after so long a silence; 0: silence does not end it. */
      readonly silenceMs: number;
      readonly beep: boolean;
    }
  /** Ends a recording and keeps what there is. */
  | { readonly type: 'record.stop'; readonly recordingId: RecordingId }
  | { readonly type: 'music.start'; readonly legId: LegId; readonly class: string }
  | { readonly type: 'music.stop'; readonly legId: LegId }
  | { readonly type: 'dtmf.send'; readonly legId: LegId; readonly digits: string }
  | {
      readonly type: 'originate';
      readonly legId: LegId;
      readonly to: DialTarget;
      readonly callerId: string | null;
      readonly callerName: string | null;
      readonly ringMs: number;
      /** Kept on the leg by the switch, so that a leg can be told whose it is after a crash. */
      readonly callId: string;
      /** A leg of the same call: a switch of several servers puts both on one, since they are to be joined. */
      readonly near?: LegId;
      /** Listens to whoever picks up; left out: nobody does. */
      readonly detect?: Detection;
    }
  /** Tells from now on, until it is off, when the far end speaks and when it has been silent for `quietMs`. */
  | { readonly type: 'talk.watch'; readonly legId: LegId; readonly on: boolean; readonly quietMs: number }
  /** Makes the bridge when it is not there and puts the legs into it. */
  | { readonly type: 'bridge'; readonly bridgeId: BridgeId; readonly legIds: readonly LegId[] }
  /** Takes one leg out of its bridge; it stays up, alone and in silence until it is told something else. */
  | { readonly type: 'part'; readonly bridgeId: BridgeId; readonly legId: LegId }
  /** Nobody hears this leg any more, or (off) again; it hears the others all the while. */
  | { readonly type: 'mute'; readonly legId: LegId; readonly on: boolean }
  /**
   * Lets `legId` hear everything that `target` says and hears: `listen` alone, or `whisper`, where what `legId` says is heard
   * by `target` and nobody else. Again with another mode changes it. Ends with `monitor.stop` or when one of the two legs ends.
   */
  | { readonly type: 'monitor'; readonly legId: LegId; readonly target: LegId; readonly mode: 'listen' | 'whisper' }
  | { readonly type: 'monitor.stop'; readonly legId: LegId }
  /**
   * Records what the leg says and what it hears, mixed, beside whatever goes on: it waits for nothing that is played, and nothing
   * waits for it.
   */
  | {
      readonly type: 'record.leg';
      readonly legId: LegId;
      readonly recordingId: RecordingId;
      readonly maxMs: number;
    }
  /** Records all who are in a bridge, mixed. Told of as `recording.finished` with the bridge's first leg. */
  | {
      readonly type: 'record.bridge';
      readonly bridgeId: BridgeId;
      readonly legId: LegId;
      readonly recordingId: RecordingId;
      readonly maxMs: number;
    }
  /** Writes nothing of what is said until `on` is false again; what was said meanwhile is nowhere. */
  | { readonly type: 'record.pause'; readonly recordingId: RecordingId; readonly on: boolean }
  /** Ends the bridge; its legs stay up, apart. */
  | { readonly type: 'unbridge'; readonly bridgeId: BridgeId }
  | { readonly type: 'hangup'; readonly legId: LegId; readonly cause: HangupCause }
  /** Hands the leg back to the dialplan at an extension that the dialplan publishes. */
  | { readonly type: 'release'; readonly legId: LegId; readonly extension: string };

/** What the switch says to a command; all are ordinary outcomes. */
export type SwitchResult =
  | { readonly ok: true }
  /** `gone`: the leg, bridge, playback or recording is no more · `exists`: that id was used · `refused`: the switch said no · `unavailable`: not connected, or no answer in time. */
  | { readonly ok: false; readonly why: 'gone' | 'exists' | 'refused' | 'unavailable'; readonly detail: string };

/** A recording: WAV, 16 bit linear, 8 kHz, mono. */
export type RecordingResult =
  | { readonly ok: true; readonly wav: Uint8Array }
  /** `gone`: there is none of this name · `unavailable`: still being made, not connected, or not to be had just now. */
  | { readonly ok: false; readonly why: 'gone' | 'unavailable'; readonly detail: string };

/** What a switch holds right now, for reconciliation. */
export interface SwitchSnapshot {
  readonly legs: readonly {
    readonly legId: LegId;
    readonly callId: string | null;
    readonly state: 'down' | 'ringing' | 'up';
    readonly startedAt: EpochMs;
    /** In our hands, or still elsewhere in the dialplan. */
    readonly ours: boolean;
    readonly dnis: string;
    readonly ani: string | null;
    readonly source: string;
  }[];
  readonly bridges: readonly { readonly bridgeId: BridgeId; readonly legIds: readonly LegId[] }[];
}
