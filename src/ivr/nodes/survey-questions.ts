import { z } from 'zod';
import { speeches } from '../parts.ts';
import type { Question } from '../question.ts';
import { duration, fault, name, shape } from '../words.ts';

export const END = '#';

/** How a question of a survey is written: a scale, yes or no, or some words of the caller's own. */
export const surveyQuestion = shape({
  id: name,
  scale: z.enum(['1-5', '1-7', '0-10']).optional(),
  yesNo: z.literal(true).optional(),
  /** The longest answer. */
  voice: duration('5s', '5m').optional(),
  prompt: speeches,
}).refine(({ scale, yesNo, voice }) => [scale, yesNo, voice].filter((kind) => kind !== undefined).length === 1, {
  error: fault('A question has one kind of answer.', 'Give it `scale: 1-5`, `yesNo: true` or `voice: 30s`.'),
});
export type SurveyQuestion = z.output<typeof surveyQuestion>;

/** What each answer that can be keyed means; none for an answer in words. */
export function answersTo({ scale, yesNo }: SurveyQuestion): ReadonlyMap<string, number | boolean> {
  if (yesNo) {
    return new Map([
      ['1', true],
      ['2', false],
    ]);
  }
  const [from = 0, to = -1] = (scale ?? '').split('-', 2).filter(Boolean).map(Number);
  return new Map(Array.from({ length: to - from + 1 }, (_, i) => [String(from + i), from + i]));
}

/** Ends with the first key that no longer answer begins with, or with `#`: only who means 1 of 0–10 has to wait. */
export const scaleKeys =
  (answers: ReadonlyMap<string, unknown>): Question['key'] =>
  (digits, key) => {
    if (key === END) return { digits, done: true };
    const pressed = digits + key;
    const longer = [...answers.keys()].some((answer) => answer.length > pressed.length && answer.startsWith(pressed));
    return { digits: pressed, done: !longer };
  };
