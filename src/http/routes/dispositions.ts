import type { DispositionDesk } from '../../engine/ports/dispositions.ts';
import { valueOf } from '../errors.ts';
import { Problem } from '../problem.ts';
import { byId, problems } from '../schemas/common.ts';
import { agentLead, callDisposition, callDispositionBody, dispositionForm } from '../schemas/dispositions.ts';
import type { App } from './app.ts';

const tags = ['calls'];
const config = { capability: 'calls.dispose' } as const;

/** What agents say of the calls of campaigns; an agent of his own calls only, as the engine sees to. */
export function dispositionRoutes(app: App, desk: DispositionDesk): void {
  app.get(
    '/v1/agents/:id/lead',
    {
      config: { capability: 'agents.status', orOwn: true },
      schema: {
        tags: ['agents'],
        summary: 'Whom the agent is offered by a campaign, talks with, or has just talked with',
        params: byId,
        response: { 200: agentLead, ...problems },
      },
    },
    async ({ params }) => valueOf(await desk.leadOf(params.id)),
  );
  app.get(
    '/v1/calls/:id/disposition',
    {
      config,
      schema: {
        tags,
        summary: "A campaign's call: its lead, what may be said of it, and what was",
        params: byId,
        response: { 200: dispositionForm, ...problems },
      },
    },
    async ({ params, principal }) => valueOf(await desk.form(params.id, principal?.agentId ?? null)),
  );
  app.post(
    '/v1/calls/:id/disposition',
    {
      config,
      schema: {
        tags,
        summary: "Say what became of a campaign's call; the same again changes nothing, another word is refused",
        params: byId,
        body: callDispositionBody,
        response: { 200: callDisposition, ...problems },
      },
    },
    async ({ params, body, principal }) => {
      const asker = { agentId: principal?.agentId ?? null, name: principal?.name ?? '' };
      const answer = await desk.dispose(params.id, body, asker);
      if (answer.ok || answer.why !== 'faults') return valueOf(answer);
      const faults = answer.faults.map(({ field, sentence }) => ({ where: `body.values.${field}`, problem: sentence }));
      throw new Problem('resource.refused', answer.sentence, { faults });
    },
  );
}
