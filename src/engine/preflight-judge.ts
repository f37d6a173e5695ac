import type { CampaignId, EpochMs } from '../call/ids.ts';
import { guaranteesAgent } from '../dialer/campaign-modes.ts';
import type { DialFacts } from '../dialer/compliance/dial-facts.ts';
import { type HoursBook, hoursBook, NO_HOURS } from '../dialer/compliance/hours.ts';
import { type GateSeen, gates } from '../dialer/compliance/may-dial.ts';
import type { DncHit } from '../dialer/dnc.ts';
import {
  bareFacts,
  campaignFacts,
  type CampaignKnown,
  leadFacts,
  type LeadNumberSeen,
  numberFacts,
  numbersOf,
  zonesOf,
} from './campaign-law-facts.ts';
import { campaignGatesOf } from './campaign-law-words.ts';
import type { Lead } from './ports/history.ts';
import type { PastDial } from './ports/law.ts';
import type { SkipReason } from './ports/preflight.ts';

export interface Judgement {
  /** Null: it may be dialled now. */
  readonly reason: SkipReason | null;
  /** When that reason lets go; null: not by waiting. */
  readonly until: EpochMs | null;
  /** From when on nothing but the hours stands in its way; null: it is never dialled. */
  readonly from: EpochMs | null;
  /** Where the person of that number may be. */
  readonly zones: readonly string[];
}

type DncHits = (number: string, id: CampaignId) => readonly DncHit[];

/** After so many rules that let go one after the other the lead is taken to be free. */
const RULES_IN_A_ROW = 6;

/**
 * How each lead stands at one moment, by the very rules that are asked before a dial. Rules about the campaign itself are told
 * once and not for each lead: a campaign that is not started yet has a preflight too.
 */
export class PreflightJudge {
  readonly #known: CampaignKnown;
  readonly #hits: DncHits;
  readonly #now: EpochMs;
  /** Rules that forbid every dial of the campaign. */
  readonly #blocking: ReadonlySet<string>;
  /** What is the same for many leads is asked once. */
  readonly #answers = new Map<string, GateSeen | null>();
  #hours: HoursBook = NO_HOURS;

  constructor(known: CampaignKnown, hits: DncHits, now: EpochMs) {
    this.#known = { ...known, campaign: { ...known.campaign, status: 'running' } };
    this.#hits = hits;
    this.#now = now;
    this.#blocking = new Set(this.blockers().map(({ gate }) => gate));
  }

  blockers() {
    return campaignGatesOf(bareFacts(this.#known, NO_HOURS, this.#now)).filter(({ pass }) => !pass);
  }

  /** Of several numbers the first that may be dialled, else the one that may be soonest. */
  judge(lead: Lead, dials: (number: string) => readonly PastDial[]): Judgement {
    const numbers = numbersOf(lead);
    const turn = lead.numberIndex ?? 0;
    const inTurn = [...numbers.slice(turn), ...numbers.slice(0, turn)];
    let best: Judgement | null = null;
    for (const number of inTurn) {
      const judged = this.#number(lead, number, dials(number.number));
      if (judged.reason === null) return judged;
      if (best === null || (judged.from ?? Infinity) < (best.from ?? Infinity)) best = judged;
    }
    return best ?? { reason: 'number-dead', until: null, from: null, zones: [] };
  }

  #number(lead: Lead, number: LeadNumberSeen, dials: readonly PastDial[]): Judgement {
    const zones = zonesOf(number.number, lead);
    const hits = this.#hits(number.number, this.#known.campaign.id);
    const facts = { lead: leadFacts(lead, false), number: numberFacts({ number, zones, hits, dials }) };
    let first: Pick<Judgement, 'reason' | 'until'> | null = null;
    let at = this.#now;
    for (let step = 0; step < RULES_IN_A_ROW; step += 1) {
      const gate = this.#ask(facts, at);
      if (gate === null) break;
      first ??= { reason: reasonOf(gate, lead), until: gate.until };
      if (gate.until === null) return { reason: reasonOf(gate, lead), until: null, from: null, zones };
      // Hours are told by the zones, hour by hour.
      if (gate.rule === 'calling-hours') break;
      at = gate.until;
    }
    return { ...(first ?? { reason: null, until: null }), from: at, zones };
  }

  /** The first rule that forbids; null: none does. */
  #ask(facts: Pick<DialFacts, 'lead' | 'number'>, now: EpochMs): GateSeen | null {
    const { lead, number } = facts;
    const isPlain = now === this.#now && lead.notBefore <= now && number.attempts.length + number.dnc.length === 0;
    const key = [lead.status, lead.consent, number.kind, number.dead, number.premium, ...number.zones].join(' ');
    const known = isPlain ? this.#answers.get(key) : undefined;
    if (known !== undefined) return known;
    const answer = this.#gate(facts, now);
    if (isPlain) this.#answers.set(key, answer);
    return answer;
  }

  #gate({ lead, number }: Pick<DialFacts, 'lead' | 'number'>, now: EpochMs): GateSeen | null {
    const { profile } = this.#known;
    if (now === this.#now) this.#hours = hoursBook(profile.hours, number.zones, now, this.#hours);
    const campaign = campaignFacts(this.#known);
    const agentGuaranteed = guaranteesAgent(campaign.mode);
    const facts = { profile, campaign, lead, number, agentGuaranteed, hours: this.#hours, now };
    return gates(facts).find(({ rule, pass }) => !pass && !this.#blocking.has(rule)) ?? null;
  }
}

const reasonOf = ({ rule }: GateSeen, { hold, status }: Lead): SkipReason => {
  if (rule !== 'lead-not-open') return rule;
  return status === 'leased' ? 'in-dial' : (hold ?? rule);
};
