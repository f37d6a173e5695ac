import { Readable } from 'node:stream';
import type { DncDesk } from '../../engine/ports/dnc.ts';
import { found, valueOf } from '../errors.ts';
import { byId, listed, nothing, paged, pageOf, problems } from '../schemas/common.ts';
import * as words from '../schemas/dnc.ts';
import type { App } from './app.ts';

const tags = ['do not call'];
const VERSIONS_SHOWN = 50;

/** Those who are not to be called. Numbers travel in bodies: addresses end in the logs of proxies. */
export function dncRoutes(app: App, desk: DncDesk): void {
  checkRoute(app, desk);
  entryRoutes(app, desk);
  searchRoute(app, desk);
  eraseRoute(app, desk);
  listRoutes(app, desk);
  newListRoutes(app, desk);
  exceptRoute(app, desk);
  // In here the body is handed on as it streams in: its length is bounded by the disk, not by us.
  app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(['text/csv', 'text/plain'], (_request, payload, parsed) => parsed(null, payload));
    importRoute(scope, desk);
    done();
  });
}

function checkRoute(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/check',
    {
      config: { capability: 'dnc.read' },
      schema: {
        tags,
        summary: 'May this number be called?',
        body: words.dncCheck,
        response: { 200: words.dncAnswer, ...problems },
      },
    },
    async ({ body: { number, campaignId } }) => {
      const hits = valueOf(desk.check(number, campaignId));
      return { number, allowed: hits.length === 0, hits };
    },
  );
}

function entryRoutes(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/entries',
    {
      config: { capability: 'dnc.add' },
      schema: {
        tags,
        summary: 'Call a number, or all that begin so, no more; in force when this answers',
        body: words.dncNew,
        response: { 201: words.dncAdded, ...problems },
      },
    },
    async ({ body: { number, prefix, ...rest }, principal }, reply) => {
      const what = prefix === undefined ? { number: number ?? '' } : { prefix };
      return reply.code(201).send(valueOf(await desk.add({ what, ...rest, by: principal?.name ?? '' })));
    },
  );
  app.post(
    '/v1/dnc/entries/:id/remove',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Take an entry back',
        params: byId,
        body: words.dncReason,
        response: { 200: words.dncEntryView, ...problems },
      },
    },
    async ({ params, body, principal }) => valueOf(await desk.remove(params.id, body.reason, principal?.name ?? '')),
  );
}

function searchRoute(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/entries/search',
    {
      config: { capability: 'dnc.read' },
      schema: {
        tags,
        summary: 'Entries, newest first, of one number or of all; also those that are not in force any more',
        body: words.dncSearch,
        response: { 200: paged(words.dncEntryView), ...problems },
      },
    },
    async ({ body }) => pageOf(valueOf(await desk.entries(body)), body.limit),
  );
}

function eraseRoute(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/erase',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Forget a number; what it asked for stays in force by its hash',
        body: words.dncErase,
        response: { 200: words.dncErased, ...problems },
      },
    },
    async ({ body, principal }) => ({ entries: valueOf(await desk.erase(body.number, principal?.name ?? '')) }),
  );
}

function listRoutes(app: App, desk: DncDesk): void {
  app.get(
    '/v1/dnc/lists',
    {
      config: { capability: 'dnc.read' },
      schema: { tags, summary: 'Imported lists', response: { 200: listed(words.dncListView), ...problems } },
    },
    async () => ({ items: await desk.lists() }),
  );
  app.get(
    '/v1/dnc/lists/:id',
    {
      config: { capability: 'dnc.read' },
      schema: {
        tags,
        summary: 'A list, what was imported into it, and how far an import is',
        params: byId,
        response: { 200: words.dncListDetails, ...problems },
      },
    },
    async ({ params: { id } }) => {
      const list = found(await desk.list(id), `do-not-call list ${id}`);
      return { ...list, versions: await desk.versions(id, VERSIONS_SHOWN) };
    },
  );
}

function newListRoutes(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/lists',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Make a list, empty as yet',
        body: words.dncNewList,
        response: { 201: words.dncListView, ...problems },
      },
    },
    async ({ body: { name, campaignId }, principal }, reply) =>
      reply.code(201).send(valueOf(await desk.createList(name, campaignId, principal?.name ?? ''))),
  );
  app.delete(
    '/v1/dnc/lists/:id',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Remove a list with all that was imported into it',
        params: byId,
        response: { 204: nothing('Removed'), ...problems },
      },
    },
    async ({ params, principal }, reply) => {
      valueOf(await desk.removeList(params.id, principal?.name ?? ''));
      return reply.code(204).send(undefined);
    },
  );
}

function exceptRoute(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/lists/:id/except',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Call a number though the list has it, until the list is replaced',
        params: byId,
        body: words.dncExcept,
        response: { 201: words.dncEntryView, ...problems },
      },
    },
    async ({ params, body: { number, reason }, principal }, reply) =>
      reply.code(201).send(valueOf(await desk.except(params.id, number, reason, principal?.name ?? ''))),
  );
}

function importRoute(app: App, desk: DncDesk): void {
  app.post(
    '/v1/dnc/lists/:id/import',
    {
      config: { capability: 'dnc.write' },
      schema: {
        tags,
        summary: 'Import a file of numbers, streamed; in force as a whole when this answers',
        consumes: ['text/csv', 'text/plain'],
        params: byId,
        querystring: words.dncImportQuery,
        body: words.dncFile,
        response: { 200: words.dncImported, ...problems },
      },
    },
    async ({ params, query: { file: fileName, ...query }, body, principal }) => {
      // The schema refuses any other body.
      const file = body instanceof Readable ? body : Readable.from([]);
      return valueOf(await desk.importList(params.id, file, { ...query, fileName, by: principal?.name ?? '' }));
    },
  );
}
