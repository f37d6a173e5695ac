import type { z } from 'zod';
import { found } from '../errors.ts';
import { problems } from '../schemas/common.ts';
import { byFlow, flowStatsView } from '../schemas/releases.ts';
import type { App } from './app.ts';

/** What HTTP needs of the numbers of the flows. */
export interface FlowNumbers {
  /** Null for a flow that no call has come to. */
  flowStats(flow: string): z.output<typeof flowStatsView> | null;
}

export function flowStatsRoutes(app: App, numbers: FlowNumbers): void {
  app.get(
    '/v1/flows/:id/stats',
    {
      config: { capability: 'flows.read' },
      schema: {
        tags: ['flows'],
        summary: 'What calls did in a flow and its nodes since this process began',
        params: byFlow,
        response: { 200: flowStatsView, ...problems },
      },
    },
    ({ params }) => found(numbers.flowStats(params.id), `flow ${params.id} that calls have come to`),
  );
}
