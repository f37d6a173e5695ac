import { z } from 'zod';
import { DNC_SCOPES } from '../../call/request.ts';
import { askWorld, SERVICE_MS } from '../ask.ts';
import { kind } from '../kind.ts';
import { failed, leave } from '../walk.ts';

const OUTCOMES = ['ok', 'noNumber'] as const;

/** The person on the line is not to be called any more. A hang-up comes after it: who asked is not called, whenever he hangs up. */
export const dnc = kind({
  type: 'dnc',
  fields: { scope: z.enum(DNC_SCOPES).default('all') },
  outcomes: OUTCOMES,
  fails: true,
  build({ scope: whose, ...file }, scope) {
    const error = scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, OUTCOMES);
    return {
      stages: ['asking'],
      enter(walk) {
        if (walk.world.ani === null) return leave(scope.exits, 'noNumber');
        return askWorld(walk, { request: { kind: 'dnc', scope: whose }, timeoutMs: SERVICE_MS, filler: [] });
      },
      answered(_walk, outcome) {
        const told = OUTCOMES.find((each) => each === outcome);
        return told === undefined ? failed({ error }) : leave(scope.exits, told);
      },
    };
  },
});
