import { type Kysely, sql } from 'kysely';
import type { AmdBook, Screened } from '../../engine/ports/amd.ts';
import { SCHEMA, type Tables } from './tables.ts';

interface Row {
  readonly screened: Screened;
  /** Whether an agent found a machine; null: nobody has said anything of it. */
  readonly met: boolean | null;
  readonly count: number;
}

/** The index `attempts_screened` holds these alone. */
export const amdQueries = (db: Kysely<Tables>): AmdBook => ({
  amdCounts: async (id) => {
    const { rows } = await sql<Row>`
      select screened, disposed->>'kind' = 'machine' as met, count(*)::integer as count
      from ${sql.id(SCHEMA, 'attempts')}
      where campaign_id = ${id} and screened is not null and ended_at is not null
      group by 1, 2`.execute(db);
    const sum = (screened: Screened, ...met: readonly (boolean | null)[]) =>
      rows
        .filter((row) => row.screened === screened && met.includes(row.met))
        .reduce((total, { count }) => total + count, 0);
    return {
      machines: sum('kept-out', true, false, null),
      sampledPersons: sum('sampled', false),
      sampledMachines: sum('sampled', true),
      passedPersons: sum('passed', false),
      passedMachines: sum('passed', true),
    };
  },
});
