import { type Kysely, sql } from 'kysely';
import type { AttemptOutcome } from '../../engine/ports/history.ts';
import type { LookBook } from '../../engine/ports/looks.ts';
import { LEADS } from './lead-row.ts';
import { SCHEMA, type Tables } from './tables.ts';

const ATTEMPTS = sql.id(SCHEMA, 'attempts');

/** A statement reads no more leads than this and their dials, so that whoever waits for the database waits for a moment only. */
const LEADS_AT_ONCE = 10_000;

/** `leads`: leads, done. `met`: leads that were dialled, and reached. `dials`: dials, refusals. */
interface Row {
  readonly kind: 'leads' | 'met' | 'dials';
  readonly listId: string;
  readonly outcome: AttemptOutcome | null;
  readonly one: number;
  readonly other: number;
}

type ListCounts = Awaited<ReturnType<LookBook['listCounts']>>[number];
type Sum = { -readonly [K in keyof ListCounts]: ListCounts[K] } & { outcomes: Partial<Record<AttemptOutcome, number>> };

/** Counts every lead and dial of a campaign, piece by piece in the order of the leads' ids. */
export const listCounts =
  (db: Kysely<Tables>): LookBook['listCounts'] =>
  async (id) => {
    const lists = new Map<string, Sum>();
    for (let after: string | null = ''; after !== null; ) {
      const until = await endOfPiece(db, id, after);
      for (const row of await piece(db, id, { after, until })) add(lists, row);
      after = until;
    }
    return [...lists.values()].sort((a, b) => (a.listId < b.listId ? -1 : 1));
  };

/** The last lead of the piece after that one; null: it goes to the end. */
async function endOfPiece(db: Kysely<Tables>, campaignId: string, after: string): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from ${LEADS} where campaign_id = ${campaignId} and id > ${after}
    order by id offset ${LEADS_AT_ONCE - 1} limit 1`.execute(db);
  return rows[0]?.id ?? null;
}

interface Piece {
  readonly after: string;
  readonly until: string | null;
}

async function piece(db: Kysely<Tables>, campaignId: string, { after, until }: Piece): Promise<readonly Row[]> {
  const within = (column: string) =>
    sql`${sql.ref(column)} > ${after}${until === null ? sql`` : sql` and ${sql.ref(column)} <= ${until}`}`;
  const { rows } = await sql<Row>`
    with l as materialized (
      select id, list_id, status from ${LEADS} where campaign_id = ${campaignId} and ${within('id')}
    ), d as materialized (
      select a.lead_id, a.outcome, count(*) as dials,
        count(*) filter (where a.disposed->>'kind' in ('refusal', 'dnc')) as refusals
      from ${ATTEMPTS} a where a.campaign_id = ${campaignId} and a.ended_at is not null and ${within('a.lead_id')}
      group by a.lead_id, a.outcome
    ), met as (
      select lead_id, bool_or(outcome in ('connected', 'abandoned')) as reached from d group by lead_id
    )
    select 'leads' as kind, list_id, null as outcome, count(*)::integer as one,
      count(*) filter (where status = 'done')::integer as other from l group by list_id
    union all
    select 'met', l.list_id, null, count(*)::integer, count(*) filter (where met.reached)::integer
    from met join l on l.id = met.lead_id group by l.list_id
    union all
    select 'dials', l.list_id, d.outcome, sum(d.dials)::integer, sum(d.refusals)::integer
    from d join l on l.id = d.lead_id group by l.list_id, d.outcome`.execute(db);
  return rows;
}

function add(lists: Map<string, Sum>, { kind, listId, outcome, one, other }: Row): void {
  const none: Sum = { listId, leads: 0, done: 0, dialled: 0, reached: 0, outcomes: {}, refusals: 0 };
  const list = lists.get(listId) ?? none;
  lists.set(listId, list);
  if (kind === 'leads') {
    list.leads += one;
    list.done += other;
  } else if (kind === 'met') {
    list.dialled += one;
    list.reached += other;
  } else if (outcome !== null) {
    list.outcomes[outcome] = (list.outcomes[outcome] ?? 0) + one;
    list.refusals += other;
  }
}
