import { randomUUID } from 'node:crypto';
import type { CallbackDesk } from '../../engine/ports/callback-desk.ts';
import type { CallbackRequest } from '../../engine/ports/flow-store.ts';
import { valueOf } from '../errors.ts';
import { byId, isoOf, nothing, paged, pageOf, problems } from '../schemas/common.ts';
import { callbackChange, callbackQuery, callbackView, newCallback } from '../schemas/callbacks.ts';
import type { App } from './app.ts';

const tags = ['callbacks'];

/** Calls that were promised back. */
export function callbackRoutes(app: App, desk: CallbackDesk): void {
  app.get(
    '/v1/callbacks',
    {
      config: { capability: 'callbacks.read' },
      schema: {
        tags,
        summary: 'Promised callbacks, the soonest due first',
        querystring: callbackQuery,
        response: { 200: paged(callbackView), ...problems },
      },
    },
    async ({ query: { queue, state, limit, after } }) => {
      const asked = { ...(queue !== undefined && { queue }), ...(state !== undefined && { state }) };
      const found = await desk.callbacks({ ...asked, limit, ...(after !== null && { after }) });
      return pageOf(found.map(viewOf), limit);
    },
  );
  app.patch(
    '/v1/callbacks/:id',
    {
      config: { capability: 'callbacks.write' },
      schema: {
        tags,
        summary: 'Give a waiting callback other times',
        params: byId,
        body: callbackChange,
        response: { 200: callbackView, ...problems },
      },
    },
    async ({ params, body, principal }) => {
      const { dueBy, notBefore } = body;
      const change = { ...(dueBy !== undefined && { dueBy }), ...(notBefore !== undefined && { notBefore }) };
      return viewOf(valueOf(await desk.changeCallback(params.id, change, principal?.name ?? '')));
    },
  );
  requestRoute(app, desk);
  cancelRoute(app, desk);
}

function requestRoute(app: App, desk: CallbackDesk): void {
  app.post(
    '/v1/callbacks',
    {
      config: { capability: 'callbacks.write' },
      schema: {
        tags,
        summary: 'Promise a callback: an agent of the queue is rung, then the customer',
        description: 'One that waits for this number in this queue already is answered instead.',
        body: newCallback,
        response: { 201: callbackView, ...problems },
      },
    },
    async ({ body: { agentId, ...wish }, heldKey }, reply) => {
      const own = agentId !== null && { prefer: agentId };
      // By the key where there is one: after a crash the same request finds the callback that it made.
      const id = `callback-${heldKey?.id ?? randomUUID()}`;
      return reply.code(201).send(viewOf(valueOf(await desk.requestCallback({ ...wish, ...own, id }))));
    },
  );
}

const viewOf = (callback: CallbackRequest) => ({ ...callback, dueByIso: isoOf(callback.dueBy) });

function cancelRoute(app: App, desk: CallbackDesk): void {
  app.delete(
    '/v1/callbacks/:id',
    {
      config: { capability: 'callbacks.write' },
      schema: {
        tags,
        summary: 'Call off a waiting callback',
        params: byId,
        response: { 204: nothing('Called off'), ...problems },
      },
    },
    async ({ params, principal }, reply) => {
      valueOf(await desk.cancelCallback(params.id, principal?.name ?? ''));
      return reply.code(204).send(undefined);
    },
  );
}
