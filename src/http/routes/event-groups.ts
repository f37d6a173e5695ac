import type { EventGroups, TakenEvent, TakeRequest } from '../../engine/ports/event-groups.ts';
import { toCloudEvent } from '../../events/cloud-event.ts';
import { Problem } from '../problem.ts';
import { nothing, problems } from '../schemas/common.ts';
import {
  byGroup,
  deadPage,
  doneAnswer,
  doneEvents,
  groupStandings,
  openGroup,
  replayed,
  takenEvents,
  takeEvents,
} from '../schemas/event-groups.ts';
import type { App } from './app.ts';
import type { EventPorts } from './events.ts';

const tags = ['events'];
const config = { capability: 'events.consume' } as const;
const DOCS = 'docs/event-groups.md';

/** Consumers who share events between them: each event to one of them, again until it is done. */
export function eventGroupRoutes(app: App, ports: EventPorts): void {
  takeRoutes(app, ports);
  keepRoutes(app, ports);
  deadRoutes(app, ports);
}

function takeRoutes(app: App, ports: EventPorts): void {
  const { groups } = ports.live;
  app.post(
    '/v1/events/groups/:group/take',
    {
      config,
      schema: {
        tags,
        summary: 'Take the next events of a group, what others left undone first',
        params: byGroup,
        body: takeEvents,
        response: { 200: takenEvents, ...problems },
      },
    },
    async ({ params: { group }, body: { waitMs, ...how }, raw }) => {
      const gone = new AbortController();
      raw.socket.once('close', () => gone.abort());
      const signal = AbortSignal.any([gone.signal, ports.closing]);
      const events = await takeOrWait({ group, ...how }, waitMs, signal, ports);
      if (!events) throw unknown(group);
      return { items: events.map((taken) => told(taken, ports.source)) };
    },
  );
  app.post(
    '/v1/events/groups/:group/done',
    {
      config,
      schema: {
        tags,
        summary: 'Report events as done: nobody of the group gets them again',
        params: byGroup,
        body: doneEvents,
        response: { 200: doneAnswer, ...problems },
      },
    },
    async ({ params: { group }, body: { cursors } }) => ({ done: await groups.done(group, cursors) }),
  );
}

function keepRoutes(app: App, { live }: EventPorts): void {
  const { groups } = live;
  app.get(
    '/v1/events/groups',
    {
      config,
      schema: { tags, summary: 'Groups, and how far they are', response: { 200: groupStandings, ...problems } },
    },
    async () => ({ items: await groups.standings() }),
  );
  app.put(
    '/v1/events/groups/:group',
    {
      config,
      schema: {
        tags,
        summary: 'Open a group; one that is there goes on',
        params: byGroup,
        body: openGroup,
        response: { 204: nothing('It is there.'), ...problems },
      },
    },
    async ({ params: { group }, body: { from } }, reply) => {
      await groups.open(group, from === 'now' ? await live.lastCursor() : from === 'oldest' ? null : from);
      return reply.code(204).send(undefined);
    },
  );
  app.delete(
    '/v1/events/groups/:group',
    {
      config,
      schema: {
        tags,
        summary: 'End a group, with its dead letters',
        params: byGroup,
        response: { 204: nothing('It is ended.'), ...problems },
      },
    },
    async ({ params: { group } }, reply) => {
      if (!(await groups.close(group))) throw unknown(group);
      return reply.code(204).send(undefined);
    },
  );
}

function deadRoutes(app: App, { live: { groups }, source }: EventPorts): void {
  app.get(
    '/v1/events/groups/:group/dead',
    {
      config,
      schema: {
        tags,
        summary: 'Events that nobody of the group could do',
        params: byGroup,
        querystring: deadPage,
        response: { 200: takenEvents, ...problems },
      },
    },
    async ({ params: { group }, query: { limit } }) => {
      const letters = await groups.dead(group, limit);
      if (!letters) throw unknown(group);
      return { items: letters.map((letter) => told(letter, source)) };
    },
  );
  app.post(
    '/v1/events/groups/:group/dead/replay',
    {
      config,
      schema: {
        tags,
        summary: 'Give all dead letters out again',
        params: byGroup,
        response: { 200: replayed, ...problems },
      },
    },
    async ({ params: { group } }) => {
      const count = await groups.revive(group);
      if (count === null) throw unknown(group);
      return { replayed: count };
    },
  );
}

const unknown = (group: string) =>
  new Problem('resource.unknown', `There is no group ${group}; open it by PUT /v1/events/groups/${group} (${DOCS}).`);

const told = ({ cursor, tries, event }: TakenEvent, source: string) => ({
  cursor,
  tries,
  event: toCloudEvent(event, source),
});

/** A reader who went away while he waited takes nothing more: it would be in the hands of nobody. */
async function takeOrWait(
  request: TakeRequest,
  waitMs: number,
  signal: AbortSignal,
  { live, hub, clock }: EventPorts,
): Promise<Awaited<ReturnType<EventGroups['take']>>> {
  const until = clock.now() + waitMs;
  const first = await live.groups.take(request);
  if (first === null || first.length > 0 || waitMs === 0) return first;
  await hub.join();
  try {
    for (;;) {
      const seen = hub.changes;
      const events = await live.groups.take(request);
      if (events === null || events.length > 0 || clock.now() >= until || signal.aborted) return events;
      if (hub.changes === seen) await somethingOr(until, signal, { hub, clock });
      if (signal.aborted) return [];
    }
  } finally {
    hub.leave();
  }
}

/** What somebody else has left undone lapses without an event: it is looked for now and then. */
const LOOK_MS = 1_000;

function somethingOr(until: number, signal: AbortSignal, { hub, clock }: Pick<EventPorts, 'hub' | 'clock'>) {
  return new Promise<void>((resolve) => {
    const wake = () => {
      forget();
      cancel();
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const forget = hub.onChange(wake);
    const cancel = clock.at(Math.min(until, clock.now() + LOOK_MS), wake);
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
  });
}
