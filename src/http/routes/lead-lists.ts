import type { Service } from '../../engine/ports/service.ts';
import { valueOf } from '../errors.ts';
import { leadWhy } from '../schemas/campaign-looks.ts';
import { byId, listed, problems } from '../schemas/common.ts';
import {
  byAnyName,
  byExternalId,
  byList,
  callbackBody,
  fullLead,
  leadBody,
  listBody,
  listView,
} from '../schemas/leads.ts';
import type { App, ServiceRoutes } from './app.ts';

const tags = ['campaigns'];

/** Lists of a campaign, and single leads by the id of the system they came from; all of it while it runs. */
export const leadListRoutes: ServiceRoutes = (app, service) => {
  app.get(
    '/v1/campaigns/:id/lists',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'Lists, highest priority first',
        params: byId,
        response: { 200: listed(listView), ...problems },
      },
    },
    async ({ params }) => ({ items: valueOf(await service.lists.lists(params.id)) }),
  );
  app.put(
    '/v1/campaigns/:id/lists/:listId',
    {
      config: { capability: 'campaigns.write' },
      schema: {
        tags,
        summary: 'Make a list, or change it',
        params: byList,
        body: listBody,
        response: { 200: listView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.lists.saveList(params.id, { ...body, id: params.listId })),
  );
  single(app, service);
  callbacks(app, service);
  why(app, service);
};

function why(app: App, { dialer }: Service): void {
  app.get(
    '/v1/campaigns/:id/leads/:externalId/why',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags,
        summary: 'Why a lead is not dialled',
        params: byAnyName,
        response: { 200: leadWhy, ...problems },
      },
    },
    async ({ params }) => valueOf(await dialer.whyLead(params.id, params.externalId)),
  );
}

const response = { 200: fullLead, ...problems };

function single(app: App, service: Service): void {
  const path = '/v1/campaigns/:id/leads/:externalId';
  app.get(
    path,
    {
      config: { capability: 'campaigns.read' },
      schema: { tags, summary: 'One lead, by its external id', params: byExternalId, response },
    },
    async ({ params }) => valueOf(await service.lists.lead(params.id, params.externalId)),
  );
  app.put(
    path,
    {
      config: { capability: 'campaigns.write' },
      schema: { tags, summary: 'Add a lead, or change it', params: byExternalId, body: leadBody, response },
    },
    async ({ params, body }) => valueOf(await service.lists.save(params.id, params.externalId, body)),
  );
  app.delete(
    path,
    {
      config: { capability: 'campaigns.write' },
      schema: { tags, summary: 'Dial a lead no more', params: byExternalId, response },
    },
    async ({ params }) => valueOf(await service.lists.stop(params.id, params.externalId)),
  );
}

function callbacks(app: App, service: Service): void {
  const path = '/v1/campaigns/:id/leads/:externalId/callback';
  app.put(
    path,
    {
      config: { capability: 'campaigns.write' },
      schema: { tags, summary: 'Call a lead back at a time', params: byExternalId, body: callbackBody, response },
    },
    async ({ params, body }) => valueOf(await service.lists.callBack(params.id, params.externalId, body)),
  );
  app.delete(
    path,
    {
      config: { capability: 'campaigns.write' },
      schema: { tags, summary: 'Take a callback off', params: byExternalId, response },
    },
    async ({ params }) => valueOf(await service.lists.callBack(params.id, params.externalId, null)),
  );
}
