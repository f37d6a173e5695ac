import { z } from 'zod';
import { checkDigits, DATE_FORMATS, dateFormatOf, isoDate } from '../digit-check.ts';
import type { Move, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { input, speech, speeches } from '../parts.ts';
import { readPattern } from '../pattern.ts';
import { ask, choice as choosing, digitKeys, inputSettings, prompts, type Question, questioning } from '../question.ts';
import type { NodeScope } from '../scope.ts';
import { assign, keep, leave } from '../walk.ts';
import { fault, key, shape, varName } from '../words.ts';

export const digits = shape({
  min: z.int().min(1).max(32),
  max: z.int().min(1).max(32),
  end: key.default('#'),
}).refine(({ min, max }) => min <= max, { error: fault('`min` is more than `max`.', 'Exchange them.') });

const confirm = shape({
  say: z.enum(['digits', 'number', 'date']).default('digits'),
  /** Said before the digits, and what to press after them. */
  prompt: speech.default(['confirm.heard']),
  choice: speech.default(['confirm.choice']),
  acceptKey: key.default('1'),
  rejectKey: key.default('2'),
  attempts: z.int().min(1).max(5).default(2),
});

const fields = {
  prompt: speeches,
  digits,
  pattern: z.string().default('^[0-9]+$'),
  check: z.union([z.enum(['luhn', 'date']), shape({ date: z.enum(DATE_FORMATS) })]).optional(),
  confirm: confirm.optional(),
  sensitive: z.boolean().default(false),
  save: varName,
  ...input,
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Asks for a number of digits, holds them against a pattern and a check, reads them back if wanted, and keeps them. */
export const collect = kind({
  type: 'collect',
  fields,
  outcomes: ['ok', 'noInput', 'invalid', 'cancelled'],
  fails: true,
  build(file, scope) {
    scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, ['ok', 'noInput', 'invalid', ...(file.confirm ? ['cancelled'] : [])]);
    scope.write(file.save, ['save'], ['string'], 'ok');
    const decl = scope.flow.vars.get(file.save);
    const sensitive = file.sensitive || decl?.sensitive === true;
    if (sensitive) lintSensitive(file, scope);
    const question: Question = {
      ...prompts(file.prompt, scope),
      input: inputSettings(file, scope),
      shown: sensitive ? 'hidden' : decl?.pii === true ? 'masked' : 'plain',
      key: digitKeys(file.digits),
      end: file.digits.end,
      take: accepting(file, scope, () => confirming),
      spent: (_walk, why) => leave(scope.exits, why),
    };
    const confirming = file.confirm ? confirmation(file, file.confirm, question, scope) : null;
    return {
      ...questioning((walk) => (confirming && walk.state.local['pending'] !== undefined ? confirming(walk) : question)),
      enter: (walk) => ask(walk, question),
    };
  },
});

function lintSensitive(file: File, scope: NodeScope): void {
  if (scope.flow.vars.get(file.save)?.sensitive === false) {
    const message = `\`${file.save}\` would let sensitive digits out.`;
    scope.report('sensitive-leak', ['save'], message, 'Declare it with `sensitive: true`.');
  }
  if (!file.confirm) return;
  const message = 'Sensitive digits are never said aloud.';
  scope.report('sensitive-leak', ['confirm'], message, 'Remove `confirm`, and use `check` instead.', 'key');
}

function accepting(
  file: File,
  scope: NodeScope,
  confirming: () => ((walk: Walk) => Question) | null,
): Question['take'] {
  const pattern = readPattern(file.pattern);
  if (!pattern.ok) {
    const cure = 'Write digits and classes only, like ^[1-9][0-9]{5,7}$.';
    scope.report('bad-pattern', ['pattern'], `The pattern is refused: ${pattern.why}.`, cure);
  }
  return (walk, keyed) => {
    if (keyed.length < file.digits.min || (pattern.ok && !pattern.regex.test(keyed))) return 'wrong';
    if (file.check !== undefined && !checkDigits(file.check, keyed)) return 'wrong';
    const read = confirming();
    if (!read) return save(walk, file, keyed, scope);
    keep(walk, { pending: keyed, readings: Number(walk.state.local['readings'] ?? 0) + 1 });
    return ask(walk, read(walk));
  };
}

/** A date that was checked is kept as `say: date` and other systems want it, whatever order it was keyed in. */
function save(walk: Walk, file: File, keyed: string, scope: NodeScope): Move {
  const format = dateFormatOf(file.check);
  assign(walk, { [file.save]: (format && isoDate(format, keyed)) ?? keyed });
  return leave(scope.exits, 'ok');
}

/** Reads the digits back and asks whether they are right; asked again from the start when they are not. */
function confirmation(file: File, how: z.output<typeof confirm>, question: Question, scope: NodeScope) {
  const before = scope.speech(how.prompt, ['confirm', 'prompt']);
  const choice = scope.speech(how.choice, ['confirm', 'choice']);
  return (walk: Walk): Question => {
    const pending = String(walk.state.local['pending'] ?? '');
    const words = [...before, { sayable: sayableOf(how.say, pending, file) }, ...choice];
    return choosing(words, {
      input: question.input,
      take(inner, pressed) {
        if (pressed === how.acceptKey) return save(inner, file, pending, scope);
        if (pressed !== how.rejectKey) return 'wrong';
        if (Number(inner.state.local['readings'] ?? 0) >= how.attempts) return leave(scope.exits, 'cancelled');
        const { pending: _dropped, ...local } = inner.state.local;
        inner.state.local = local;
        return ask(inner, question);
      },
      spent: (_inner, why) => leave(scope.exits, why),
    });
  };
}

function sayableOf(how: 'digits' | 'number' | 'date', keyed: string, { check }: File) {
  if (how === 'number') return { kind: 'number', value: Number(keyed) } as const;
  const date = how === 'date' ? isoDate(dateFormatOf(check) ?? 'ddmmyyyy', keyed) : null;
  return date === null ? ({ kind: 'digits', value: keyed } as const) : ({ kind: 'date', value: date } as const);
}
