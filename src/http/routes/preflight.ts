import { setTimeout as after } from 'node:timers/promises';
import type { Service } from '../../engine/ports/service.ts';
import { found } from '../errors.ts';
import { byId, problems } from '../schemas/common.ts';
import { preflight, preflightProgress } from '../schemas/preflight.ts';
import type { App } from './app.ts';

/** A large list takes longer than anybody waits: he is told how far it is, and asks again. */
const PATIENCE_MS = 1_000;

export function preflightRoutes(app: App, service: Service): void {
  app.get(
    '/v1/campaigns/:id/preflight',
    {
      config: { capability: 'campaigns.read' },
      schema: {
        tags: ['campaigns'],
        summary: 'What it would come to: who is skipped and why, and when it ends; 202 while it is worked out',
        params: byId,
        response: { 200: preflight, 202: preflightProgress, ...problems },
      },
    },
    async ({ params }, reply) => {
      const run = found(await service.preflight.look(params.id), `campaign ${params.id}`);
      await Promise.race([run.over, after(PATIENCE_MS, undefined, { ref: false })]);
      const state = run.state();
      if (!state.done) return reply.code(202).send(state);
      return reply.code(200).send({ done: true as const, ...state.preflight });
    },
  );
}
