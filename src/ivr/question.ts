import type { Behaviour, InputSettings, Move, Speech, Walk } from './flow.ts';
import type { InputFile, SpeechesFile } from './parts.ts';
import type { Path } from './problem.ts';
import type { NodeScope } from './scope.ts';
import { speak } from './speak.ts';
import { answer, arm, become, disarm, hush, isLateEnd, noteInput, silent } from './walk.ts';

/**
 * Asking for keys: the part that menus, digit collection, PINs, confirmations and surveys share.
 *
 *     speaking ──said──▶ listening ──key──▶ keying ──complete──▶ take
 *        ▲  └────────────key (barge-in)──────▲ │                  │
 *        └──────── again: no input, wrong ─────┴──────────────────┘
 */
export interface Question {
  readonly first: Speech;
  readonly again: Speech;
  /** Said before `again` after a wrong answer. */
  readonly invalid: Speech;
  readonly input: InputSettings;
  /** Does this key end the input? What it adds to the digits is the question's business. */
  key(digits: string, key: string): { readonly digits: string; readonly done: boolean };
  /** Key that ends the input, if callers are told of one. */
  readonly end?: string;
  /** What facts may say of the digits: as they are, as many `x`, or nothing. */
  readonly shown: 'plain' | 'masked' | 'hidden';
  /** What the digits mean: a move, `wrong` to be asked again, or null when something else has begun. */
  take(walk: Walk, digits: string): Move | 'wrong' | null;
  /** Retries are used up. */
  spent(walk: Walk, why: 'noInput' | 'invalid'): Move | null;
}

/** So long after the last digit that fits, an end key still belongs to it. */
const LATE_END_MS = 3_000;

/** Begins to ask; keys that were pressed ahead count as the answer. */
export function ask(walk: Walk, question: Question): Move | null {
  walk.state.digits = '';
  walk.state.tries = { noInput: 0, invalid: 0 };
  if (!question.input.bargeIn) walk.state.typed = ''; // the whole prompt is to be heard first
  if (walk.state.typed !== '') return takeTyped(walk, question);
  return putIt(walk, question, question.first);
}

/** What it is when one key is the whole answer. */
export const oneKey: Question['key'] = (_digits, key) => ({ digits: key, done: true });

/** Yes or no, by one key, to words that are said in the same way each time. */
export const choice = (words: Speech, rest: Pick<Question, 'input' | 'take' | 'spent'>): Question => ({
  first: words,
  again: words,
  invalid: [],
  shown: 'plain',
  key: oneKey,
  ...rest,
});

/** Says the question once more from its beginning. */
export const askAgain = (walk: Walk, question: Question): Move | null => putIt(walk, question, question.first);

/** Says what was wrong and asks once more; keys after a wrong answer were meant for a place that the caller is not in. */
export function askAfterWrong(walk: Walk, question: Question): Move | null {
  walk.state.typed = '';
  return putIt(walk, question, [...question.invalid, ...question.again]);
}

/** The handlers of a node that asks; `of` says which question is open now. */
export const questioning = (of: (walk: Walk) => Question): Pick<Behaviour, 'stages' | 'key' | 'said' | 'timer'> => ({
  stages: ['speaking', 'listening', 'keying'],
  key: (walk, digit) => takeKey(walk, of(walk), digit),
  said: (walk) => listen(walk, of(walk)),
  timer: (walk, name) => (name === 'noInput' ? silence(walk, of(walk)) : keyingOver(walk, of(walk))),
});

function putIt(walk: Walk, question: Question, speech: Speech): Move | null {
  walk.state.digits = '';
  return speak(walk, speech) ? null : listen(walk, question);
}

/** The prompt was said, or could not be: from now on silence counts. */
function listen(walk: Walk, { input }: Question): Move | null {
  answer(walk);
  silent(walk);
  arm(walk, 'noInput', walk.now + input.timeoutMs);
  return become(walk, 'listening');
}

