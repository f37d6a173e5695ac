import * as fc from 'fast-check';
import type { Person } from './law-judge.ts';

/** Numbers of three zones, of fixed and mobile phones; those of North America do not tell which. */
const PLACES = [
  { prefix: '+35840', zone: 'Europe/Helsinki', isFixed: false },
  { prefix: '+3589', zone: 'Europe/Helsinki', isFixed: true },
  { prefix: '+3465', zone: 'Europe/Madrid', isFixed: false },
  { prefix: '+3491', zone: 'Europe/Madrid', isFixed: true },
  { prefix: '+1212', zone: 'America/New_York', isFixed: false },
] as const;

type Doing = 'answers' | 'machine' | 'busy' | 'rings';

export interface Listed extends Person {
  readonly does: Doing;
  /** Campaigns that have him on their list. */
  readonly of: readonly number[];
  /** He asked not to be called before anything began: by anybody, or by one campaign. */
  readonly asked: 'nothing' | 'all' | number;
}

export type Step =
  | { readonly do: 'keep-from-calls'; readonly who: number; readonly campaign: number | null }
  | { readonly do: 'let-be-called'; readonly who: number }
  | { readonly do: 'pause'; readonly campaign: number }
  | { readonly do: 'resume'; readonly campaign: number }
  | { readonly do: 'die' };

/** One stretch of three quarters of a minute in which a process lives. */
export interface Look {
  readonly from: number;
  /** Agents pick up their phones. */
  readonly here: boolean;
  /** In the middle of it. */
  readonly midway: Step;
}

export interface Plan {
  readonly people: readonly Listed[];
  /** Modes of the campaigns. */
  readonly modes: readonly ('progressive' | 'predictive' | 'power' | 'agentless')[];
  readonly looks: readonly Look[];
}

const person = (nth: number): fc.Arbitrary<Listed> =>
  fc
    .record({
      place: fc.constantFrom(...PLACES),
      consent: fc.constantFrom('express' as const, 'written' as const, 'none' as const),
      does: fc.constantFrom(
        'answers' as const,
        'answers' as const,
        'machine' as const,
        'busy' as const,
        'rings' as const,
      ),
      of: fc.constantFrom([0], [1], [0, 1], [0, 1]),
      asked: fc.constantFrom('nothing' as const, 'nothing' as const, 'nothing' as const, 'all' as const, 0, 1),
    })
    .map(({ place: { prefix, zone, isFixed }, ...rest }) => {
      return { number: `${prefix}${5_551_200 + nth}`, zone, isFixed, ...rest };
    });

/**
 * Edges of the hours of all three zones from a Friday to the Thursday after, over a night in which Europe's clocks go forward
 * and a holiday. A look begins just before its edge and ends after it.
 */
const EDGES = [
  '2027-03-26T06:59:35Z',
  '2027-03-26T07:59:35Z',
  '2027-03-26T13:30:00Z',
  '2027-03-26T15:59:35Z',
  '2027-03-26T16:59:35Z',
  '2027-03-26T21:59:35Z',
  '2027-03-27T13:30:00Z',
  '2027-03-29T05:59:35Z',
  '2027-03-29T06:59:35Z',
  '2027-03-29T12:59:35Z',
  '2027-03-29T13:30:00Z',
  '2027-03-29T14:59:35Z',
  '2027-03-29T15:59:35Z',
  '2027-03-30T13:30:00Z',
  '2027-03-31T13:30:00Z',
  '2027-04-01T13:30:00Z',
] as const;
export const FIRST = Date.parse('2027-03-26T04:00:00Z');

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('keep-from-calls' as const),
    who: fc.nat({ max: 4 }),
    campaign: fc.constantFrom(null, null, 0, 1),
  }),
  fc.record({ do: fc.constant('let-be-called' as const), who: fc.nat({ max: 4 }) }),
  fc.record({ do: fc.constant('pause' as const), campaign: fc.constantFrom(0, 1) }),
  fc.record({ do: fc.constant('resume' as const), campaign: fc.constantFrom(0, 1) }),
  fc.record({ do: fc.constant('die' as const) }),
);

const looks = fc
  .tuple(
    fc.subarray([...EDGES], { minLength: 2, maxLength: 4 }),
    fc.array(fc.tuple(fc.boolean(), step), { minLength: 4, maxLength: 4 }),
  )
  .map(([edges, rest]): readonly Look[] =>
    edges.map((from, nth) => {
      const [here, midway] = rest[nth] ?? [true, { do: 'die' }];
      return { from: Date.parse(from), here, midway };
    }),
  );

export const plan: fc.Arbitrary<Plan> = fc.record({
  people: fc
    .integer({ min: 3, max: 5 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, nth) => person(nth)))),
  modes: fc.tuple(
    fc.constantFrom('progressive' as const, 'predictive' as const, 'power' as const),
    fc.constantFrom('progressive' as const, 'agentless' as const),
  ),
  looks,
});
