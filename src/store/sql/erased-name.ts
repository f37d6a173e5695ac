import { type RawBuilder, sql } from 'kysely';
import { SCHEMA } from './tables.ts';

/**
 * The name that stands for a number in these tables since its person was erased, as `aliasOf` in `engine/erase-words.ts` makes it.
 * Null as long as this installation has no secret, and so no erased persons.
 */
export const erasedName = (number: RawBuilder<unknown>): RawBuilder<unknown> => sql`(
  select 'erased-' || left(encode(sha256(convert_to(s.salt || ${number}, 'UTF8')), 'hex'), 16)
  from ${sql.id(SCHEMA, 'dnc_salt')} as s)`;
