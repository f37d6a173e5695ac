import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import { z } from 'zod';
import { WORK_FACTS, type WorkFact, type WorkFactType } from '../../call/work-facts.ts';
import type {
  Backlog,
  FollowUp,
  FollowUpEvent,
  FollowUpQuery,
  FollowUpStore,
  Plan,
} from '../../engine/ports/follow-ups.ts';
import { keyOf } from './flow-text.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

const owner = WORK_FACTS['followup.created'].shape.owner;
const text = z.string().nullable();

/** A row that an older or a foreign hand wrote is refused, not half used. */
const document: z.ZodType<FollowUp> = z.object({
  id: z.string(),
  kind: z.string(),
  reason: z.string(),
  owner,
  dueAt: z.number(),
  priority: z.number(),
  callId: text,
  ani: text,
  customerId: text,
  campaignId: text,
  leadId: text,
  data: z.record(z.string(), z.string()),
  createdAt: z.number(),
  createdBy: z.string(),
  state: z.enum(['open', 'closed']),
  told: z.object({ dueSoon: z.boolean(), overdue: z.boolean(), stepMs: z.number().nullable() }),
  outcome: text,
  closedAt: z.number().nullable(),
  closedBy: text,
  // Those of before it was written down have none.
  calling: text.default(null),
  seq: z.number(),
  changedAt: z.number(),
});

/** Follow-ups, each a row with its document and its facts beside it. */
export function sqlFollowUps(db: Kysely<Tables>): FollowUpStore {
  return {
    add: (followUp, events, plan) => db.transaction().execute((within) => add(within, followUp, events, plan)),
    save: (followUp, seen, events, plan) =>
      db.transaction().execute((within) => save(within, followUp, seen, events, plan)),
    one: async (id) => {
      const row = await db.selectFrom('followUps').select('document').where('id', '=', keyOf(id)).executeTakeFirst();
      return row ? followUpOf(row) : null;
    },
    list: (query) => list(db, query),
    backlog: (now) => backlog(db, now),
    waking: async (now, rules, limit) => {
      const rows = await db
        .selectFrom('followUps')
        .select('document')
        .where('state', '=', 'open')
        .where((eb) => eb.or([eb('wakeAt', '<=', now), eb('rules', '<>', rules)]))
        .orderBy('wakeAt')
        .orderBy('id')
        .limit(rowsOf(limit))
        .execute();
      return rows.map(followUpOf);
    },
    trim: async (closedBefore) => {
      const old = db
        .selectFrom('followUps')
        .select('id')
        .where('state', '=', 'closed')
        .where('closedAt', '<', closedBefore);
      return (
        await remove(
          db,
          (await old.execute()).map(({ id }) => id),
        )
      ).length;
    },
    ...factsIn(db),
  };
}

async function add(within: Kysely<Tables>, followUp: FollowUp, events: readonly FollowUpEvent[], plan: Plan) {
  const { numInsertedOrUpdatedRows } = await within
    .insertInto('followUps')
    .values({ id: keyOf(followUp.id), ...rowOf(followUp, plan) })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  if ((numInsertedOrUpdatedRows ?? 0n) === 0n) return false;
  await addFacts(within, followUp.id, events);
  return true;
}

async function save(
  within: Kysely<Tables>,
  followUp: FollowUp,
  seen: number,
  events: readonly FollowUpEvent[],
  plan: Plan,
) {
  const { numUpdatedRows } = await within
    .updateTable('followUps')
    .set(rowOf(followUp, plan))
    .where('id', '=', keyOf(followUp.id))
    .where('seq', '=', seen)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await addFacts(within, followUp.id, events);
  return true;
}

async function addFacts(within: Kysely<Tables>, id: string, events: readonly FollowUpEvent[]): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ seq, at, type, data }) => ({ seq, at, type, data: JSON.stringify(data) }));
  await within
    .insertInto('followUpFacts')
    .values(rows.map((row) => ({ ...row, followUpId: keyOf(id), told: false })))
    .execute();
}

/** What is searched for has a column; the document has all. */
function rowOf(followUp: FollowUp, { wakeAt, rules }: Plan): Omit<Tables['followUps'], 'id'> {
  const { owner: who, state, kind, dueAt, createdAt, closedAt, callId, ani, customerId, seq } = followUp;
  return {
    ownerKind: who.kind,
    ownerId: keyOf(who.id),
    state,
    kind,
    dueAt,
    createdAt,
    closedAt,
    callId: callId === null ? null : keyOf(callId),
    ani: ani === null ? null : keyOf(ani),
    customerId: customerId === null ? null : keyOf(customerId),
    seq,
    wakeAt,
    rules,
    document: JSON.stringify(followUp),
  };
}

