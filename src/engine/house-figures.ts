import type { House } from './house.ts';
import { KeyFigures, teamsOf } from './key-figures.ts';
import type { EngineRooms } from './rooms.ts';
import { PLAIN_FOLLOW_UPS } from './site.ts';

/** Key figures of the house: from its journal, and of campaigns from the books of who answered. */
export function figuresOf({ releases, desk, evidence, amd }: House, { live, history, clock }: EngineRooms): KeyFigures {
  return new KeyFigures({
    live,
    history,
    clock,
    settle: () => evidence.settle(),
    profiles: () => releases.current.site.profiles ?? new Map(),
    heard: (id) => amd.learn(id),
    queues: () => releases.queues,
    agents: () => desk.all().map(({ profile }) => profile),
    teams: () => teamsOf(releases.current.site.followUps ?? PLAIN_FOLLOW_UPS),
    settings: () => releases.current.site.kpis,
  });
}
