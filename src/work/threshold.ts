import type { FIGURE_UNITS, SEVERITIES, THRESHOLD_SCOPES } from '../call/threshold-facts.ts';

export type ThresholdScope = (typeof THRESHOLD_SCOPES)[number];
export type FigureUnit = (typeof FIGURE_UNITS)[number];
type Severity = (typeof SEVERITIES)[number];

interface Figure {
  readonly title: string;
  readonly unit: FigureUnit;
  readonly definition: string;
  /** What it is counted from, and how many of these there must be for it to say anything unless the rule asks for more. */
  readonly sample: { readonly of: string; readonly atLeast: number } | null;
  /** Counted over a span of time that the rule names. */
  readonly windowed: boolean;
}

const figure = (title: string, unit: FigureUnit, definition: string, more: Partial<Figure> = {}): Figure => ({
  title,
  unit,
  definition,
  sample: null,
  windowed: false,
  ...more,
});
const waits = { sample: { of: 'calls', atLeast: 10 }, windowed: true } as const;

/** What can be watched, with its definition. Names are those of `site/thresholds.yaml`. */
export const FIGURES = {
  queue: {
    serviceLevel: figure(
      'service level',
      'share',
      'Answered within the target of the queue ÷ (answered + abandoned after the target + left unserved), of waits that ended in the window.',
      waits,
    ),
    abandonment: figure(
      'abandonment',
      'share',
      'Abandoned after T_short ÷ (all waits that ended in the window − abandoned within T_short). T_short is `shortAbandon` of `site/kpis.yaml`.',
      waits,
    ),
    longestWait: figure(
      'longest wait',
      'ms',
      'How long the caller has waited who has waited longest now; 0 when nobody waits.',
    ),
    estimatedWait: figure(
      'estimated wait',
      'ms',
      'How long who joins the queue now will wait; no figure while nobody can tell.',
    ),
    waiting: figure('number of callers waiting', 'count', 'Callers who wait now.'),
    agentsReady: figure(
      'number of agents ready',
      'count',
      'Agents of the queue who are ready or at work on a call; no figure outside the hours of the queue.',
    ),
    agentsFree: figure(
      'number of agents free',
      'count',
      'Agents of the queue who are ready and have no call; no figure outside the hours of the queue.',
    ),
    occupancy: figure(
      'occupancy',
      'share',
      'Mean, over agents of the queue who are ready or at work, of (ring + talk + hold + wrap-up) ÷ (the same + idle), weighed to the last half hour.',
      { sample: { of: 'agents', atLeast: 1 } },
    ),
  },
  campaign: {
    abandonment: figure(
      'abandonment',
      'share',
      'By the formula of the compliance profile, in the window of the limit that binds most. Of running campaigns.',
      { sample: { of: 'answers', atLeast: 20 } },
    ),
    capUsed: figure(
      'part of the cap on abandonment',
      'share',
      'That abandonment ÷ the cap of the same limit: 1 is the cap. Of running campaigns.',
      { sample: { of: 'answers', atLeast: 20 } },
    ),
    leadsLeft: figure('number of leads left', 'count', 'Leads that are not done. Of running campaigns.'),
  },
  agent: {
    breakLength: figure(
      'break',
      'ms',
      'How long he has been not ready, for one of the `reasons` where the rule names some; 0 when he is not.',
    ),
    breakOverrun: figure(
      'overrun of his break',
      'ms',
      'How long he has been not ready beyond the `max` that `site/floor.yaml` gives his reason; 0 before.',
    ),
    wrapUpLength: figure('wrap-up', 'ms', 'How long he has been in wrap-up; 0 when he is not.'),
    talkLength: figure('talk', 'ms', 'How long he has been in his talk, hold included; 0 when he is not.'),
  },
  trunk: {
    downFor: figure(
      'time that it is down',
      'ms',
      'How long campaigns have found that the trunk carries no calls, as far as the process knows that watches; 0 when it does.',
    ),
  },
  followUps: {
    open: figure('number of open follow-ups', 'count', 'Follow-ups of this owner that are not closed.'),
    overdue: figure(
      'number of overdue follow-ups',
      'count',
      'Open follow-ups of this owner whose due time has passed.',
    ),
    age: figure('age of the oldest open follow-up', 'ms', 'Since it was made; 0 when none is open.'),
  },
} as const satisfies Readonly<Record<ThresholdScope, Readonly<Record<string, Figure>>>>;

/** Null: there is no such figure of that. */
export function figureOf(of: ThresholdScope, name: string): Figure | null {
  const figures: Readonly<Record<string, Figure>> = FIGURES[of];
  return Object.hasOwn(figures, name) ? (figures[name] ?? null) : null;
}

export const figureNames = (of: ThresholdScope): readonly string[] => Object.keys(FIGURES[of]);

/** A rule of `site/thresholds.yaml`. */
export interface Threshold {
  readonly name: string;
  readonly title: string;
  readonly severity: Severity;
  readonly of: ThresholdScope;
  /** Of all there are but for these, or of those. */
  readonly names: 'all' | ReadonlySet<string>;
  readonly except: ReadonlySet<string>;
  /** Only of members of these teams; null: of anybody. Only of agents. */
  readonly teams: ReadonlySet<string> | null;
  /** Only these reasons of not being ready; null: any. Only of agents. */
  readonly reasons: ReadonlySet<string> | null;
  /** A name in `FIGURES`. */
  readonly figure: string;
  readonly direction: 'above' | 'below';
  readonly level: number;
  /** The figure must be beyond the level for so long, ms. */
  readonly forMs: number;
  /** Well is only what is not beyond this; between the two nothing changes. The level itself where there is no band. */
  readonly clear: number;
  /** It must be well for so long, ms. */
  readonly clearForMs: number;
  /** Told again as often as this while it lasts, ms; null: once. */
  readonly againMs: number | null;
  /** Counted from fewer of what `FIGURES` says there is no figure. */
  readonly atLeast: number;
  /** Over how long it is counted, ms, or since midnight; null where the figure is of the moment. */
  readonly window: number | 'day' | null;
}

/** What of a rule is needed to speak of its alarms; kept beside them, since a rule may be taken away while they last. */
export type RuleTold = Pick<
  Threshold,
  'name' | 'title' | 'severity' | 'of' | 'figure' | 'direction' | 'level' | 'window'
>;

export type Thresholds = ReadonlyMap<string, Threshold>;
export const NO_THRESHOLDS: Thresholds = new Map();
