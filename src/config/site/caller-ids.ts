import { z } from 'zod';
import { type CallerIdPool, PLAIN_REST } from '../../engine/site.ts';
import { duration, e164, fault, name, shape } from '../../ivr/words.ts';
import { numberRange, share } from './words.ts';

const rest = shape({
  minDials: z.int().min(10).max(100_000).default(PLAIN_REST.minDials),
  below: share.default(PLAIN_REST.below),
  for: duration('1h', '90d').default(PLAIN_REST.restMs),
  halfLife: duration('1h', '90d').default(PLAIN_REST.halfLifeMs),
});

const number = shape({ areas: z.array(numberRange).max(1_000).default([]) });

/** `site/callerids.yaml`: pool → the numbers that its campaigns show. */
export const callerIdsFile = z.record(
  name,
  shape({
    numbers: z.record(e164, number).refine((numbers) => Object.keys(numbers).length > 0, {
      error: fault('A pool has no number.', 'Add one under `numbers`.'),
    }),
    rest: rest.prefault({}),
  }),
);

export const poolOf = ({ numbers, rest: rule }: z.output<typeof callerIdsFile>[string]): CallerIdPool => ({
  numbers: Object.entries(numbers).map(([callerId, { areas }]) => ({
    number: callerId,
    areas: areas.map((area) => area.replace('*', '')),
  })),
  rest: { minDials: rule.minDials, below: rule.below, restMs: rule.for, halfLifeMs: rule.halfLife },
});
