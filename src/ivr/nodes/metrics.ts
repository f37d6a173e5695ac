import type { Json } from '../../call/request.ts';
import { askWorld } from '../ask.ts';
import { keepOf } from '../exchange.ts';
import { kind } from '../kind.ts';
import { failed, leave } from '../walk.ts';
import { name, shape, varName } from '../words.ts';

/** The engine knows its queues; when it has to think for so long, it does not. */
const PATIENCE_MS = 2_000;

const FACTS = ['wait', 'waiting', 'ready'] as const;
const MEMBER = { wait: 'waitSeconds', waiting: 'waiting', ready: 'ready' } as const;

/** Asks how a queue stands: estimated wait in whole seconds, callers waiting, agents ready. */
export const metrics = kind({
  type: 'metrics',
  fields: {
    queue: name,
    save: shape({ wait: varName.optional(), waiting: varName.optional(), ready: varName.optional() }),
  },
  outcomes: ['ok', 'unavailable'],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, ['ok', 'unavailable']);
    const queue = scope.refer('queue', file.queue, ['queue']);
    const wanted = FACTS.flatMap((fact) => {
      const variable = file.save[fact];
      if (variable === undefined) return [];
      scope.write(variable, ['save', fact], ['int'], 'ok');
      return [{ name: variable, path: [MEMBER[fact]] }];
    });
    return {
      stages: ['asking'],
      enter: (walk) => askWorld(walk, { request: { kind: 'metrics', queue }, timeoutMs: PATIENCE_MS, filler: [] }),
      answered(walk, outcome, data) {
        if (outcome !== 'ok') return leave(scope.exits, 'unavailable');
        return keepOf(walk, wanted, whole(data)) ? leave(scope.exits, 'ok') : failed({ error });
      },
    };
  },
});

/** Estimates come with fractions; nobody is told that he waits 12.4 seconds. */
function whole(data: Json): Json {
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, typeof value === 'number' ? Math.ceil(value) : value]),
  );
}
