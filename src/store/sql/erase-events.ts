import { type Kysely, sql } from 'kysely';
import type { PersonBook } from '../../engine/ports/erasures.ts';
import type { EventEdit } from '../../engine/ports/live-store.ts';
import { SCHEMA, type Tables } from './tables.ts';

type EraseOrder = Parameters<PersonBook['erase']>[0];

const any = (values: readonly string[]) => sql`any(${[...values]}::text[])`;

/** Takes a person out of events that stand in rows of their own; says how many rows are others now. */
export async function editRows(db: Kysely<Tables>, { spellings, own, edit }: EraseOrder): Promise<number> {
  const pattern = spellings.map((each) => each.pattern).join('|') || '(?!)';
  const subjects = [...own.calls.map((id) => `call/${id}`), ...own.followUps.map((id) => `followup/${id}`)];
  const about = { pattern, subjects, calls: [...own.calls], leads: [...own.leads] };
  return (await editEvidence(db, about, edit)) + (await editParked(db, about, edit));
}

interface About {
  readonly pattern: string;
  readonly subjects: readonly string[];
  readonly calls: readonly string[];
  readonly leads: readonly string[];
}

async function editEvidence(db: Kysely<Tables>, { pattern, subjects, calls, leads }: About, edit: EventEdit) {
  const evidence = sql.id(SCHEMA, 'evidence');
  const { rows } = await sql<{ subject: string; seq: number; type: string; data: string }>`
    select subject, seq, type, data from ${evidence} where subject = ${any(subjects)} or data ~ ${pattern}
      or data::json->>'callId' = ${any(calls)} or data::json->>'leadId' = ${any(leads)}`.execute(db);
  let changed = 0;
  for (const { subject, seq, type, data } of rows) {
    const told = JSON.stringify({ type, subject, data: JSON.parse(data) as unknown });
    const edited = edit(told);
    if (edited === told) continue;
    const after = JSON.stringify((JSON.parse(edited) as { data: unknown }).data);
    await sql`update ${evidence} set data = ${after} where subject = ${subject} and seq = ${seq}`.execute(db);
    changed += 1;
  }
  return changed;
}

async function editParked(db: Kysely<Tables>, { pattern, subjects, calls, leads }: About, edit: EventEdit) {
  const parked = sql.id(SCHEMA, 'webhook_parked');
  const { rows } = await sql<{ webhookId: string; cursor: string; text: string }>`
    select webhook_id, cursor, text from ${parked} where subject = ${any(subjects)} or text ~ ${pattern}
      or text::json->'data'->>'callId' = ${any(calls)} or text::json->'data'->>'leadId' = ${any(leads)}`.execute(db);
  let changed = 0;
  for (const { webhookId, cursor, text } of rows) {
    const edited = edit(text);
    if (edited === text) continue;
    await sql`update ${parked} set text = ${edited} where webhook_id = ${webhookId} and cursor = ${cursor}`.execute(db);
    changed += 1;
  }
  return changed;
}
