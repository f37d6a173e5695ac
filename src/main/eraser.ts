import { randomBytes } from 'node:crypto';
import { Engine } from '../engine/engine.ts';
import { Eraser } from '../engine/erase.ts';
import { isNumberOf } from '../engine/erase-ours.ts';
import { queueLogEraser } from '../events/queue-log-erase.ts';
import { systemClock, systemIds } from '../system.ts';
import { type CallwrightOptions, type Closers, OWNER } from './options.ts';
import type { Stores } from './stores.ts';

const SALT_BYTES = 32;

export function openEraser(
  { settings, logBook }: CallwrightOptions,
  stores: Stores,
  { house }: Engine,
  closers: Closers,
) {
  const { live, archive, erasures: books, people, dnc } = stores;
  const log = logBook.of('erasures');
  const queueLog = settings.CALLWRIGHT_QUEUE_LOG;
  const rooms = { clock: systemClock, ids: systemIds, log, live, archive, books, people, owner: OWNER };
  const { flowDesk, callbackDesk: callbacks, dnc: dncDesk, recorder } = house;
  const eraser = new Eraser({
    ...rooms,
    flowDesk,
    callbacks,
    recorder,
    dnc: dncDesk,
    places: queueLog === undefined ? [] : [queueLogEraser(queueLog, log)],
    salt: () => dnc.dncSalt(randomBytes(SALT_BYTES).toString('base64url')),
    country: settings.CALLWRIGHT_COUNTRY ?? null,
    isOurs: (number) => isNumberOf(house.releases.current.site, number),
  });
  eraser.start();
  closers.push(() => eraser.stop());
  return eraser;
}
