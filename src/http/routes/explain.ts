import { z } from 'zod';
import type { Explainer } from '../../engine/ports/explain.ts';
import { found } from '../errors.ts';
import { byId, epochMs, list, problems } from '../schemas/common.ts';
import type { App } from './app.ts';

const explanation = z.object({
  of: z.enum(['call', 'agent', 'callback']),
  id: z.string(),
  at: epochMs,
  headline: z.string().meta({ description: 'The answer in one sentence.' }),
  lines: list(z.object({ at: epochMs.nullable(), text: z.string(), details: list(z.string()) })),
});

export function explainRoutes(app: App, explainer: Explainer): void {
  app.get(
    '/v1/calls/:id/explanation',
    {
      config: { capability: 'calls.read' },
      schema: {
        tags: ['explain'],
        summary: 'Why a call waits, or went to whom it went to; or what became of a callback',
        params: byId,
        response: { 200: explanation, ...problems },
      },
    },
    async ({ params }) =>
      found(
        await explainer.explainCall(params.id),
        `call ${params.id} that the journal still keeps, nor such a callback`,
      ),
  );
  app.get(
    '/v1/agents/:id/explanation',
    {
      config: { capability: 'agents.read', orOwn: true },
      schema: {
        tags: ['explain'],
        summary: 'Why an agent gets no call, and why he got the last ones',
        params: byId,
        response: { 200: explanation, ...problems },
      },
    },
    async ({ params }) => found(await explainer.explainAgent(params.id), `agent ${params.id}`),
  );
}
