import type { House } from './house.ts';
import { Releases } from './releases.ts';
import { EngineReleaseDesk } from './releases-desk.ts';
import { ReleaseFollower } from './releases-follower.ts';
import type { EngineRooms } from './rooms.ts';

/** The releases that lead calls here, who keeps them as the other processes have them, and who changes them. */
export function releasesOf(house: House, rooms: EngineRooms) {
  const inCalls = () => house.board.all().map(({ state }) => state.release);
  const changed = () => {
    house.policy.rulesChanged();
    house.follower.moved();
  };
  const { recorder } = house;
  const releases = new Releases({ ...rooms, recorder, inCalls, changed });
  const follower = new ReleaseFollower({
    ...rooms,
    recorder,
    releases,
    owner: rooms.settings.owner,
    node: rooms.switchPort.node,
    say: (message) => house.dispatcher.say(message),
  });
  return { releases, follower, releaseDesk: new EngineReleaseDesk({ ...rooms, releases, follower, inCalls }) };
}
