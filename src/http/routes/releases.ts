import type { FastifyRequest } from 'fastify';
import type { ReleaseDesk } from '../../engine/ports/releases.ts';
import { valueOf } from '../errors.ts';
import { Problem } from '../problem.ts';
import { problems } from '../schemas/common.ts';
import { byRelease, loadBody, releaseChange, releaseList } from '../schemas/releases.ts';
import type { App } from './app.ts';

const tags = ['flows'];
const change = { capability: 'flows.write' } as const;
const response = { 200: releaseChange, ...problems };

/** Which release of the flows leads calls, and its changes. */
export function releaseRoutes(app: App, desk: ReleaseDesk): void {
  app.get(
    '/v1/flows/releases',
    {
      config: { capability: 'flows.read' },
      schema: {
        tags,
        summary: 'Releases of the flows, newest first, and which of them each process runs',
        response: { 200: releaseList, ...problems },
      },
    },
    async () => ({ items: await desk.list(), processes: await desk.processes() }),
  );
  app.post(
    '/v1/flows/releases',
    {
      config: change,
      schema: {
        tags,
        summary: "Check, test and load the server's own folder of flows",
        body: loadBody,
        response,
      },
    },
    async (request) => {
      const { canary: percent, note } = request.body ?? { canary: null, note: '' };
      const answer = await desk.load(nameOf(request), { percent, note });
      if (answer.ok || answer.why !== 'findings') return valueOf(answer);
      throw new Problem('flows.refused', answer.sentence, { findings: answer.findings });
    },
  );
  app.post(
    '/v1/flows/releases/:id/activate',
    {
      config: change,
      schema: { tags, summary: 'Let new calls go by a release that is kept', params: byRelease, response },
    },
    async (request) => valueOf(await desk.activate(request.params.id, nameOf(request))),
  );
  orders(app, desk);
}

function orders(app: App, desk: ReleaseDesk): void {
  app.post(
    '/v1/flows/rollback',
    { config: change, schema: { tags, summary: 'End the canary, or go back to the release before', response } },
    async (request) => valueOf(await desk.rollback(nameOf(request))),
  );
  app.post(
    '/v1/flows/promote',
    { config: change, schema: { tags, summary: 'Let all new calls go by the canary', response } },
    async (request) => valueOf(await desk.promote(nameOf(request))),
  );
  app.delete(
    '/v1/flows/canary',
    { config: change, schema: { tags, summary: 'End the canary', response } },
    async (request) => valueOf(await desk.cancelCanary(nameOf(request))),
  );
}

const nameOf = ({ principal }: Pick<FastifyRequest, 'principal'>): string => principal?.name ?? '';
