import { DATA_KINDS } from './data.ts';
import { INPUT_KINDS } from './input.ts';
import { LOGIC_KINDS } from './logic.ts';
import { ROUTE_KINDS } from './route.ts';

/** Every kind of node there is. A new kind is one file beside this one and one line in its group. */
export const KINDS = [...INPUT_KINDS, ...LOGIC_KINDS, ...DATA_KINDS, ...ROUTE_KINDS] as const;
