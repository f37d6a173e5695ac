import { EngineFollowUpCalls } from './follow-up-calls.ts';
import { FollowUpDesk } from './follow-up-desk.ts';
import { FollowUpWarden } from './follow-up-warden.ts';
import type { House } from './house.ts';
import type { EngineRooms } from './rooms.ts';
import { PLAIN_FOLLOW_UPS } from './site.ts';

/** Who brings an owner and his caller together. */
export function followUpCallsOf(
  { releases, desk, callbackDesk, followUps }: House,
  rooms: EngineRooms,
): EngineFollowUpCalls {
  return new EngineFollowUpCalls({
    ...rooms,
    followUps,
    callbacks: callbackDesk,
    queues: () => releases.queues,
    queuesOf: (id) => desk.find(id)?.profile.queues ?? null,
    country: rooms.settings.country,
  });
}

/** Who keeps promises, and who sees to it that they are kept. */
export function followUpsOf({ releases, desk, recorder }: House, rooms: EngineRooms) {
  const followUps = new FollowUpDesk({
    ...rooms,
    recorder,
    rules: () => releases.current.site.followUps ?? PLAIN_FOLLOW_UPS,
    queuesOf: (id) => desk.find(id)?.profile.queues ?? null,
  });
  const { owner, followUpDays: days } = rooms.settings;
  return { followUps, warden: new FollowUpWarden({ ...rooms, desk: followUps, owner, days }) };
}
