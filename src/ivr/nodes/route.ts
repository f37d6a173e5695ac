import { queue } from './queue.ts';
import { transfer } from './transfer.ts';

/** Nodes that hand the caller to somebody, or take a word from him for somebody. */
export const ROUTE_KINDS = [queue, transfer] as const;
