import type { EraseDesk } from '../../engine/ports/erasures.ts';
import { found, valueOf } from '../errors.ts';
import { byId, problems } from '../schemas/common.ts';
import { erasureOrder, erasurePage, erasures, erasureView } from '../schemas/erase.ts';
import type { App } from './app.ts';

const tags = ['erasures'];
const config = { capability: 'persons.erase' } as const;

/** Persons who are to be forgotten. Who they are travels in bodies: addresses end in the logs of proxies. */
export function eraseRoutes(app: App, desk: EraseDesk): void {
  app.post(
    '/v1/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'Take a person out of everything that is kept; it goes on after this has answered',
        body: erasureOrder,
        response: { 202: erasureView, ...problems },
      },
    },
    async ({ body, principal }, reply) =>
      reply.code(202).send(valueOf(await desk.order({ ...body, by: principal?.name ?? '' }))),
  );
  app.get(
    '/v1/erasures',
    {
      config,
      schema: {
        tags,
        summary: 'Erasures, newest first, without the persons',
        querystring: erasurePage,
        response: { 200: erasures, ...problems },
      },
    },
    async ({ query }) => ({ items: await desk.list(query.limit) }),
  );
  app.get(
    '/v1/erasures/:id',
    {
      config,
      schema: { tags, summary: 'How far it is', params: byId, response: { 200: erasureView, ...problems } },
    },
    async ({ params }) => found(await desk.one(params.id), `erasure ${params.id}`),
  );
}
