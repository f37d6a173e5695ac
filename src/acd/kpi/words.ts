import type { EpochMs, QueueName } from '../../call/ids.ts';
import type { WholeFigures } from './cell-words.ts';

/** What a figure means, printed beside it wherever it is shown. */
export interface KpiDefinition {
  readonly title: string;
  readonly definition: string;
  readonly unit: 'ms' | 'share' | 'calls' | 'per call' | 'points';
  /** What it is counted from. */
  readonly source: 'telephony' | 'survey' | 'import';
}

const kpi = (
  title: string,
  unit: KpiDefinition['unit'],
  definition: string,
  source: KpiDefinition['source'] = 'telephony',
): KpiDefinition => ({ title, definition, unit, source });

/** One definition of each figure. T_short, W and the rates are settings, shown with the report. */
export const KPIS = {
  handled: kpi('Calls handled', 'calls', 'Inbound calls that an agent answered.'),
  contained: kpi(
    'Contained',
    'calls',
    'Answered calls that ended in the IVR: no queue, no agent, nobody else rung, no callback promised and no message left.',
  ),
  asa: kpi(
    'ASA',
    'ms',
    'Queue wait of answered calls ÷ answered calls, from entering the queue to the answer of the agent.',
  ),
  aht: kpi('AHT', 'ms', '(Talk + hold + wrap-up) ÷ handled calls, all of inbound calls alone.'),
  abandonment: kpi(
    'Abandonment',
    'share',
    'Abandoned in the queue after T_short ÷ (offered to a queue − abandoned within T_short). A callback that was taken is no abandonment.',
  ),
  serviceLevelIgnore: kpi(
    'Service level, early abandons left out',
    'share',
    'Answered within the target ÷ (answered + abandoned after the target + left unserved).',
  ),
  serviceLevelNegative: kpi(
    'Service level, abandons counted against',
    'share',
    'Answered within the target ÷ (answered + abandoned + left unserved).',
  ),
  serviceLevelPositive: kpi(
    'Service level, early abandons counted for',
    'share',
    '(Answered + abandoned, each within the target) ÷ (answered + abandoned + left unserved).',
  ),
  transferRate: kpi(
    'Transfer rate',
    'share',
    'Handled calls with at least one transfer ÷ handled calls. A transfer that nobody took is none.',
  ),
  blocked: kpi(
    'Blocked calls',
    'share',
    'Calls we refused (no such number, full, overload, closed) ÷ calls that came.',
  ),
  redials: kpi('Redials', 'calls', 'Calls from a number that had called within the last 5 minutes.'),
  repeats: kpi(
    'Repeat calls',
    'share',
    'Handled calls whose customer had a handled call of the same queue in the last W days ÷ handled calls. Withheld numbers are left out.',
  ),
  fcr: kpi('FCR, by proxy', 'share', '1 − repeat calls. A survey question gives the true one.'),
  firstResponse: kpi(
    'First response',
    'ms',
    'From the arrival of the call to the first word of a human, the IVR included.',
  ),
  occupancy: kpi(
    'Occupancy',
    'share',
    '(Ring + talk + hold + wrap-up) ÷ (the same + idle), outbound calls too. Time not ready is left out.',
  ),
  ewtError: kpi('EWT error', 'ms', '|Estimate that was announced first − real wait| of answered calls.'),
  cost: kpi(
    'Cost per call',
    'per call',
    '(Minutes of inbound calls × rate + seconds of agents busy with them × cost) ÷ handled calls.',
  ),
  transfers: kpi(
    'Transfers',
    'calls',
    'Transfers of inbound calls that somebody took: blind, attended or by a flow, inside or outside, and from whom to whom.',
  ),
  dials: kpi(
    'Calls the dialer made',
    'calls',
    'Dials of campaigns that were started; those that have ended by outcome.',
  ),
  outbound: kpi(
    'Outbound talks',
    'calls',
    'Calls of campaigns, and customers rung back, with whom an agent spoke, and how long they talked.',
  ),
  breakOverrun: kpi(
    'Break overrun',
    'ms',
    'How much longer agents were away than the reason they gave allows, and how often; counted where the break should have ended.',
  ),
  results: kpi(
    'Results',
    'calls',
    'What agents said of calls, the last word of each, and what flows emitted, with the sum of the amounts in each currency.',
  ),
  outboundAbandonment: kpi(
    'Abandonment of campaigns',
    'share',
    'Of each campaign by its compliance profile: live answers that no agent took in time ÷ the denominator of the profile, with its correction for answering machines. The formula stands beside the figure.',
  ),
  csat: kpi('CSAT', 'share', 'Answers 4 or 5 of 5 ÷ answers to the survey question `csat`.', 'survey'),
  nps: kpi('NPS', 'points', '% of answers 9–10 − % of answers 0–6 to the survey question `nps`.', 'survey'),
  ces: kpi('CES', 'points', 'Mean of answers 1–7 to the survey question `ces`.', 'survey'),
  turnover: kpi(
    'Agent turnover',
    'share',
    'Agents who left ÷ agents employed on average, as the source counts it. Imported: a switch knows who logs in, not who is employed.',
    'import',
  ),
  retention: kpi(
    'Customer retention',
    'share',
    'Customers at the end who were customers at the beginning ÷ customers at the beginning, as the source counts it. Imported: a switch knows who calls, not who stays.',
    'import',
  ),
  carrierBlocked: kpi(
    'Calls refused before us',
    'calls',
    'Calls that a carrier or a full trunk refused before they reached us, as the carrier counts them. Imported: no leg arrives.',
    'import',
  ),
} as const satisfies Record<string, KpiDefinition>;

