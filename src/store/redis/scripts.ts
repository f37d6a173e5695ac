import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { gather } from './gather.ts';

const FOLDER = new URL('./lua/', import.meta.url);

interface Script {
  readonly lua: string;
  readonly sha: string;
}

/** One atomic step each; KEYS, ARGV and what it returns stand at the head of the file in `lua/`. */
const SCRIPTS = {
  append: load('append'),
  confirmReservation: load('confirm-reservation'),
  copyEvents: load('copy-events'),
  dropTickets: load('drop-tickets'),
  endReservation: load('end-reservation'),
  lease: load('lease'),
  leaseAll: load('lease-all'),
  leases: load('leases'),
  releaseLease: load('release-lease'),
  reviveEvents: load('revive-events'),
  replaceStream: load('replace-stream'),
  reservations: load('reservations'),
  reserve: load('reserve'),
  saveAgent: load('save-agent'),
  saveAlarms: load('save-alarms'),
  saveCall: load('save-call'),
  saveTrunk: load('save-trunk'),
  takeEvents: load('take-events'),
  trimJournal: load('trim-journal'),
};

function load(name: string): Script {
  const lua = ['shared', name].map((file) => readFileSync(new URL(`${file}.lua`, FOLDER), 'utf8')).join('\n');
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

/** Runs a script by its hash; the text is sent only to a Redis that does not know it yet, or no more. */
export async function runScript(
  redis: Redis,
  name: keyof typeof SCRIPTS,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const { sha, lua } = SCRIPTS[name];
  gather(redis);
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(lua, keys.length, ...keys, ...args);
  }
}
