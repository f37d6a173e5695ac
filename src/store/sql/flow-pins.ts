import type { Kysely } from 'kysely';
import type { EpochMs } from '../../call/ids.ts';
import { type FlowStore, type PinRow, UNTRIED } from '../../engine/ports/flow-store.ts';
import { pinTries } from './documents.ts';
import { keyOf } from './flow-text.ts';
import type { Tables } from './tables.ts';

type PinQueries = Pick<FlowStore, 'setPin' | 'removePin' | 'pinHash' | 'tryPin'>;

/** PINs and their guards: one row an account, with or without a PIN. */
export function pinQueries(db: Kysely<Tables>): PinQueries {
  return {
    setPin: async (account, hash) => {
      const row = { hash, ...columns(UNTRIED) };
      await db
        .insertInto('pins')
        .values({ account: keyOf(account), ...row })
        .onConflict((conflict) => conflict.column('account').doUpdateSet(row))
        .execute();
    },
    removePin: async (account) => {
      const { numDeletedRows } = await db
        .deleteFrom('pins')
        .where('account', '=', keyOf(account))
        .where('hash', 'is not', null)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    pinHash: async (account) => {
      const row = await db.selectFrom('pins').select('hash').where('account', '=', keyOf(account)).executeTakeFirst();
      return row?.hash ?? null;
    },
    tryPin: tryPin(db),
  };
}

const tryPin =
  (db: Kysely<Tables>): FlowStore['tryPin'] =>
  (account, decide) =>
    db.transaction().execute(async (within) => {
      const key = keyOf(account);
      // An update that changes nothing: it makes the row or locks it, whichever is due, in one statement.
      const { tries, ...guard } = await within
        .insertInto('pins')
        .values({ account: key, hash: null, ...columns(UNTRIED) })
        .onConflict((conflict) => conflict.column('account').doUpdateSet({ account: key }))
        .returning(['tries', 'locks', 'lockedUntil', 'forgetAt'])
        .executeTakeFirstOrThrow();
      const { row, verdict } = decide({ ...guard, tries: pinTries.parse(tries) });
      await within.updateTable('pins').set(columns(row)).where('account', '=', key).execute();
      return verdict;
    });

const columns = ({ tries, ...guard }: PinRow) => ({ ...guard, tries: JSON.stringify(tries) });

export async function trimPins(db: Kysely<Tables>, now: EpochMs): Promise<void> {
  await db.deleteFrom('pins').where('hash', 'is', null).where('forgetAt', '<=', now).execute();
}
