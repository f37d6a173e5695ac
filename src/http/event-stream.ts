import { Readable } from 'node:stream';
import type { FactType } from '../call/journal.ts';
import type { StoredEvent } from '../engine/ports/live-store.ts';
import type { Clock } from '../engine/ports/time.ts';
import { toCloudEvent } from '../events/cloud-event.ts';
import type { EventHub } from './event-hub.ts';

export interface StreamRequest {
  /** The last event the reader has seen; null from the oldest kept. */
  readonly cursor: string | null;
  /** Only these types; null all. */
  readonly types: ReadonlySet<FactType> | null;
  readonly source: string;
  /** Ends the stream: the reader went away, or the server closes. */
  readonly signal: AbortSignal;
}

const BATCH = 100;
export const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for this long is cut; it may come back with its Last-Event-ID. */
export const STALL_MS = 30_000;
const RETRY_MS = 2_000;

/**
 * Journal events as server-sent events (WHATWG HTML §9.2), oldest first and without a gap. The text is made only when the
 * reader's socket takes it, so a slow reader holds one batch in memory and the journal holds the rest.
 */
export function eventStream(request: StreamRequest, hub: EventHub, clock: Clock): Readable {
  const text = Readable.from(
    lines(request, hub, clock, () => text.destroy()),
    { objectMode: false },
  );
  return text;
}

async function* lines(request: StreamRequest, hub: EventHub, clock: Clock, cut: () => void): AsyncGenerator<string> {
  const { types, source, signal } = request;
  let { cursor } = request;
  yield `retry: ${RETRY_MS}\n\n`;
  while (!signal.aborted) {
    const seen = hub.changes;
    const batch = await hub.after(cursor, BATCH);
    cursor = batch.at(-1)?.cursor ?? cursor;
    if (batch.length === 0) {
      const beat = hub.changes === seen && (await sleep(hub, clock, signal)) === 'heartbeat';
      if (!beat) continue;
    }
    const wanted = batch.filter(({ event }) => types === null || types.has(event.type));
    const text = wanted.map((stored) => message(stored, source)).join('');
    // The cursor goes along even when nothing was wanted, so that a narrow filter does not start over after a break.
    const progress = wanted.at(-1)?.cursor === cursor || cursor === null ? '' : `id: ${cursor}\n`;
    const stalled = clock.at(clock.now() + STALL_MS, cut);
    yield text + (text === '' || progress !== '' ? `${progress}: ok\n\n` : '');
    stalled();
  }
}

const message = ({ cursor, event }: StoredEvent, source: string) =>
  `id: ${cursor}\ndata: ${JSON.stringify(toCloudEvent(event, source))}\n\n`;

/** Until events come, a heartbeat is due, or the stream is over. */
function sleep(hub: EventHub, clock: Clock, signal: AbortSignal): Promise<'events' | 'heartbeat' | 'over'> {
  return new Promise((resolve) => {
    const wake = (why: 'events' | 'heartbeat' | 'over') => {
      forget();
      cancel();
      signal.removeEventListener('abort', over);
      resolve(why);
    };
    const over = () => wake('over');
    const forget = hub.onChange(() => wake('events'));
    const cancel = clock.at(clock.now() + HEARTBEAT_MS, () => wake('heartbeat'));
    signal.addEventListener('abort', over, { once: true });
    if (signal.aborted) over();
  });
}
