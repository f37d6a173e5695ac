import type { Customers } from '../call/customer.ts';
import { KPI_SETTINGS, type KpiSettings } from '../acd/kpi/words.ts';
import { type FloorRules, PLAIN_FLOOR } from '../acd/agent-rules.ts';
import type { Destinations } from '../call/destinations.ts';
import type { DidRoute } from '../call/did.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import type { Calendar } from '../ivr/calendar.ts';
import type { Flow } from '../ivr/flow.ts';
import { type CallerIdPool, PLAIN_REST } from '../dialer/caller-ids.ts';
import type { Disposition } from '../dialer/disposition.ts';
import type { FieldRule } from '../dialer/disposition-fields.ts';
import { type EscalationStep, type FollowUpRules, type Ladder, PLAIN_FOLLOW_UPS } from '../work/follow-up-rules.ts';
import { PLAIN_CARE, type TrunkGroup, type TrunkRule } from '../dialer/trunk-state.ts';
import { figureNames, figureOf, type Threshold, type Thresholds, type ThresholdScope } from '../work/threshold.ts';
import { AFTER_OPT_OUT, type ComplianceProfile, CONSENT_LEVELS, MESSAGE_PARTS } from '../dialer/compliance/profile.ts';

/** A carrier link as the site defines it. Without `routes` it leads everywhere, without `care` it is spared as `PLAIN_CARE`. */
export interface TrunkProfile extends Omit<TrunkRule, 'routes' | 'care'>, Partial<Pick<TrunkRule, 'routes' | 'care'>> {
  /** Shown to who is called through it, when nothing else is to be. */
  readonly callerId?: string | null;
}

/** A voicemail box as the site defines it. */
export interface BoxProfile {
  readonly name: string;
  readonly title: string;
  /** With so many that nobody has dealt with it is full. */
  readonly maxMessages: number;
}

export type KpiRates = Omit<KpiSettings, 'targetMs'>;
export { KPI_SETTINGS };
export { type FloorRules, PLAIN_FLOOR };
export { type CallerIdPool, PLAIN_REST };
export { figureNames, figureOf, type Threshold, type ThresholdScope };
export { type TrunkGroup };
export { type Disposition, type FieldRule as DispositionField, PLAIN_CARE };
export { type EscalationStep, type FollowUpRules, type Ladder, PLAIN_FOLLOW_UPS };
export { AFTER_OPT_OUT, type ComplianceProfile, CONSENT_LEVELS, MESSAGE_PARTS };

/** Everything the site's files say, checked and frozen. */
export interface Site {
  readonly flows: ReadonlyMap<string, Flow>;
  readonly routes: readonly DidRoute[];
  readonly queues: ReadonlyMap<string, QueueProfile>;
  readonly agents: readonly AgentProfile[];
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Prompts that have sound, per language; the atoms of numbers and dates are not among them. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>;
  readonly trunks: ReadonlyMap<string, TrunkProfile>;
  /** Trunks under one name, which may stand wherever a trunk's does; none where the site has no such list. */
  readonly trunkGroups?: ReadonlyMap<string, TrunkGroup>;
  readonly boxes: ReadonlyMap<string, BoxProfile>;
  /** Skills of `site/skills.yaml`; null where the site has no such list, and any word is one. */
  readonly skills?: ReadonlySet<string> | null;
  readonly destinations: Destinations;
  /** Rates and times that key figures are counted with. */
  readonly kpis: KpiRates;
  /** Callers whom the house knows; none where the site has no such list. */
  readonly customers?: Customers;
  /** What is asked of agents; `PLAIN_FLOOR` where the site says nothing. */
  readonly floor?: FloorRules;
  /** Compliance profiles by name: those that come with Callwright, and the site's own. */
  readonly profiles?: ReadonlyMap<string, ComplianceProfile>;
  /** What agents may say of a talk of a campaign, by name. */
  readonly dispositions?: ReadonlyMap<string, Disposition>;
  /** Who owns follow-ups and is alarmed; `PLAIN_FOLLOW_UPS` where the site says nothing. */
  readonly followUps?: FollowUpRules;
  /** Figures that are watched, by the name of the rule; none where the site has no such list. */
  readonly thresholds?: Thresholds;
  /** Numbers that campaigns show, by the name of their pool. */
  readonly callerIds?: ReadonlyMap<string, CallerIdPool>;
}
