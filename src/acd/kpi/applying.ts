import type { CellFigures, Dimension, WholeFigures } from './cell-words.ts';

type Untold = Partial<Record<'arrived' | 'redials' | 'contained' | 'blocked' | 'occupancy' | 'cost', null>> & {
  readonly serviceLevel?: Record<keyof WholeFigures['serviceLevel'], null>;
};

/** A call belongs to no queue and to no agent before it is theirs, so what happens before is nobody's. */
const CALLS: Untold = { arrived: null, redials: null, contained: null, blocked: null, cost: null };
/** Who waited in vain waited for no agent, so that a level of service would be of the others alone. */
const DESKS: Untold = { ...CALLS, serviceLevel: { ignore: null, negative: null, positive: null } };
/** Agents serve many of these, and are idle for none. */
const AGENTS: Untold = { occupancy: null };

const UNTOLD: Readonly<Record<Dimension, Untold>> = {
  queue: { ...CALLS, ...AGENTS },
  agent: DESKS,
  team: DESKS,
  campaign: { ...CALLS, ...AGENTS },
  flow: AGENTS,
  did: AGENTS,
  language: AGENTS,
};

/** The figures, without those that say nothing of what they are told apart by. */
export const applying = (by: Dimension | null, figures: WholeFigures): CellFigures =>
  by === null ? figures : { ...figures, ...UNTOLD[by] };
