import { z } from 'zod';
import {
  destination,
  did,
  duration,
  fault,
  key,
  keys,
  language,
  level,
  name,
  promptName,
  shape,
  title,
  varName,
} from './words.ts';

/** The flow language, version 1, as it is written. `outcomes` are optional here since `defaults` may fill some of them. */

const value = z.union([z.string(), z.boolean(), z.int()], {
  error: fault('A value is a text, a whole number, true or false.', 'Write it like `billing`.'),
});
const assignments = z.record(varName, value);

const speechItem = z.union([promptName, shape({ say: z.enum(['digits', 'number']), of: varName })]);
const speech = z
  .union([z.array(speechItem).min(1).max(20), speechItem])
  .transform((items) => (Array.isArray(items) ? items : [items]));
const speeches = z.union([
  speech.transform((first) => ({ first, again: first, invalid: [] })),
  shape({ first: speech, again: speech.optional(), invalid: speech.optional() }).transform(
    ({ first, again = first, invalid = [] }) => ({ first, again, invalid }),
  ),
]);

const retryCount = z.int().min(0).max(10);
const input = {
  timeout: duration('500ms', '60s').optional(),
  interDigit: duration('300ms', '15s').optional(),
  retries: shape({ noInput: retryCount.optional(), invalid: retryCount.optional() }).optional(),
  bargeIn: z.boolean().optional(),
};

const outcomes = <O extends string>(...names: O[]) =>
  shape(
    Object.fromEntries(names.map((outcome) => [outcome, name.optional()])) as Record<O, z.ZodOptional<typeof name>>,
  );
const failing = outcomes('error').optional();

const play = shape({
  type: z.literal('play'),
  prompt: speech,
  bargeIn: z.boolean().default(true),
  next: name.optional(),
  outcomes: failing,
});

const menu = shape({
  type: z.literal('menu'),
  prompt: speeches,
  keys: z.record(
    keys,
    z.union([name, shape({ set: assignments.default({}), language: language.optional(), go: name })]),
  ),
  ...input,
  outcomes: outcomes('noInput', 'invalid', 'error').optional(),
});

const collect = shape({
  type: z.literal('collect'),
  prompt: speeches,
  digits: shape({ min: z.int().min(1).max(32), max: z.int().min(1).max(32), end: key.default('#') }).refine(
    ({ min, max }) => min <= max,
    { error: fault('`min` is more than `max`.', 'Exchange them.') },
  ),
  pattern: z.string().default('^[0-9]+$'),
  save: varName,
  ...input,
  outcomes: outcomes('ok', 'noInput', 'invalid', 'error').optional(),
});

const switchNode = shape({
  type: z.literal('switch'),
  cases: z
    .array(shape({ when: z.string(), set: assignments.default({}), go: name }))
    .min(1)
    .max(100),
  else: name,
  outcomes: failing,
});

const hours = shape({
  type: z.literal('hours'),
  calendar: name,
  outcomes: outcomes('open', 'closed', 'holiday', 'forced', 'error').optional(),
});

const points = z.int().min(-86_400).max(86_400);
const queue = shape({
  type: z.literal('queue'),
  queue: name,
  priority: z
    .union([
      points.transform((base) => ({ base, add: [] })),
      shape({ base: points.default(0), add: z.array(shape({ when: z.string(), points })).default([]) }),
    ])
    .default({ base: 0, add: [] }),
  require: z
    .array(shape({ skill: z.string().min(1).max(100), level }))
    .max(20)
    .default([]),
  maxWait: duration('1s', '4h').optional(),
  outcomes: outcomes('answeredEnd', 'timeout', 'full', 'noAgents', 'closed', 'error').optional(),
});

const transfer = shape({
  type: z.literal('transfer'),
  to: destination,
  trunk: name.optional(),
  ring: duration('5s', '2m').default(30_000),
  outcomes: outcomes('answeredEnd', 'busy', 'noAnswer', 'failed', 'error').optional(),
});

const hangup = shape({
  type: z.literal('hangup'),
  reason: z.enum(['normal', 'busy', 'rejected', 'congestion']).default('normal'),
});

const varDecl = z.discriminatedUnion('type', [
  shape({
    type: z.literal('enum'),
    values: z.array(z.string()).min(1).max(100),
    default: z.string(),
    pii: z.boolean().default(false),
  }),
  shape({ type: z.literal('string'), default: z.string().default(''), pii: z.boolean().default(false) }),
  shape({ type: z.literal('int'), default: z.int().default(0), pii: z.boolean().default(false) }),
  shape({ type: z.literal('bool'), default: z.boolean().default(false), pii: z.boolean().default(false) }),
]);

const node = z.discriminatedUnion('type', [play, menu, collect, switchNode, hours, queue, transfer, hangup]);

export const flowFile = shape({
  version: z.literal('ivr/v1'),
  id: name,
  title,
  owner: z.string().max(200).optional(),
  reviewBy: z.string().max(10).optional(),
  dids: z.array(did).default([]),
  languages: shape({ default: language, supported: z.array(language).min(1).max(50) }),
  vars: z.record(varName, varDecl).default({}),
  defaults: shape({
    menu: shape(input).default({}),
    noInput: name.optional(),
    invalid: name.optional(),
    onError: name.optional(),
  }).default({ menu: {} }),
  limits: shape({ maxSteps: z.int().min(10).max(1_000).default(200) }).default({ maxSteps: 200 }),
  start: name,
  nodes: z.record(name, node),
});

export type FlowFile = z.output<typeof flowFile>;
export type NodeFile<T extends FlowFile['nodes'][string]['type']> = Extract<FlowFile['nodes'][string], { type: T }>;
