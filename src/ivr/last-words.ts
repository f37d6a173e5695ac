import type { Behaviour, Exit, Move, Speech, Walk } from './flow.ts';
import { speak } from './speak.ts';
import { hush, keep, leave, typeAhead } from './walk.ts';

/** Says something and then leaves by that outcome; a node that does so is made with `lastWords`. */
export function leaveSaying(walk: Walk, words: Speech, exits: readonly Exit[], outcome: string): Move | null {
  if (!speak(walk, words)) return leave(exits, outcome);
  keep(walk, { leaving: outcome });
  return null;
}

/** The outcome that is fixed already, while the last words are said. */
export const leavingBy = ({ state }: Walk): string | null => {
  const { leaving } = state.local;
  return typeof leaving === 'string' ? leaving : null;
};

/** The node, and its leaving when the last words were said or a key stops them, which is kept for the next question. */
export const lastWords = (exits: readonly Exit[], does: Behaviour): Behaviour => ({
  ...does,
  key(walk, digit) {
    const outcome = leavingBy(walk);
    if (outcome === null) return does.key?.(walk, digit) ?? null;
    typeAhead(walk, digit);
    hush(walk);
    return leave(exits, outcome);
  },
  said(walk, completed) {
    const outcome = leavingBy(walk);
    return outcome === null ? (does.said?.(walk, completed) ?? null) : leave(exits, outcome);
  },
});
