import type { FlowDesk } from '../../engine/ports/flow-desk.ts';
import type { Json } from '../../call/request.ts';
import { valueOf } from '../errors.ts';
import { byId, nothing, problems } from '../schemas/common.ts';
import { answerBody } from '../schemas/flow-desk.ts';
import type { App } from './app.ts';

/** Answers to what flows ask of the workflow layer. */
export function askRoutes(app: App, desk: FlowDesk): void {
  app.post(
    '/v1/asks/:id/answer',
    {
      config: { capability: 'asks.answer' },
      schema: {
        tags: ['flows'],
        summary: 'Answer what a flow asked by `flow.asked`',
        description: '404: nobody waits for it, or no longer. 409: it was answered. 422: the flow has no such answer.',
        params: byId,
        body: answerBody,
        response: { 202: nothing('The flow goes on.'), ...problems },
      },
    },
    async ({ params, body }, reply) => {
      valueOf(desk.answerAsk(params.id, body.outcome, body.data as Readonly<Record<string, Json>>));
      return reply.code(202).send();
    },
  );
}
