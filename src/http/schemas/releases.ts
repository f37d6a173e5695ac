import { z } from 'zod';
import { epochMs, finding, list, listed, ms, text } from './common.ts';

/** The id of a release: the beginning of a hash. */
export const byRelease = z.strictObject({ id: z.string().regex(/^[0-9a-f]{12}$/u, 'not the id of a release') });

/** The id of a flow, as flow files write it. */
export const byFlow = z.strictObject({ id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,99}$/u, 'not the id of a flow') });

export const loadBody = z
  .strictObject({
    canary: z.int().min(1).max(99).nullable().default(null).meta({
      description: 'Percent of new calls that take the new release; without it all do.',
    }),
    note: text(500).default(''),
  })
  .nullable()
  .default(null)
  .meta({ description: 'May be left out.' });

const percent = z.number().meta({ description: 'Share of new calls that take it.' });

const releaseView = z.object({
  id: z.string(),
  madeBy: z.string().meta({ description: 'Name of the token, or `start`.' }),
  madeAt: epochMs,
  note: z.string(),
  flows: list(z.object({ id: z.string(), version: z.string(), title: z.string() })),
  percent,
  calls: z.int().meta({ description: 'Calls in progress that go by it, of the process that answers.' }),
});

const canary = z.object({ release: z.string(), percent }).nullable();

export const releaseList = listed(releaseView).extend({
  processes: list(
    z.object({
      node: z.string().meta({ description: 'The switch whose calls it leads.' }),
      self: z.boolean().meta({ description: 'It is the one that answers.' }),
      release: z.string().nullable().meta({ description: 'Null: it has not said so yet.' }),
      canary,
      since: epochMs.nullable(),
      fault: z.string().nullable().meta({ description: 'Why it cannot load what the others run, and runs this on.' }),
    }),
  ).meta({ description: 'Every process of Callwright, and what runs there.' }),
});

export const releaseChange = z.object({
  release: z.string(),
  canary,
  action: z.enum(['load', 'canary', 'promote', 'rollback', 'cancel']),
  changed: z.boolean().meta({ description: 'False when that was so already.' }),
  notes: list(z.string()).meta({ description: 'What the change does not reach.' }),
  warnings: list(finding),
});

const count = z.int();

export const flowStatsView = z.object({
  flow: z.string(),
  since: epochMs.meta({ description: 'When this process began to count.' }),
  entered: count.meta({ description: 'Calls that began in this flow.' }),
  ended: count,
  contained: count.meta({ description: 'Of those ended: met no agent, were not transferred, gave up no wait.' }),
  containment: z.number().nullable().meta({ description: 'Contained ÷ ended; null while none has ended.' }),
  nodes: list(
    z.object({
      node: z.string(),
      entered: count,
      left: z.record(z.string(), count).meta({ description: 'How often, by outcome.' }),
      droppedOff: count.meta({ description: 'Callers who hung up in it, other than on an agent.' }),
      dwell: z.object({ count, sumMs: ms, maxMs: ms }),
    }),
  ),
});
