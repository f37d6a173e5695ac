import { setTimeout as pause } from 'node:timers/promises';
import type { Api } from './api.ts';
import type { Delivery } from './figures.ts';
import type { Receiver } from './receiver.ts';

/** A webhook and its receiver. */
export interface Bystander {
  readonly mood: Delivery['receiver'];
  readonly receiver: Receiver;
  readonly id: string;
  /** The last event before it was made. */
  readonly cursor: string | null;
  /** Events that must come; null: all until now. */
  readonly wanted: readonly string[] | null;
}

const LOOK_EVERY_MS = 250;
/** Once receivers are well, all that they have missed comes within this time. */
const CATCHES_UP_WITHIN_MS = 300_000;

/** Makes it; one that is not well is off until its turn comes. */
export async function bystander(api: Api, mood: Bystander['mood'], receiver: Receiver): Promise<Bystander> {
  await receiver.turn(mood);
  const { id, cursor } = await api.make(`${mood === 'tls' ? receiver.untrusted : receiver.plain}/events`);
  if (mood !== 'good') await api.turn(id, false);
  return { mood, receiver, id, cursor, wanted: null };
}

/**
 * All receivers are well again, all webhooks on, and every event of the time of each has come, or too late. Switched on, since nobody
 * wants to wait here for the next try, half an hour away after a long outage.
 */
export async function drain(api: Api, all: readonly Bystander[], signal: AbortSignal): Promise<readonly Delivery[]> {
  const wellAt = performance.now();
  for (const { id, mood, receiver } of all) {
    if (mood === 'good') continue;
    await receiver.turn('good');
    await api.move(id, `${receiver.plain}/events`);
    await api.turn(id, true);
  }
  return Promise.all(all.map((each) => caughtUp(api, each, wellAt, signal)));
}

async function caughtUp(
  api: Api,
  { id, cursor, mood, receiver, wanted: own }: Bystander,
  wellAt: number,
  signal: AbortSignal,
): Promise<Delivery> {
  const wanted = own ?? (await api.eventIds(id, cursor));
  const left = new Set(wanted);
  const look = (): number => {
    for (const event of left) if (receiver.has(event)) left.delete(event);
    return left.size;
  };
  while (look() > 0 && performance.now() - wellAt < CATCHES_UP_WITHIN_MS)
    await pause(LOOK_EVERY_MS, undefined, { signal });
  const caughtUpMs = performance.now() - wellAt;
  await api.end(id);
  return { receiver: mood, events: wanted.length, missing: left.size, caughtUpMs, ...receiver.heard() };
}
