import { CAUSE } from '../../src/call/cause.ts';
import type { PlaybackId, RecordingId } from '../../src/call/ids.ts';
import type { Media } from '../../src/call/media.ts';
import type {
  RecordingResult,
  SwitchCommand,
  SwitchEvent,
  SwitchResult,
  SwitchSnapshot,
} from '../../src/call/switch.ts';
import type { SwitchPort } from '../../src/engine/ports/switch.ts';
import { FakeBridges } from './fake-bridges.ts';
import { type Caller, FakeCalls } from './fake-calls.ts';
import type { FakeLeg, News } from './fake-leg.ts';
import type { Behaviour, Line, Party } from './fake-party.ts';
import { failed, OK } from './fake-result.ts';
import { FakeRecordings } from './fake-recording.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export interface FakeSwitchOptions {
  readonly clock: SimulatedClock;
  readonly node?: string;
  /** How long each thing takes to be said; tones sound until they are stopped. */
  readonly playMs?: (media: Media) => number;
  /** Names of what cannot be played: there is no such file. */
  readonly missing?: ReadonlySet<string>;
}

type Of<T extends SwitchCommand['type']> = Extract<SwitchCommand, { type: T }>;

/** A telephone switch in memory, with the phones of its world. It keeps every guarantee of the port, under simulated time. */
export class FakeSwitch implements SwitchPort {
  readonly node: string;
  readonly capabilities = {
    survivesControllerCrash: true,
    keepsCallersWhileAway: true,
    pausesRecordingOfOneLeg: true,
    recordsWhatALegHears: true,
  };
  /** What `latencyP99Ms` tells. */
  latencyMs = 1;
  /** Commands of this type are not answered, as when the connection hangs. */
  deafTo: SwitchCommand['type'] | null = null;
  readonly #clock: SimulatedClock;
  readonly #calls: FakeCalls;
  readonly #recordings: FakeRecordings;
  readonly #bridges: FakeBridges;
  #listener: ((event: SwitchEvent) => void) | null = null;
  #isConnected = false;
  /** To be ended as soon as there is a connection. */
  readonly #owed: SwitchCommand[] = [];

  constructor({ clock, node = 'fake-1', playMs = () => 1_000, missing = new Set() }: FakeSwitchOptions) {
    [this.#clock, this.node] = [clock, node];
    const tell = (news: News) => this.#tell(news);
    const [bridges, isConnected] = [() => this.#bridges, () => this.#isConnected];
    this.#recordings = new FakeRecordings(clock, tell);
    this.#calls = new FakeCalls({ clock, playMs, missing, bridges, isConnected, tell });
    this.#bridges = new FakeBridges({
      leg: (id) => this.#calls.leg(id),
      changed: (bridgeId, audible) => this.#recordings.bridgeHas(bridgeId, audible),
    });
  }

  // The world at the far end.

  /** Somebody calls in. While no controller is connected, the dialplan answers, plays music and asks again. */
  call(caller: Caller): Party {
    return this.#calls.call(caller);
  }

  phone(name: string, behaviour?: Behaviour): Line {
    return this.#calls.phone(name, behaviour);
  }

  number(number: string, behaviour?: Behaviour): Line {
    return this.#calls.number(number, behaviour);
  }

