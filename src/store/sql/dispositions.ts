import { type Kysely, sql } from 'kysely';
import type { AttemptWord, DispositionBook } from '../../engine/ports/dispositions.ts';
import { attemptWord } from './attempt-word.ts';
import { ATTEMPT, callbackOf, countedBy, stands } from './attempts.ts';
import { withChain } from './chains.ts';
import { LEADS } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

export function dispositionQueries(db: Kysely<Tables>): DispositionBook {
  return {
    endedDials: async (id) => {
      const rows = await db
        .selectFrom('attempts')
        .select(['number', 'startedAt', 'outcome'])
        .where('leadId', '=', id)
        .where('endedAt', 'is not', null)
        .orderBy('startedAt')
        .orderBy('id')
        .execute();
      return rows.flatMap(({ outcome, ...dial }) => (outcome === null ? [] : [{ ...dial, outcome }]));
    },
    attemptOf: async (callId) => {
      const row = await db
        .selectFrom('attempts')
        .select([...ATTEMPT, 'disposed'])
        .where('callId', '=', callId)
        .executeTakeFirst();
      if (!row) return null;
      const { disposed, ...attempt } = row;
      return { attempt, word: disposed === null ? null : attemptWord.parse(disposed) };
    },
    disposeAttempt: (id, word, chain) => withChain(db, id, chain, (tx) => disposeAttempt(tx)(id, word)),
  };
}

/**
 * A lead that is being dialled again already is left to that dial; a callback is a promise, and is kept through it. One that
 * somebody promised since the attempt began stands, unless the word says another or is done with the lead.
 */
const disposeAttempt =
  (db: Kysely<Tables>) =>
  async (id: string, word: AttemptWord): Promise<boolean> => {
    const { rows } = await sql<{ said: number }>`
      with said as (
        update ${sql.id(SCHEMA, 'attempts')}
        set disposition = ${word.disposition}, disposed = ${JSON.stringify(word)}::jsonb
        where id = ${id} and disposition is null
        returning lead_id, started_at, ended_at, disposition, disposed
      ), moved as (
        update ${LEADS} as t set
          status = case when t.status = 'leased' then t.status else c.disposed->'lead'->>'status' end,
          not_before = case when t.status = 'leased' or ${stands()} then t.not_before
            else coalesce((c.disposed->'lead'->>'notBefore')::bigint, t.not_before) end,
          refused = case when t.status = 'leased' or ${stands()} then t.refused end,
          refused_by = case when t.status = 'leased' or ${stands()} then t.refused_by end,
          number_index = case when t.status = 'leased' then t.number_index
            else coalesce((c.disposed->'lead'->>'numberIndex')::integer, t.number_index) end,
          ${callbackOf()},
          counted = ${countedBy}
        from said c
        where t.id = c.lead_id and c.ended_at is not null
        returning t.id
      )
      select count(*)::integer as said from said`.execute(db);
    return (rows[0]?.said ?? 0) > 0;
  };
