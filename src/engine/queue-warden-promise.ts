import { judgeNumber, type Destinations } from '../call/destinations.ts';
import type { EpochMs } from '../call/ids.ts';
import { e164Of } from '../call/number.ts';
import type { QueueProfile } from '../call/routing.ts';
import { type Calendar, hoursAt, nextChange } from '../ivr/calendar.ts';
import type { CallState } from './call/state.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { Clock, Log } from './ports/time.ts';

/** Writes down that the caller is called back; null when he cannot be, and then nothing is promised. */
export type PromiseCallback = (
  call: CallState,
  profile: QueueProfile,
  calendar: Calendar,
) => Promise<{ readonly callbackId: string; readonly number: string; readonly dueBy: EpochMs } | null>;

interface PromiseRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly flows: Pick<FlowStore, 'requestCallback'>;
  readonly destinations: () => Destinations;
  readonly country: string | null;
}

/** Within so much of the next opening: those of the evening before come first by their places. */
const DUE_AFTER_OPENING_MS = 4 * 3_600_000;

export function promiser(rooms: PromiseRooms): PromiseCallback {
  return async ({ id, ani, dnis, language, visit }, profile, calendar) => {
    const number = ani === null ? null : e164Of(ani, rooms.country);
    const opensAt = nextOpening(calendar, rooms.clock.now());
    if (!visit || number === null || opensAt === null) return null;
    if (judgeNumber(number, rooms.destinations()) !== 'allowed') return null;
    const { require, relax, priority } = visit.request;
    const dueBy = opensAt + DUE_AFTER_OPENING_MS;
    const wanted = {
      id: `${id}-closing`,
      callId: id,
      queue: profile.name,
      number,
      language,
      dueBy,
      require,
      relax,
      priority,
      requestedAt: rooms.clock.now(),
      keepPlaceFrom: visit.enqueuedAt,
      line: e164Of(dnis, rooms.country),
    };
    try {
      const callbackId = await rooms.flows.requestCallback(wanted, profile.maxWaiting);
      return callbackId === null ? null : { callbackId, number, dueBy };
    } catch (error) {
      const fault = error instanceof Error ? error.name : 'unknown';
      rooms.log.warn({ callId: id, fault }, 'no callback could be promised at closing time');
      return null;
    }
  };
}

function nextOpening(calendar: Calendar, now: EpochMs): EpochMs | null {
  const change = nextChange(calendar, now);
  if (change === null || hoursAt(calendar, now) !== 'open') return change;
  return nextChange(calendar, change);
}
