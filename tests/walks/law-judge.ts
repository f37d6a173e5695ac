import type { JournalEvent } from '../../src/call/journal.ts';

const HOUR = 3_600_000;

/** The law of these walks, told once more and in other words than the profile's: the judge reads no profile. */
export const LAW = {
  opens: 9,
  closes: 18,
  holiday: '2027-03-30',
  caps: [
    { most: 2, withinMs: 24 * HOUR },
    { most: 3, withinMs: 72 * HOUR },
  ],
  abandonedRestsMs: 72 * HOUR,
  machineRestsMs: 24 * HOUR,
} as const;

type Consent = 'none' | 'express' | 'written';

/** A person on the list, with what is true of him whatever the house thinks. */
export interface Person {
  readonly number: string;
  readonly zone: string;
  readonly isFixed: boolean;
  readonly consent: Consent;
}

export interface Made {
  readonly id: string;
  readonly isAgentless: boolean;
}

/** What was asked of the house, and is in force from there on; `campaignId` null: for all. */
export type Asked =
  | { readonly type: 'keep-from-calls' | 'may-be-called'; readonly number: string; readonly campaignId: string | null }
  | { readonly type: 'runs' | 'halts'; readonly campaignId: string };

export type Told = { readonly event: JournalEvent } | { readonly asked: Asked };

interface Dial {
  readonly number: string;
  readonly campaignId: string;
  readonly at: number;
  endedAt: number | null;
  outcome: string | null;
}

const MACHINES: readonly string[] = ['machine', 'message-left', 'fax', 'silent'];

/** Nine to six on a working day that is no holiday, on the clock of the wall. */
function isHour(zone: string, at: number): boolean {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const isFree = ['Sat', 'Sun'].includes(of('weekday')) || `${of('year')}-${of('month')}-${of('day')}` === LAW.holiday;
  return !isFree && Number(of('hour')) >= LAW.opens && Number(of('hour')) < LAW.closes;
}

const RISING: readonly Consent[] = ['none', 'express', 'written'];
const asks = (person: Person, campaign: Made): Consent =>
  campaign.isAgentless ? 'written' : person.isFixed ? 'none' : 'express';

/**
 * Reads a whole run from its first line to its last and tells each dial that broke a rule, by brute force: every dial against
 * every earlier one. It shares nothing with the rooms that decided.
 */
export class Judge {
  readonly breaches: string[] = [];
  readonly dials: Dial[] = [];
  readonly #people: ReadonlyMap<string, Person>;
  readonly #campaigns: ReadonlyMap<string, Made>;
  readonly #byAttempt = new Map<string, Dial>();
  readonly #running = new Set<string>();
  readonly #kept = new Set<string>();

  constructor(people: readonly Person[], campaigns: readonly Made[]) {
    this.#people = new Map(people.map((person) => [person.number, person]));
    this.#campaigns = new Map(campaigns.map((campaign) => [campaign.id, campaign]));
  }

  read(told: readonly Told[]): this {
    for (const each of told) {
      if ('asked' in each) this.#asked(each.asked);
      else this.#happened(each.event);
    }
    return this;
  }

  #asked(asked: Asked): void {
    switch (asked.type) {
      case 'runs':
        return void this.#running.add(asked.campaignId);
      case 'halts':
        return void this.#running.delete(asked.campaignId);
      case 'keep-from-calls':
        return void this.#kept.add(`${asked.number} ${asked.campaignId}`);
      case 'may-be-called':
        return void this.#kept.delete(`${asked.number} ${asked.campaignId}`);
    }
  }

  #happened({ type, at, data }: JournalEvent): void {
    if (type === 'attempt.started') {
      const dial = { number: data.number, campaignId: data.campaignId, at, endedAt: null, outcome: null };
      for (const rule of this.#brokenBy(dial))
        this.breaches.push(`${rule}: ${dial.number} at ${new Date(at).toJSON()}`);
      this.dials.push(dial);
      this.#byAttempt.set(data.attemptId, dial);
    } else if (type === 'attempt.ended') {
      const dial = this.#byAttempt.get(data.attemptId);
      if (dial) [dial.endedAt, dial.outcome] = [at, data.outcome];
      else this.breaches.push(`an end without a beginning: ${data.attemptId}`);
    }
  }

  #brokenBy({ number, campaignId, at }: Dial): string[] {
    const person = this.#people.get(number);
    const campaign = this.#campaigns.get(campaignId);
    if (!person || !campaign) return ['nobody of the list'];
    const before = this.dials.filter((dial) => dial.number === number);
    const rested = (ms: number, was: (outcome: string) => boolean) =>
      before.every(({ endedAt, outcome }) => endedAt === null || !was(outcome ?? '') || at - endedAt >= ms);
    const rules: readonly (readonly [string, boolean])[] = [
      ['campaign-not-running', this.#running.has(campaignId)],
      ['dnc', !this.#kept.has(`${number} null`) && !this.#kept.has(`${number} ${campaignId}`)],
      ['consent', RISING.indexOf(person.consent) >= RISING.indexOf(asks(person, campaign))],
      ['calling-hours', isHour(person.zone, at)],
      ...LAW.caps.map(({ most, withinMs }): readonly [string, boolean] => [
        `attempts-cap ${most}`,
        before.filter((dial) => at - dial.at < withinMs).length < most,
      ]),
      ['locked-out abandoned', rested(LAW.abandonedRestsMs, (outcome) => outcome === 'abandoned')],
      ['locked-out machine', rested(LAW.machineRestsMs, (outcome) => MACHINES.includes(outcome))],
      ['in a call', before.every(({ endedAt }) => endedAt !== null)],
    ];
    return rules.filter(([, holds]) => !holds).map(([rule]) => rule);
  }
}
