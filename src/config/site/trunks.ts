import { z } from 'zod';
import { PLAIN_CARE, type TrunkProfile } from '../../engine/site.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import { destination, duration, e164, endpoint, name, secretName, shape, sipAddress } from '../../ivr/words.ts';
import type { Parts } from './kinds.ts';
import { numberRange } from './words.ts';

const price = z.number().min(0).max(1_000);
const lines = z.int().min(1).max(100_000);
const cps = z.number().min(0.1).max(1_000);
/** A destination with limits of its own. */
const route = shape({ perMinute: price.default(0), lines: lines.optional(), cps: cps.optional() });

/** `site/trunks.yaml`: trunk name → carrier link. */
export const trunksFile = z.record(
  name,
  shape({
    endpoint,
    address: sipAddress.optional(),
    login: shape({ user: z.string().min(1).max(64), secret: secretName }).optional(),
    lines,
    cps,
    callerId: z.union([e164, destination]).optional(),
    routes: z.record(numberRange, z.union([price, route])).default({}),
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
  /** Where it is reached over SIP, for a switch that has no endpoints of its own. Null: nowhere is said. */
  readonly address: { readonly host: string; readonly port?: number } | null;
  /** How we log in there; `secret` is a secret's name. */
  readonly login: { readonly user: string; readonly secret: string } | null;
}

export const trunkOf = (trunk: string, file: z.output<typeof trunksFile>[string]): Trunk => ({
  name: trunk,
  endpoint: file.endpoint,
  address: addressOf(file.address),
  login: file.login ?? null,
  lines: file.lines,
  cps: file.cps,
  callerId: file.callerId ?? null,
  routes: Object.entries(file.routes).map(([range, said]) => routeOf(range.replace('*', ''), said)),
  care: {
    backOffAfter: file.backOffAfter,
    backOffMs: file.backOff,
    backOffMostMs: file.backOffMost,
    deadAfter: file.deadAfter,
    probeEveryMs: file.probeEvery,
  },
});

function addressOf(text: string | undefined): Trunk['address'] {
  const [host, port] = text?.split(':') ?? [];
  if (host === undefined) return null;
  return port === undefined ? { host } : { host, port: Number(port) };
}

function routeOf(prefix: string, said: z.output<typeof price> | z.output<typeof route>): Trunk['routes'][number] {
  if (typeof said === 'number') return { prefix, perMinute: said };
  const limits = { ...(said.lines && { lines: said.lines }), ...(said.cps && { cps: said.cps }) };
  return { prefix, perMinute: said.perMinute, ...limits };
}

/** What `site/trunks.yaml` says that cannot be. */
export function lintTrunks({ trunks }: Parts, _names: SiteNames, source: Source): readonly Problem[] {
  return [...trunks.values()]
    .filter(({ care }) => care.backOffMostMs < care.backOffMs)
    .map((trunk) => {
      const message = 'The longest back-off is shorter than the first one.';
      return source.problem('wrong-value', [trunk.name], message, 'Set `backOffMost` above `backOff`.', 'key');
    });
}
