import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import type { NodeScope } from '../scope.ts';
import { name, shape } from '../words.ts';

const fields = {
  shares: z
    .array(shape({ percent: z.int().min(0).max(100), go: name }))
    .min(1)
    .max(20),
  else: name.optional(),
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Parts the calls by percent. A call always goes the same way, and two splits choose apart from one another. */
export const split = kind({
  type: 'split',
  fields,
  outcomes: [],
  fails: false,
  build(file, scope) {
    const given = lintShares(file, scope);
    const shares = file.shares.map(({ percent, go }, i) => {
      const outcome = `share ${i + 1}`;
      return { percent, move: { outcome, to: scope.edge(outcome, go, ['shares', i, 'go']) } };
    });
    const otherwise = { outcome: 'else', to: file.else ?? null };
    if (given < 100) scope.edge('else', otherwise.to, ['else']);
    return {
      stages: [],
      enter(walk) {
        let left = lotOf(walk, scope.id);
        return shares.find(({ percent }) => (left -= percent) < 0)?.move ?? otherwise;
      },
    };
  },
});

function lintShares(file: File, scope: NodeScope): number {
  const given = file.shares.reduce((sum, { percent }) => sum + percent, 0);
  if (given > 100) {
    const message = `The shares make ${given} percent.`;
    scope.report('out-of-range', ['shares'], message, 'Let them make at most 100.', 'key');
  } else if (given < 100 && file.else === undefined) {
    const message = `The shares make ${given} percent, and the other calls have no way to go.`;
    scope.report('missing-field', ['shares'], message, 'Add `else: <node>`.', 'key');
  } else if (given === 100 && file.else !== undefined) {
    scope.report('wrong-value', ['else'], 'The shares make 100 percent, so no call goes this way.', 'Remove `else`.');
  }
  return given;
}

/** From 0 to below 100, spread evenly over calls. */
function lotOf({ world, flow }: Walk, node: string): number {
  const hash = createHash('sha256').update(`${world.callId} ${flow.id} ${node}`).digest();
  return (hash.readUInt32BE(0) / 2 ** 32) * 100;
}
