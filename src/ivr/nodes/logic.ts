import { flowKind } from './flow.ts';
import { goto } from './goto.ts';
import { hangup } from './hangup.ts';
import { hours } from './hours.ts';
import { returnKind } from './return.ts';
import { set } from './set.ts';
import { split } from './split.ts';
import { switchKind } from './switch.ts';
import { tag } from './tag.ts';

/** Nodes that decide, know and remember, and those that give a flow its structure. */
export const LOGIC_KINDS = [switchKind, hours, split, set, tag, flowKind, returnKind, goto, hangup] as const;
