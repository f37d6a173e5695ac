import { callback } from './callback.ts';
import { queue } from './queue.ts';
import { survey } from './survey.ts';
import { transfer } from './transfer.ts';
import { voicemail } from './voicemail.ts';

/** Nodes that hand the caller to somebody, or take a word from him for somebody. */
export const ROUTE_KINDS = [queue, callback, transfer, voicemail, survey] as const;
