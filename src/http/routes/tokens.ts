import { Problem } from '../problem.ts';
import { byId, listed, nothing, problems } from '../schemas/common.ts';
import { tokenBody, tokenMade, tokenView } from '../schemas/system.ts';
import type { Service } from '../../engine/ports/service.ts';
import type { TokenBook } from '../tokens.ts';
import type { App } from './app.ts';

const tags = ['tokens'];
const config = { capability: 'tokens.write' } as const;

export function tokenRoutes(app: App, tokens: TokenBook, service: Pick<Service, 'agents'>): void {
  app.get(
    '/v1/tokens',
    {
      config,
      schema: { tags, summary: 'Tokens, without their secrets', response: { 200: listed(tokenView), ...problems } },
    },
    async () => ({ items: await tokens.list() }),
  );
  app.post(
    '/v1/tokens',
    { config, schema: { tags, summary: 'Make a token', body: tokenBody, response: { 201: tokenMade, ...problems } } },
    async ({ body }, reply) => {
      const { agentId } = body;
      if (agentId !== null && !service.agents().some(({ profile }) => profile.id === agentId))
        throw new Problem('resource.refused', `There is no agent ${agentId} whose token this could be.`);
      const { plain, token } = await tokens.issue(body);
      return reply.code(201).send({ ...token, token: plain });
    },
  );
  app.delete(
    '/v1/tokens/:id',
    {
      config,
      schema: { tags, summary: 'Revoke a token', params: byId, response: { 204: nothing('Revoked.'), ...problems } },
    },
    async ({ params }, reply) => {
      const outcome = await tokens.revoke(params.id);
      if (outcome === 'unknown') throw new Problem('resource.unknown', `There is no token ${params.id}.`);
      if (outcome === 'last-admin')
        throw new Problem('resource.conflict', 'The last admin token stays. Make another first.');
      return reply.code(204).send();
    },
  );
}
