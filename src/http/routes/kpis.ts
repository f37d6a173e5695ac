import { daySchema, DIMENSIONS, type Figures, type KpiCell, KPIS } from '../../engine/ports/figures.ts';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { list, problems } from '../schemas/common.ts';
import { agentProfile } from '../schemas/floor.ts';
import { queueProfile } from '../schemas/queues.ts';
import {
  cut,
  imported,
  importedSpan,
  importedValues,
  importWish,
  journalBegins,
  kpisView,
  sheet,
  sheetText,
  span,
} from '../schemas/kpis.ts';
import { valueOf } from '../errors.ts';
import type { OutboundAbandonment } from '../../engine/ports/outbound-figures.ts';
import type { Service } from '../../engine/ports/service.ts';
import type { App } from './app.ts';

const dayView = z.object({ journalBegins, day: daySchema, queues: list(queueProfile), agents: list(agentProfile) });

type Dialling = Pick<Service, 'campaigns' | 'dialer'>;

export function kpiRoutes(app: App, figures: Figures, service: Dialling): void {
  app.get(
    '/v1/kpis',
    {
      config: { capability: 'kpis.read' },
      schema: {
        tags: ['kpis'],
        summary: 'Key figures of a span of time, each with its definition, counted from the journal',
        querystring: cut,
        response: { 200: kpisView, ...problems },
      },
    },
    async ({ query }) => {
      const { settings, ...told } = await toldOf(figures, query);
      const campaigns = query.by === 'campaign' ? { campaigns: await campaignsOf(service, told.cells ?? []) } : {};
      const targetMs = Object.fromEntries(settings.targetMs);
      return { ...told, ...campaigns, settings: { ...settings, targetMs }, definitions: KPIS };
    },
  );
  app.get(
    '/v1/kpis/report',
    {
      config: { capability: 'kpis.read' },
      schema: {
        tags: ['kpis'],
        summary: 'Key figures as a page to be printed, or as CSV',
        querystring: sheet,
        response: { 200: sheetText, ...problems },
      },
    },
    async ({ query: { from, to = null, by = null, interval = null, zone, format } }, reply) => {
      const pieces = valueOf(await figures.sheet(from, to, { by, every: interval, zone, format }));
      reply.type(format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'text/html; charset=utf-8');
      if (format === 'csv') reply.header('content-disposition', 'attachment; filename="key-figures.csv"');
      return reply.header('cache-control', 'no-store').send(Readable.from(pieces));
    },
  );
  app.get(
    '/v1/replay-day',
    {
      config: { capability: 'kpis.read' },
      schema: {
        tags: ['kpis'],
        summary: 'What happened in a span of time, without what was decided, for `callwright replay`',
        querystring: span,
        response: { 200: dayView, ...problems },
      },
    },
    ({ query }) => figures.day(query.from, query.to ?? null),
  );
  importRoutes(app, figures);
}

function importRoutes(app: App, figures: Figures): void {
  app.put(
    '/v1/kpis/imported',
    {
      config: { capability: 'kpis.write' },
      schema: {
        tags: ['kpis'],
        summary: 'Figures that Callwright cannot count, shown in reports beside their source',
        body: importWish,
        response: { 200: imported, ...problems },
      },
    },
    async ({ body, principal }) => valueOf(await figures.keepImported(body, principal?.name ?? '')),
  );
  app.get(
    '/v1/kpis/imported',
    {
      config: { capability: 'kpis.read' },
      schema: {
        tags: ['kpis'],
        summary:
          'Imported figures whose span touches this one, the latest 1,000; `by`: of the house and of that, else of all',
        querystring: importedSpan,
        response: { 200: importedValues, ...problems },
      },
    },
    async ({ query: { from, to = null, by } }) => ({
      items: await figures.imported(from, to, by === undefined ? DIMENSIONS : [by]),
    }),
  );
}

type Told = Awaited<ReturnType<Figures['report']>> & {
  readonly cells?: readonly KpiCell[];
  readonly outbound?: readonly OutboundAbandonment[];
};

async function toldOf(figures: Figures, { from, zone, ...wish }: z.output<typeof cut>): Promise<Told> {
  const [to, by, interval] = [wish.to ?? null, wish.by ?? null, wish.interval ?? null];
  if (by === null && interval === null) return figures.report(from, to);
  const { outbound, ...told } = valueOf(await figures.cells(from, to, { by, every: interval, zone }));
  return { ...told, ...(outbound && { outbound }) };
}

/** As their own views have them: nothing of it is counted twice. */
async function campaignsOf(service: Dialling, cells: readonly KpiCell[]) {
  const dialled = new Set(cells.map(({ key }) => key));
  const views = (await service.campaigns()).filter(({ campaign }) => dialled.has(campaign.id));
  const told = views.map(async ({ campaign: { id, name }, abandonment, live }) => {
    return { id, name, abandonment, live, quality: await service.dialer.quality(id) };
  });
  return Promise.all(told);
}
