import { z } from 'zod';
import type { Json } from '../../call/request.ts';
import { askWorld } from '../ask.ts';
import type { Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { speech as words } from '../parts.ts';
import { speak } from '../speak.ts';
import { answer, assign, failed, leave } from '../walk.ts';
import { duration, varName } from '../words.ts';

const MISSES = ['noMatch', 'noInput', 'unavailable'] as const;
/** The longest sentence that is waited for, and the thinking about it. */
const LONGEST_SPEECH_MS = 30_000;
const MOST_CHARACTERS = 500;

/** Says something and understands what the caller answers. Where nothing here understands speech, it is `unavailable`. */
export const speech = kind({
  type: 'speech',
  fields: {
    prompt: words,
    /** Words that are likely. */
    hints: z.array(z.string().trim().min(1).max(100)).max(200).default([]),
    /** Silence after the prompt until it counts as no input. */
    timeout: duration('1s', '30s').default(6_000),
    save: varName,
  },
  outcomes: ['ok', ...MISSES],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, ['ok', ...MISSES]);
    scope.write(file.save, ['save'], ['string'], 'ok');
    const prompt = scope.speech(file.prompt, ['prompt']);
    const listen = (walk: Walk) => {
      answer(walk);
      const { world, state } = walk;
      const asked = { legId: world.legId, language: state.language, hints: file.hints, timeoutMs: file.timeout };
      const timeoutMs = file.timeout + LONGEST_SPEECH_MS;
      return askWorld(walk, { request: { kind: 'speech', ...asked }, timeoutMs, filler: null });
    };
    return {
      stages: ['speaking', 'asking'],
      enter: (walk) => (speak(walk, prompt) ? null : listen(walk)),
      said: listen,
      answered(walk, outcome, data) {
        walk.state.typed = ''; // keys are no answer here, and were meant for nothing that follows
        if (outcome === 'timeout') return leave(scope.exits, 'unavailable');
        if (MISSES.some((miss) => miss === outcome)) return leave(scope.exits, outcome);
        const text = outcome === 'ok' ? textOf(data) : null;
        if (text === null) return failed({ error });
        assign(walk, { [file.save]: text });
        return leave(scope.exits, 'ok');
      },
    };
  },
});

const textOf = (data: Json): string | null =>
  typeof data === 'string' && data.trim() !== '' ? data.trim().slice(0, MOST_CHARACTERS) : null;
