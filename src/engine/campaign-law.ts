import type { EpochMs, LeadId } from '../call/ids.ts';
import type { DidRoute } from '../call/did.ts';
import type { CampaignGate } from '../dialer/campaign-gates.ts';
import { canAbandon, guaranteesAgent } from '../dialer/campaign-modes.ts';
import type { DialFacts } from '../dialer/compliance/dial-facts.ts';
import { type HoursBook, hoursBook, NO_HOURS } from '../dialer/compliance/hours.ts';
import { gates, type GateSeen, type MayDial, mayDial } from '../dialer/compliance/may-dial.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { DncHit, DncNumbers } from '../dialer/dnc.ts';
import { apologyPrompts } from './call/apology-phase.ts';
import {
  bareFacts,
  callerIdFacts,
  campaignFacts,
  type CampaignKnown,
  leadFacts,
  type LeadNumberSeen,
  numberFacts,
  numbersOf,
  registerImportedAt,
  zonesOf,
} from './campaign-law-facts.ts';
import { detectionFault } from './detection-fault.ts';
import { campaignGatesOf, settingsFault } from './campaign-law-words.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { Campaign, CampaignSettings, Lead } from './ports/history.ts';
import type { DialsSeen, LawBook, PastDial, Refusal } from './ports/law.ts';
import type { Clock } from './ports/time.ts';

export interface LawRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: Pick<LawBook, 'pastDials'>;
  readonly dnc: {
    hits(number: string, campaignId: string): readonly DncHit[];
    readonly book: { readonly lists: Iterable<DncNumbers> };
  };
  readonly profiles: () => ReadonlyMap<string, ComplianceProfile>;
  /** Prompts that have sound, per language. */
  readonly prompts: () => ReadonlyMap<string, ReadonlySet<string>>;
  /** Numbers that reach a flow here. */
  readonly routes: () => readonly DidRoute[];
}

/** What cannot be answered now, or is being dialled by somebody, is asked again after this. */
export const AGAIN_MS = 60_000;

const PERMIT: unique symbol = Symbol('permit');

/** Leave to dial one number of one lead, now. Nobody but the law can make one, and no attempt begins without. */
export interface DialPermit {
  readonly [PERMIT]: LeadId;
  /** Name and version of the profile that allowed it. */
  readonly profile: string;
  /** In time for the message, when there is no agent. */
  readonly messageWithinMs: number;
  /** From when it counts an agent's time. */
  readonly countsFrom: ComplianceProfile['abandonment']['countsFrom']['value'];
  /** Who opts out by the key is hung up on at once. */
  readonly endsOnOptOut: boolean;
  /** The dials of the number that it was judged by: written down with it, or not at all. */
  readonly seen: DialsSeen;
  /** It is allowed still, though time has gone by and lists have changed. */
  readonly holds: () => boolean;
}

export type Judged<T> =
  | { readonly allowed: true; readonly value: T }
  | { readonly allowed: false; readonly refusal: Refusal; readonly sentence: string };

/** One number of a lead, and how each rule stands for it. */
export interface NumberSeen extends LeadNumberSeen {
  /** It is rung or talked with at this moment, by whatever campaign. */
  readonly isOut: boolean;
  readonly rules: readonly GateSeen[];
}

interface NumberJudged {
  readonly nth: number;
  readonly verdict: MayDial;
}

/**
 * May a campaign dial a lead now? The one place where the rules of a compliance profile meet what is known: lists, hours, the
 * dials of all campaigns. It decides by `mayDial` and adds no rule of its own.
 */
export class CampaignLaw {
  readonly #rooms: LawRooms;
  /** By the hours themselves: a profile that was read anew may have others under the same version. */
  readonly #hours = new WeakMap<ComplianceProfile['hours'], HoursBook>();
  /** Numbers that are being asked about and dialled at this moment, by any campaign of this process. */
  readonly #busy = new Set<string>();

  constructor(rooms: LawRooms) {
    this.#rooms = rooms;
  }

  /** Null: the site has no profile of that name. */
  profileOf({ profile = DEFAULT_PROFILE }: Pick<CampaignSettings, 'profile'>): ComplianceProfile | null {
    return this.#rooms.profiles().get(profile) ?? null;
  }

