import type { HangupCause } from '../../../src/call/cause.ts';
import type { LegId } from '../../../src/call/ids.ts';
import type { DialTarget, SwitchEvent, SwitchResult } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';

/** A switch with telephones around it, as the contract suite uses it. */
export interface World {
  readonly port: SwitchPort;
  /** Everything the port told, in order. */
  readonly events: readonly SwitchEvent[];
  /** Waits for a state, a few seconds of this world's time at most. */
  until(reached: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** This much of this world's time passes. Only for showing that something does not happen. */
  pass(ms: number): Promise<void>;
  /** Somebody calls in; it resolves when the leg is offered. */
  call(to: string, options?: CallOptions): Promise<Far>;
  /** Somebody dials in while nobody takes calls. */
  dial(to: string): Promise<Omit<Far, 'legId'>>;
  /** Whom to ring, so that this happens. */
  target(does: Does): DialTarget;
  /** The far end of a leg that we rang with `callerId`, once it has answered. */
  far(callerId: string, legId: LegId): Promise<Far>;
  /** How often anybody was rung. */
  rings(): Promise<number>;
  /** The connection to the switch breaks; its calls stay. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** The switch ends, with all its calls, and comes back. */
  restart(): Promise<void>;
  /** Another process takes the switch over. */
  takeOver(): Promise<void>;
  /** What the switch still holds. */
  leaks(): Promise<readonly string[]>;
  stop(): Promise<void>;
}

export type Does = 'answer' | 'answer-late' | 'ring' | 'busy' | 'reject' | 'unknown' | 'congested' | 'unregistered';

/** Whom each number is answered by in every world. */
export const NUMBERS: Readonly<Record<Exclude<Does, 'unregistered'>, string>> = {
  answer: '1000',
  'answer-late': '1001',
  ring: '1100',
  busy: '1200',
  reject: '1300',
  congested: '1400',
  unknown: '1999',
};

export const targetOf = (does: Does): DialTarget =>
  does === 'unregistered'
    ? { kind: 'phone', name: 'nobody' }
    : { kind: 'number', number: NUMBERS[does], trunk: 'world' };

export interface CallOptions {
  /** Number shown; null withholds it. */
  readonly from?: string | null;
  /** How keys travel. */
  readonly keys?: 'rfc4733' | 'info';
}

export interface Far {
  readonly legId: LegId;
  readonly press: (keys: string) => Promise<void>;
  readonly hangUp: () => Promise<void>;
  /** Makes a sound from now on, or with `hz` this tone, to be known by. */
  readonly speak: (hz?: number) => Promise<void>;
  /** Falls silent again. */
  readonly hush: () => Promise<void>;
  /** Whether anything is to be heard right now. */
  readonly hears: () => Promise<boolean>;
  /** Which of `TONES` are to be heard right now. */
  readonly tones: () => Promise<readonly number[]>;
  /** Keys that arrived here. */
  readonly keys: () => string;
  /** How the call ended for this side. */
  readonly ended: () => HangupCause | null;
}

/** The events of one leg, in order. */
export const of = (world: World, legId: LegId): readonly SwitchEvent[] =>
  world.events.filter((event) => 'legId' in event && event.legId === legId);

export const typesOf = (world: World, legId: LegId): readonly string[] => of(world, legId).map(({ type }) => type);

export async function event<T extends SwitchEvent['type']>(
  world: World,
  type: T,
  isIt: (event: Extract<SwitchEvent, { type: T }>) => boolean = () => true,
): Promise<Extract<SwitchEvent, { type: T }>> {
  const found = () =>
    world.events.find((one): one is Extract<SwitchEvent, { type: T }> => one.type === type && isIt(one as never));
  await world.until(() => found() !== undefined, type);
  const one = found();
  if (!one) throw new Error(`no ${type}`);
  return one;
}

let made = 0;
/** Ids and numbers that no test used before. */
export const unused = (what: string): string => `${what}-${process.pid}-${++made}`;
export const unusedNumber = (): string => `+35840${String(++made).padStart(7, '0')}`;

export interface Rung {
  readonly legId: LegId;
  readonly callerId: string;
  readonly callId: string;
  readonly result: SwitchResult;
}

/** Rings somebody. */
export async function ring(world: World, does: Does, ringMs = 10_000): Promise<Rung> {
  const [legId, callId, callerId] = [unused('leg'), unused('call'), unusedNumber()];
  const to = world.target(does);
  const result = await world.port.do({ type: 'originate', legId, to, callerId, callerName: null, ringMs, callId });
  return { legId, callId, callerId, result };
}

/** Rings somebody who answers. */
export async function answeredCall(world: World): Promise<Far> {
  const { legId, callerId } = await ring(world, 'answer');
  await event(world, 'leg.answered', (one) => one.legId === legId);
  return world.far(callerId, legId);
}
