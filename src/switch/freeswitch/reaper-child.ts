import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../engine/ports/time.ts';
import { Latency } from '../latency.ts';
import { Drachtio, drachtioAddress } from './drachtio.ts';
import { EventSocket, eslAddress } from './esl.ts';
import { endLeftBehind } from './left-behind.ts';
import type { ReaperOrder } from './reaper.ts';

/** Servers that are away by then have lost the calls, or are swept by the next process. */
const WITHIN_MS = 8_000;
/** FreeSWITCH lists a new channel up to a second late. */
const LOOKS = 5;
const LOOK_EVERY_MS = 500;
const quiet = () => {};
const clock: Clock = {
  now: () => Date.now(),
  at: (at, task) => {
    const timer = setTimeout(task, Math.max(0, at - Date.now()));
    return () => clearTimeout(timer);
  },
};
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, quiet);
const [order] = (await once(process, 'message')) as [ReaperOrder];
// The other may have died while this one was still coming up.
if (process.connected) await once(process, 'disconnect');
setTimeout(() => process.exit(1), WITHIN_MS);

const drachtios = await Promise.all(order.drachtios.map(connected));
await Promise.all(order.freeswitches.map(sweep));
for (const drachtio of drachtios) drachtio.disconnect();
process.exit(0);

/** Resolves also when that one cannot be reached soon. */
async function connected(address: string): Promise<Drachtio> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const drachtio = new Drachtio(drachtioAddress(address), log, { up: resolve, down: quiet, refused: () => resolve() });
  drachtio.connect();
  setTimeout(resolve, WITHIN_MS / 4);
  await promise;
  return drachtio;
}

async function sweep(address: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = new EventSocket(
    { address: eslAddress(address), clock, latency: new Latency(clock) },
    { opened: () => resolve(true), event: quiet, refused: quiet, closed: () => resolve(false) },
  );
  if (!(await promise)) return;
  for (let look = 0; look < LOOKS; look += 1) {
    await endLeftBehind(socket, drachtios, { controller: order.controller });
    await pause(LOOK_EVERY_MS);
  }
  socket.end();
}
