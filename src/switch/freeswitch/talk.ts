import type { SwitchDetection } from '../../call/detection.ts';
import type { EpochMs, LegId } from '../../call/ids.ts';
import type { SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { failed, OK } from '../results.ts';
import { AMD_BEGIN, amdStep, type AmdState, type Finding } from './amd.ts';
import type { Originate } from './calls.ts';
import { type Ear, openEar, type Piece, sweepEars } from './ears.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg } from './legs.ts';
import type { DoorRooms, MediaRoom } from './rooms.ts';

type Detect = NonNullable<Originate['detect']>;

/** Of a sound that goes on, or of none. */
interface Watch {
  readonly quietMs: number;
  soundMs: number;
  quietSinceMs: number;
}

interface Listening {
  readonly leg: Leg;
  /** Null while FreeSWITCH is being asked for it. */
  ear: Ear | null;
  watch: Watch | null;
  detection: { readonly settings: SwitchDetection; readonly since: EpochMs; state: AmdState } | null;
}

/** Mean amplitude above which it is a sound; Asterisk's own default. */
const LOUDNESS = 256;
/** Nobody is listened to for longer. */
const MOST_MS = 3_600_000;
const NOT_RUN: Finding = { result: 'unsure', cause: 'not-run' };

/** When the far end speaks, and what that says of who picked up. FreeSWITCH tells neither, so it is found out here. */
export class Talk implements MediaRoom {
  readonly #rooms: DoorRooms;
  readonly #legs = new Map<LegId, Listening>();

  constructor(rooms: DoorRooms) {
    this.#rooms = rooms;
  }

  async watch({ legId, on, quietMs }: Extract<SwitchCommand, { type: 'talk.watch' }>): Promise<SwitchResult> {
    const { leg, no } = this.#rooms.legs.ready(legId);
    if (!leg) return no;
    if (on && !(quietMs > 0)) return failed('refused', 'a silence has to have a length');
    const listening = this.#of(leg);
    listening.watch = on ? { quietMs, soundMs: 0, quietSinceMs: 0 } : null;
    if (await this.#tend(listening)) return OK;
    return leg.cause ? failed('gone', 'there is no such leg') : failed('refused', 'FreeSWITCH does not let listen');
  }

  /** The leg was picked up, and is to be listened to. */
  begin(leg: Leg, detect: Detect): void {
    const listening = this.#of(leg);
    if (detect.kind === 'own') listening.watch = { quietMs: detect.quietMs, soundMs: 0, quietSinceMs: 0 };
    else listening.detection = { settings: detect.settings, since: this.#rooms.clock.now(), state: AMD_BEGIN };
    void this.#tend(listening).then((isHeard) => {
      if (!isHeard) this.#found(listening, NOT_RUN);
    });
  }

  /** Nothing but a hang-up may be asked of a leg that is listened to. */
  isListening(leg: Leg): boolean {
    return Boolean(this.#legs.get(leg.id)?.detection);
  }

  hear(_leg: Leg, _event: EslEvent): void {}

  legGone(leg: Leg): void {
    this.#legs.get(leg.id)?.ear?.close();
    this.#legs.delete(leg.id);
  }

  /** The ear stayed behind. */
  moved(leg: Leg): void {
    const listening = this.#legs.get(leg.id);
    listening?.ear?.close();
    if (!listening) return;
    listening.ear = null;
    void this.#tend(listening);
  }

  /** What FreeSWITCH writes goes on without us, and is read on. */
  async resume(): Promise<void> {
    void sweepEars(this.#rooms.spoolDir, this.#rooms.clock.now());
  }

  #of(leg: Leg): Listening {
    const listening = this.#legs.get(leg.id) ?? { leg, ear: null, watch: null, detection: null };
    this.#legs.set(leg.id, listening);
    return listening;
  }

  /** An ear for whoever is listened to, and for nobody else. False: it cannot be had. */
  async #tend(listening: Listening): Promise<boolean> {
    const { leg, watch, detection } = listening;
    if (!watch && !detection) {
      listening.ear?.close();
      this.#legs.delete(leg.id);
      return true;
    }
    if (listening.ear) return true;
    const ear = await openEar(leg, this.#rooms, MOST_MS, (piece) => this.#piece(listening, piece));
    listening.ear = ear;
    if (this.#legs.get(leg.id) !== listening) ear?.close();
    return ear !== null;
  }

  #piece(listening: Listening, piece: Piece): void {
    const { watch, detection } = listening;
    if (watch) this.#watched(listening.leg, watch, piece);
    if (!detection) return;
    const { state, finding } = amdStep(detection.state, piece, detection.settings);
    detection.state = state;
    if (finding) this.#found(listening, finding);
  }

  #watched({ id: legId }: Leg, watch: Watch, { ms, loudness }: Piece): void {
    const { clock, tell } = this.#rooms;
    const isSound = loudness >= LOUDNESS;
    if (isSound && watch.soundMs === 0) tell({ type: 'talk.started', at: clock.now(), legId });
    if (isSound || watch.soundMs > 0) watch.soundMs += ms;
    watch.quietSinceMs = isSound ? 0 : watch.quietSinceMs + ms;
    if (watch.soundMs === 0 || watch.quietSinceMs < watch.quietMs) return;
    const durationMs = watch.soundMs - watch.quietSinceMs;
    [watch.soundMs, watch.quietSinceMs] = [0, 0];
    tell({ type: 'talk.stopped', at: clock.now(), legId, durationMs });
  }

  /** Not told of a leg that ends. */
  #found(listening: Listening, finding: Finding): void {
    const { clock, tell } = this.#rooms;
    const { leg, detection } = listening;
    if (!detection) return;
    listening.detection = null;
    void this.#tend(listening);
    if (leg.cause || this.#rooms.legs.get(leg.id) !== leg) return;
    const tookMs = Math.max(0, clock.now() - detection.since);
    tell({ type: 'leg.detected', at: clock.now(), legId: leg.id, ...finding, tookMs });
  }
}
