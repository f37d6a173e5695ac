import { parseEvent } from '../../call/journal-text.ts';
import { toCloudEvent } from '../../events/cloud-event.ts';
import type { WebhookDesk, WebhookSeen } from '../../events/webhook-desk.ts';
import { found, valueOf } from '../errors.ts';
import { byId, nothing, problems } from '../schemas/common.ts';
import {
  deadLetters,
  deadPage,
  madeWebhook,
  newWebhook,
  revived,
  rotated,
  rotation,
  webhookChange,
  webhooks,
  webhookView,
} from '../schemas/webhooks.ts';
import type { App } from './app.ts';

const tags = ['events'];
const config = { capability: 'webhooks.write' } as const;

/** Places to which events are sent, and what they did not take. */
export function webhookRoutes(app: App, desk: WebhookDesk, source: string): void {
  keepRoutes(app, desk);
  secretRoutes(app, desk);
  deadRoutes(app, desk, source);
}

function keepRoutes(app: App, desk: WebhookDesk): void {
  app.get(
    '/v1/webhooks',
    { config, schema: { tags, summary: 'Webhooks, and how they stand', response: { 200: webhooks, ...problems } } },
    async () => ({ items: (await desk.all()).map(viewOf) }),
  );
  app.post(
    '/v1/webhooks',
    {
      config,
      schema: { tags, summary: 'Send events to a URL', body: newWebhook, response: { 201: madeWebhook, ...problems } },
    },
    async ({ body, heldKey }, reply) => {
      // By the key where there is one: after a crash the same request finds the webhook that it made.
      const id = heldKey ? `webhook-${heldKey.makes}` : undefined;
      const { seen, secret } = valueOf(await desk.make(body, id));
      return reply.code(201).send({ webhook: viewOf(seen), secret });
    },
  );
  app.patch(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a webhook, or switch it off and on; it goes on where it stopped',
        params: byId,
        body: webhookChange,
        response: { 200: webhookView, ...problems },
      },
    },
    async ({ params, body }) => viewOf(valueOf(await desk.change(params.id, given(body)))),
  );
  app.delete(
    '/v1/webhooks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'End a webhook, with what it has not sent',
        params: byId,
        response: { 204: nothing('It is ended.'), ...problems },
      },
    },
    async ({ params }, reply) => {
      found((await desk.remove(params.id)) || null, `webhook ${params.id}`);
      return reply.code(204).send(undefined);
    },
  );
}

function secretRoutes(app: App, desk: WebhookDesk): void {
  app.post(
    '/v1/webhooks/:id/secret',
    {
      config,
      schema: {
        tags,
        summary: 'A new signing secret; the old one signs beside it for a while',
        params: byId,
        body: rotation,
        response: { 200: rotated, ...problems },
      },
    },
    async ({ params, body }) => ({ secret: valueOf(await desk.rotate(params.id, body.keepOldMs)) }),
  );
}

function deadRoutes(app: App, desk: WebhookDesk, source: string): void {
  app.get(
    '/v1/webhooks/:id/dead',
    {
      config,
      schema: {
        tags,
        summary: 'Events that were refused for a day',
        params: byId,
        querystring: deadPage,
        response: { 200: deadLetters, ...problems },
      },
    },
    async ({ params, query }) => {
      const letters = valueOf(await desk.dead(params.id, query.limit));
      const items = letters.flatMap(({ cursor, tries, firstAt, why, text }) => {
        const event = parseEvent(text);
        return event ? [{ cursor, tries, firstAt, why, event: toCloudEvent(event, source) }] : [];
      });
      return { items };
    },
  );
  app.post(
    '/v1/webhooks/:id/dead/replay',
    {
      config,
      schema: { tags, summary: 'Send all dead letters again', params: byId, response: { 200: revived, ...problems } },
    },
    async ({ params }) => ({ replayed: valueOf(await desk.revive(params.id)) }),
  );
}

/** Without what was left out, which stays as it is. */
function given<T extends object>(change: T) {
  const entries = Object.entries(change).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

/** Never its secrets. */
function viewOf({ webhook, parked, dead, standing }: WebhookSeen) {
  const { id, url, types, isOn, why, createdAt, cursor } = webhook;
  const failing = standing && standing.failingSince !== null && { ...standing, since: standing.failingSince };
  return { id, url, types, isOn, why, createdAt, cursor, parked, dead, failing: failing || null };
}