  /** Why a campaign cannot be set so: a profile that nobody knows, or settings laxer than it; null: it can. */
  fault(settings: CampaignSettings): string | null {
    const { profile: name = DEFAULT_PROFILE } = settings;
    const profile = this.profileOf(settings);
    if (profile)
      return (
        settingsFault(settings, profile) ?? detectionFault(settings, profile) ?? this.#promptFault(settings, profile)
      );
    const known = [...this.#rooms.profiles().keys()].join(', ') || 'none';
    return `There is no compliance profile '${name}'; the site has ${known}.`;
  }

  /** What forbids every dial of the campaign, whomever it would be to; null: nothing. */
  hindrance(campaign: Campaign): string | null {
    const fault = this.fault(campaign);
    const known = this.#known(campaign);
    if (fault !== null || !known) return fault;
    return campaignGatesOf(this.#bare(known)).find(({ pass }) => !pass)?.text ?? null;
  }

  /** What it says to people and to machines has to have sound. */
  #promptFault({ mode, message, detect, language }: CampaignSettings, profile: ComplianceProfile): string | null {
    const sounds = this.#rooms.prompts().get(language);
    const apology = canAbandon(mode) ? apologyPrompts(message?.prompt, profile.message.optOutKey.value) : [];
    const named = [message?.prompt, detect?.message, ...apology].find((prompt) => prompt && !sounds?.has(prompt));
    if (!named) return null;
    return `There is no prompt '${named}' in language ${language}: add it to sounds/${language}/prompts.yaml.`;
  }

  /** Its gates of the law, for "why is it not dialling". */
  rules(campaign: Campaign): readonly CampaignGate[] {
    const known = this.#known(campaign);
    const fault = this.fault(campaign);
    if (!known) return [{ gate: 'profile', pass: false, text: fault ?? '' }];
    const { id, title } = known.profile;
    const profile = { gate: 'profile', pass: fault === null, text: fault ?? `It dials by ${id}: ${title}.` };
    return [profile, ...campaignGatesOf(this.#bare(known))];
  }

  /** How every rule stands for each number of a lead, the one whose turn it is first; null: the site lacks the profile. */
  async seen(campaign: Campaign, lead: Lead): Promise<readonly NumberSeen[] | null> {
    const known = this.#known(campaign);
    if (!known) return null;
    const numbers = numbersOf(lead);
    const dials = await this.#past(
      known.profile,
      numbers.map((each) => each.number),
    );
    return inTurn(numbers, lead.numberIndex ?? 0).map(({ each }) => ({
      ...each,
      isOut: isOut(each, dials),
      rules: gates(this.#facts(known, lead, each, dials, false)),
    }));
  }

  /**
   * Asks, and lets `dial` go on when the answer is yes. Of several numbers the one whose turn it is; when another one might be
   * dialled instead, the lead is put back with that. Between the question and the dial no other campaign of this process
   * dials the number; those of other processes are kept off by `seen`, with which the attempt is written down.
   */
  async ask<T>(campaign: Campaign, lead: Lead, dial: (permit: DialPermit) => Promise<T>): Promise<Judged<T>> {
    const { number } = lead;
    if (this.#busy.has(number)) return this.#refused(lead, 'It is being dialled by another campaign.');
    this.#busy.add(number);
    try {
      const known = this.#known(campaign);
      if (!known) return this.#refused(lead, this.fault(campaign) ?? '');
      const numbers = numbersOf(lead);
      const since = this.#since(known.profile);
      const dials = await this.#past(
        known.profile,
        numbers.map((each) => each.number),
      );
      const verdictOf = (each: LeadNumberSeen) => this.#verdict(known, lead, each, dials);
      const judged = inTurn(numbers, lead.numberIndex ?? 0).map(({ nth, each }) => ({ nth, verdict: verdictOf(each) }));
      const refused = refusalOf(lead, judged, this.#rooms.clock.now());
      if (refused) return { ...refused, allowed: false, refusal: { ...refused.refusal, profile: known.profile.id } };
      const current = numbers[lead.numberIndex ?? 0];
      const holds = () => current !== undefined && verdictOf(current).allowed;
      const seen = { since, dials: dials.filter((each) => each.number === number).length };
      return {
        allowed: true,
        value: await dial({
          [PERMIT]: lead.id,
          profile: known.profile.id,
          messageWithinMs: known.profile.message.startsWithinMs.value,
          countsFrom: known.profile.abandonment.countsFrom.value,
          endsOnOptOut: known.profile.message.afterOptOut.value === 'hang-up',
          seen,
          holds,
        }),
      };
    } finally {
      this.#busy.delete(number);
    }
  }

  #refused<T>({ id: leadId }: Lead, sentence: string): Judged<T> {
    const until = this.#rooms.clock.now() + AGAIN_MS;
    return { allowed: false, refusal: { leadId, rule: 'lead-not-open', until }, sentence };
  }

  #verdict(known: CampaignKnown, lead: Lead, number: LeadNumberSeen, dials: readonly PastDial[]): MayDial {
    const later = this.#rooms.clock.now() + AGAIN_MS;
    if (isOut(number, dials))
      return { allowed: false, rule: 'lead-not-open', sentence: 'The number is in a call.', until: later };
    const verdict = mayDial(this.#facts(known, lead, number, dials, true));
    const hits = this.#rooms.dnc.hits(number.number, known.campaign.id);
    // What could not be read yet says nothing of this number for good.
    const isUnknown = hits.every(({ kind }) => kind === 'unread' || kind === 'not-ready');
    return !verdict.allowed && verdict.rule === 'dnc' && isUnknown ? { ...verdict, until: later } : verdict;
  }

  #facts(
    known: CampaignKnown,
    lead: Lead,
    number: LeadNumberSeen,
    all: readonly PastDial[],
    isOurs: boolean,
  ): DialFacts {
    const now = this.#rooms.clock.now();
    const zones = zonesOf(number.number, lead);
    const hits = this.#rooms.dnc.hits(number.number, known.campaign.id);
    const dials = all.filter((dial) => dial.number === number.number);
    const { profile } = known;
    return {
      profile,
      campaign: campaignFacts(known),
      lead: leadFacts(lead, isOurs),
      number: numberFacts({ number, zones, hits, dials }),
      agentGuaranteed: guaranteesAgent(known.campaign.mode),
      hours: this.#book(profile, zones, now),
      now,
    };
  }

  #book({ hours }: ComplianceProfile, zones: readonly string[], now: EpochMs): HoursBook {
    const book = hoursBook(hours, zones, now, this.#hours.get(hours) ?? NO_HOURS);
    this.#hours.set(hours, book);
    return book;
  }

  #bare(known: CampaignKnown): DialFacts {
    return bareFacts(known, NO_HOURS, this.#rooms.clock.now());
  }

  #known(campaign: Campaign): CampaignKnown | null {
    const { dnc, routes } = this.#rooms;
    const profile = this.profileOf(campaign);
    if (!profile) return null;
    const callerId = callerIdFacts(campaign.callerId, routes());
    return { campaign, profile, callerId, registerImportedAt: registerImportedAt(dnc.book.lists) };
  }

  #past(profile: ComplianceProfile, numbers: readonly string[]): Promise<readonly PastDial[]> {
    return this.#rooms.history.pastDials(numbers, this.#since(profile));
  }

