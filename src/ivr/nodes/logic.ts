import { goto } from './goto.ts';
import { hangup } from './hangup.ts';
import { hours } from './hours.ts';
import { switchKind } from './switch.ts';

/** Nodes that decide, know and remember, and those that give a flow its structure. */
export const LOGIC_KINDS = [switchKind, hours, goto, hangup] as const;
