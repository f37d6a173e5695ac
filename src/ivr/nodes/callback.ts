import { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Speech, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { lastWords, leaveSaying } from '../last-words.ts';
import { input as inputFields, speech } from '../parts.ts';
import { ask, choice, inputSettings, type Question, questioning } from '../question.ts';
import type { NodeScope } from '../scope.ts';
import { failed, keep, leave } from '../walk.ts';
import { duration, name, varName } from '../words.ts';
import { filled, requirements, type SkillTemplate, skillsOf } from './queue-request.ts';

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
  require: requirements.default([]),
  ...inputFields,
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
    const require = skillsOf(file.require, ['require'], scope);
    const taken = scope.speech(['callback.taken'], ['within']);
    const question = readBack(file, require, scope);
    const keyed = questioning(question);
    return lastWords(scope.exits, {
      ...keyed,
      stages: [...keyed.stages, 'asking'],
      enter: (walk) => (numberIn(walk, file) === null ? leave(scope.exits, 'refused') : ask(walk, question(walk))),
      answered(walk, outcome, data) {
        if (outcome === 'refused' || outcome === 'full') return leave(scope.exits, outcome);
        if (outcome !== 'taken') return failed({ error });
        noteTaken(walk, file, typeof data === 'string' ? data : '');
        return leaveSaying(walk, taken, scope.exits, 'taken');
      },
    });
  },
});

/** Says the number and asks whether it is right; who does not say yes is called by nobody. */
function readBack(file: File, require: readonly SkillTemplate[], scope: NodeScope): (walk: Walk) => Question {
  const before = scope.speech(file.prompt, ['prompt']);
  const after = scope.speech(['confirm.choice'], ['prompt']);
  const input = inputSettings(file, scope);
  const spent = () => leave(scope.exits, 'refused');
  const take: Question['take'] = (walk, pressed) => {
    if (pressed === YES) return request(walk, file, require);
    return pressed === NO ? spent() : 'wrong';
  };
  return (walk) => {
    const number: Speech = [{ sayable: { kind: 'digits', value: numberIn(walk, file) ?? '' } }];
    return choice([...before, ...number, ...after], { input, take, spent });
  };
}

/** Null when it is withheld or none that could be rung. */
function numberIn({ world, state }: Walk, { number }: File): string | null {
  const known = number === CALLER ? world.ani : state.vars[number];
  return typeof known === 'string' && /^\+?[0-9]{3,15}$/.test(known) ? known : null;
}

function request(walk: Walk, file: File, skills: readonly SkillTemplate[]): null {
  const dueBy = walk.now + file.within;
  keep(walk, { dueBy });
  const { queue, keepPlace } = file;
  const number = numberIn(walk, file) ?? '';
  const require = filled(skills, walk);
  return askWorld(walk, {
    request: { kind: 'callback', queue, number, language: walk.state.language, dueBy, keepPlace, require },
    timeoutMs: SERVICE_MS,
    filler: [],
  });
}

function noteTaken(walk: Walk, file: File, callbackId: string): void {
  const { queue, keepPlace } = file;
  const dueBy = Number(walk.state.local['dueBy'] ?? 0);
  const number = numberIn(walk, file) ?? '';
  walk.facts.push({ type: 'callback.requested', data: { callbackId, queue, number, dueBy, keepPlace } });
}
