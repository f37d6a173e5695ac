import type { SwitchEvent, SwitchResult } from '../../call/switch.ts';
import type { Clock, Log } from '../../engine/ports/time.ts';
import type { EslEvent } from './esl-event.ts';
import type { Leg, Legs } from './legs.ts';
import type { MediaServer } from './media-server.ts';

/** What the rooms of this door share. */
export interface DoorRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly legs: Legs;
  readonly tell: (event: SwitchEvent) => void;
  /** Lets an arriving leg be heard before it is answered, and whoever is to be recorded be answered. */
  readonly early: (leg: Leg) => void;
  readonly answer: (leg: Leg) => Promise<SwitchResult>;
  /** Moves its voice to another FreeSWITCH. */
  readonly rehome: (leg: Leg, server: MediaServer) => Promise<SwitchResult>;
  /** Absolute paths as FreeSWITCH sees them. */
  readonly soundsDir: string;
  readonly recordingsDir: string | null;
  /** Where FreeSWITCH writes recordings; the same folder must be seen here. */
  readonly spoolDir: string;
}

/** A room that hears of the channels of this door's legs. */
export interface MediaRoom {
  hear(leg: Leg, event: EslEvent): void;
  /** The leg's channel is gone; its end is told after this. */
  legGone(leg: Leg): void;
  /** Another FreeSWITCH has its voice now, and nothing of what the one before was doing for it. */
  moved?(leg: Leg): void;
  /** Connected again: what ended meanwhile is forgotten. */
  resume(): Promise<void>;
}
