import { CAUSE, type HangupCause } from '../../src/call/cause.ts';
import type { Detection } from '../../src/call/detection.ts';
import type { LegId } from '../../src/call/ids.ts';
import type { Media } from '../../src/call/media.ts';
import type { SwitchCommand, SwitchResult } from '../../src/call/switch.ts';
import type { FakeBridges } from './fake-bridges.ts';
import { FakeEar } from './fake-ear.ts';
import { FakeLeg, type LegOrigin, type News } from './fake-leg.ts';
import { type Behaviour, type Line, Lines, Party, unknownNumber, unregistered } from './fake-party.ts';
import { failed, OK } from './fake-result.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** The dialplan asks again this often for a controller while a caller waits there. */
const ASK_AGAIN_MS = 3_000;

interface CallRooms {
  readonly clock: SimulatedClock;
  readonly playMs: (media: Media) => number;
  readonly missing: ReadonlySet<string>;
  readonly bridges: () => FakeBridges;
  readonly isConnected: () => boolean;
  readonly tell: (news: News) => void;
}

/** Who calls in; a `from` of null withholds his number. */
export interface Caller {
  readonly from: string | null;
  readonly to: string;
  readonly name?: string;
  readonly source?: string;
}

/** The legs of a switch: how they come, ring, are answered and end, and who is at the far end of each. */
export class FakeCalls {
  readonly #rooms: CallRooms;
  readonly #legs = new Map<LegId, FakeLeg>();
  readonly #ears = new Map<LegId, FakeEar>();
  readonly #detections = new Map<LegId, Detection>();
  readonly #phones: Lines;
  readonly #numbers: Lines;
  #called = 0;

