import { kind } from '../kind.ts';
import { settings } from '../parts.ts';
import { applySettings } from '../settings.ts';
import { failed } from '../walk.ts';
import { name } from '../words.ts';

/** Sets variables, all of them or none. */
export const set = kind({
  type: 'set',
  fields: { set: settings, next: name.optional() },
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const values = scope.settings(file.set, ['set']);
    const done = { outcome: 'done', to: scope.edge('done', file.next ?? null, ['next']) };
    return { stages: [], enter: (walk) => (applySettings(walk, values) ? done : failed({ error })) };
  },
});
