import { EngineFollowUpCalls } from './follow-up-calls.ts';
import { FollowUpDesk } from './follow-up-desk.ts';
import { CallBackLaw } from './follow-up-law.ts';
import { FollowUpNews } from './follow-up-news.ts';
import { FollowUpWarden } from './follow-up-warden.ts';
import type { House } from './house.ts';
import type { CallbackRequest } from './ports/flow-store.ts';
import type { EngineRooms } from './rooms.ts';
import { PLAIN_FOLLOW_UPS } from './site.ts';

/** Who says whether somebody may be rung back. */
function callBackLawOf({ dnc, releases }: Pick<House, 'dnc' | 'releases'>, { history }: EngineRooms): CallBackLaw {
  return new CallBackLaw({
    history,
    hits: (number, campaignId) => dnc.keeper.hits(number, campaignId),
    profiles: () => releases.current.site.profiles ?? new Map(),
  });
}

/** What is asked of a promised callback before it rings, what becomes of one that is not wanted any more, and its line. */
export function promisesOf(house: House, rooms: EngineRooms) {
  const law = callBackLawOf(house, rooms);
  return {
    isUnwanted: (callback: CallbackRequest) => law.isUnwanted(callback),
    callOff: (id: string, by: string) => house.callbackDesk.cancelCallback(id, by),
    trunkLines: () => house.callTrunks,
  };
}

/** Who brings an owner and his caller together. */
export function followUpCallsOf(house: House, rooms: EngineRooms): EngineFollowUpCalls {
  const { releases, desk, callbackDesk, followUps } = house;
  return new EngineFollowUpCalls({
    ...rooms,
    followUps,
    callbacks: callbackDesk,
    law: callBackLawOf(house, rooms),
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
  const news = new FollowUpNews(followUps, rooms.log);
  recorder.witness((event) => news.see(event));
  const { owner, followUpDays: days } = rooms.settings;
  return { followUps, warden: new FollowUpWarden({ ...rooms, desk: followUps, owner, days }) };
}
