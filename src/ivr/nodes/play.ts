import { z } from 'zod';
import { kind } from '../kind.ts';
import { speech } from '../parts.ts';
import { speak } from '../speak.ts';
import { failed, hush, typeAhead } from '../walk.ts';
import { name } from '../words.ts';

/** Says something and goes on. A key stops it and is kept for the next question. */
export const play = kind({
  type: 'play',
  fields: { prompt: speech, bargeIn: z.boolean().default(true), next: name.optional() },
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const words = scope.speech(file.prompt, ['prompt']);
    const next = scope.edge('done', file.next ?? null, ['next']);
    const done = { outcome: 'done', to: next };
    return {
      stages: ['speaking'],
      enter: (walk) => (speak(walk, words) ? null : done),
      key(walk, digit) {
        if (!file.bargeIn) return null;
        typeAhead(walk, digit);
        hush(walk);
        return { outcome: 'skipped', to: next };
      },
      // An announcement that could not be played loses no call.
      said: (_walk, completed) => (completed || error === null ? done : failed({ error })),
    };
  },
});
