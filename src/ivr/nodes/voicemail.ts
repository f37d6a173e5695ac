import type { z } from 'zod';
import { askWorld, SERVICE_MS } from '../ask.ts';
import type { Recorded, Speech, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { lastWords, leaveSaying } from '../last-words.ts';
import { speech } from '../parts.ts';
import type { NodeScope } from '../scope.ts';
import { speak } from '../speak.ts';
import { failed, keep, leave } from '../walk.ts';
import { duration, fault, name } from '../words.ts';
import { beginRecording, heardIn, madeHere, recordingFields, recordingKey } from './recording.ts';

const HOUR_MS = 3_600_000;
const OUTCOMES = ['done', 'empty', 'full'] as const;

const fields = {
  box: name,
  greeting: speech.default(['voicemail.greeting']),
  /** Said to the caller, and alerted of when it is missed. */
  promiseReplyWithin: duration('1h', '30d')
    .refine((ms) => ms % HOUR_MS === 0, { error: fault('A promise is made in whole hours.', 'Write it like `4h`.') })
    .optional(),
  ...recordingFields,
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Takes a message for a box. A full box is told of before the caller speaks in vain. */
export const voicemail = kind({
  type: 'voicemail',
  fields,
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    scope.refer('box', file.box, ['box']);
    const greeting = greetingOf(file, scope);
    const full = scope.speech(['voicemail.full'], ['box']);
    const thanks = scope.speech(['voicemail.thanks'], ['box']);
    return lastWords(scope.exits, {
      stages: ['asking', 'speaking', 'recording'],
      enter: (walk) =>
        askWorld(walk, { request: { kind: 'voicemail-room', box: file.box }, timeoutMs: SERVICE_MS, filler: [] }),
      key(walk, digit) {
        if (walk.state.stage === 'recording') return recordingKey(walk, file.end, digit);
        return beginRecording(walk, file);
      },
      said: (walk) => beginRecording(walk, file),
      recorded(walk, event) {
        const heard = heardIn(event);
        if (heard === 'done') return deposit(walk, file, event);
        return heard === 'empty' ? leave(scope.exits, 'empty') : failed({ error });
      },
      answered(walk, outcome) {
        if (outcome === 'full') return leaveSaying(walk, full, scope.exits, 'full');
        if (outcome !== 'ok') return failed({ error });
        if (!madeHere(walk)) return speak(walk, greeting) ? null : beginRecording(walk, file);
        noteLeftMessage(walk, file.box);
        return leaveSaying(walk, thanks, scope.exits, 'done');
      },
    });
  },
});

/** The greeting, and when the caller may expect an answer. */
function greetingOf({ greeting, promiseReplyWithin }: File, scope: NodeScope): Speech {
  const words = scope.speech(greeting, ['greeting']);
  if (promiseReplyWithin === undefined) return words;
  const promise = scope.speech(['voicemail.promise'], ['promiseReplyWithin']);
  return [...promise, { sayable: { kind: 'hours', value: promiseReplyWithin / HOUR_MS } }, ...words];
}

function deposit(walk: Walk, { box, promiseReplyWithin }: File, event: Recorded): null {
  const { recordingId } = event;
  const durationMs = Math.round(event.durationMs);
  const replyBy = promiseReplyWithin === undefined ? null : walk.now + promiseReplyWithin;
  keep(walk, { recordingId, durationMs, ...(replyBy !== null && { replyBy }) });
  const { language } = walk.state;
  return askWorld(walk, {
    request: { kind: 'voicemail', box, recordingId, durationMs, language, replyBy },
    timeoutMs: SERVICE_MS,
    filler: [],
  });
}

function noteLeftMessage(walk: Walk, box: string): void {
  const { recordingId = '', durationMs = 0 } = madeHere(walk) ?? {};
  const { replyBy } = walk.state.local;
  walk.facts.push({
    type: 'voicemail.left',
    data: { box, messageId: recordingId, durationMs, replyBy: typeof replyBy === 'number' ? replyBy : null },
  });
}
