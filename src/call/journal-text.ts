import { z } from 'zod';
import { type FactType, JOURNAL, type JournalEvent } from './journal.ts';

/** The names of all facts. */
export const FACT_NAMES = Object.keys(JOURNAL) as [FactType, ...FactType[]];
const envelope = z.object({
  type: z.enum(FACT_NAMES),
  data: z.unknown(),
  subject: z.string(),
  seq: z.int(),
  at: z.number(),
});

/** An event of the journal from what was parsed of its JSON; null when it is none that this version of Callwright knows. */
function eventOf(value: unknown): JournalEvent | null {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return null;
  const data = JOURNAL[parsed.data.type].safeParse(parsed.data.data);
  return data.success ? ({ ...parsed.data, data: data.data } as JournalEvent) : null;
}

/** The same from the text in which it is stored; null also for what is no JSON. */
export function parseEvent(text: string): JournalEvent | null {
  try {
    return eventOf(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
