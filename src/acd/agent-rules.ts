import type { Verdict } from '../call/cause.ts';

/** Why an offer came to nothing, as far as it is the agent's or his phone's doing. */
export type RonaCause = 'noAnswer' | 'busy' | 'rejected' | 'unreachable';

/** What a missed offer costs. */
export interface RonaRule {
  /** Ready, but offered nothing for so long: the first time, and at most. It doubles with every further miss in a row. */
  readonly backOffMs: { readonly first: number; readonly most: number };
  /** Not ready after so many misses in a row; null: never. */
  readonly notReadyAfter: number | null;
}

/** What the house asks of its agents: site/floor.yaml. */
export interface FloorRules {
  /** Why an agent may be not ready, and for how long at most, ms; null: any word will do. */
  readonly reasons: ReadonlyMap<string, { readonly title: string; readonly maxMs: number | null }> | null;
  readonly rona: Readonly<Record<RonaCause, RonaRule>>;
  readonly rest: {
    /** Who was busier than this lately (0–1, see `occupancyAt`) rests; null: nobody. */
    readonly occupancyOver: number | null;
    /** Who worked for so long with no pause of `pauseMs` in it rests; null: nobody. */
    readonly maxContinuousMs: number | null;
    readonly pauseMs: number;
  };
  readonly line: {
    /** What is heard on a line between two calls: a class of music; null: silence. */
    readonly music: string | null;
    /** How long a line rings before nobody is taken to be there. */
    readonly ringMs: number;
    /** What becomes of an agent who hangs up his line between two calls; during a call he is not ready. */
    readonly onHangUp: 'not-ready' | 'log-out';
  };
}

/**
 * A house without floor.yaml. Nobody answered: nobody is there, and the next caller would wait through the same ringing, so
 * he is not ready at once. A phone that is busy will soon be free, one that lost its registration mostly comes back by itself,
 * and both answer in milliseconds, so it costs the caller little to ask again later. Who rejects is there and has a reason;
 * twice in a row is a choice.
 */
export const PLAIN_FLOOR: FloorRules = {
  reasons: null,
  rona: {
    noAnswer: { backOffMs: { first: 30_000, most: 300_000 }, notReadyAfter: 1 },
    busy: { backOffMs: { first: 15_000, most: 120_000 }, notReadyAfter: 5 },
    rejected: { backOffMs: { first: 30_000, most: 300_000 }, notReadyAfter: 2 },
    unreachable: { backOffMs: { first: 15_000, most: 120_000 }, notReadyAfter: 4 },
  },
  rest: { occupancyOver: null, maxContinuousMs: null, pauseMs: 120_000 },
  line: { music: 'default', ringMs: 30_000, onHangUp: 'not-ready' },
};

/** The cause of a missed offer; null: the caller gave it up, which costs the agent nothing. */
export const RONA_CAUSE: Readonly<Record<Verdict, RonaCause | null>> = {
  cancelled: null,
  'no-answer': 'noAnswer',
  busy: 'busy',
  rejected: 'rejected',
  completed: 'rejected', // picked up and put down again before the two were joined
  unreachable: 'unreachable',
  'invalid-number': 'unreachable',
  congestion: 'unreachable',
  failed: 'unreachable',
};

/** The reason with which an agent is not ready after he missed his offers. */
export const REASON_AFTER: Readonly<Record<RonaCause, string>> = {
  noAnswer: 'rona',
  busy: 'busy',
  rejected: 'rejected',
  unreachable: 'unreachable',
};

/** The reason with which an agent is not ready after his line was lost. */
export const LINE_LOST = 'line-lost';

/** How long the `missed`-th miss in a row keeps offers away, ms. */
export function backOffMs({ backOffMs: { first, most } }: RonaRule, missed: number): number {
  return Math.min(most, first * 2 ** Math.min(20, missed - 1));
}
