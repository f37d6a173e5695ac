import { Worker } from 'node:worker_threads';

const TICKS_PER_LIMIT = 10;

/**
 * Kills this process when its event loop stands still for `limitMs`. A frozen controller holds the event socket and answers
 * nobody, so every arriving call goes to it and hears silence; a dead one is noticed at once, the dialplan takes the callers,
 * and the next process adopts the calls. Dead is safe, frozen is not.
 *
 * @returns how to end the watch.
 */
export function startWatchdog(limitMs = 10_000): () => Promise<void> {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const guard = new Worker(new URL('./watchdog-worker.mjs', import.meta.url), {
    workerData: { beats, limitMs },
    execArgv: [],
  });
  guard.unref();
  const heart = setInterval(() => {
    Atomics.add(beats, 0, 1);
    Atomics.notify(beats, 0);
  }, limitMs / TICKS_PER_LIMIT);
  heart.unref();
  return async () => {
    clearInterval(heart);
    await guard.terminate();
  };
}
