import type { CellFigures, Dimension, WholeFigures } from './cell-words.ts';

type Untold = Partial<Record<'arrived' | 'redials' | 'contained' | 'blocked' | 'occupancy' | 'cost', null>>;

/** A call belongs to no queue and to no agent before it is theirs, so what happens before is nobody's. */
const CALLS: Untold = { arrived: null, redials: null, contained: null, blocked: null, cost: null };
/** Agents serve many of these, and are idle for none. */
const AGENTS: Untold = { occupancy: null };

const UNTOLD: Readonly<Record<Dimension, Untold>> = {
  queue: { ...CALLS, ...AGENTS },
  agent: CALLS,
  team: CALLS,
  campaign: { ...CALLS, ...AGENTS },
  flow: AGENTS,
  did: AGENTS,
  language: AGENTS,
};

/** The figures, without those that say nothing of what they are told apart by. */
export const applying = (by: Dimension | null, figures: WholeFigures): CellFigures =>
  by === null ? figures : { ...figures, ...UNTOLD[by] };
