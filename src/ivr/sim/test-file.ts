import { z } from 'zod';
import { duration, fault, language, name, promptName, shape, title, varName } from '../words.ts';

/** A file `<anything>.test.yaml`: calls of one flow, what the caller does and what is to come of it. */

const place = z.string().regex(/^([a-z0-9][a-z0-9-]{0,62}\/)?[a-z0-9][a-z0-9-]{0,62}$/, {
  error: fault('This is no name of a node.', 'Write `main-menu`, or `billing/ask-number` for a node of a called flow.'),
});
const one = <T extends z.ZodType>(schema: T) =>
  z.union([schema.transform((value) => [value]), z.array(schema).max(100)]);
const scalar = z.union([z.string(), z.int(), z.boolean()], {
  error: fault('A value is a text, a whole number, true or false.', 'Write it like `billing`.'),
});
const length = duration('0s', '4h');
const keys = z
  .string({ error: fault('Keys are a text.', 'Put them in quotes: "1".') })
  .regex(/^[0-9*#]{1,32}$/, { error: fault('A key is one of 0–9, `*` and `#`.', 'Write it like "1".') });

const instant = z
  .string()
  .refine((text) => instantOf(text) !== null, {
    error: fault('A time is a date, a time of day and a zone.', 'Write it like 2026-03-10T10:00:00+02:00.'),
    abort: true,
  })
  .transform((text) => instantOf(text) ?? 0);

/** With an offset, or with a zone: `2026-03-10T10:00[Europe/Helsinki]`. */
function instantOf(text: string): number | null {
  try {
    return text.includes('[')
      ? Temporal.ZonedDateTime.from(text).epochMilliseconds
      : Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return null; // RangeError is the only way to ask
  }
}

const outcome = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{0,40}$/, {
  error: fault('An outcome is a word.', 'Write it like `timeout`.'),
});
const mock = z.union([
  outcome.transform((word) => ({ outcome: word, data: null, afterMs: null })),
  shape({ status: z.int().min(100).max(599), body: z.json().default(null), after: length.optional() }).transform(
    ({ status, body, after }) => ({ outcome: outcomeOf(status), data: body, afterMs: after ?? null }),
  ),
  shape({ outcome, data: z.json().default(null), after: length.optional() }).transform(({ after, ...same }) => ({
    ...same,
    afterMs: after ?? null,
  })),
]);

/** As the way out to other systems reads the status of an answer. */
function outcomeOf(status: number): string {
  if (status === 404 || status === 410) return 'notFound';
  return status >= 200 && status <= 299 ? 'ok' : 'error';
}

const QUEUE_OUTCOMES = ['answeredEnd', 'timeout', 'full', 'noAgents', 'closed', 'callbackTaken', 'error'] as const;
const queueFacts = shape({
  estimate: length.optional(),
  waiting: z.int().min(0).max(100_000).default(0),
  agentsReady: z.int().min(0).max(100_000).default(1),
  outcome: z.enum(QUEUE_OUTCOMES).optional(),
  after: length.optional(),
}).transform(({ estimate, after, outcome, ...same }) => ({
  ...same,
  estimateMs: estimate ?? null,
  outcome: outcome ?? null,
  afterMs: after ?? null,
}));

const circumstances = {
  at: instant.optional(),
  from: z
    .string({ error: fault('A number is a text.', 'Put it in quotes: "+358501112223".') })
    .regex(/^(\+?[0-9]{2,15}|withheld)$/, {
      error: fault('This is no number.', 'Write "+358501112223" or `withheld`.'),
    })
    .optional(),
  to: z
    .string({ error: fault('A number is a text.', 'Put it in quotes: "+358401234567".') })
    .min(1)
    .max(32)
    .optional(),
  /** Decides the shares of a `split`. */
  call: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,40}$/)
    .optional(),
  language: language.optional(),
  remembered: z.record(z.string(), z.string()).optional(),
  vars: z.record(varName, scalar).default({}),
  mocks: z.record(place, one(mock)).default({}),
  queue: z.record(name, queueFacts).default({}),
  calendars: z.record(name, z.enum(['open', 'closed', 'holiday', 'forced'])).default({}),
};

/** What a caller does, one thing after another; between them he does nothing. */
export const step = z.union([
  /** Waits until that prompt begins. */
  shape({ hear: promptName }),
  shape({ press: keys }),
  shape({ silence: length }),
  /** Waits until the call comes to that node. */
  shape({ wait: place }),
  /** Waits until he is recorded, then talks for so long. */
  shape({ say: length }),
  /** Waits until speech is recognised, then says these words. */
  shape({ speech: z.string().trim().min(1).max(500) }),
  shape({ hangup: z.literal(true) }),
]);
export type Step = z.output<typeof step>;

const data = z.record(z.string(), scalar).default({});
const plainName = z
  .string()
  .min(1)
  .max(100)
  .transform((plain) => ({ name: plain, data: {} as z.output<typeof data> }));
const emitted = shape({ event: z.string(), data }).transform((full) => ({ name: full.event, data: full.data }));
const asked = shape({ question: z.string(), data }).transform((full) => ({ name: full.question, data: full.data }));

const expectation = shape({
  path: z.array(place).min(1).max(200).optional(),
  reaches: one(place).optional(),
  avoids: one(place).optional(),
  hears: one(promptName).optional(),
  notHears: one(promptName).optional(),
  require: z
    .array(z.string().regex(/^[a-z][^>]*>=([1-9]|10)$/, { error: REQUIREMENT() }))
    .max(20)
    .optional(),
  priority: z.int().optional(),
  queue: name.optional(),
  outcome: z.string().min(1).max(60).optional(),
  ends: place.optional(),
  language: language.optional(),
  maxSilence: length.optional(),
  counters: z.record(z.string().regex(/^[a-z0-9/-]+\.[\w *#-]+$/, { error: COUNTER() }), z.int().min(0)).optional(),
  tags: z.array(z.string()).max(100).optional(),
  emitted: z
    .array(z.union([plainName, emitted]))
    .max(100)
    .optional(),
  asked: z
    .array(z.union([plainName, asked]))
    .max(100)
    .optional(),
  survey: z.record(z.string(), scalar).optional(),
  vars: z.record(varName, scalar).optional(),
});
export type Expect = z.output<typeof expectation>;

function REQUIREMENT() {
  return fault('A requirement is a skill and its least level.', 'Write it like "topic:tech>=3".');
}

function COUNTER() {
  return fault('A counter is a node and what is counted.', 'Write it like `main-menu.noInput: 3`.');
}

const percent = z
  .string({ error: fault('A share is a text.', 'Write it like 90%.') })
  .regex(/^(100|[0-9]{1,2})%$/, { error: fault('A share is 0% to 100%.', 'Write it like 90%.') })
  .transform((text) => Number(text.slice(0, -1)));

export const testFile = shape({
  flow: name,
  defaults: shape(circumstances).default({ vars: {}, mocks: {}, queue: {}, calendars: {} }),
  tests: z
    .array(
      shape({
        name: title,
        ...circumstances,
        steps: z.array(step).max(500).default([]),
        expect: expectation.default({}),
      }),
    )
    .min(1)
    .max(1_000),
  coverage: shape({ nodes: percent.default(0), edges: percent.default(0) }).optional(),
});
export type TestFile = z.output<typeof testFile>;
export type WrittenTest = TestFile['tests'][number];
