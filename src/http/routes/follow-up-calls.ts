import { z } from 'zod';
import type { FollowUpCalls } from '../../engine/ports/follow-up-calls.ts';
import { valueOf } from '../errors.ts';
import { byId, epochMs, id, problems } from '../schemas/common.ts';
import type { App } from './app.ts';
import { askerOf } from './follow-ups.ts';

const body = z
  .strictObject({ queue: id.nullable().default(null) })
  .nullish()
  .meta({
    description: '`queue` null: of an agent the first that he serves, of a team or department the one of its name.',
  });
const called = z.object({ callbackId: z.string(), queue: z.string(), dueBy: epochMs });

/** Brings the owner of a follow-up and its caller together. */
export function followUpCallRoutes(app: App, calls: FollowUpCalls): void {
  app.post(
    '/v1/follow-ups/:id/call',
    {
      config: { capability: 'followups.write' },
      schema: {
        tags: ['follow-ups'],
        summary: 'Call the owner, then the caller: rings as a callback of a queue does',
        params: byId,
        body,
        response: { 202: called, ...problems },
      },
    },
    async ({ params, body: wish, principal }, reply) =>
      reply.code(202).send(valueOf(await calls.call(params.id, wish ?? { queue: null }, askerOf(principal)))),
  );
}
