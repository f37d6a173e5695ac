import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AnsweredDay, EvidenceBook } from '../../engine/ports/evidence.ts';
import { SCHEMA, type Tables } from './tables.ts';

const ANSWERED = sql.id(SCHEMA, 'answered');

/** A statement is a text of no more than so many dials. */
const ROWS = 5_000;

/** Dials that were picked up, as the ledger of abandonment looks at them. */
export function answeredQueries(db: Kysely<Tables>): Pick<EvidenceBook, 'keepAnswered' | 'answeredDays'> {
  return {
    keepAnswered: async (rows, words) => {
      for (let from = 0; from < rows.length; from += ROWS) await keepRows(db, rows.slice(from, from + ROWS));
      for (let from = 0; from < words.length; from += ROWS) await keepWords(db, words.slice(from, from + ROWS));
    },
    answeredDays: async (query) => {
      if (query.campaignIds.length === 0) return [];
      const { rows } = await sql<AnsweredDay>`${daysOf(query)}`.execute(db);
      return rows;
    },
  };
}

type Rows = Parameters<EvidenceBook['keepAnswered']>[0];
type Words = Parameters<EvidenceBook['keepAnswered']>[1];

async function keepRows(db: Kysely<Tables>, rows: Rows): Promise<void> {
  const plain = rows.map(({ campaignId, callId, seq, dial }) => ({
    campaign_id: campaignId,
    call_id: callId,
    seq,
    picked_at: dial.pickedUpAt,
    greeted_at: dial.greetingEndedAt,
    connected_at: dial.connectedAt,
    gave_up_at: dial.gaveUpAt,
    left_at: dial.leftAt,
    screened: dial.screened,
    kept_out: dial.keptOut,
    by_flow: dial.byFlow,
  }));
  await sql`
    insert into ${ANSWERED} as t (campaign_id, call_id, seq, picked_at, greeted_at, connected_at, gave_up_at, left_at,
      screened, kept_out, by_flow)
    select campaign_id, call_id, seq, picked_at, greeted_at, connected_at, gave_up_at, left_at, screened, kept_out, by_flow
    from jsonb_populate_recordset(null::${ANSWERED}, ${JSON.stringify(plain)}::jsonb)
    on conflict (call_id) do update set seq = excluded.seq, greeted_at = excluded.greeted_at,
      connected_at = excluded.connected_at, gave_up_at = excluded.gave_up_at, left_at = excluded.left_at,
      screened = excluded.screened, kept_out = excluded.kept_out, by_flow = excluded.by_flow
    where excluded.seq >= t.seq`.execute(db);
}

/** Of several about one call the last counts. */
async function keepWords(db: Kysely<Tables>, words: Words): Promise<void> {
  const latest = new Map<string, { call_id: string; met: boolean; at: number }>();
  for (const { callId, metMachine: met, at } of words) {
    if (at >= (latest.get(callId)?.at ?? 0)) latest.set(callId, { call_id: callId, met, at });
  }
  await sql`
    update ${ANSWERED} as t set met_machine = w.met, met_at = w.at
    from jsonb_to_recordset(${JSON.stringify([...latest.values()])}::jsonb) as w (call_id text, met boolean, at bigint)
    where t.call_id = w.call_id collate "C" and (t.met_at is null or t.met_at <= w.at)`.execute(db);
}

/** The same decision as `ledgerFactsOf`; the contract holds them together. */
function daysOf({ campaignIds, rules, from, until }: Parameters<EvidenceBook['answeredDays']>[0]): RawBuilder<unknown> {
  const start = rules.countsFrom.value === 'greeting-end' ? sql`coalesce(greeted_at, picked_at)` : sql`picked_at`;
  const deadline = sql`${start} + ${rules.connectWithinMs.value}::bigint`;
  return sql`
    with counted as (
      select campaign_id, picked_at, screened, met_machine and connected_at is not null as met,
        case when kept_out and connected_at is null then 'taken-for-machine'
          when connected_at <= ${deadline} then 'connected'
          when connected_at is null and gave_up_at is null and left_at <= ${deadline} then 'left-in-time'
          else 'abandoned' end as type
      from ${ANSWERED}
      where campaign_id = any(${[...campaignIds]}::text[]) and picked_at >= ${from} and picked_at < ${until}
        and not by_flow and (connected_at is not null or gave_up_at is not null or left_at is not null)
    ), days as (
      select campaign_id, type, met, screened, count(*)::bigint as count,
        to_char(to_timestamp(picked_at / 1000.0) at time zone ${rules.zone.value}, 'YYYY-MM-DD') as day
      from counted where not (met and type = 'abandoned')
      group by campaign_id, type, met, screened, day
    )
    select campaign_id, day, type, screened, count from days
    union all
    select campaign_id, day, 'met-machine', screened, count from days where met`;
}
