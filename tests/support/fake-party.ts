import { CAUSE, type HangupCause } from '../../src/call/cause.ts';
import type { LegId } from '../../src/call/ids.ts';
import type { FakeLeg } from './fake-leg.ts';
import type { SimulatedClock } from './simulated-clock.ts';

/** What a phone or a number does when it is rung. Times count from the ring. */
export type Behaviour =
  /** Answers, and hangs up after `talkMs` of its own accord if that is given. */
  | { readonly does: 'answer'; readonly afterMs: number; readonly talkMs?: number }
  | { readonly does: 'ring' }
  | {
      readonly does: 'refuse';
      readonly afterMs?: number;
      /** Nothing rings until then. */
      readonly silent?: true;
      readonly cause: HangupCause;
    }
  /** Not registered: the switch takes no call to it. */
  | { readonly does: 'nothing' };

export const answers = (afterMs = 2_000, talkMs?: number): Behaviour =>
  talkMs === undefined ? { does: 'answer', afterMs } : { does: 'answer', afterMs, talkMs };
export const rings: Behaviour = { does: 'ring' };
export const busy: Behaviour = { does: 'refuse', cause: { q850: 17, sip: 486 } };
export const rejects = (afterMs = 2_000): Behaviour => ({ does: 'refuse', afterMs, cause: { q850: 21, sip: 603 } });
export const unknownNumber: Behaviour = { does: 'refuse', cause: { q850: 1, sip: 404 } };
export const congested: Behaviour = { does: 'refuse', cause: { q850: 34, sip: 503 } };
export const unregistered: Behaviour = { does: 'nothing' };

/** What the switch does when a far end acts. */
export interface Wire {
  press(key: string): unknown;
  hangUp(cause: HangupCause): unknown;
  /** Who else is in the bridge. */
  others(): readonly LegId[];
  /** Whose voice reaches this one now. */
  voices(): readonly FakeLeg[];
}

type State = 'ringing' | 'up' | 'ended' | 'bridged' | 'alone' | 'hearing' | 'silent';

/** A person at the far end of one leg: a caller, or somebody whose phone was rung. */
export class Party {
  readonly #leg: FakeLeg;
  readonly #clock: SimulatedClock;
  readonly #wire: Wire;

  constructor(leg: FakeLeg, clock: SimulatedClock, wire: Wire) {
    [this.#leg, this.#clock, this.#wire] = [leg, clock, wire];
  }

  get legId(): LegId {
    return this.#leg.id;
  }

  get phase(): FakeLeg['phase'] {
    return this.#leg.phase;
  }

  /** Everything this person heard so far, by name, music as `music:<class>`. */
  get heard(): readonly string[] {
    return this.#leg.heard;
  }

  /** What this person hears now. */
  get hearing(): string | null {
    return this.#leg.hearing;
  }

  /** Keys sent to this person's phone. */
  get keys(): string {
    return this.#leg.keys;
  }

  /** How it ended, null while it has not. */
  get cause(): HangupCause | null {
    return this.#leg.cause;
  }

  get releasedTo(): string | null {
    return this.#leg.releasedTo;
  }

  /** Legs this person talks with. */
  get talkingWith(): readonly LegId[] {
    return this.#wire.others();
  }

  press(keys: string): void {
    for (const key of keys) this.#wire.press(key);
  }

  /** Speaks for so long, by default without end, and is silent then. @param hz how: a tone to be known by. */
  say(ms = Infinity, hz = 500): void {
    this.#leg.speak(this.#clock.now() + ms, hz);
  }

  hush(): void {
    this.say(0);
  }

  /** Voices this person hears now, by their tone. */
  get voices(): readonly number[] {
    return this.#wire.voices().flatMap(({ voice }) => voice ?? []);
  }

  get isMuted(): boolean {
    return this.#leg.isMuted;
  }

  hangUp(cause: HangupCause = CAUSE.normal): void {
    this.#wire.hangUp(cause);
  }

  /** Lets time pass until it has come to this. `what` names what is to be heard, wholly or in part. */
  async until(state: State, what = ''): Promise<void> {
    await this.#clock.runUntil(
      () => this.#is(state, what),
      `${this.legId} ${state} ${what}; it heard ${this.heard.join(', ')}`,
    );
  }

  #is(state: State, what: string): boolean {
    switch (state) {
      case 'bridged':
        return this.talkingWith.length > 0;
      case 'alone':
        return this.#leg.phase === 'up' && this.talkingWith.length === 0;
      case 'hearing':
        return this.hearing?.includes(what) === true;
      case 'silent':
        return this.#leg.phase === 'up' && this.hearing === null;
      case 'ringing':
      case 'up':
      case 'ended':
        return this.#leg.phase === state;
    }
  }
}

/** A phone of an agent or a subscriber's line: rung by the switch, it does what it was told to do. */
export class Line {
  behaviour: Behaviour;
  /** Everybody who was rung here, latest last. */
  readonly parties: Party[] = [];
  readonly #clock: SimulatedClock;

  constructor(behaviour: Behaviour, clock: SimulatedClock) {
    [this.behaviour, this.#clock] = [behaviour, clock];
  }

  /** The latest ring here. @throws when there was none. */
  get party(): Party {
    const party = this.parties.at(-1);
    if (!party) throw new Error('this phone has not been rung');
    return party;
  }

  /** Lets time pass until this phone has been rung `times` times. */
  async rung(times = 1): Promise<Party> {
    await this.#clock.runUntil(() => this.parties.length >= times, `a phone rung ${times} times`);
    return this.party;
  }
}

/** The phones or numbers of the world; those that nobody spoke of behave as `otherwise`. */
export class Lines {
  readonly #lines = new Map<string, Line>();
  readonly #clock: SimulatedClock;
  readonly #otherwise: Behaviour;

  constructor(clock: SimulatedClock, otherwise: Behaviour) {
    [this.#clock, this.#otherwise] = [clock, otherwise];
  }

  has(name: string): boolean {
    return this.#lines.has(name);
  }

  line(name: string, behaviour?: Behaviour): Line {
    const line = this.#lines.get(name) ?? new Line(this.#otherwise, this.#clock);
    this.#lines.set(name, line);
    if (behaviour) line.behaviour = behaviour;
    return line;
  }
}
