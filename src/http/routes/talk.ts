import type { z } from 'zod';
import type { TalkDesk, TalkWish } from '../../engine/ports/talk.ts';
import { valueOf } from '../errors.ts';
import { byId, listed, nothing, problems } from '../schemas/common.ts';
import * as schema from '../schemas/talk.ts';
import type { App } from './app.ts';

const tags = ['talk'];

/** What agents do with the call they are in, and supervisors with any call. */
export function talkRoutes(app: App, talk: TalkDesk): void {
  ownCall(app, talk);
  for (const [verb, { summary, body, wish }] of Object.entries(VERBS)) {
    app.post(
      `/v1/agents/:id/call/${verb}`,
      {
        config: { capability: 'calls.control', orOwn: true },
        schema: { tags, summary, params: byId, ...(body && { body }), response: { 200: schema.talkView, ...problems } },
      },
      async ({ params, body: said }) => ({ call: valueOf(await talk.act(params.id, wish(said))) }),
    );
  }
  parking(app, talk);
  supervision(app, talk);
}

interface Verb {
  readonly summary: string;
  readonly body: z.ZodType | null;
  readonly wish: (body: unknown) => TalkWish;
}

const withBody = <S extends z.ZodType>(summary: string, body: S, wish: (body: z.output<S>) => TalkWish): Verb => ({
  summary,
  body,
  wish: (said) => wish(said as z.output<S>),
});
const bare = (summary: string, type: 'end-consult' | 'merge' | 'leave'): Verb => ({
  summary,
  body: null,
  wish: () => ({ type }),
});

const VERBS: Readonly<Record<TalkWish['type'], Verb>> = {
  hold: withBody('Put the customer on hold, or back', schema.onBody, ({ on }) => ({ type: 'hold', on })),
  mute: withBody('Be heard by nobody, or again', schema.onBody, ({ on }) => ({ type: 'mute', on })),
  consult: withBody('Ask somebody aside; the customer hears music', schema.toBody, ({ to }) => ({
    type: 'consult',
    to,
  })),
  side: withBody('Speak with the customer, or with whom is consulted', schema.sideBody, ({ side }) => ({
    type: 'side',
    side,
  })),
  'end-consult': bare('End the consultation; the customer is back', 'end-consult'),
  merge: bare('Let all speak with each other', 'merge'),
  add: withBody('Ask somebody into the talk', schema.toBody, ({ to }) => ({ type: 'add', to })),
  drop: withBody('Send a guest out of the talk', schema.dropBody, ({ guest }) => ({ type: 'drop', guest })),
  leave: bare('Leave the talk to the others', 'leave'),
  transfer: withBody('Hand the customer over without asking', schema.transferBody, (body) => ({
    type: 'transfer',
    ...body,
  })),
  complete: withBody('Hand the customer over to whom is consulted', schema.noteBody, ({ note }) => ({
    type: 'complete',
    note,
  })),
  park: withBody('Park the customer in a numbered place', schema.parkBody, (body) => ({ type: 'park', ...body })),
  escalate: withBody('To the queue above, or somebody from there', schema.escalateBody, (body) => ({
    type: 'escalate',
    ...body,
  })),
};

function ownCall(app: App, talk: TalkDesk): void {
  app.get(
    '/v1/agents/:id/call',
    {
      config: { capability: 'calls.read', orOwn: true },
      schema: {
        tags,
        summary: 'The call that the agent is in, with who is in it and how it came',
        params: byId,
        response: { 200: schema.talkView, ...problems },
      },
    },
    ({ params }) => ({ call: valueOf(talk.view(params.id)) }),
  );
}

function parking(app: App, talk: TalkDesk): void {
  app.get(
    '/v1/parked',
    {
      config: { capability: 'queues.read' },
      schema: { tags, summary: 'Parked customers', response: { 200: listed(schema.parkedView), ...problems } },
    },
    () => ({ items: talk.parked() }),
  );
  app.post(
    '/v1/agents/:id/pick-up',
    {
      config: { capability: 'calls.control', orOwn: true },
      schema: {
        tags,
        summary: "Fetch a parked customer: the agent's phone rings",
        params: byId,
        body: schema.pickUpBody,
        response: { 200: schema.pickedUp, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await talk.pickUp(params.id, body.slot)),
  );
}

function supervision(app: App, talk: TalkDesk): void {
  const done = { 204: nothing('Done.'), ...problems };
  app.post(
    '/v1/calls/:id/monitor',
    {
      config: { capability: 'calls.monitor' },
      schema: {
        tags,
        summary: 'Listen to a talk, whisper to its agent, speak with all, or take over; again changes it',
        params: byId,
        body: schema.monitorBody,
        response: done,
      },
    },
    async ({ params, body, principal }, reply) => {
      valueOf(await talk.supervise(params.id, principal?.name ?? '', { type: 'monitor', ...body }));
      return reply.code(204).send();
    },
  );
  app.delete(
    '/v1/calls/:id/monitor',
    {
      config: { capability: 'calls.monitor' },
      schema: { tags, summary: 'Stop listening, whispering or speaking', params: byId, response: done },
    },
    async ({ params, principal }, reply) => {
      valueOf(await talk.supervise(params.id, principal?.name ?? '', { type: 'unmonitor' }));
      return reply.code(204).send();
    },
  );
  waiting(app, talk);
}

function waiting(app: App, talk: TalkDesk): void {
  const done = { 204: nothing('Done.'), ...problems };
  app.post(
    '/v1/calls/:id/move',
    {
      config: { capability: 'calls.control' },
      schema: {
        tags,
        summary: 'Send a waiting call to another queue, with its place by time',
        params: byId,
        body: schema.moveBody,
        response: done,
      },
    },
    async ({ params, body, principal }, reply) => {
      valueOf(await talk.supervise(params.id, principal?.name ?? '', { type: 'move', ...body }));
      return reply.code(204).send();
    },
  );
  app.post(
    '/v1/calls/:id/priority',
    {
      config: { capability: 'calls.control' },
      schema: {
        tags,
        summary: 'Give a waiting call more or less credit',
        params: byId,
        body: schema.priorityBody,
        response: done,
      },
    },
    async ({ params, body, principal }, reply) => {
      valueOf(await talk.supervise(params.id, principal?.name ?? '', { type: 'raise', ...body }));
      return reply.code(204).send();
    },
  );
}