function takeKey(walk: Walk, question: Question, key: string): Move | null {
  const { state } = walk;
  if (state.stage === 'speaking' && !question.input.bargeIn) return null;
  hush(walk);
  disarm(walk);
  answer(walk);
  const { digits, done } = question.key(state.digits, key);
  state.digits = digits;
  if (done) {
    if (question.end !== undefined && key !== question.end) {
      state.lateEnd = { key: question.end, until: walk.now + LATE_END_MS };
    }
    return complete(walk, question);
  }
  arm(walk, 'interDigit', walk.now + question.input.interDigitMs);
  return become(walk, 'keying');
}

function takeTyped(walk: Walk, question: Question): Move | null {
  const { state } = walk;
  let move: Move | null = null;
  const asked = state.made;
  // Stops also when an answer began to speak again: what was typed then belongs to that question, or was dropped.
  while (move === null && state.typed !== '' && state.made === asked) {
    const key = state.typed.charAt(0);
    state.typed = state.typed.slice(1);
    if (!isLateEnd(walk, key)) move = takeKey(walk, question, key);
  }
  return move;
}

/** Nothing more was keyed: what there is counts. */
function keyingOver(walk: Walk, question: Question): Move | null {
  disarm(walk);
  return complete(walk, question);
}

function complete(walk: Walk, question: Question): Move | null {
  const { digits } = walk.state;
  walk.state.digits = ''; // what is sensitive stands in the snapshot no longer than it must
  noteInput(walk, { plain: digits, masked: 'x'.repeat(digits.length), hidden: '' }[question.shown]);
  const taken = question.take(walk, digits);
  if (taken !== 'wrong') return taken;
  return retry(walk, question, 'invalid', askAfterWrong);
}

/** Nothing was keyed at all. */
function silence(walk: Walk, question: Question): Move | null {
  disarm(walk);
  return retry(walk, question, 'noInput', (inner) => putIt(inner, question, question.again));
}

function retry(walk: Walk, question: Question, why: 'noInput' | 'invalid', again: typeof askAgain): Move | null {
  const tries = { ...walk.state.tries, [why]: walk.state.tries[why] + 1 };
  walk.state.tries = tries;
  if (tries[why] > question.input.retries[why]) return question.spent(walk, why);
  return again(walk, question);
}

/** What a telephone menu does when neither node nor `defaults` say otherwise. */
const INPUT: InputSettings = {
  timeoutMs: 6_000,
  interDigitMs: 2_000,
  retries: { noInput: 2, invalid: 2 },
  bargeIn: true,
};

export function inputSettings(node: InputFile, { flow }: NodeScope): InputSettings {
  const common = flow.file.defaults.menu;
  return {
    timeoutMs: node.timeout ?? common.timeout ?? INPUT.timeoutMs,
    interDigitMs: node.interDigit ?? common.interDigit ?? INPUT.interDigitMs,
    retries: {
      noInput: node.retries?.noInput ?? common.retries?.noInput ?? INPUT.retries.noInput,
      invalid: node.retries?.invalid ?? common.retries?.invalid ?? INPUT.retries.invalid,
    },
    bargeIn: node.bargeIn ?? common.bargeIn ?? INPUT.bargeIn,
  };
}

/** The three speeches of a question as the node has them. */
export const prompts = (file: SpeechesFile, scope: NodeScope, path: Path = ['prompt']) => ({
  first: scope.speech(file.first, [...path, 'first']),
  again: file.again === file.first ? scope.speech(file.first, path) : scope.speech(file.again, [...path, 'again']),
  invalid: scope.speech(file.invalid, [...path, 'invalid']),
});

/** Keys that make up one number of digits: so many at most, or fewer and the end key. */
export const digitKeys =
  ({ max, end }: { readonly max: number; readonly end: string }): Question['key'] =>
  (digits, key) => {
    if (key === end) return { digits, done: true };
    return { digits: digits + key, done: digits.length + 1 >= max };
  };
