import { parentPort, workerData } from 'node:worker_threads';
import { type Folders, judge } from './judge.ts';

/** A thread of its own for one judgement, so that calls do not wait for it. */
const judgement = await judge(workerData as Folders);
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage(judgement);
