import { randomUUID } from 'node:crypto';
import { valueOf } from '../errors.ts';
import { Problem } from '../problem.ts';
import { askedCall, callAskBody } from '../schemas/call-asks.ts';
import { problems } from '../schemas/common.ts';
import type { ServiceRoutes } from './app.ts';

/** One call to one person, in which a flow talks. */
export const callAskRoutes: ServiceRoutes = (app, service) => {
  app.post(
    '/v1/calls',
    {
      config: { capability: 'calls.start' },
      schema: {
        tags: ['calls'],
        summary: 'Call one person: a flow of a campaign talks',
        description:
          'What becomes of it is told by events of the call and by `attempt.*` with `leadId` = `callId`. 422 names in `faults` the rule that forbids it.',
        body: callAskBody,
        response: { 202: askedCall, ...problems },
      },
    },
    async ({ body, principal, heldKey }, reply) => {
      // By the key where there is one: after a crash the same request finds the call that it made.
      const { reference = `key-${heldKey?.id ?? randomUUID()}`, ...wish } = body;
      const answer = await service.callAsks.ask({ ...wish, reference }, principal?.name ?? '');
      if (answer.ok || answer.why !== 'rule') return reply.code(202).send(valueOf(answer));
      const { rule, sentence } = answer;
      throw new Problem('resource.refused', sentence, { faults: [{ where: `rule.${rule}`, problem: sentence }] });
    },
  );
};
