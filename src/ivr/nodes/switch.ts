import { z } from 'zod';
import { kind } from '../kind.ts';
import { settings } from '../parts.ts';
import { applySettings } from '../settings.ts';
import { callFacts, failed } from '../walk.ts';
import { name, shape } from '../words.ts';

/** Goes the way of the first condition that holds. */
export const switchKind = kind({
  type: 'switch',
  fields: {
    cases: z
      .array(shape({ when: z.string(), set: settings.default({}), go: name }))
      .min(1)
      .max(100),
    else: name,
  },
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const cases = file.cases.map(({ when, set, go }, i) => ({
      when: scope.condition(when, ['cases', i, 'when']),
      set: scope.settings(set, ['cases', i, 'set'], `case ${i + 1}`),
      go: scope.edge(`case ${i + 1}`, go, ['cases', i, 'go']),
    }));
    const otherwise = { outcome: 'else', to: scope.edge('else', file.else, ['else']) };
    return {
      stages: [],
      enter(walk) {
        for (const [index, { when, set, go }] of cases.entries()) {
          const holds = when.of(callFacts(walk), walk.state.vars);
          if (holds === null) return failed({ error });
          if (!holds) continue;
          return applySettings(walk, set) ? { outcome: `case ${index + 1}`, to: go } : failed({ error });
        }
        return otherwise;
      },
    };
  },
});
