import { CAUSE, type HangupCause } from '../../src/call/cause.ts';
import type { LegId, PlaybackId, RecordingId } from '../../src/call/ids.ts';
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
import { FakeLeg, type LegOrigin, type News } from './fake-leg.ts';
import { type Behaviour, type Line, Lines, Party, unknownNumber, unregistered } from './fake-party.ts';
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

/** The dialplan asks again this often for a controller while a caller waits there. */
const ASK_AGAIN_MS = 3_000;

/** A telephone switch in memory, with the phones of its world. It keeps every guarantee of the port, under simulated time. */
export class FakeSwitch implements SwitchPort {
  readonly node: string;
  readonly capabilities = { survivesControllerCrash: true };
  /** What `latencyP99Ms` tells. */
  latencyMs = 1;
  /** Commands of this type are not answered, as when the connection hangs. */
  deafTo: SwitchCommand['type'] | null = null;
  readonly #clock: SimulatedClock;
  readonly #playMs: (media: Media) => number;
  readonly #missing: ReadonlySet<string>;
  readonly #legs = new Map<LegId, FakeLeg>();
  readonly #recordings: FakeRecordings;
  readonly #bridges: FakeBridges;
  readonly #phones: Lines;
  readonly #numbers: Lines;
  #listener: ((event: SwitchEvent) => void) | null = null;
  #isConnected = false;
  #called = 0;
  /** To be ended as soon as there is a connection. */
  readonly #owed: SwitchCommand[] = [];

  constructor({ clock, node = 'fake-1', playMs = () => 1_000, missing = new Set() }: FakeSwitchOptions) {
    [this.#clock, this.node, this.#playMs, this.#missing] = [clock, node, playMs, missing];
    this.#recordings = new FakeRecordings(clock, (news) => this.#tell(news));
    this.#bridges = new FakeBridges({
      leg: (id) => this.#legs.get(id),
      changed: (bridgeId, audible) => this.#recordings.bridgeHas(bridgeId, audible),
    });
    [this.#phones, this.#numbers] = [new Lines(clock, unregistered), new Lines(clock, unknownNumber)];
  }

  // The world at the far end.

  /** Somebody calls in. While no controller is connected, the dialplan answers, plays music and asks again. */
  call(caller: { from: string | null; to: string; name?: string; source?: string }): Party {
    const { from, to, name = null, source = 'guest' } = caller;
    const origin = { dialled: false, callId: null, dnis: to, ani: from, callerName: name, source };
    const leg = this.#newLeg(`fake-${++this.#called}`, origin);
    leg.phase = 'ringing';
    this.#offer(leg);
    return this.#party(leg);
  }

  phone(name: string, behaviour?: Behaviour): Line {
    return this.#phones.line(name, behaviour);
  }

  number(number: string, behaviour?: Behaviour): Line {
    return this.#numbers.line(number, behaviour);
  }

