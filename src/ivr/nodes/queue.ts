import type { QueueLeft } from '../flow.ts';
import { kind } from '../kind.ts';
import type { NodeScope } from '../scope.ts';
import { answer, become, failed, leave } from '../walk.ts';
import { type QueueFile, queueFields, requestOf } from './queue-request.ts';
import { takeNumber } from './queue-callback.ts';

const OUTCOMES = ['answeredEnd', 'timeout', 'full', 'noAgents', 'closed'] as const;

/** Waits for an agent who has the skills; goes on when the agent hung up first, or when nobody came. */
export const queue = kind({
  type: 'queue',
  fields: queueFields,
  outcomes: [...OUTCOMES, 'callbackTaken'],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, [...OUTCOMES, ...(file.offerCallback ? ['callbackTaken'] : [])]);
    scope.refer('queue', file.queue, ['queue']);
    for (const [pressed, to] of Object.entries(file.exitKeys)) scope.edge(`exit ${pressed}`, to, ['exitKeys', pressed]);
    lintRelax(file, scope);
    const request = requestOf(file, scope);
    const { stages = [], ...taking } = takeNumber(file, scope) ?? {};
    return {
      ...taking,
      stages: ['queued', ...stages],
      enter(walk) {
        const asked = request(walk);
        if (!asked) return failed({ error });
        answer(walk);
        walk.state.typed = ''; // keys meant for menus mean something else in a queue
        walk.commands.push({ type: 'queue', request: asked });
        return become(walk, 'queued');
      },
      queueLeft: (_walk, event) => (event.outcome === 'error' ? failed({ error }) : leave(scope.exits, wayOut(event))),
    };
  },
});

const wayOut = ({ outcome, key }: QueueLeft) => (outcome === 'exitKey' ? `exit ${key ?? ''}` : outcome);

function lintRelax({ relax }: QueueFile, scope: NodeScope): void {
  relax.forEach(({ after }, i) => {
    const before = relax[i - 1]?.after ?? 0;
    if (after > before) return;
    const message = 'A step must come later than the one before it.';
    scope.report('wrong-value', ['relax', i, 'after'], message, 'Put the steps in order of time.');
  });
}
