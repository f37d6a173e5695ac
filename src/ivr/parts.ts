import { z } from 'zod';
import { currency, duration, fault, name, promptName, shape, varName } from './words.ts';

/** Parts of nodes as they are written in a flow file. */

const scalar = z.union([z.string(), z.boolean(), z.int()], {
  error: fault('A value is a text, a whole number, true or false.', 'Write it like `billing`.'),
});
/** A value written out, or counted out by CEL while the call runs. */
export const value = z.union([scalar, shape({ cel: z.string().min(1).max(500) })]);
export type ValueFile = z.output<typeof value>;
export const settings = z.record(varName, value);

const speechItem = z.union([
  promptName,
  shape({ say: z.enum(['digits', 'number', 'date', 'money']), of: varName, currency: currency.optional() }),
]);
export const speech = z
  .union([z.array(speechItem).min(1).max(20), speechItem])
  .transform((items) => (Array.isArray(items) ? items : [items]));
export type SpeechFile = z.output<typeof speech>;

/** What fills the wait for an answer: words and then music, or music alone. */
export const filler = z.union([z.literal('music').transform((): SpeechFile => []), speech]).default([]);

/** What a question says at first, what again, and what before that after a wrong answer. */
export const speeches = z.union([
  speech.transform((first) => ({ first, again: first, invalid: [] as SpeechFile })),
  shape({ first: speech, again: speech.optional(), invalid: speech.optional() }).transform(
    ({ first, again = first, invalid = [] }) => ({ first, again, invalid }),
  ),
]);
export type SpeechesFile = z.output<typeof speeches>;

const retryCount = z.int().min(0).max(10);
export const input = {
  timeout: duration('500ms', '60s').optional(),
  interDigit: duration('300ms', '15s').optional(),
  retries: shape({ noInput: retryCount.optional(), invalid: retryCount.optional() }).optional(),
  bargeIn: z.boolean().optional(),
};
export type InputFile = z.output<z.ZodObject<typeof input>>;

/** The outcomes of a node, each with the node it leads to; `defaults` may fill those that are not listed. */
export const outcomes = <O extends string>(...names: readonly O[]) =>
  shape(
    Object.fromEntries(names.map((outcome) => [outcome, name.optional()])) as Record<O, z.ZodOptional<typeof name>>,
  ).optional();

/** A way out that a flow or the workflow layer names itself. */
export const outcomeName = z.string().regex(/^[a-z][A-Za-z0-9-]{0,40}$/, {
  error: fault('An outcome is named by letters, digits and `-`.', 'Write it like `approved`.'),
});
export const ownOutcomes = z.record(outcomeName, name).default({});
