import { z } from 'zod';
import type { LiveStore } from '../../engine/ports/live-store.ts';
import type { Clock } from '../../engine/ports/time.ts';
import { toCloudEvent } from '../../events/cloud-event.ts';
import type { EventHub } from '../event-hub.ts';
import { eventStream } from '../event-stream.ts';
import { Problem } from '../problem.ts';
import { problems } from '../schemas/common.ts';
import { eventPage, events, streamHeaders, streamQuery } from '../schemas/events.ts';
import type { App } from './app.ts';

export interface EventPorts {
  readonly live: LiveStore;
  readonly hub: EventHub;
  readonly clock: Clock;
  readonly source: string;
  readonly maxStreams: number;
  /** Aborts when the server begins to close. */
  readonly closing: AbortSignal;
}

const tags = ['events'];
const STREAM_RETRY_S = 10;

export function eventRoutes(app: App, ports: EventPorts): void {
  app.get(
    '/v1/events',
    {
      config: { capability: 'events.read' },
      schema: { tags, summary: 'Events, oldest first', querystring: eventPage, response: { 200: events, ...problems } },
    },
    async ({ query: { after, since, limit, types } }) => {
      const from = after ?? (since === undefined ? null : await ports.live.cursorAt(since));
      const stored = await ports.live.read(from, limit);
      const wanted = stored.filter(({ event }) => types === undefined || types.has(event.type));
      const items = wanted.map(({ event }) => toCloudEvent(event, ports.source));
      return { items, cursor: stored.at(-1)?.cursor ?? from };
    },
  );
  streamRoute(app, ports);
}

function streamRoute(app: App, { live, hub, clock, source, maxStreams, closing }: EventPorts): void {
  let open = 0;
  app.get(
    '/v1/events/stream',
    {
      config: { capability: 'events.read' },
      schema: {
        tags,
        summary: 'Events as they happen (server-sent events), going on without a gap after Last-Event-ID',
        querystring: streamQuery,
        headers: streamHeaders,
        response: {
          200: { description: 'A stream of CloudEvents', content: { 'text/event-stream': { schema: z.string() } } },
          ...problems,
        },
      },
    },
    async (request, reply) => {
      const retry = { retryAfterS: STREAM_RETRY_S };
      if (closing.aborted) throw new Problem('unavailable', 'The server is closing.', retry);
      if (open >= maxStreams) throw new Problem('streams.exceeded', `There are ${maxStreams} already.`, retry);
      open += 1;
      const gone = new AbortController();
      request.raw.socket.once('close', () => gone.abort());
      const { after, since, types } = request.query;
      const latest = await hub.join().catch((error: unknown) => {
        open -= 1;
        throw error;
      });
      const cursor =
        request.headers['last-event-id'] ?? after ?? (since === undefined ? latest : await live.cursorAt(since));
      const signal = AbortSignal.any([gone.signal, closing]);
      const stream = eventStream({ cursor, types: types ?? null, source, signal }, hub, clock);
      stream.once('close', () => {
        open -= 1;
        hub.leave();
        gone.abort();
      });
      return reply
        .headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
        .send(stream as never);
    },
  );
}
