import { z } from 'zod';
import { DNC_KINDS, DNC_SOURCES } from './ports/dnc.ts';

const entry = z.object({
  id: z.string(),
  kind: z.enum(DNC_KINDS),
  key: z.string(),
  listId: z.string().nullable(),
  campaignId: z.string().nullable(),
  reason: z.string(),
  source: z.enum(DNC_SOURCES),
  by: z.string(),
  addedAt: z.number(),
  removedAt: z.number().nullable(),
  removedBy: z.string().nullable(),
  removedReason: z.string().nullable(),
});

/** What a process tells the others of those who are not to be called. It carries the entries, so that nobody has to ask. */
export const dncMessageSchema = z.object({
  type: z.literal('dnc'),
  entries: z.array(entry).readonly(),
  /** Ids of entries that are no more. */
  gone: z.array(z.string()).readonly(),
  /** A list was imported, made or removed: which one and how it is now stands in the store. */
  lists: z.boolean(),
});

export type DncMessage = z.output<typeof dncMessageSchema>;
