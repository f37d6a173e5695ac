import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { House } from './house.ts';

/** Its number, and the queue that stands behind it, in the dialplan of Asterisk. */
export const APP_QUEUE_DIALPLAN = `[from-trunk]
exten => native,1,Answer()
 same => n,Queue(support)
 same => n,Hangup()
`;

/** Asterisk's own queue with one member, from now on. */
export async function loadAppQueue({ pbx, folder }: House, member: string): Promise<void> {
  const queue = `[general]\nautofill=yes\n[support]\nstrategy=leastrecent\nringinuse=no\ntimeout=20\nretry=1\nmember => ${member}\n`;
  writeFileSync(join(folder, 'asterisk/etc/queues.conf'), queue);
  const { origin, username, password } = new URL(pbx.url);
  const authorization = `Basic ${Buffer.from(`${username}:${decodeURIComponent(password)}`).toString('base64')}`;
  const reply = await fetch(`${origin}/ari/asterisk/modules/app_queue.so`, {
    method: 'POST',
    headers: { authorization },
  });
  if (!reply.ok) throw new Error(`app_queue could not be loaded: ${reply.status}`);
}

/** One line of a queue log, its time apart. */
export interface QueueLine {
  readonly call: string;
  readonly queue: string;
  readonly agent: string;
  readonly event: string;
  readonly data: readonly string[];
}

/** What was written of calls, in order. */
export function queueLines(file: string): readonly QueueLine[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.flatMap((line) => {
    const [, call = '', queue = '', agent = '', event = '', ...data] = line.split('|');
    return call === 'NONE' ? [] : [{ call, queue, agent, event, data }];
  });
}
