// Plain JavaScript: a thread that reads TypeScript loads its own copy of the stripper, 10 MB for these few lines.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/**
 * A thread of its own, since the one that is watched may never run again.
 *
 * @type {{ readonly beats: Int32Array, readonly limitMs: number }}
 */
const { beats, limitMs } = workerData;

while (Atomics.wait(beats, 0, Atomics.load(beats, 0), limitMs) !== 'timed-out');

writeSync(
  2,
  `callwright: the event loop stood still for ${limitMs / 1000} s: ending, so that another process can take the calls\n`,
);
process.kill(process.pid, 'SIGKILL');