  constructor(rooms: CallRooms) {
    this.#rooms = rooms;
    const { clock } = rooms;
    [this.#phones, this.#numbers] = [new Lines(clock, unregistered), new Lines(clock, unknownNumber)];
  }

  get legs(): readonly FakeLeg[] {
    return [...this.#legs.values()];
  }

  leg(id: LegId): FakeLeg | undefined {
    return this.#legs.get(id);
  }

  /** Somebody calls in. While no controller is connected, the dialplan answers, plays music and asks again. */
  call(caller: Caller): Party {
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

  hasPhone(name: string): boolean {
    return this.#phones.has(name);
  }

  number(number: string, behaviour?: Behaviour): Line {
    return this.#numbers.line(number, behaviour);
  }

  originate(command: Extract<SwitchCommand, { type: 'originate' }>): SwitchResult {
    const { legId, to, callId, callerId, ringMs } = command;
    if (this.#legs.has(legId)) return failed('exists');
    const line = to.kind === 'phone' ? this.phone(to.name) : this.number(to.number);
    const source = to.kind === 'phone' ? to.name : to.trunk;
    const leg = this.#newLeg(legId, { dialled: true, callId, dnis: '', ani: null, callerName: null, source });
    [leg.isOurs, leg.isKnown] = [true, true];
    if (command.detect) this.#detections.set(legId, command.detect);
    if (line.behaviour.does === 'nothing') {
      this.end(leg, { q850: 20 });
      return failed('refused', `${callerId ?? 'nobody'} rings a phone that is not there`);
    }
    line.parties.push(this.#party(leg));
    this.#ring(leg, line.behaviour);
    this.#after(ringMs, () => leg.phase !== 'up' && this.end(leg, CAUSE.noAnswer));
    return OK;
  }

  answered(leg: FakeLeg): SwitchResult {
    if (leg.phase === 'up' || leg.phase === 'ended') return OK;
    leg.phase = 'up';
    this.#rooms.tell({ type: 'leg.answered', legId: leg.id });
    const detect = this.#detections.get(leg.id);
    if (detect) this.#listen(leg, detect);
    return OK;
  }

  /** Tells when the far end of this leg speaks; `quietMs` null: no more. */
  watchTalk(leg: FakeLeg, quietMs: number | null): SwitchResult {
    if (quietMs !== null && !(quietMs > 0)) return failed('refused', 'a silence has to have a length');
    const { clock, tell } = this.#rooms;
    const ear = this.#ears.get(leg.id) ?? new FakeEar(leg, clock, tell);
    this.#ears.set(leg.id, ear);
    ear.watch(quietMs);
    return OK;
  }

  #listen(leg: FakeLeg, detect: Detection): void {
    if (detect.kind === 'own') return void this.watchTalk(leg, detect.quietMs);
    const { clock, tell } = this.#rooms;
    leg.isListenedTo = true;
    new FakeEar(leg, clock, tell).detect(detect.settings, (finding) => {
      leg.isListenedTo = false;
      tell({ type: 'leg.detected', legId: leg.id, ...finding });
    });
  }

  end(leg: FakeLeg, cause: HangupCause): SwitchResult {
    if (leg.phase === 'ended') return failed('gone');
    leg.fallSilent();
    this.#rooms.bridges().gone(leg);
    [leg.phase, leg.cause] = ['ended', cause];
    for (const map of [this.#legs, this.#ears, this.#detections]) map.delete(leg.id);
    if (leg.isKnown) this.#rooms.tell({ type: 'leg.ended', legId: leg.id, cause });
    return OK;
  }

  #ring(leg: FakeLeg, behaviour: Behaviour): void {
    const ringsFirst = behaviour.does !== 'refuse' || (behaviour.afterMs !== undefined && !behaviour.silent);
    if (ringsFirst) {
      leg.phase = 'ringing';
      this.#rooms.tell({ type: 'leg.ringing', legId: leg.id });
    }
    if (behaviour.does === 'refuse') this.#after(behaviour.afterMs ?? 0, () => this.end(leg, behaviour.cause));
    if (behaviour.does !== 'answer') return;
    const { afterMs, talkMs } = behaviour;
    this.#after(afterMs, () => this.answered(leg));
    if (talkMs !== undefined) this.#after(afterMs + talkMs, () => this.end(leg, CAUSE.normal));
  }

  #newLeg(id: LegId, origin: LegOrigin): FakeLeg {
    const { clock, missing, tell, playMs: lengthOf } = this.#rooms;
    const playMs = (media: Media) => (media.kind === 'tone' && media.name !== 'beep' ? null : lengthOf(media));
    const leg = new FakeLeg(id, origin, { clock, missing, tell, playMs });
    this.#legs.set(id, leg);
    return leg;
  }

  #offer(leg: FakeLeg): void {
    if (leg.phase === 'ended') return;
    if (!this.#rooms.isConnected()) {
      leg.phase = 'up';
      if (leg.hearing === null) leg.setMusic('music:default');
      return this.#after(ASK_AGAIN_MS, () => this.#offer(leg));
    }
    [leg.isOurs, leg.isKnown] = [true, true];
    leg.setMusic(null);
    const { dnis, ani, callerName, source } = leg.origin;
    this.#rooms.tell({ type: 'leg.offered', legId: leg.id, dnis, ani, callerName, source });
    if (leg.phase === 'up') this.#rooms.tell({ type: 'leg.answered', legId: leg.id });
  }

  #party(leg: FakeLeg): Party {
    return new Party(leg, this.#rooms.clock, {
      press: (digit) =>
        leg.isOurs && leg.phase !== 'ended' && this.#rooms.tell({ type: 'dtmf.received', legId: leg.id, digit }),
      hangUp: (cause) => this.end(leg, cause),
      others: () =>
        this.#rooms
          .bridges()
          .members(leg.bridgeId)
          .flatMap(({ id }) => (id === leg.id ? [] : [id])),
      voices: () => this.#rooms.bridges().heardBy(leg),
    });
  }

  #after(ms: number, task: () => unknown): void {
    this.#rooms.clock.at(this.#rooms.clock.now() + ms, () => void task());
  }
}
