import type { Kysely } from 'kysely';
import { type Why, whySchema } from '../../call/why.ts';
import type { History } from '../../engine/ports/history.ts';
import { rowsOf } from './page.ts';
import type { Tables } from './tables.ts';

type DecisionQueries = Pick<History, 'keepDecisions' | 'decisions' | 'lastDecisionAt' | 'trimDecisions'>;

/** Why calls and agents were brought together. */
export function decisionQueries(db: Kysely<Tables>): DecisionQueries {
  return {
    keepDecisions: async (decisions) => {
      const rows = decisions.flatMap((why) => {
        const { at, queue } = why;
        const callId = callOf(why);
        return why.agentIds.map((agentId) => ({ callId, agentId, at, queue, why: JSON.stringify(why) }));
      });
      if (rows.length === 0) return;
      await db
        .insertInto('decisions')
        .values(rows)
        .onConflict((conflict) => conflict.columns(['callId', 'at', 'agentId']).doNothing())
        .execute();
    },
    decisions: async ({ callId, agentId, limit }) => {
      const rows = await db
        .selectFrom('decisions')
        .select(['why', 'agentId'])
        .$if(callId !== undefined, (query) => query.where('callId', '=', callId ?? ''))
        .$if(agentId !== undefined, (query) => query.where('agentId', '=', agentId ?? ''))
        .orderBy('at', 'desc')
        .orderBy('agentId')
        .limit(rowsOf(limit))
        .execute();
      const read = rows.map(({ why, agentId: by }) => ({ by, why: whySchema.parse(JSON.parse(why)) }));
      return agentId === undefined ? read.filter(isFirst).map(({ why }) => why) : read.map(({ why }) => why);
    },
    lastDecisionAt: async () => {
      const row = await db.selectFrom('decisions').select('at').orderBy('at', 'desc').limit(1).executeTakeFirst();
      return row?.at ?? null;
    },
    trimDecisions: async (before) => {
      await db.deleteFrom('decisions').where('at', '<', before).execute();
    },
  };
}

/** Each decision once, though it has a row for each agent. */
const isFirst = ({ by, why }: { readonly by: string; readonly why: Why }) => why.agentIds[0] === by;

/** A consultation's decision is found with its call: what waits is named `<call>~<guest>`. */
const callOf = ({ callId }: Why): string => callId.split('~', 1)[0] ?? callId;
