import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import { Client, type CustomTypesConfig, Pool, type PoolConfig, types as pgTypes } from 'pg';
import type { Log } from '../../engine/ports/time.ts';
import { faultOf, SqlFault } from './fault.ts';
import { migrate } from './migrations.ts';
import { SCHEMA, type Tables } from './tables.ts';

export interface SqlSettings {
  /** `postgres://user:password@host:port/database`. */
  readonly databaseUrl: string;
  readonly log: Log;
  /** Connections at most. The embedded store takes one only. */
  readonly poolMax?: number;
}

const CONNECT_WITHIN_MS = 5_000;
/** A statement that takes longer is ended by the server; were the server itself mute, we let go of it a little later. */
const STATEMENT_WITHIN_MS = 10_000;
const ANSWER_WITHIN_MS = 15_000;

const INT8 = pgTypes.builtins.INT8;

/** Times and counts are int8 and fit a double for 285,000 years; the driver would hand them out as text. */
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => (oid === INT8 ? Number : pgTypes.getTypeParser(oid, format)),
};

/**
 * Opens the database and brings its tables up to date.
 * @throws SqlFault with a sentence that says what to do.
 */
export async function connect({ databaseUrl, log, poolMax = 8 }: SqlSettings): Promise<Kysely<Tables>> {
  const where = whereIs(databaseUrl);
  const base: PoolConfig = {
    connectionString: databaseUrl,
    application_name: 'callwright',
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
    types,
  };
  // Migrations may take long, and may wait for those of another process: a connection of their own, without time-outs.
  const builder = open<unknown>({ ...base, max: 1 }, where, log);
  try {
    await migrate(builder);
  } catch (error) {
    throw faultOf(error, where);
  } finally {
    await builder.destroy();
  }
  const timed = { ...base, statement_timeout: STATEMENT_WITHIN_MS, query_timeout: ANSWER_WITHIN_MS };
  return open<Tables>({ ...timed, max: poolMax }, where, log).withSchema(SCHEMA);
}

function open<T>(config: PoolConfig, where: string, log: Log): Kysely<T> {
  const pool = new Pool(config);
  // A connection that breaks is replaced by the next query; unheard, its error would end the process. The pool hears idle
  // ones only, so each is heard besides.
  const broke = (error: Error) => log.warn({ where, error: error.message }, 'a connection to the database broke');
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', broke));
  return new Kysely<T>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
  });
}

/** Host and database as people name them, without the password. */
function whereIs(databaseUrl: string): string {
  const cure = 'write it as postgres://user:password@host:port/database';
  const fault = (cause?: unknown) => new SqlFault('sql.address', `DATABASE_URL is not an address; ${cure}.`, cause);
  if (!/^postgres(ql)?:\/\//.test(databaseUrl)) throw fault();
  try {
    const { host, port, database } = new Client({ connectionString: databaseUrl });
    return host.startsWith('/') ? `${host} (${database})` : `${host}:${port}/${database}`;
  } catch (error) {
    throw fault(error);
  }
}
