import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** A thread of its own, since the one that is watched may never run again. */
const { beats, limitMs } = workerData as { readonly beats: Int32Array; readonly limitMs: number };

while (Atomics.wait(beats, 0, Atomics.load(beats, 0), limitMs) !== 'timed-out');

writeSync(
  2,
  `callwright: the event loop stood still for ${limitMs / 1000} s: ending, so that another process can take the calls\n`,
);
process.kill(process.pid, 'SIGKILL');
