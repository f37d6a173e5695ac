import { z } from 'zod';
import { type FloorRules, PLAIN_FLOOR } from '../../engine/site.ts';
import { duration, fault, name, shape, title } from '../../ivr/words.ts';
import { share } from './words.ts';

const reason = shape({ title, max: duration('1m', '12h').exactOptional() });

/** What is left out of a cause is as `PLAIN_FLOOR` says. */
const rona = (plain: FloorRules['rona'][keyof FloorRules['rona']]) =>
  shape({
    backOff: shape({ first: duration('1s', '1h'), most: duration('1s', '4h') })
      .refine(({ first, most }) => first <= most, {
        error: fault('`most` is shorter than `first`.', 'Make `most` the longest time.'),
      })
      .default(plain.backOffMs),
    notReadyAfter: z.union([z.int().min(1).max(100), z.literal('never')]).default(plain.notReadyAfter ?? 'never'),
  }).prefault({});

const { noAnswer, busy, rejected, unreachable } = PLAIN_FLOOR.rona;

/** `site/floor.yaml`: what the house asks of its agents. What is left out is as `PLAIN_FLOOR` says. */
export const floorFile = shape({
  reasons: z.record(name, reason).exactOptional(),
  rona: shape({
    noAnswer: rona(noAnswer),
    busy: rona(busy),
    rejected: rona(rejected),
    unreachable: rona(unreachable),
  }).prefault({}),
  rest: shape({
    occupancyOver: share.exactOptional(),
    maxContinuous: duration('5m', '12h').exactOptional(),
    pause: duration('10s', '1h').default(PLAIN_FLOOR.rest.pauseMs),
  }).prefault({}),
  line: shape({
    music: z.union([name, z.literal('none')]).default(PLAIN_FLOOR.line.music ?? 'none'),
    ring: duration('5s', '2m').default(PLAIN_FLOOR.line.ringMs),
    onHangUp: z.enum(['not-ready', 'log-out']).default(PLAIN_FLOOR.line.onHangUp),
  }).prefault({}),
});

type File = z.output<typeof floorFile>;

export function floorOf({ reasons, rona: causes, rest, line }: File): FloorRules {
  return Object.freeze({
    reasons: reasons === undefined ? null : reasonsOf(reasons),
    rona: {
      noAnswer: ronaOf(causes.noAnswer),
      busy: ronaOf(causes.busy),
      rejected: ronaOf(causes.rejected),
      unreachable: ronaOf(causes.unreachable),
    },
    rest: {
      occupancyOver: rest.occupancyOver ?? null,
      maxContinuousMs: rest.maxContinuous ?? null,
      pauseMs: rest.pause,
    },
    line: { music: line.music === 'none' ? null : line.music, ringMs: line.ring, onHangUp: line.onHangUp },
  });
}

const reasonsOf = (file: NonNullable<File['reasons']>): FloorRules['reasons'] =>
  new Map(Object.entries(file).map(([id, each]) => [id, { title: each.title, maxMs: each.max ?? null }]));

function ronaOf({ backOff, notReadyAfter }: File['rona']['busy']): FloorRules['rona']['busy'] {
  return { backOffMs: backOff, notReadyAfter: notReadyAfter === 'never' ? null : notReadyAfter };
}
