import { z } from 'zod';
import type { Service } from '../../engine/ports/service.ts';
import { LIVENESS } from '../auth.ts';
import { listed, problems } from '../schemas/common.ts';
import { flowView, healthView, trunkView } from '../schemas/system.ts';
import type { App } from './app.ts';

/** What HTTP needs of the metrics. */
export interface MetricsPage {
  page(): Promise<{ readonly contentType: string; readonly body: string }>;
}

/** Flows and trunks as loaded, and what those who run the machine ask for. */
export function systemRoutes(app: App, service: Service, metrics: MetricsPage): void {
  app.get(
    '/v1/flows',
    {
      config: { capability: 'flows.read' },
      schema: { tags: ['flows'], summary: 'Flows as loaded', response: { 200: listed(flowView), ...problems } },
    },
    () => ({ items: service.flows() }),
  );
  app.get(
    '/v1/flows/schema',
    {
      config: { capability: 'flows.read' },
      schema: {
        tags: ['flows'],
        summary: 'JSON Schema of flow files for editors, with the names of this site',
        response: { 200: z.record(z.string(), z.unknown()), ...problems },
      },
    },
    () => service.flowSchema(),
  );
  app.get(
    '/v1/trunks',
    {
      config: { capability: 'trunks.read' },
      schema: {
        tags: ['trunks'],
        summary: 'Trunks and their lines',
        response: { 200: listed(trunkView), ...problems },
      },
    },
    () => ({ items: service.trunks() }),
  );
  health(app, service);
  app.get(
    '/metrics',
    {
      config: { capability: 'metrics.read' },
      schema: {
        tags: ['system'],
        summary: 'Metrics for Prometheus',
        response: { 200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } }, ...problems },
      },
    },
    async (_request, reply) => {
      const { contentType, body } = await metrics.page();
      return reply.type(contentType).send(body);
    },
  );
}

function health(app: App, service: Service): void {
  const tags = ['system'];
  const alive = z.object({ alive: z.literal(true) });
  app.get(
    LIVENESS,
    { schema: { tags, summary: 'The process answers; needs no token', security: [], response: { 200: alive } } },
    () => ({ alive: true as const }),
  );
  app.get(
    '/readyz',
    {
      config: { capability: 'health.read' },
      schema: {
        tags,
        summary: 'Can calls be served? 503 while not',
        response: { 200: healthView, 503: healthView, ...problems },
      },
    },
    async (_request, reply) => {
      const view = await service.health();
      return reply.code(view.ready ? 200 : 503).send(view);
    },
  );
}
