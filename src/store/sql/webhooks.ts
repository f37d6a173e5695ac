import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { FACT_NAMES } from '../../call/journal-text.ts';
import type { ParkedEvent, Webhook, WebhookBooks } from '../../engine/ports/webhooks.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

const document = z.object({
  url: z.string(),
  secrets: z.array(z.object({ secret: z.string(), until: z.number().nullable() })),
  types: z.array(z.enum(FACT_NAMES)).nullable(),
  isOn: z.boolean(),
  why: z.string(),
  createdAt: z.number(),
});

/** Webhooks, and the events that their receivers did not take. */
export function sqlWebhookBooks(db: Kysely<Tables>): WebhookBooks {
  return {
    all: async () => {
      const rows = await db.selectFrom('webhooks').selectAll().orderBy('id').execute();
      return rows.map(({ settings, ...row }): Webhook => ({ ...row, ...document.parse(JSON.parse(settings)) }));
    },
    put: async ({ id, cursor, failingSince, ...rest }) => {
      const settings = JSON.stringify(rest);
      await db
        .insertInto('webhooks')
        .values({ id, cursor, failingSince, settings })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ settings }))
        .execute();
    },
    remove: async (id) => {
      await db.deleteFrom('webhookParked').where('webhookId', '=', id).execute();
      const { numDeletedRows } = await db.deleteFrom('webhooks').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    moveOn: async (id, cursor) => {
      await db.updateTable('webhooks').set({ cursor }).where('id', '=', id).execute();
    },
    fails: async (id, failingSince) => {
      await db.updateTable('webhooks').set({ failingSince }).where('id', '=', id).execute();
    },
    ...parkedIn(db),
  };
}

type ParkedPart = Omit<WebhookBooks, 'all' | 'put' | 'remove' | 'moveOn' | 'fails'>;

function parkedIn(db: Kysely<Tables>): ParkedPart {
  const of = (id: string) => db.selectFrom('webhookParked').where('webhookId', '=', id);
  return {
    park: async (id, events) => {
      if (events.length === 0) return;
      await db
        .insertInto('webhookParked')
        .values(events.map((event) => ({ ...event, webhookId: id })))
        .onConflict((conflict) =>
          conflict.columns(['webhookId', 'cursor']).doUpdateSet((eb) => ({
            tries: eb.ref('excluded.tries'),
            nextAt: eb.ref('excluded.nextAt'),
            why: eb.ref('excluded.why'),
          })),
        )
        .execute();
    },
    parkedSubjects: async (id) => {
      const rows = await of(id).where('nextAt', 'is not', null).select('subject').distinct().execute();
      return new Set(rows.map(({ subject }) => subject));
    },
    due: async (id, now, limit) => {
      const oldest = await of(id)
        .where('nextAt', 'is not', null)
        .distinctOn('subject')
        .selectAll()
        .orderBy('subject')
        .orderBy('cursor')
        .execute();
      return oldest
        .filter(({ nextAt }) => nextAt !== null && nextAt <= now)
        .slice(0, limit)
        .map(parkedOf);
    },
    settle: async (id, cursor) => {
      await db.deleteFrom('webhookParked').where('webhookId', '=', id).where('cursor', '=', cursor).execute();
    },
    dead: async (id, limit) => {
      const rows = of(id).where('nextAt', 'is', null).selectAll();
      return (await rows.orderBy('cursor').limit(rowsOf(limit)).execute()).map(parkedOf);
    },
    revive: async (id, now) => {
      const { numUpdatedRows } = await db
        .updateTable('webhookParked')
        .set({ nextAt: now, firstAt: now, tries: 0 })
        .where('webhookId', '=', id)
        .where('nextAt', 'is', null)
        .executeTakeFirst();
      return Number(numUpdatedRows);
    },
    counts: async (id) => {
      const row = await of(id)
        .select(({ fn }) => fn.countAll<number>().as('all'))
        .select(sql<number>`count(*) filter (where next_at is null)`.as('dead'))
        .executeTakeFirstOrThrow();
      return { parked: row.all - row.dead, dead: row.dead };
    },
  };
}

const parkedOf = ({ cursor, subject, text, tries, firstAt, nextAt, why }: ParkedEvent): ParkedEvent => ({
  cursor,
  subject,
  text,
  tries,
  firstAt,
  nextAt,
  why,
});
