import { z } from 'zod';
import { enter } from '../enter.ts';
import type { Value } from '../expression.ts';
import type { Walk } from '../flow.ts';
import { callFlow } from '../frames.ts';
import { kind } from '../kind.ts';
import { ownOutcomes, settings } from '../parts.ts';
import { type Settings, VAR_TYPES } from '../scope.ts';
import { assignAll, settingOf } from '../settings.ts';
import { failed, leave } from '../walk.ts';
import { name, varName } from '../words.ts';

/**
 * Calls another flow and goes on by the outcome that it returns; `error` when it failed, is not there, or too many flows
 * stand open. A called flow that comes to its end without `return` returns `done`; its `hangup` ends the call.
 */
export const flowKind = kind({
  type: 'flow',
  fields: {
    flow: name,
    with: settings.default({}),
    save: z.record(varName, varName).default({}),
    outcomes: ownOutcomes,
  },
  outcomes: [],
  fails: true,
  build(file, scope) {
    const error = scope.failure(file.outcomes);
    const outcomes = Object.keys(file.outcomes).filter((outcome) => outcome !== 'error');
    scope.outcomes(file.outcomes, outcomes);
    scope.refer('flow', file.flow, ['flow']);
    // Of which types its arguments are is known to the other flow: the site's lint compares them.
    const given = Object.fromEntries(
      Object.entries(file.with).map(([param, value]) => [param, scope.setting(value, undefined, ['with', param])]),
    );
    const saves = Object.entries(file.save);
    for (const [mine] of saves) for (const outcome of outcomes) scope.write(mine, ['save', mine], VAR_TYPES, outcome);
    return {
      stages: [],
      enter(walk) {
        const args = argumentsOf(walk, given);
        const start = args && callFlow(walk, file.flow, args);
        return start === null ? failed({ error }) : enter(walk, start);
      },
      returned(walk, outcome, results) {
        if (!outcomes.includes(outcome)) return failed({ error });
        const kept = saves.map(([mine, theirs]) => [mine, results[theirs]] as const);
        return assignAll(walk, kept) ? leave(scope.exits, outcome) : failed({ error });
      },
    };
  },
});

function argumentsOf(walk: Walk, given: Settings): Readonly<Record<string, Value>> | null {
  const values = Object.entries(given).map(([param, setting]) => [param, settingOf(walk, setting)] as const);
  const told = values.flatMap(([param, value]) => (value === null ? [] : [[param, value] as const]));
  return told.length < values.length ? null : Object.fromEntries(told);
}
