import { found, valueOf } from '../errors.ts';
import { byId, listed, nothing, problems } from '../schemas/common.ts';
import { agentBody, agentView, queueView, statusBody } from '../schemas/floor.ts';
import type { App, ServiceRoutes } from './app.ts';
import type { Service } from '../../engine/ports/service.ts';

const tags = ['agents'];

/** Queues and agents. */
export const floorRoutes: ServiceRoutes = (app, service) => {
  app.get(
    '/v1/queues',
    {
      config: { capability: 'queues.read' },
      schema: {
        tags: ['queues'],
        summary: 'Queues, and what waits in them',
        response: { 200: listed(queueView), ...problems },
      },
    },
    () => ({ items: service.queues() }),
  );
  app.get(
    '/v1/agents',
    {
      config: { capability: 'agents.read' },
      schema: { tags, summary: 'Agents, and what they do', response: { 200: listed(agentView), ...problems } },
    },
    () => ({ items: service.agents() }),
  );
  oneAgent(app, service);
  agentCommands(app, service);
};

function oneAgent(app: App, service: Service): void {
  app.get(
    '/v1/agents/:id',
    {
      config: { capability: 'agents.read', orOwn: true },
      schema: { tags, summary: 'One agent', params: byId, response: { 200: agentView, ...problems } },
    },
    ({ params }) => found(service.agents().find(({ profile }) => profile.id === params.id) ?? null, 'agent'),
  );
  app.put(
    '/v1/agents/:id',
    {
      config: { capability: 'agents.write' },
      schema: {
        tags,
        summary: 'Add or replace an agent',
        params: byId,
        body: agentBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.saveAgent({ ...body, id: params.id })),
  );
  app.delete(
    '/v1/agents/:id',
    {
      config: { capability: 'agents.write' },
      schema: { tags, summary: 'Remove an agent', params: byId, response: { 204: nothing('Removed.'), ...problems } },
    },
    async ({ params }, reply) => {
      valueOf(await service.removeAgent(params.id));
      return reply.code(204).send();
    },
  );
}

function agentCommands(app: App, service: Service): void {
  app.post(
    '/v1/agents/:id/status',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags,
        summary: 'Log in (ready), pause (not ready, with a reason) or log out',
        params: byId,
        body: statusBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.setAgentStatus(params.id, body.status, body.reason)),
  );
  app.post(
    '/v1/agents/:id/wrap-up/end',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: { tags, summary: 'End the wrap-up early', params: byId, response: { 200: agentView, ...problems } },
    },
    async ({ params }) => valueOf(await service.endWrapUp(params.id)),
  );
}