const followUpOf = (row: { readonly document: string }): FollowUp => document.parse(JSON.parse(row.document));

async function list(db: Kysely<Tables>, query: FollowUpQuery): Promise<readonly FollowUp[]> {
  const { state, owners, dueBefore, callId, kind, order, limit, after } = query;
  const by = order === 'due' ? 'dueAt' : 'createdAt';
  const column = sql.ref(by);
  const seen = sql`(select ${column}, id from callwright.follow_ups where id = ${keyOf(after ?? '')})`;
  const rows = await db
    .selectFrom('followUps')
    .select('document')
    .$if(state !== undefined, (rest) => rest.where('state', '=', state ?? 'open'))
    .$if(owners !== undefined, (rest) => rest.where((eb) => isOf(eb, owners ?? [])))
    .$if(dueBefore !== undefined, (rest) => rest.where('dueAt', '<', dueBefore ?? 0))
    .$if(callId !== undefined, (rest) => rest.where('callId', '=', keyOf(callId ?? '')))
    .$if(kind !== undefined, (rest) => rest.where('kind', '=', kind ?? ''))
    .$if(after !== undefined, (rest) => rest.where(sql<boolean>`(${column}, id) > ${seen}`))
    .orderBy(by)
    .orderBy('id')
    .limit(rowsOf(limit))
    .execute();
  return rows.map(followUpOf);
}

const isOf = (eb: ExpressionBuilder<Tables, 'followUps'>, owners: NonNullable<FollowUpQuery['owners']>) =>
  eb.or(owners.map(({ kind, id }) => eb.and([eb('ownerKind', '=', kind), eb('ownerId', '=', keyOf(id))])));

async function backlog(db: Kysely<Tables>, now: number): Promise<readonly Backlog[]> {
  const rows = await db
    .selectFrom('followUps')
    .select(({ fn }) => [
      'ownerKind',
      'ownerId',
      fn.countAll<number>().as('open'),
      fn.min('createdAt').as('oldestAt'),
      fn.min('dueAt').as('nextDueAt'),
    ])
    .select(sql<number>`count(*) filter (where due_at <= ${now})`.as('overdue'))
    .where('state', '=', 'open')
    .groupBy(['ownerKind', 'ownerId'])
    .orderBy('oldestAt')
    .execute();
  return rows.map(({ ownerKind: kind, ownerId: id, ...counts }) => ({ owner: { kind, id }, ...counts }));
}

async function remove(db: Kysely<Tables>, ids: readonly string[]): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  await db.transaction().execute(async (within) => {
    await within.deleteFrom('followUpFacts').where('followUpId', 'in', ids).execute();
    await within.deleteFrom('followUps').where('id', 'in', ids).execute();
  });
  return ids;
}

type FactPart = Pick<FollowUpStore, 'history' | 'untold' | 'untoldBefore' | 'told'>;

function factsIn(db: Kysely<Tables>): FactPart {
  const of = (id: string) =>
    db.selectFrom('followUpFacts').selectAll().where('followUpId', '=', keyOf(id)).orderBy('seq');
  return {
    history: async (id) => (await of(id).execute()).map((row) => eventOf(id, row)),
    untold: async (id) => (await of(id).where('told', '=', false).execute()).map((row) => eventOf(id, row)),
    untoldBefore: async (at, limit) => {
      const rows = await db
        .selectFrom('followUpFacts')
        .innerJoin('followUps', 'followUps.id', 'followUpFacts.followUpId')
        .select('followUps.document')
        .where('told', '=', false)
        .where('at', '<', at)
        .orderBy('at')
        .limit(rowsOf(limit))
        .execute();
      return [...new Set(rows.map((row) => followUpOf(row).id))];
    },
    told: async (id, seq) => {
      await db
        .updateTable('followUpFacts')
        .set({ told: true })
        .where('followUpId', '=', keyOf(id))
        .where('seq', '<=', seq)
        .where('told', '=', false)
        .execute();
    },
  };
}

function eventOf(
  id: string,
  { seq, at, type, data }: Omit<Tables['followUpFacts'], 'told' | 'followUpId'>,
): FollowUpEvent {
  const known = type as WorkFactType;
  const fact = { type: known, data: WORK_FACTS[known].parse(JSON.parse(data)) } as WorkFact;
  return { ...fact, subject: `followup/${id}`, seq, at };
}
