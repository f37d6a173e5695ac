import { z } from 'zod';
import { askWorld } from '../ask.ts';
import { keepOf, payload, payloadOf, saves, savesOf } from '../exchange.ts';
import { kind } from '../kind.ts';
import { filler, outcomeName, ownOutcomes } from '../parts.ts';
import { suggest } from '../problem.ts';
import type { NodeScope } from '../scope.ts';
import { failed, leave } from '../walk.ts';
import { duration, name } from '../words.ts';

const fields = {
  question: name,
  data: payload.default({}),
  timeout: duration('1s', '30m'),
  filler,
  save: saves.default({}),
  answers: z.array(outcomeName).min(1).max(20).default(['answered']),
  outcomes: ownOutcomes,
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Lets the workflow layer decide: a question goes out as an event, and one of the listed answers is waited for. */
export const ask = kind({
  type: 'ask',
  fields,
  outcomes: ['answered', 'timeout'],
  fails: true,
  build(file, scope) {
    const { question, answers, timeout } = file;
    const error = scope.failure(file.outcomes);
    lintAnswers(file, scope);
    scope.outcomes(file.outcomes, [...answers, 'timeout']);
    const dataIn = payloadOf(file.data, ['data'], scope);
    const kept = savesOf(file.save, answers, scope);
    const words = scope.speech(file.filler, ['filler']);
    return {
      stages: ['asking'],
      enter(walk) {
        const data = dataIn(walk);
        const deadline = walk.now + timeout;
        askWorld(walk, { request: { kind: 'ask', question, data, deadline }, timeoutMs: timeout, filler: words });
        const askId = walk.state.requestId ?? '';
        const asked = { flow: walk.flow.id, node: scope.id, askId, question, data, deadlineAt: deadline };
        walk.facts.push({ type: 'flow.asked', data: asked });
        return null;
      },
      answered(walk, outcome, data) {
        if (outcome === 'timeout') return leave(scope.exits, outcome);
        return answers.includes(outcome) && keepOf(walk, kept, data) ? leave(scope.exits, outcome) : failed({ error });
      },
    };
  },
});

function lintAnswers({ answers, outcomes }: File, scope: NodeScope): void {
  answers.forEach((answer, i) => {
    if (answer === 'timeout' || answer === 'error') {
      const message = `\`${answer}\` is what happens without an answer.`;
      scope.report('reserved-name', ['answers', i], message, 'Name the answer otherwise.');
    } else if (answers.indexOf(answer) < i) {
      scope.report('wrong-value', ['answers', i], `\`${answer}\` is listed twice.`, 'Remove one.');
    }
  });
  const known = [...answers, 'timeout', 'error'];
  for (const outcome of Object.keys(outcomes)) {
    if (known.includes(outcome)) continue;
    const message = `\`${outcome}\` is none of the answers.`;
    scope.report('unknown-field', ['outcomes', outcome], message, suggest(outcome, known), 'key');
  }
}
