import { payload, payloadOf } from '../exchange.ts';
import { kind } from '../kind.ts';
import { name } from '../words.ts';

/** Tells the workflow layer that something happened, and goes on at once. */
export const emit = kind({
  type: 'emit',
  fields: { event: name, data: payload.default({}), next: name.optional() },
  outcomes: [],
  fails: false,
  build({ event, ...file }, scope) {
    const dataIn = payloadOf(file.data, ['data'], scope);
    const done = { outcome: 'done', to: scope.edge('done', file.next ?? null, ['next']) };
    return {
      stages: [],
      enter(walk) {
        const data = { flow: walk.flow.id, node: scope.id, event, data: dataIn(walk) };
        walk.facts.push({ type: 'flow.emitted', data });
        return done;
      },
    };
  },
});
