import { z } from 'zod';
import { found, valueOf } from '../errors.ts';
import { callRecord, callView } from '../schemas/calls.ts';
import { byId, listed, nothing, page, paged, pageOf, problems } from '../schemas/common.ts';
import type { ServiceRoutes } from './app.ts';

const tags = ['calls'];

export const callRoutes: ServiceRoutes = (app, service) => {
  app.get(
    '/v1/calls',
    {
      config: { capability: 'calls.read' },
      schema: { tags, summary: 'Calls in progress', response: { 200: listed(callView), ...problems } },
    },
    () => ({ items: service.calls() }),
  );
  app.get(
    '/v1/calls/:id',
    {
      config: { capability: 'calls.read' },
      schema: {
        tags,
        summary: 'A call in progress, or the record of one that ended',
        params: byId,
        response: { 200: z.union([callRecord, callView]), ...problems },
      },
    },
    async (request) => found(await service.call(request.params.id), `call ${request.params.id}`),
  );
  app.delete(
    '/v1/calls/:id',
    {
      config: { capability: 'calls.control' },
      schema: {
        tags,
        summary: 'Hang up',
        params: byId,
        response: { 202: nothing('The call is being ended; `call.ended` tells when it is.'), ...problems },
      },
    },
    async (request, reply) => {
      valueOf(service.hangupCall(request.params.id));
      return reply.code(202).send();
    },
  );
  app.get(
    '/v1/call-records',
    {
      config: { capability: 'calls.read' },
      schema: {
        tags,
        summary: 'Calls that ended, newest first',
        querystring: page,
        response: { 200: paged(callRecord), ...problems },
      },
    },
    async (request) => pageOf(await service.callRecords(request.query), request.query.limit),
  );
};
