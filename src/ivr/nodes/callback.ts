import { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Speech, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { lastWords, leaveSaying } from '../last-words.ts';
import { input, speech } from '../parts.ts';
import { ask, inputSettings, oneKey, type Question, questioning } from '../question.ts';
import { failed, keep, leave } from '../walk.ts';
import { duration, name, varName } from '../words.ts';

const OUTCOMES = ['taken', 'refused', 'full'] as const;
/** The caller's own number instead of a variable. */
const CALLER = 'caller';
const [YES, NO] = ['1', '2'];

const fields = {
  queue: name,
  number: varName.default(CALLER),
  prompt: speech.default(['callback.number']),
  within: duration('15m', '7d').default(4 * 3_600_000),
  keepPlace: z.boolean().default(false),
  ...input,
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Reads a number back and, when the caller says that it is right, promises to call there. */
export const callback = kind({
  type: 'callback',
  fields,
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    scope.refer('queue', file.queue, ['queue']);
    if (file.number !== CALLER) scope.read(file.number, ['number'], ['string']);
    const before = scope.speech(file.prompt, ['prompt']);
    const choice = scope.speech(['confirm.choice'], ['prompt']);
    const taken = scope.speech(['callback.taken'], ['within']);
    const settings = inputSettings(file, scope);
    const refused = () => leave(scope.exits, 'refused');
    const question = (walk: Walk): Question => {
      const words: Speech = [...before, { sayable: { kind: 'digits', value: numberIn(walk, file) ?? '' } }, ...choice];
      return {
        ...{ first: words, again: words, invalid: [] },
        input: settings,
        shown: 'plain',
        key: oneKey,
        take: (inner, pressed) => (pressed === YES ? request(inner, file) : pressed === NO ? refused() : 'wrong'),
        spent: refused,
      };
    };
    const keyed = questioning(question);
    return lastWords(scope.exits, {
      ...keyed,
      stages: [...keyed.stages, 'asking'],
      enter: (walk) => (numberIn(walk, file) === null ? refused() : ask(walk, question(walk))),
      answered(walk, outcome) {
        if (outcome === 'refused' || outcome === 'full') return leave(scope.exits, outcome);
        if (outcome !== 'taken') return failed({ error });
        noteTaken(walk, file);
        return leaveSaying(walk, taken, scope.exits, 'taken');
      },
    });
  },
});

/** Null when it is withheld or none that could be rung. */
function numberIn({ world, state }: Walk, { number }: File): string | null {
  const known = number === CALLER ? world.ani : state.vars[number];
  return typeof known === 'string' && /^\+?[0-9]{3,15}$/.test(known) ? known : null;
}

function request(walk: Walk, file: File): null {
  const dueBy = walk.now + file.within;
  keep(walk, { dueBy });
  const { queue, keepPlace } = file;
  const number = numberIn(walk, file) ?? '';
  return askWorld(walk, {
    request: { kind: 'callback', queue, number, language: walk.state.language, dueBy, keepPlace },
    timeoutMs: SERVICE_MS,
    filler: [],
  });
}

function noteTaken(walk: Walk, file: File): void {
  const { queue, keepPlace } = file;
  const data = { queue, number: numberIn(walk, file) ?? '', dueBy: Number(walk.state.local['dueBy'] ?? 0), keepPlace };
  walk.facts.push({ type: 'callback.requested', data });
}
