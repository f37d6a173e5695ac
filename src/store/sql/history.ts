import { type Kysely, sql } from 'kysely';
import type { CallRecord, History, Page } from '../../engine/ports/history.ts';
import { attemptQueries } from './attempts.ts';
import { inBatches } from './batch.ts';
import { campaignQueries } from './campaigns.ts';
import { chainQueries } from './chains.ts';
import { decisionQueries } from './decisions.ts';
import { dispositionQueries } from './dispositions.ts';
import { connect, type SqlSettings } from './connect.ts';
import { agentProfile } from './documents.ts';
import { amdQueries } from './amd.ts';
import { evidenceQueries } from './evidence.ts';
import { importedQueries } from './imported.ts';
import { storable } from './flow-text.ts';
import { lawQueries } from './law.ts';
import { listQueries } from './lead-lists.ts';
import { leadQueries } from './leads.ts';
import { lookQueries } from './looks.ts';
import { pageSize } from './page.ts';
import type { Tables } from './tables.ts';

/**
 * History in a database of the Postgres dialect: a server, or the embedded store.
 * @throws SqlFault with a sentence that says what to do.
 */
export async function createSqlHistory(settings: SqlSettings): Promise<History> {
  return sqlHistory(await connect(settings));
}

/** History on a connected database; closing it closes the database. */
export function sqlHistory(db: Kysely<Tables>): History {
  return {
    ...callQueries(db),
    ...agentQueries(db),
    ...campaignQueries(db),
    ...leadQueries(db),
    ...listQueries(db),
    ...attemptQueries(db),
    ...lawQueries(db),
    ...lookQueries(db),
    ...dispositionQueries(db),
    ...chainQueries(db),
    ...evidenceQueries(db),
    ...amdQueries(db),
    ...importedQueries(db),
    ...tokenQueries(db),
    ...decisionQueries(db),
    healthy: async () => {
      try {
        await sql`select 1`.execute(db);
        return true;
      } catch {
        return false;
      }
    },
    close: () => db.destroy(),
  };
}

type CallQueries = Pick<History, 'saveCallRecord' | 'callRecord' | 'callRecords' | 'lastAgent'>;

function callQueries(db: Kysely<Tables>): CallQueries {
  return {
    // A record that recovery writes again is the same one: the first stands. One that the database refused would be tried for
    // ever, and a caller's number is what the caller wrote.
    saveCallRecord: inBatches((records: readonly CallRecord[]) =>
      db
        .insertInto('calls')
        .values(records.map((record) => storable(record)))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute(),
    ),
    callRecord: async (id) =>
      (await db.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst()) ?? null,
    callRecords: (page: Page): Promise<readonly CallRecord[]> =>
      db
        .selectFrom('calls')
        .selectAll()
        .$if(page.before !== null, (query) => query.where('id', '<', page.before ?? ''))
        .orderBy('id', 'desc')
        .limit(pageSize(page))
        .execute(),
    lastAgent: async (number, since) => {
      const talks = await Promise.all([
        lastTalk(db, { party: 'ani', direction: 'inbound' }, number, since),
        lastTalk(db, { party: 'dnis', direction: 'outbound' }, number, since),
      ]);
      const [last] = talks.filter((talk) => talk !== undefined).sort((a, b) => b.endedAt - a.endedAt);
      return last?.agentId ?? null;
    },
  };
}

/** Of calls in one direction, so that its index serves. */
function lastTalk(
  db: Kysely<Tables>,
  { party, direction }: { readonly party: 'ani' | 'dnis'; readonly direction: CallRecord['direction'] },
  number: string,
  since: number,
) {
  return db
    .selectFrom('calls')
    .select(['agentId', 'endedAt'])
    .where(sql`left(${sql.ref(party)}, 32)`, '=', storable({ number }).number.slice(0, 32))
    .where(party, '=', storable({ number }).number)
    .where('direction', '=', direction)
    .where('agentId', 'is not', null)
    .where('endedAt', '>', since)
    .orderBy('endedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
}

function agentQueries(db: Kysely<Tables>): Pick<History, 'saveAgentProfile' | 'removeAgentProfile' | 'agentProfiles'> {
  return {
    saveAgentProfile: async (agent) => {
      const profile = JSON.stringify(agent);
      await db
        .insertInto('agents')
        .values({ id: agent.id, profile })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ profile }))
        .execute();
    },
    removeAgentProfile: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('agents').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    agentProfiles: async () => {
      const rows = await db.selectFrom('agents').select('profile').orderBy('id').execute();
      return rows.map((row) => agentProfile.parse(row.profile));
    },
  };
}

function tokenQueries(db: Kysely<Tables>): Pick<History, 'saveToken' | 'removeToken' | 'tokens'> {
  return {
    saveToken: async (token) => {
      await db
        .insertInto('tokens')
        .values(token)
        .onConflict((conflict) => conflict.column('id').doUpdateSet(token))
        .execute();
    },
    removeToken: async (id) => {
      const { numDeletedRows } = await db.deleteFrom('tokens').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    tokens: () => db.selectFrom('tokens').selectAll().orderBy('id').execute(),
  };
}
