import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { Interval } from './intervals.ts';
import type { KpiFigures, SurveyFigure } from './words.ts';

/** By what figures are told apart. */
export const DIMENSIONS = ['queue', 'agent', 'team', 'campaign', 'flow', 'did', 'language'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** How a span is cut into cells. */
export interface Cut {
  /** Null: not told apart. */
  readonly by: Dimension | null;
  /** Null: the span as a whole. */
  readonly every: Interval | null;
  /** IANA name of the zone whose hours, days and weeks these are. */
  readonly zone: string;
  /** Teams of each agent, for `by: team`. */
  readonly teams: ReadonlyMap<AgentId, readonly string[]>;
}

/** What somebody said a talk came to, or a flow did, and the amounts with it. */
export interface ResultFigure {
  /** Of a disposition its name, of a flow `flow/event`. */
  readonly name: string;
  readonly count: number;
  /** By currency (ISO 4217): how many had an amount, and their sum in minor units. */
  readonly amounts: Readonly<Record<string, { readonly count: number; readonly sum: number }>>;
}

interface OutboundFigures {
  /** Dials that were started. */
  readonly dials: number;
  /** Dials that have ended, by outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Calls of campaigns and customers rung back with whom an agent spoke. */
  readonly connected: number;
  /** Talk and hold of these, ms. */
  readonly talkMs: number;
}

/** All figures there are of some calls. */
export interface WholeFigures extends KpiFigures {
  readonly arrived: number;
  readonly redials: number;
  readonly contained: number;
  readonly blocked: number | null;
  readonly occupancy: number | null;
  readonly cost: number | null;
  readonly csat: SurveyFigure;
  readonly nps: SurveyFigure;
  readonly ces: SurveyFigure;
  /** Transfers of inbound calls that somebody took, by kind (`blind, inside`), and from → to. */
  readonly transfers: {
    readonly kinds: Readonly<Record<string, number>>;
    readonly matrix: Readonly<Record<string, number>>;
  };
  /** Breaks that lasted longer than their reason allows, and by how much. */
  readonly breaks: { readonly overruns: number; readonly overMs: number };
  readonly outbound: OutboundFigures;
  readonly results: readonly ResultFigure[];
}

/** The figures of one cell. Null: not told of what the cells are told apart by, or nothing to divide by. */
export type CellFigures = Omit<WholeFigures, 'arrived' | 'redials' | 'contained'> & {
  readonly [Name in 'arrived' | 'redials' | 'contained']: number | null;
};

export interface KpiCell {
  readonly from: EpochMs;
  /** The first moment that is outside. */
  readonly to: EpochMs;
  /** Name of the queue, agent, …; null: not told apart. */
  readonly key: string | null;
  readonly figures: CellFigures;
}
