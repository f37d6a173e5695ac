import { comeBack } from '../frames.ts';
import { kind } from '../kind.ts';
import { outcomeName, settings } from '../parts.ts';
import { suggest } from '../problem.ts';
import { applySettings } from '../settings.ts';
import { failed, noteLeft } from '../walk.ts';

/** Goes back to the flow that called this one, by that outcome; in a flow that nobody called it ends the call. */
export const returnKind = kind({
  type: 'return',
  fields: { outcome: outcomeName, with: settings.default({}) },
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const given = scope.settings(file.with, ['with']);
    const { gives } = scope.flow.file;
    for (const name of Object.keys(file.with)) {
      if (gives.includes(name) || !scope.flow.vars.has(name)) continue;
      const message = `The flow does not give back \`${name}\`.`;
      scope.report('unknown-variable', ['with', name], message, `Add it to \`gives\`. ${suggest(name, gives)}`, 'key');
    }
    scope.edge(file.outcome, null, ['outcome']);
    return {
      stages: [],
      enter(walk) {
        if (!applySettings(walk, given)) return failed({ error });
        noteLeft(walk, file.outcome);
        return comeBack(walk, file.outcome);
      },
    };
  },
});