  /** A dial before it matters to no cap and no lock-out of the profile. */
  #since({ attempts, lockOut }: ComplianceProfile): EpochMs {
    const longest = Math.max(
      lockOut.afterAbandonedMs.value,
      lockOut.afterMachineMs.value,
      ...attempts.caps.value.map(({ withinMs }) => withinMs),
    );
    // A talk that ended within the time may have begun before it.
    return this.#rooms.clock.now() - longest - LONGEST_CALL_MS;
  }
}

/** A call that is abandoned, or taken for a machine, lasts no longer. */
const LONGEST_CALL_MS = 3_600_000;

/** Some campaign rings it or talks with it. */
const isOut = ({ number }: LeadNumberSeen, dials: readonly PastDial[]): boolean =>
  dials.some((dial) => dial.number === number && dial.endedAt === null);

/** From the one whose turn it is round to the one before it. */
const inTurn = (numbers: readonly LeadNumberSeen[], first: number) =>
  numbers.map((_, step) => {
    const nth = (first + step) % numbers.length;
    return { nth, each: numbers[nth] ?? { number: '', kind: '', dead: true } };
  });

/** Null: the number whose turn it is may be dialled. Otherwise the one that may be soonest, or none ever. */
function refusalOf(lead: Lead, judged: readonly NumberJudged[], now: EpochMs) {
  const [current] = judged;
  if (!current || current.verdict.allowed) return null;
  const { rule, sentence } = current.verdict;
  const other = judged.find(({ verdict }) => verdict.allowed);
  if (other) return { refusal: { leadId: lead.id, rule, until: now, numberIndex: other.nth }, sentence };
  const waits = judged.flatMap(({ nth, verdict }) =>
    verdict.allowed || verdict.until === null ? [] : [{ nth, verdict, until: verdict.until }],
  );
  const soonest = waits.toSorted((a, b) => a.until - b.until)[0];
  if (!soonest) return { refusal: { leadId: lead.id, rule, until: null }, sentence };
  const { nth, until, verdict } = soonest;
  return { refusal: { leadId: lead.id, rule: verdict.rule, until, numberIndex: nth }, sentence: verdict.sentence };
}
