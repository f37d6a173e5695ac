/** Why the history store cannot be used; the message is a sentence that says what to do. */
export type SqlFaultCode =
  | 'sql.address'
  | 'sql.refused'
  | 'sql.password'
  | 'sql.database-missing'
  | 'sql.forbidden'
  | 'sql.newer'
  | 'sql.failed';

export class SqlFault extends Error {
  readonly code: SqlFaultCode;

  constructor(code: SqlFaultCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'SqlFault';
    this.code = code;
  }
}

type Meaning = readonly [SqlFaultCode, (where: string) => string];

const PASSWORD: Meaning = [
  'sql.password',
  (where) => `The database server at ${where} refused the user or the password of DATABASE_URL; correct it.`,
];

const refused = (why: string): Meaning => [
  'sql.refused',
  (where) => `The database server at ${where} cannot be reached: ${why}.`,
];

/** SQLSTATE (PostgreSQL appendix A) or Node's error code, to what it means to the person who starts Callwright. */
const MEANING: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: refused('nothing listens there; start the server, or correct DATABASE_URL'),
  ENOENT: refused('the socket is not there; start the server, or correct DATABASE_URL'),
  ENOTFOUND: refused('that host is not known; correct DATABASE_URL'),
  EAI_AGAIN: refused('that host cannot be looked up now; check the name service and DATABASE_URL'),
  ETIMEDOUT: refused('it did not answer in time; check the network, its firewall and DATABASE_URL'),
  ECONNRESET: refused('it closed the connection; is it a PostgreSQL server?'),
  '57P03': refused('it is still starting up; try again in a moment'),
  '53300': refused('it has no connection left for us; raise its max_connections'),
  '28P01': PASSWORD,
  '28000': PASSWORD,
  '3D000': [
    'sql.database-missing',
    (where) => `The database at ${where} does not exist; create it (createdb), or correct DATABASE_URL.`,
  ],
  '42501': [
    'sql.forbidden',
    (where) => `The user of DATABASE_URL may not create tables at ${where}; grant it CREATE on the database.`,
  ],
};

/** Says in a sentence why the store did not open. `where` holds no password. */
export function faultOf(error: unknown, where: string): SqlFault {
  if (error instanceof SqlFault) return error;
  const { code, message } = errorParts(error);
  const known = MEANING[code];
  if (known) return new SqlFault(known[0], known[1](where), error);
  if (/timeout/i.test(message)) return faultOf({ code: 'ETIMEDOUT' }, where);
  if (/previously executed migration/.test(message)) {
    return new SqlFault(
      'sql.newer',
      `The database at ${where} was made by a newer Callwright; run that version, or use another database.`,
      error,
    );
  }
  return new SqlFault('sql.failed', `The database at ${where} cannot be used: ${message}`, error);
}

/** Node tries every address of a host and then throws the failures together. */
function errorParts(error: unknown): { code: string; message: string } {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = (first ?? {}) as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : '', message: typeof message === 'string' ? message : String(first) };
}
