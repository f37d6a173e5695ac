import { type Kysely, sql, type Transaction } from 'kysely';
import type { ChainBook, ChainMove, ChainWish } from '../../engine/ports/chain.ts';
import { attemptWord } from './attempt-word.ts';
import { LEADS, NUMBERS } from './lead-row.ts';
import { rankOf, sortKeyOf } from './leads-add.ts';
import { SCHEMA, type Tables } from './tables.ts';

const MOST_UNSAID = 1_000;
/** What the partial indexes `leads_due` and `leads_callbacks` hold. */
const DUE = sql`status = 'pending' and hold is null and callback_at is null`;
const CALLED_BACK = sql`status = 'pending' and callback_at is not null`;

export function chainQueries(db: Kysely<Tables>): ChainBook {
  return {
    missWord: (id, at, chain) =>
      withChain(db, id, chain, async (tx) => {
        const { numUpdatedRows } = await tx
          .updateTable('attempts')
          .set({ wordMissingAt: at })
          .where('id', '=', id)
          .where('endedAt', 'is not', null)
          .where('disposition', 'is', null)
          .where('wordMissingAt', 'is', null)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
    unsaidTalks: async (ids, since) => {
      if (ids.length === 0) return [];
      const rows = await db
        .selectFrom('attempts')
        .select(['id as attemptId', 'campaignId', 'leadId', 'callId', 'agentId'])
        .where('campaignId', 'in', [...ids])
        .where('endedAt', '>=', since)
        .where('agentId', 'is not', null)
        .where('disposition', 'is', null)
        .where('wordMissingAt', 'is', null)
        .orderBy('endedAt')
        .limit(MOST_UNSAID)
        .execute();
      return rows.flatMap(({ agentId, ...row }) => (agentId === null ? [] : [{ ...row, agentId }]));
    },
    wordsMissing: async (id) => {
      const row = await db
        .selectFrom('attempts')
        .select((count) => count.fn.countAll<number>().as('count'))
        .where('campaignId', '=', id)
        .where('wordMissingAt', 'is not', null)
        .where('disposition', 'is', null)
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    owingCampaigns: async () => {
      const { rows } = await sql<{ id: string }>`
        select c.id from ${sql.id(SCHEMA, 'campaigns')} c where c.status = 'finished' and (
          exists (select 1 from ${LEADS} where campaign_id = c.id and ${DUE})
          or exists (select 1 from ${LEADS} where campaign_id = c.id and ${CALLED_BACK} and hold is distinct from 'stopped')
        ) order by c.id`.execute(db);
      return rows.map(({ id }) => id);
    },
  };
}

/**
 * A write about an attempt that may end its lead, and the lead's way on: one transaction, so that a lead is never in two
 * campaigns by half, and none is lost between them. Without a chain it is the write alone.
 */
export function withChain(
  db: Kysely<Tables>,
  attemptId: string,
  chain: ChainWish | undefined,
  write: (db: Kysely<Tables>) => Promise<boolean>,
): Promise<boolean> {
  if (!chain) return write(db);
  return db.transaction().execute(async (tx) => {
    const done = await write(tx);
    if (done) await goOn(tx, attemptId, chain);
    return done;
  });
}

/** A lead that somebody stopped goes nowhere; one that went on already goes no second way. */
async function goOn(tx: Transaction<Tables>, attemptId: string, { newId, next }: ChainWish): Promise<void> {
  const end = await tx
    .selectFrom('attempts')
    .innerJoin('leads', 'leads.id', 'attempts.leadId')
    .select(['attempts.leadId', 'attempts.outcome', 'attempts.disposed'])
    .where('attempts.id', '=', attemptId)
    .where('attempts.endedAt', 'is not', null)
    .where('leads.status', '=', 'done')
    .where('leads.chainedTo', 'is', null)
    .where((where) => where.or([where('leads.hold', 'is', null), where('leads.hold', '!=', 'stopped')]))
    .forUpdate('leads')
    .executeTakeFirst();
  if (!end || end.outcome === null) return;
  const word = end.disposed === null ? null : attemptWord.parse(end.disposed);
  const move = next({ outcome: end.outcome, word });
  if (move) await copy(tx, end.leadId, newId, attemptId, move);
}

/**
 * The lead with all that its list said goes into the next campaign's unnamed list. Numbers that are dead stay so; attempts
 * are counted anew. A campaign that was stopped takes none, nor one that has the number or the external id already.
 */
const copy = (
  tx: Transaction<Tables>,
  from: string,
  id: string,
  attemptId: string,
  { to, notBefore, trail }: ChainMove,
) =>
  sql`
  with came as (
    insert into ${LEADS} (id, campaign_id, list_id, number, name, fields, kind, external_id, priority, language, zones,
      address, consent, digest, not_before, number_index, trail, rank, sort_key)
    select ${id}, c.id, '', t.number, t.name, t.fields, t.kind, t.external_id, t.priority, t.language, t.zones,
      t.address, t.consent, t.digest, ${notBefore}, coalesce(
        (select min(n.position) from ${NUMBERS} n where n.lead_id = t.id and n.status = 'open'), t.number_index),
      ${[...trail]}::text[], ${rankOf(sql`t.priority`, sql`0`)}, ${sortKeyOf(sql`${id}::text`)}
    from ${LEADS} t join ${sql.id(SCHEMA, 'campaigns')} c on c.id = ${to} and c.status <> 'stopped'
    left join ${sql.id(SCHEMA, 'lead_lists')} l on l.campaign_id = c.id and l.id = ''
    where t.id = ${from}
      and not exists (select 1 from ${LEADS} o where o.campaign_id = c.id and o.number = t.number)
    on conflict do nothing
    returning id
  ), numbered as (
    insert into ${NUMBERS} (lead_id, position, number, kind, status)
    select came.id, n.position, n.number, n.kind, n.status from came, ${NUMBERS} n where n.lead_id = ${from}
  )
  update ${LEADS} as t set chained_to = came.id, chained_by = ${attemptId} from came where t.id = ${from}`.execute(tx);
