import { type Kysely, sql } from 'kysely';
import type { Claimed, KeyBook, KeyClaim } from '../../engine/ports/idempotency.ts';
import type { Tables } from './tables.ts';

/** Answers by the keys of their requests. */
export function sqlKeyBook(db: Kysely<Tables>): KeyBook {
  const held = (id: string, holder: string) => ({ id, holder });
  return {
    claim: async (claim) => ((await take(db, claim)) ? { is: 'new' } : kept(db, claim)),
    settle: async (id, holder, { status, type, body }, until) => {
      const update = db.updateTable('idempotency').set({ status, type, body, until });
      await update.where((eb) => eb.and(held(id, holder))).execute();
    },
    release: async (id, holder) => {
      await db
        .deleteFrom('idempotency')
        .where((eb) => eb.and(held(id, holder)))
        .where('status', 'is', null)
        .execute();
    },
    trim: async (now, most) => {
      const past = await db.deleteFrom('idempotency').where('until', '<=', now).executeTakeFirst();
      const over = await sql`delete from callwright.idempotency where id in (
        select id from (select id, row_number() over (partition by token_id order by at desc, id desc) as nth
          from callwright.idempotency) as each where nth > ${most})`.execute(db);
      return Number(past.numDeletedRows) + Number(over.numAffectedRows ?? 0n);
    },
  };
}

/** Writes the claim down where there is none, or over one whose time is past, in one statement: of two at once one does. */
async function take(db: Kysely<Tables>, { id, tokenId, print, holder, now, until }: KeyClaim): Promise<boolean> {
  const row = { tokenId, print, holder, at: now, until, status: null, type: null, body: '' };
  const taken = await db
    .insertInto('idempotency')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row).where('idempotency.until', '<=', now))
    .returning('id')
    .executeTakeFirst();
  return taken !== undefined;
}

async function kept(db: Kysely<Tables>, { id, print }: KeyClaim): Promise<Claimed> {
  const row = await db.selectFrom('idempotency').selectAll().where('id', '=', id).executeTakeFirst();
  // Released between the two looks: whoever asks again finds it free.
  if (!row) return { is: 'busy' };
  if (row.print !== print) return { is: 'other' };
  const { status, type, body } = row;
  return status === null ? { is: 'busy' } : { is: 'done', answer: { status, type, body } };
}
