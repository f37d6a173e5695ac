import type { DialTarget } from '../../call/switch.ts';
import { kind } from '../kind.ts';
import type { NodeScope } from '../scope.ts';
import { answer, become, leave } from '../walk.ts';
import { destination, duration, name } from '../words.ts';

const OUTCOMES = ['answeredEnd', 'busy', 'noAnswer', 'failed'] as const;

/** Hands the caller to a phone of the house or to an allowed number outside, and comes back when that talk is over. */
export const transfer = kind({
  type: 'transfer',
  fields: { to: destination, trunk: name.optional(), ring: duration('5s', '2m').default(30_000) },
  outcomes: OUTCOMES,
  fails: true,
  build(file, scope) {
    scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    const to = targetOf(file, scope);
    return {
      stages: ['transferring'],
      enter(walk) {
        answer(walk);
        walk.state.typed = '';
        walk.commands.push({ type: 'transfer', to, ringMs: file.ring });
        return become(walk, 'transferring');
      },
      transferred: (_walk, outcome) => leave(scope.exits, outcome),
    };
  },
});

function targetOf({ to, trunk }: { to: string; trunk?: string | undefined }, scope: NodeScope): DialTarget {
  if (!to.startsWith('+')) {
    if (trunk !== undefined) {
      scope.report('wrong-value', ['trunk'], 'A phone of the house needs no trunk.', 'Remove `trunk`.');
    }
    return { kind: 'phone', name: to };
  }
  scope.refer('number', to, ['to']);
  if (trunk === undefined) {
    scope.report('missing-field', ['to'], 'A number outside needs a trunk.', 'Add `trunk: <name>`.');
    return { kind: 'number', number: to, trunk: '' };
  }
  return { kind: 'number', number: to, trunk: scope.refer('trunk', trunk, ['trunk']) };
}
