import { z } from 'zod';
import { PLAIN_CARE, type TrunkProfile } from '../../engine/site.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { destination, duration, e164, endpoint, name, shape } from '../../ivr/words.ts';
import type { Parts } from './kinds.ts';
import { numberRange } from './words.ts';

/** `site/trunks.yaml`: trunk name → carrier link. */
export const trunksFile = z.record(
  name,
  shape({
    endpoint,
    lines: z.int().min(1).max(100_000),
    cps: z.number().min(0.1).max(1_000),
    callerId: z.union([e164, destination]).optional(),
    routes: z.record(numberRange, z.number().min(0).max(1_000)).default({}),
    backOffAfter: z.int().min(1).max(1_000).default(PLAIN_CARE.backOffAfter),
    backOff: duration('100ms', '10m').default(PLAIN_CARE.backOffMs),
    backOffMost: duration('1s', '24h').default(PLAIN_CARE.backOffMostMs),
    deadAfter: z.int().min(1).max(1_000).default(PLAIN_CARE.deadAfter),
    probeEvery: duration('1s', '1h').default(PLAIN_CARE.probeEveryMs),
  }),
);

/** A carrier link with what the switch door needs to dial through it. */
export interface Trunk extends Required<TrunkProfile> {
  /** Name of its endpoint on the switch. */
  readonly endpoint: string;
}

export const trunkOf = (trunk: string, file: z.output<typeof trunksFile>[string]): Trunk => ({
  name: trunk,
  endpoint: file.endpoint,
  lines: file.lines,
  cps: file.cps,
  callerId: file.callerId ?? null,
  routes: Object.entries(file.routes).map(([range, perMinute]) => ({ prefix: range.replace('*', ''), perMinute })),
  care: {
    backOffAfter: file.backOffAfter,
    backOffMs: file.backOff,
    backOffMostMs: file.backOffMost,
    deadAfter: file.deadAfter,
    probeEveryMs: file.probeEvery,
  },
});

/** What `site/trunks.yaml` says that cannot be. */
export function lintTrunks({ trunks }: Parts, _names: SiteNames, source: Source): readonly Problem[] {
  return [...trunks.values()]
    .filter(({ care }) => care.backOffMostMs < care.backOffMs)
    .map((trunk) => {
      const message = 'The longest back-off is shorter than the first one.';
      return source.problem('wrong-value', [trunk.name], message, 'Set `backOffMost` above `backOff`.', 'key');
    });
}
