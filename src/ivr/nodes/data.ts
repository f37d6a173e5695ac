import { agent } from './agent.ts';
import { ask } from './ask.ts';
import { dnc } from './dnc.ts';
import { emit } from './emit.ts';
import { followUp } from './follow-up.ts';
import { lookup } from './lookup.ts';
import { metrics } from './metrics.ts';

/** Nodes that speak with other systems. */
export const DATA_KINDS = [lookup, ask, emit, metrics, agent, dnc, followUp] as const;
