import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Behaviour, Exit, Move, Speech, Walk } from '../flow.ts';
import { lastWords, leaveSaying } from '../last-words.ts';
import { ask, digitKeys, inputSettings, oneKey, type Question, questioning } from '../question.ts';
import type { NodeScope } from '../scope.ts';
import { speak } from '../speak.ts';
import { become, disarm, hush, keep } from '../walk.ts';
import type { QueueFile } from './queue-request.ts';

const [YES, OTHER, BACK, END] = ['1', '2', '*', '#'];
const LONGEST_NUMBER = 15;

interface Dialog {
  readonly file: QueueFile;
  readonly within: number;
  readonly exits: readonly Exit[];
  readonly confirm: (walk: Walk) => Question;
  readonly other: Question;
  readonly taken: Speech;
  readonly refused: Speech;
  readonly none: Speech;
}

/**
 * What the offer of a callback leads to: the caller's number is read back and confirmed, or another one keyed, and then he is
 * called back. Whatever else he does leads back to the place that he never lost. Null for a queue that offers none.
 */
export function takeNumber(file: QueueFile, scope: NodeScope): Behaviour | null {
  const { offerCallback } = file;
  if (!offerCallback) return null;
  const { within } = offerCallback;
  const at = ['offerCallback'];
  const words = (...prompts: readonly string[]) => scope.speech([...prompts], at);
  words(offerCallback.prompt);
  const settings = inputSettings({}, scope);
  const before = words('callback.number');
  const after = words('callback.choice');
  const numberIn = (walk: Walk): Speech => [{ sayable: { kind: 'digits', value: numberOf(walk) } }];
  const dialog: Dialog = {
    file,
    within,
    exits: scope.exits,
    confirm: (walk) => {
      const speech = [...before, ...numberIn(walk), ...after];
      const take: Question['take'] = (inner, key) => confirmed(inner, key, dialog);
      const spent: Question['spent'] = (inner) => goBack(inner);
      return { first: speech, again: speech, invalid: [], input: settings, key: oneKey, shown: 'plain', take, spent };
    },
    other: otherNumber(words('callback.ask'), words('input.wrong'), settings, () => dialog),
    taken: words('callback.taken'),
    refused: words('callback.refused'),
    none: words('callback.none'),
  };
  return lastWords(scope.exits, behaviour(dialog));
}

function otherNumber(first: Speech, invalid: Speech, input: Question['input'], dialog: () => Dialog): Question {
  const keys = digitKeys({ max: LONGEST_NUMBER, end: END });
  return {
    first,
    again: first,
    invalid,
    input,
    end: END,
    shown: 'masked',
    key: (digits, key) => (key === BACK ? { digits: BACK, done: true } : keys(digits, key)),
    take(walk, digits) {
      if (digits.endsWith(BACK)) return goBack(walk);
      if (!/^[0-9]{3,15}$/.test(digits)) return 'wrong';
      keep(walk, { number: digits, asks: 'confirm' });
      return ask(walk, dialog().confirm(walk));
    },
    spent: (walk) => goBack(walk),
  };
}

function behaviour(dialog: Dialog): Behaviour {
  const { confirm, other, exits, taken, refused, none } = dialog;
  const keyed = questioning((walk) => (walk.state.local['asks'] === 'confirm' ? confirm(walk) : other));
  return {
    ...keyed,
    stages: [...keyed.stages, 'asking'],
    enter: () => null,
    callbackWanted(walk) {
      const { ani } = walk.world;
      const known = ani !== null && /^\+?[0-9]{3,15}$/.test(ani);
      keep(walk, { number: known ? ani : '', asks: known ? 'confirm' : 'other', refused: false });
      return ask(walk, known ? confirm(walk) : other);
    },
    said: (walk, completed) => (isLeaving(walk) ? goBack(walk) : (keyed.said?.(walk, completed) ?? null)),
    key: (walk, digit) => (isLeaving(walk) ? goBack(walk) : (keyed.key?.(walk, digit) ?? null)),
    answered(walk, outcome, data) {
      if (outcome === 'taken') {
        noteTaken(walk, dialog, typeof data === 'string' ? data : '');
        return leaveSaying(walk, taken, exits, 'callbackTaken');
      }
      if (outcome !== 'refused' || walk.state.local['refused'] === true) return goBackSaying(walk, none);
      keep(walk, { asks: 'other', refused: true });
      return ask(walk, { ...other, first: [...refused, ...other.first] });
    },
  };
}

const numberOf = ({ state }: Walk): string => String(state.local['number'] ?? '');

function confirmed(walk: Walk, key: string, { file, within, other }: Dialog): Move | 'wrong' | null {
  if (key === BACK) return goBack(walk);
  if (key === OTHER) {
    keep(walk, { asks: 'other' });
    return ask(walk, other);
  }
  if (key !== YES) return 'wrong';
  const dueBy = walk.now + within;
  keep(walk, { dueBy });
  const keepPlace = file.offerCallback?.keepPlace ?? true;
  const { language } = walk.state;
  return askWorld(walk, {
    request: { kind: 'callback', queue: file.queue, number: numberOf(walk), language, dueBy, keepPlace, require: [] },
    timeoutMs: SERVICE_MS,
    filler: [],
  });
}

function noteTaken(walk: Walk, { file }: Dialog, callbackId: string): void {
  const dueBy = Number(walk.state.local['dueBy'] ?? 0);
  const keepPlace = file.offerCallback?.keepPlace ?? true;
  const data = { callbackId, queue: file.queue, number: numberOf(walk), dueBy, keepPlace };
  walk.facts.push({ type: 'callback.requested', data });
}

const isLeaving = ({ state }: Walk): boolean => state.local['goesBack'] === true;

function goBackSaying(walk: Walk, words: Speech): Move | null {
  if (!speak(walk, words)) return goBack(walk);
  keep(walk, { goesBack: true });
  return null;
}

/** He waits on, where he was. */
function goBack(walk: Walk): null {
  hush(walk);
  disarm(walk);
  walk.state.local = {};
  walk.commands.push({ type: 'queue.back' });
  return become(walk, 'queued');
}
