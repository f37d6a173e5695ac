import { type Figures, KPIS } from '../../engine/ports/figures.ts';
import { problems } from '../schemas/common.ts';
import { kpisView, span } from '../schemas/kpis.ts';
import type { App } from './app.ts';

export function kpiRoutes(app: App, figures: Figures): void {
  app.get(
    '/v1/kpis',
    {
      config: { capability: 'kpis.read' },
      schema: {
        tags: ['kpis'],
        summary: 'Key figures of a span of time, each with its definition, counted from the journal',
        querystring: span,
        response: { 200: kpisView, ...problems },
      },
    },
    async ({ query }) => {
      const { report, settings } = await figures.report(query.from, query.to ?? null);
      return { report, settings, definitions: KPIS };
    },
  );
}
