import type { House } from './house.ts';
import type { EngineRooms } from './rooms.ts';
import { ThresholdFigures } from './threshold-figures.ts';
import { ThresholdWatch } from './thresholds.ts';
import { NO_THRESHOLDS } from '../work/threshold.ts';

/** Who watches the figures that the site names. */
export function thresholdsOf(house: House, rooms: EngineRooms): ThresholdWatch {
  const { releases, desk, dispatcher, recorder, followUps } = house;
  const figures = new ThresholdFigures({
    ...rooms,
    followUps,
    site: () => ({ ...releases.current.site, trunks: rooms.site.trunks }),
    queues: () => releases.queues,
    waiting: (queue) => dispatcher.waitingIn(queue),
    estimateMs: (queue) => dispatcher.outlook.standing(queue).waitMs,
    agents: () => desk.all(),
    abandonment: (campaign) => house.ledgers.view(campaign),
    trunkDownSince: (trunk) => house.book.health(trunk).down?.since ?? null,
  });
  return new ThresholdWatch({
    ...rooms,
    recorder,
    owner: rooms.settings.owner,
    rules: () => releases.current.site.thresholds ?? NO_THRESHOLDS,
    read: (rules) => figures.read(rules.values()),
  });
}
