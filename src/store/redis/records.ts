import { z } from 'zod';
import type { Doc, News, StoredTicket } from '../../engine/ports/live-store.ts';

/** What the scripts in `lua/` answer. */
export const reply = {
  saveAgent: z.union([z.tuple([z.literal(1), z.int()]), z.tuple([z.literal(0), z.string()])]),
  reserve: z.union([
    z.tuple([z.literal(1), z.int(), z.int()]),
    z.tuple([z.literal(0), z.enum(['agent-taken', 'call-taken'])]),
  ]),
  lease: z.tuple([z.union([z.literal(0), z.literal(1)]), z.int(), z.string()]),
  list: z.array(z.string()),
};

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not JSON' });
    return z.NEVER;
  }
});

const agentRecord = z
  .string()
  .regex(/^\d+ /)
  .transform((record) => {
    const gap = record.indexOf(' ');
    return { version: Number(record.slice(0, gap)), text: record.slice(gap + 1) };
  });

/** A call's snapshot, or null when it is no JSON. */
export function parseCall(record: string): { readonly body: unknown } | null {
  const body = json.safeParse(record);
  return body.success ? { body: body.data } : null;
}

/** An agent's document; null for none, for a removed one and for what is no document. */
export function parseAgent(id: string, record: string): Doc | null {
  const parsed = agentRecord.safeParse(record);
  const body = json.safeParse(parsed.data?.text ?? '');
  return parsed.success && body.success ? { id, version: parsed.data.version, body: body.data } : null;
}

/** A ticket as it is stored: the owner, a line, then JSON. */
export function parseTicket(id: string, record: string): StoredTicket | null {
  const line = record.indexOf('\n');
  const body = json.safeParse(record.slice(line + 1));
  return line > 0 && body.success ? { id, owner: record.slice(0, line), body: body.data } : null;
}

/** What was published, its sender taken off; null when it is none of the news that this version knows. */
export function parseNews([kind, ...rest]: readonly string[]): News | null {
  const [first = '', second = ''] = rest;
  if (kind === 'agent') return { type: 'agent', doc: lazyAgent(first, second) };
  if (kind === 'message') {
    const message = json.safeParse(first);
    return message.success ? { type: 'message', message: message.data } : null;
  }
  return kind === 'tickets' ? { type: 'tickets', owner: first, tickets: ticketsIn(rest.slice(1)) } : null;
}

/** Of most agents who move, a process that does not pair them never asks. */
function lazyAgent(id: string, record: string): Doc {
  return {
    id,
    version: Number.parseInt(record, 10),
    get body(): unknown {
      return parseAgent(id, record)?.body ?? null;
    },
  };
}

function ticketsIn(lines: readonly string[]): Record<string, unknown> {
  const tickets: Record<string, unknown> = {};
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const body = json.safeParse(lines[at + 1]);
    tickets[lines[at] ?? ''] = body.success ? body.data : null;
  }
  return tickets;
}