  /** The connection breaks. `restarted`: with the switch, and so with all its calls. */
  disconnect(restarted = false): void {
    this.#tell({ type: 'switch.disconnected', reason: 'told to' });
    this.#isConnected = false;
    if (restarted) for (const leg of this.#legs.values()) this.#end(leg, CAUSE.unknown);
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
    const legs = [...this.#legs.values()];
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
      legs: [...this.#legs.values()].map(({ id, origin, phase, startedAt, isOurs }) => {
        const { callId, dnis, ani, source } = origin;
        const state = phase === 'up' || phase === 'ringing' ? phase : 'down';
        return { legId: id, callId, state, startedAt, ours: isOurs, dnis, ani, source };
      }),
      bridges: this.#bridges.all,
    };
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
        return this.#originate(command);
      case 'bridge':
        return this.#bridges.join(
          command.bridgeId,
          command.legIds.map((id) => this.#legs.get(id)),
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
        const leg = this.#legs.get(command.legId);
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
    if (command.type === 'hangup') return this.#end(leg, command.cause);
    if (leg.origin.dialled && leg.phase !== 'up') return failed('refused', 'it has not answered yet');
    switch (command.type) {
      case 'answer':
        return this.#answered(leg);
      case 'ring':
        return OK;
      case 'play':
        if (command.media.length === 0) return failed('refused');
        leg.play(command.playbackId, command.media);
        return OK;
      case 'record':
        return this.#recordings.record(leg, command, () => this.#answered(leg));
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

  #originate(command: Of<'originate'>): SwitchResult {
    const { legId, to, callId, callerId, ringMs } = command;
    if (this.#legs.has(legId)) return failed('exists');
    const line = to.kind === 'phone' ? this.phone(to.name) : this.number(to.number);
    const source = to.kind === 'phone' ? to.name : to.trunk;
    const leg = this.#newLeg(legId, { dialled: true, callId, dnis: '', ani: null, callerName: null, source });
    [leg.isOurs, leg.isKnown] = [true, true];
    if (line.behaviour.does === 'nothing') {
      this.#end(leg, { q850: 20 });
      return failed('refused', `${callerId ?? 'nobody'} rings a phone that is not there`);
    }
    line.parties.push(this.#party(leg));
    this.#ring(leg, line.behaviour);
    this.#after(ringMs, () => leg.phase !== 'up' && this.#end(leg, CAUSE.noAnswer));
    return OK;
  }

  #ring(leg: FakeLeg, behaviour: Behaviour): void {
    const ringsFirst = behaviour.does !== 'refuse' || behaviour.afterMs !== undefined;
    if (ringsFirst) {
      leg.phase = 'ringing';
      this.#tell({ type: 'leg.ringing', legId: leg.id });
    }
    if (behaviour.does === 'refuse') this.#after(behaviour.afterMs ?? 0, () => this.#end(leg, behaviour.cause));
    if (behaviour.does !== 'answer') return;
    const { afterMs, talkMs } = behaviour;
    this.#after(afterMs, () => this.#answered(leg));
    if (talkMs !== undefined) this.#after(afterMs + talkMs, () => this.#end(leg, CAUSE.normal));
  }

  #recordBridge(command: Of<'record.bridge'>): SwitchResult {
    const { bridgeId } = command;
    if (!this.#bridges.has(bridgeId)) return failed('gone');
    return this.#recordings.recordBridge(command, this.#bridges.audible(bridgeId));
  }

  #stop(playbackId: PlaybackId): SwitchResult {
    const leg = this.#legs.values().find(({ playbacks }) => playbacks.includes(playbackId));
    leg?.stopPlayback(playbackId);
    return leg ? OK : failed('gone');
  }

  #newLeg(id: LegId, origin: LegOrigin): FakeLeg {
    const playMs = (media: Media) => (media.kind === 'tone' && media.name !== 'beep' ? null : this.#playMs(media));
    const rooms = { clock: this.#clock, missing: this.#missing, tell: (news: News) => this.#tell(news) };
    const leg = new FakeLeg(id, origin, { ...rooms, playMs });
    this.#legs.set(id, leg);
    return leg;
  }

  #offer(leg: FakeLeg): void {
    if (leg.phase === 'ended') return;
    if (!this.#isConnected) {
      leg.phase = 'up';
      if (leg.hearing === null) leg.setMusic('music:default');
      return this.#after(ASK_AGAIN_MS, () => this.#offer(leg));
    }
    [leg.isOurs, leg.isKnown] = [true, true];
    leg.setMusic(null);
    const { dnis, ani, callerName, source } = leg.origin;
    this.#tell({ type: 'leg.offered', legId: leg.id, dnis, ani, callerName, source });
    if (leg.phase === 'up') this.#tell({ type: 'leg.answered', legId: leg.id });
  }

  #answered(leg: FakeLeg): SwitchResult {
    if (leg.phase === 'up' || leg.phase === 'ended') return OK;
    leg.phase = 'up';
    this.#tell({ type: 'leg.answered', legId: leg.id });
    return OK;
  }

  #end(leg: FakeLeg, cause: HangupCause): SwitchResult {
    if (leg.phase === 'ended') return failed('gone');
    leg.fallSilent();
    this.#bridges.gone(leg);
    [leg.phase, leg.cause] = ['ended', cause];
    this.#legs.delete(leg.id);
    if (leg.isKnown) this.#tell({ type: 'leg.ended', legId: leg.id, cause });
    return OK;
  }

  #party(leg: FakeLeg): Party {
    return new Party(leg, this.#clock, {
      press: (digit) =>
        leg.isOurs && leg.phase !== 'ended' && this.#tell({ type: 'dtmf.received', legId: leg.id, digit }),
      hangUp: (cause) => this.#end(leg, cause),
      others: () => this.#bridges.members(leg.bridgeId).flatMap(({ id }) => (id === leg.id ? [] : [id])),
      voices: () => this.#bridges.heardBy(leg),
    });
  }

  #after(ms: number, task: () => unknown): void {
    this.#clock.at(this.#clock.now() + ms, () => void task());
  }

  /** Told a moment later, as by a switch; what happens while nobody is connected is never told. */
  #tell(news: News): void {
    const listener = this.#listener;
    if (!this.#isConnected || !listener) return;
    const event: SwitchEvent = { ...news, at: this.#clock.now() };
    queueMicrotask(() => this.#listener === listener && listener(event));
  }
}
