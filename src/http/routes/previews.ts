import { found, valueOf } from '../errors.ts';
import { byId, nothing, problems } from '../schemas/common.ts';
import { previewView, skipBody } from '../schemas/previews.ts';
import type { ServiceRoutes } from './app.ts';

const tags = ['agents'];
const config = { capability: 'agents.status', orOwn: true } as const;

/** Leads that agents look at before they are dialled. */
export const previewRoutes: ServiceRoutes = (app, { previews }) => {
  app.get(
    '/v1/agents/:id/preview',
    {
      config,
      schema: { tags, summary: 'The lead that is shown', params: byId, response: { 200: previewView, ...problems } },
    },
    ({ params }) => found(previews.of(params.id), `lead that is shown to agent ${params.id}`),
  );
  app.post(
    '/v1/agents/:id/preview/dial',
    {
      config,
      schema: {
        tags,
        summary: 'Dial the lead that is shown: first the phone of the agent rings, then the lead',
        params: byId,
        response: { 200: previewView, ...problems },
      },
    },
    async ({ params }) => valueOf(await previews.dial(params.id)),
  );
  app.post(
    '/v1/agents/:id/preview/skip',
    {
      config,
      schema: {
        tags,
        summary: 'Do not dial the lead that is shown; it is due again later',
        params: byId,
        body: skipBody,
        response: { 204: nothing('Skipped.'), ...problems },
      },
    },
    async ({ params, body }, reply) => {
      valueOf(await previews.skip(params.id, body.reason));
      return reply.code(204).send();
    },
  );
};
