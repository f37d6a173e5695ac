import { z } from 'zod';
import { KINDS } from './nodes/index.ts';
import { input } from './parts.ts';
import { date, did, duration, fault, language, name, promptName, shape, title, varName } from './words.ts';

/** The flow language, version 1, as it is written. Each kind of node brings its own fields (`nodes/`). */

const flags = { pii: z.boolean().default(false), sensitive: z.boolean().default(false) };
const varDecl = z.discriminatedUnion('type', [
  shape({
    type: z.literal('enum'),
    values: z.array(z.string()).min(1).max(100),
    default: z.string().optional(),
    ...flags,
  }),
  shape({ type: z.literal('string'), default: z.string().optional(), ...flags }),
  shape({ type: z.literal('int'), default: z.int().optional(), ...flags }),
  shape({ type: z.literal('bool'), default: z.boolean().optional(), ...flags }),
]);

/** What may stand in `defaults` for an outcome that a node does not list. */
const DEFAULT_OUTCOMES = [
  ...new Set(KINDS.flatMap((kind) => kind.outcomes.filter((outcome) => outcome !== 'ok' && outcome !== 'done'))),
] as const;

const node = z.discriminatedUnion(
  'type',
  KINDS.map(({ schema }) => schema) as unknown as [z.ZodObject<{ type: z.ZodLiteral<string> }>],
);

const defaults = shape({
  menu: shape(input).default({}),
  onError: name.optional(),
  ...Object.fromEntries(DEFAULT_OUTCOMES.map((outcome) => [outcome, name.optional()])),
}).default({ menu: {} });

const words = z.string().trim().min(1).max(2_000);

export const flowFile = shape({
  version: z.literal('ivr/v1', { error: fault('The version must be ivr/v1.', 'Write `version: ivr/v1`.') }),
  id: name,
  title,
  owner: z.string().trim().min(1).max(200).optional(),
  reviewBy: date.optional(),
  dids: z.array(did).default([]),
  languages: shape({
    default: language,
    supported: z.array(language).min(1).max(50),
    remember: duration('1h', '730d').optional(),
  }),
  vars: z.record(varName, varDecl).default({}),
  takes: z.array(varName).max(50).default([]),
  gives: z.array(varName).max(50).default([]),
  defaults,
  limits: shape({
    maxSteps: z.int().min(10).max(1_000).default(200),
    maxDuration: duration('1m', '4h').default(45 * 60_000),
    maxCalls: z.int().min(1).max(100_000).optional(),
  }).default({ maxSteps: 200, maxDuration: 45 * 60_000 }),
  prompts: z.record(promptName, shape({ tts: z.record(language, words) })).default({}),
  start: name,
  nodes: z.record(name, node),
});

/** A flow file that has its shape. What stands in a node is known to its kind alone. */
export interface FlowFile extends Omit<z.output<typeof flowFile>, 'nodes' | 'defaults'> {
  readonly nodes: Readonly<Record<string, { readonly type: string }>>;
  readonly defaults: {
    readonly menu: z.output<z.ZodObject<typeof input>>;
    readonly onError?: string | undefined;
  } & Readonly<Record<string, unknown>>;
}
