import { found, valueOf } from '../errors.ts';
import { byId, listed, nothing, problems } from '../schemas/common.ts';
import {
  agentBody,
  agentView,
  changeBody,
  dispositionBody,
  extendBody,
  loginBody,
  phoneAccount,
  reasonView,
  statusBody,
} from '../schemas/floor.ts';
import { queueView } from '../schemas/queues.ts';
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
  phoneAccounts(app, service);
  agentCommands(app, service);
  logIns(app, service);
  afterCalls(app, service);
  changes(app, service);
};

function oneAgent(app: App, service: Service): void {
  app.get(
    '/v1/agents/:id',
    {
      config: { capability: 'agents.read', orOwn: true },
      schema: { tags, summary: 'One agent', params: byId, response: { 200: agentView, ...problems } },
    },
    ({ params }) =>
      found(service.agents().find(({ profile }) => profile.id === params.id) ?? null, `agent ${params.id}`),
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

function phoneAccounts(app: App, service: Service): void {
  app.post(
    '/v1/agents/:id/phone-account',
    {
      config: { capability: 'agents.write' },
      schema: {
        tags,
        summary:
          'Give the phone of an agent whom the API added a SIP account on the private Asterisk, or a new password',
        params: byId,
        response: { 201: phoneAccount, ...problems },
      },
    },
    async ({ params }, reply) => reply.code(201).send(valueOf(await service.givePhoneAccount(params.id))),
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
    async ({ params, body }) => valueOf(await service.floor.setStatus(params.id, body.status, body.reason)),
  );
  app.get(
    '/v1/agent-reasons',
    {
      config: { capability: 'queues.read' },
      schema: {
        tags,
        summary: 'Why an agent may be not ready, and for how long; empty: any word will do',
        response: { 200: listed(reasonView), ...problems },
      },
    },
    () => ({ items: service.floor.reasons() ?? [] }),
  );
  app.post(
    '/v1/agents/:id/wrap-up/end',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: { tags, summary: 'End the wrap-up early', params: byId, response: { 200: agentView, ...problems } },
    },
    async ({ params }) => valueOf(await service.floor.endWrapUp(params.id)),
  );
}

function logIns(app: App, service: Service): void {
  app.post(
    '/v1/agents/:id/login',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags,
        summary: 'Log in at a phone, at a number outside, or on a line that stays up',
        params: byId,
        body: loginBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.floor.logIn(params.id, body)),
  );
  app.post(
    '/v1/agents/:id/logout',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: { tags, summary: 'Log out', params: byId, response: { 200: agentView, ...problems } },
    },
    async ({ params }) => valueOf(await service.floor.setStatus(params.id, 'logged-out', null)),
  );
  app.post(
    '/v1/agents/:id/rest/end',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags,
        summary: 'Take calls again before a rest or a back-off is over',
        params: byId,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params }) => valueOf(await service.floor.endRest(params.id)),
  );
}

function afterCalls(app: App, service: Service): void {
  app.post(
    '/v1/agents/:id/wrap-up/extend',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags,
        summary: 'Extend the wrap-up, as far as the queue allows',
        params: byId,
        body: extendBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.floor.extendWrapUp(params.id, body.byMs)),
  );
  app.post(
    '/v1/agents/:id/disposition',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags,
        summary: 'Say what the call was about: during it, in wrap-up, or within ten minutes after',
        params: byId,
        body: dispositionBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) =>
      valueOf(await service.floor.dispose(params.id, body.disposition, body.callId, body.values)),
  );
}

function changes(app: App, service: Service): void {
  const config = { capability: 'agents.change' } as const;
  app.put(
    '/v1/agents/:id/change',
    {
      config,
      schema: {
        tags,
        summary: 'Change skills and queues of a logged-in agent, at once and until the agent logs out',
        params: byId,
        body: changeBody,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params, body }) => valueOf(await service.floor.change(params.id, body)),
  );
  app.delete(
    '/v1/agents/:id/change',
    {
      config,
      schema: {
        tags,
        summary: 'Take back what was changed: the agent is as in the profile again',
        params: byId,
        response: { 200: agentView, ...problems },
      },
    },
    async ({ params }) => valueOf(await service.floor.change(params.id, null)),
  );
}
