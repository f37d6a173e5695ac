import type { FIGURE_UNITS, SEVERITIES, THRESHOLD_SCOPES } from '../../call/threshold-facts.ts';
import type { EpochMs } from '../../call/ids.ts';

/** An alarm that lasts. */
export interface AlarmView {
  readonly alarmId: string;
  /** Name of the rule in `site/thresholds.yaml`. */
  readonly threshold: string;
  readonly title: string;
  readonly severity: (typeof SEVERITIES)[number];
  readonly of: (typeof THRESHOLD_SCOPES)[number];
  readonly name: string;
  readonly figure: string;
  readonly unit: (typeof FIGURE_UNITS)[number];
  readonly direction: 'above' | 'below';
  readonly level: number;
  /** `easing`: it is well, but not yet for long enough. */
  readonly phase: 'raised' | 'easing';
  /** The last that was read; null: there is no figure just now. */
  readonly value: number | null;
  readonly sample: number | null;
  readonly worst: number;
  readonly since: EpochMs;
  readonly raisedAt: EpochMs;
  readonly readAt: EpochMs;
  /** A sentence for people. */
  readonly words: string;
}

export interface Alarms {
  /** Those of the whole house, whichever process is asked; the gravest and then the oldest first. */
  alarms(): Promise<readonly AlarmView[]>;
}