/** Figures that come from elsewhere and are never computed here. */
export const IMPORTED = ['turnover', 'retention', 'carrierBlocked'] as const satisfies readonly (keyof typeof KPIS)[];
export type ImportedFigure = (typeof IMPORTED)[number];

/** What the definitions leave open. */
export interface KpiSettings {
  /** T_short: who gives up sooner did not really wait, ms. */
  readonly shortAbandonMs: number;
  /** W: a customer who comes back within it has called again, ms. */
  readonly repeatMs: number;
  readonly perMinute: number;
  readonly perAgentSecond: number;
  /** Service level: answered within, ms, by queue; 20 s where nothing is said. */
  readonly targetMs: ReadonlyMap<QueueName, number>;
}

export const KPI_SETTINGS: KpiSettings = {
  shortAbandonMs: 5_000,
  repeatMs: 7 * 86_400_000,
  perMinute: 0,
  perAgentSecond: 0,
  targetMs: new Map(),
};

/** A mean and where half and nine tenths of the values lie; null of nothing. */
export interface Spread {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface KpiFigures {
  readonly offered: number;
  readonly handled: number;
  readonly abandoned: number;
  readonly abandonedShort: number;
  readonly callbacksTaken: number;
  readonly callbacksAnswered: number;
  /** Waited too long, or were still there at closing time. */
  readonly unserved: number;
  readonly asa: number | null;
  readonly aht: number | null;
  readonly abandonment: number | null;
  readonly serviceLevel: {
    readonly ignore: number | null;
    readonly negative: number | null;
    readonly positive: number | null;
  };
  readonly transferRate: number | null;
  readonly repeats: number | null;
  readonly fcr: number | null;
  readonly firstResponse: Spread;
  readonly ewtError: Spread;
}

export interface SurveyFigure {
  readonly value: number | null;
  readonly answers: number;
  /** Answers ÷ callers who were asked; null where nobody answered. */
  readonly response: number | null;
}

export interface KpiReport {
  readonly from: EpochMs | null;
  readonly to: EpochMs | null;
  readonly all: Omit<WholeFigures, 'transfers'> & {
    readonly peakMinute: { readonly at: EpochMs; readonly calls: number } | null;
  };
  readonly queues: Readonly<Record<QueueName, KpiFigures>>;
  readonly agents: Readonly<
    Record<
      string,
      {
        readonly handled: number;
        /** Calls of campaigns, and customers rung back, with whom he was connected. */
        readonly outbound: number;
        readonly occupancy: number | null;
      }
    >
  >;
  /** Transfers of inbound calls that somebody took, by kind, and from → to. */
  readonly transfers: {
    readonly kinds: Readonly<Record<string, number>>;
    readonly matrix: Readonly<Record<string, number>>;
  };
  /** Calls that came, per quarter of an hour. */
  readonly arrivals: readonly { readonly at: EpochMs; readonly calls: number }[];
}
