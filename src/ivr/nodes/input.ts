import { collect } from './collect.ts';
import { menu } from './menu.ts';
import { play } from './play.ts';

/** Nodes that speak and listen. */
export const INPUT_KINDS = [play, menu, collect] as const;
