import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Service } from '../../engine/ports/service.ts';
import { found, valueOf } from '../errors.ts';
import { attemptView, leadImport } from '../schemas/campaigns.ts';
import { byId, page, paged, pageOf, problems } from '../schemas/common.ts';
import { fullLead, importQuery } from '../schemas/leads.ts';
import type { App, ServiceRoutes } from './app.ts';

const tags = ['campaigns'];

export const leadRoutes: ServiceRoutes = (app, service) => {
  // In here text/csv is the only body, and it is handed on as it streams in: its length is bounded by the disk, not by us.
  app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('text/csv', (_request, payload, parsed) => parsed(null, payload));
    imports(scope, service);
    done();
  });
  app.get(
    '/v1/campaigns/:id/leads',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'Leads, newest first',
        params: byId,
        querystring: page,
        response: { 200: paged(fullLead), ...problems },
      },
    },
    async ({ params, query }) => {
      found(await service.campaign(params.id), `campaign ${params.id}`);
      return pageOf(await service.leads(params.id, query), query.limit);
    },
  );
  app.get(
    '/v1/campaigns/:id/attempts',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'Attempts, newest first',
        params: byId,
        querystring: page,
        response: { 200: paged(attemptView), ...problems },
      },
    },
    async ({ params, query }) => {
      found(await service.campaign(params.id), `campaign ${params.id}`);
      return pageOf(await service.attempts(params.id, query), query.limit);
    },
  );
};

function imports(app: App, service: Service): void {
  const body = z
    .unknown()
    .refine((csv) => csv instanceof Readable, 'there is none')
    .meta({ description: 'CSV with a header line; one column holds the number.' });
  app.post(
    '/v1/campaigns/:id/leads',
    {
      config: { capability: 'campaigns.write' },
      schema: {
        tags,
        summary: 'Add leads from CSV, streamed',
        consumes: ['text/csv'],
        params: byId,
        querystring: importQuery,
        body,
        response: { 200: leadImport, ...problems },
      },
    },
    async ({ params, query: { list, ...wish }, body: csv }) =>
      valueOf(await service.importLeads(params.id, csv, { ...wish, listId: list })),
  );
}
