import type { Alarms } from '../../engine/ports/alarms.ts';
import { alarmView } from '../schemas/alarms.ts';
import { listed, problems } from '../schemas/common.ts';
import type { App } from './app.ts';

export function alarmRoutes(app: App, alarms: Alarms): void {
  app.get(
    '/v1/alarms',
    {
      config: { capability: 'alarms.read' },
      schema: {
        tags: ['alarms'],
        summary: 'Figures that are beyond what `site/thresholds.yaml` allows, the gravest first',
        response: { 200: listed(alarmView), ...problems },
      },
    },
    async () => ({ items: await alarms.alarms() }),
  );
}