  /** The connection breaks. `restarted`: with the switch, and so with all its calls. */
  disconnect(restarted = false): void {
    this.#tell({ type: 'switch.disconnected', reason: 'told to' });
    this.#isConnected = false;
    if (restarted) for (const leg of this.#calls.legs) this.#calls.end(leg, CAUSE.unknown);
    if (restarted) this.#bridges.clear();
  }

  reconnect(restarted = false): void {
    this.#isConnected = true;
    this.#tell({ type: 'switch.connected', version: 'fake', restarted });
    for (const command of this.#owed.splice(0)) void this.do(command);
  }

  /** Another process takes the switch over. */
  fence(): void {
    this.#tell({ type: 'switch.fenced' });
    this.#isConnected = false;
  }

  /** What is left of calls: nothing, when everybody has hung up. */
  leaks(): readonly string[] {
    const legs = this.#calls.legs;
    const playbacks = legs.flatMap((leg) => leg.playbacks);
    const bridges = this.#bridges.all.map(({ bridgeId }) => bridgeId);
    return [...legs.map(({ id }) => id), ...bridges, ...playbacks, ...this.#bridges.watches.map(({ legId }) => legId)];
  }

  // The port.

  async start(listener: (event: SwitchEvent) => void): Promise<void> {
    this.#listener = listener;
    this.reconnect();
  }

  async stop(): Promise<void> {
    this.#isConnected = false;
    this.#listener = null;
  }

  latencyP99Ms(): number {
    return this.latencyMs;
  }

  async snapshot(): Promise<SwitchSnapshot | null> {
    if (!this.#isConnected) return null;
    return {
      legs: this.#calls.legs.map(({ id, origin, phase, startedAt, isOurs }) => {
        const { callId, dnis, ani, source } = origin;
        const state = phase === 'up' || phase === 'ringing' ? phase : 'down';
        return { legId: id, callId, state, startedAt, ours: isOurs, dnis, ani, source };
      }),
      bridges: this.#bridges.all,
    };
  }

  async knowsPhone(name: string): Promise<boolean | null> {
    return this.#isConnected ? this.#calls.hasPhone(name) : null;
  }

  async recording(id: RecordingId): Promise<RecordingResult> {
    return this.#isConnected ? this.#recordings.get(id) : { ok: false, why: 'unavailable', detail: 'not connected' };
  }

  async discard(id: RecordingId): Promise<void> {
    this.#recordings.discard(id);
  }

  async do(command: SwitchCommand): Promise<SwitchResult> {
    if (!this.#isConnected && (command.type === 'hangup' || command.type === 'unbridge')) this.#owed.push(command);
    if (!this.#isConnected || command.type === this.deafTo) return failed('unavailable');
    switch (command.type) {
      case 'originate':
        return this.#calls.originate(command);
      case 'bridge':
        return this.#bridges.join(
          command.bridgeId,
          command.legIds.map((id) => this.#calls.leg(id)),
        );
      case 'unbridge':
        return this.#bridges.unbridge(command.bridgeId);
      case 'stop':
        return this.#stop(command.playbackId);
      case 'record.stop':
        return this.#recordings.stop(command.recordingId);
      case 'record.pause':
        return this.#recordings.pause(command.recordingId, command.on);
      case 'record.bridge':
        return this.#recordBridge(command);
      default: {
        const leg = this.#calls.leg(command.legId);
        return leg?.isOurs ? this.#onLeg(leg, command) : failed('gone');
      }
    }
  }

  #onLeg(
    leg: FakeLeg,
    command: Exclude<
      SwitchCommand,
      Of<'originate' | 'bridge' | 'unbridge' | 'stop' | 'record.stop' | 'record.pause' | 'record.bridge'>
    >,
  ): SwitchResult {
    if (command.type === 'hangup') return this.#calls.end(leg, command.cause);
    if (leg.origin.dialled && leg.phase !== 'up') return failed('refused', 'it has not answered yet');
    if (leg.isListenedTo) return failed('refused', 'it is listened to');
    switch (command.type) {
      case 'answer':
        return this.#calls.answered(leg);
      case 'ring':
        return OK;
      case 'play':
        if (command.media.length === 0) return failed('refused');
        leg.play(command.playbackId, command.media);
        return OK;
      case 'record.leg':
        return this.#recordings.recordLeg(leg, command);
      case 'record':
        return this.#recordings.record(leg, command, () => this.#calls.answered(leg));
      case 'music.start':
        leg.setMusic(`music:${command.class}`);
        return OK;
      case 'music.stop':
        leg.setMusic(null);
        return OK;
      case 'dtmf.send':
        leg.keys += command.digits;
        return OK;
      case 'part':
        return this.#bridges.part(command.bridgeId, leg);
      case 'mute':
        return this.#bridges.mute(leg, command.on);
      case 'talk.watch':
        return this.#calls.watchTalk(leg, command.on ? command.quietMs : null);
      case 'monitor':
        return this.#bridges.monitor(leg, command);
      case 'monitor.stop':
        return this.#bridges.stopMonitor(leg);
      case 'release':
        leg.silence();
        this.#bridges.gone(leg);
        [leg.isOurs, leg.releasedTo] = [false, command.extension];
        return OK;
    }
  }

  #recordBridge(command: Of<'record.bridge'>): SwitchResult {
    const { bridgeId } = command;
    if (!this.#bridges.has(bridgeId)) return failed('gone');
    return this.#recordings.recordBridge(command, this.#bridges.audible(bridgeId));
  }

  #stop(playbackId: PlaybackId): SwitchResult {
    const leg = this.#calls.legs.find(({ playbacks }) => playbacks.includes(playbackId));
    leg?.stopPlayback(playbackId);
    return leg ? OK : failed('gone');
  }

  /** Told a moment later, as by a switch; what happens while nobody is connected is never told. */
  #tell(news: News): void {
    const listener = this.#listener;
    if (!this.#isConnected || !listener) return;
    const event: SwitchEvent = { ...news, at: this.#clock.now() };
    queueMicrotask(() => this.#listener === listener && listener(event));
  }
}
