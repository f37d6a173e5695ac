import type { KeyFigures } from '../../src/engine/key-figures.ts';
import { createMemoryHistory } from './memory-history.ts';

type Rooms = ConstructorParameters<typeof KeyFigures>[0];

/** What key figures need beside the journal, of a house that has no campaigns. */
export const figureRooms = (
  now: () => number,
  history: Rooms['history'] = createMemoryHistory(),
): Pick<Rooms, 'clock' | 'history' | 'settle' | 'profiles' | 'heard'> => ({
  clock: { now },
  history,
  settle: async () => undefined,
  profiles: () => new Map(),
  heard: async () => ({ heard: 0, persons: 0 }),
});
