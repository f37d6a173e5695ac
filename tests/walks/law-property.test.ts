import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectionPlanSchema } from '../../src/engine/ports/detection.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { PLAIN_TERMS } from '../../src/engine/ports/leads.ts';
import type { ComplianceProfile } from '../../src/engine/site.ts';
import { AUTUMN } from '../support/campaign.ts';
import { answers, busy, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { agentProfile, flowOfNodes } from '../support/site.ts';
import { WalkHouse } from './house.ts';
import { type Asked, Judge, LAW, type Made, type Told } from './law-judge.ts';
import { FIRST, type Listed, type Look, type Plan, plan, type Step } from './law-plan.ts';

const PARTS = 4;
const RUNS = 50;
const AGENTS = ['a1', 'a2', 'a3'];
const cited = <T>(value: T) => ({ value, cite: 'House: for the tests' });

function law(): ComplianceProfile {
  const lab = labProfile();
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: LAW.opens * 60, to: LAW.closes * 60 }] : []));
  return {
    ...lab,
    hours: { week: cited(week), holidays: cited('closed'), holidayDates: cited([LAW.holiday]) },
    attempts: { caps: cited(LAW.caps) },
    lockOut: {
      ...lab.lockOut,
      afterAbandonedMs: cited(LAW.abandonedRestsMs),
      afterMachineMs: cited(LAW.machineRestsMs),
    },
    consent: { toAgent: cited('none'), mobileToAgent: cited('express'), agentless: cited('written') },
  };
}

const READ = {
  ...PLAIN_TERMS,
  map: { numbers: [{ column: 'number', kind: '' }], name: 'name', consent: 'consent' },
};

async function* rows(people: readonly Listed[]): AsyncGenerator<Uint8Array> {
  const lines = people.map(({ number, consent }) => `${number},Somebody,${consent}`);
  yield new TextEncoder().encode(['number,name,consent', ...lines].join('\n'));
}

const detect = detectionPlanSchema.parse({
  message: 'campaign.abandoned',
  countFrom: 'greeting-end',
  after: { machine: 'hang-up', sampleShare: 0 },
});

/** Nobody rests by the retry rule for longer than this: the law alone holds dials back. */
const AGAIN_MS = 5_000;

class LawWalk {
  readonly told: Told[] = [];
  readonly made: Made[] = [];
  readonly #plan: Plan;
  readonly #house: WalkHouse;
  readonly #entries = new Map<string, { readonly id: string; readonly campaignId: string | null }[]>();
  readonly #spoken = new Set<string>();
  #seen = 0;

  constructor(given: Plan) {
    this.#plan = given;
    this.#house = new WalkHouse({
      ...flowOfNodes('  first: { type: play, prompt: greeting, next: bye }'),
      profiles: testProfiles(law()),
      agents: AGENTS.map((id) => agentProfile(id)),
    });
  }

  async walk(): Promise<Judge> {
    const { people, modes, looks } = this.#plan;
    const house = this.#house;
    await house.clock.advance(FIRST - house.clock.now());
    await house.start();
    for (const { number, does } of people) {
      house.fake.number(number, does === 'busy' ? busy : does === 'rings' ? rings : answers(2_000, 9_000));
    }
    for (const [nth, mode] of modes.entries())
      await this.#campaign(
        mode,
        people.filter(({ of }) => of.includes(nth)),
      );
    for (const { number, asked } of people) {
      if (asked !== 'nothing') await this.#keep(number, asked === 'all' ? null : this.#idOf(asked));
    }
    for (const { id } of this.made) await this.#command(id, 'start');
    for (const look of looks) await this.#look(look);
    this.#hear();
    const judge = new Judge(people, this.made).read(this.told);
    this.#nothingElseWentOut(judge);
    await house.engine.stop();
    return judge;
  }

  async #campaign(mode: Plan['modes'][number], people: readonly Listed[]): Promise<void> {
    const own: Partial<CampaignSettings> =
      mode === 'agentless' ? { flow: 'support' } : mode === 'power' ? { ratio: 2 } : {};
    const settings = { ...AUTUMN, ...own, mode, detect, name: `law ${this.made.length}`, maxAttempts: 9 };
    const made = await this.#house.service.createCampaign({ ...settings, retryAfterMs: AGAIN_MS, ringMs: 10_000 });
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    this.made.push({ id, isAgentless: mode === 'agentless' });
    const read = await this.#house.service.importLeads(id, rows(people), READ);
    expect(read).toMatchObject({ ok: true, value: { added: people.length } });
  }

  /** What is asked is in force from the journal's next line on. */
  #asked(asked: Asked): void {
    this.#hear();
    this.told.push({ asked });
  }

  #hear(): void {
    const { events } = this.#house;
    this.told.push(...events.slice(this.#seen).map((event) => ({ event })));
    this.#seen = events.length;
  }

  async #command(campaignId: string, command: 'start' | 'pause'): Promise<void> {
    if (command === 'start') this.#asked({ type: 'runs', campaignId });
    const answer = await this.#house.service.commandCampaign(campaignId, command);
    // One that has finished does not run again, and none runs twice.
    if (command === 'pause' && answer.ok) this.#asked({ type: 'halts', campaignId });
  }

  async #look({ from, here, midway }: Look): Promise<void> {
    const house = this.#house;
    house.kill();
    await house.clock.advance(Math.max(0, from - house.clock.now()));
    await this.#live(here);
    await this.#seconds(20);
    await this.#do(midway, here);
    await this.#seconds(25);
  }

  async #live(here: boolean): Promise<void> {
    for (const id of AGENTS) this.#house.fake.phone(id, here ? answers(500) : rings);
    await this.#house.restart();
    await this.#house.ready(...AGENTS);
  }

  /** Whoever picked up says hello; a machine talks on. */
  async #seconds(count: number): Promise<void> {
    for (let half = 0; half < 2 * count; half += 1) {
      await this.#house.clock.advance(500);
      for (const { number, does } of this.#plan.people) {
        const party = this.#house.fake.number(number).parties.at(-1);
        if (party?.phase !== 'up' || this.#spoken.has(party.legId)) continue;
        this.#spoken.add(party.legId);
        party.say(does === 'machine' ? 6_000 : 400);
      }
    }
  }

  async #do(step: Step, here: boolean): Promise<void> {
    switch (step.do) {
      case 'die':
        this.#house.kill();
        return this.#live(here);
      case 'pause':
        return this.#command(this.#idOf(step.campaign), 'pause');
      case 'resume':
        return this.#command(this.#idOf(step.campaign), 'start');
      case 'keep-from-calls':
        return this.#keep(this.#numberOf(step.who), step.campaign === null ? null : this.#idOf(step.campaign));
      case 'let-be-called':
        return this.#let(this.#numberOf(step.who));
    }
  }

  #idOf(nth: number): string {
    return this.made[nth]?.id ?? '';
  }

  #numberOf(who: number): string {
    const { people } = this.#plan;
    return people[who % people.length]?.number ?? '';
  }

  async #keep(number: string, campaignId: string | null): Promise<void> {
    const about = { campaignId, reason: 'asked', source: 'agent', by: 'alice' } as const;
    const added = await this.#house.engine.house.dnc.add({ what: { number }, ...about });
    if (!added.ok) throw new Error(added.sentence);
    this.#asked({ type: 'keep-from-calls', number, campaignId });
    // Who asks for the same again has the entry that he had.
    const others = (this.#entries.get(number) ?? []).filter(({ id }) => id !== added.value.entry.id);
    this.#entries.set(number, [...others, { id: added.value.entry.id, campaignId }]);
  }

  async #let(number: string): Promise<void> {
    for (const { id, campaignId } of this.#entries.get(number) ?? []) {
      this.#asked({ type: 'may-be-called', number, campaignId });
      expect(await this.#house.engine.house.dnc.remove(id, 'a mistake', 'mia')).toMatchObject({ ok: true });
    }
    this.#entries.delete(number);
  }

  /** The switch rang nobody of whom the journal does not tell. */
  #nothingElseWentOut(judge: Judge): void {
    for (const { number } of this.#plan.people) {
      const rung = this.#house.fake.number(number).parties.length;
      if (rung > judge.dials.filter((dial) => dial.number === number).length)
        judge.breaches.push(`dialled untold: ${number}`);
    }
  }
}

describe('the law, over whole campaigns', () => {
  const seen = new Map<string, number>();
  const note = (what: string, times = 1) => seen.set(what, (seen.get(what) ?? 0) + times);

  // In parts, so that a crowded machine has time for each.
  it.each(Array.from({ length: PARTS }, (_, part) => part + 1))(
    `in ${RUNS} random campaigns, and as many again (%d), nobody is dialled against a rule, as an independent judge reads the journal`,
    async () => {
      const whole = fc.asyncProperty(plan, async (given) => {
        const walk = new LawWalk(given);
        const judge = await walk.walk();
        for (const { outcome } of judge.dials) note(`outcome ${outcome}`);
        for (const each of walk.told) {
          if ('event' in each && each.event.type === 'attempt.refused') note(each.event.data.rule);
        }
        expect(judge.breaches).toEqual([]);
      });
      await fc.assert(whole, { numRuns: RUNS });
    },
    120_000,
  );

  // A rule that never had to refuse was not tried: far below what is seen, and far above chance.
  it.each([
    ['calling-hours', 100],
    ['consent', 60],
    ['dnc', 100],
    ['locked-out', 40],
    ['attempts-cap', 60],
    ['outcome connected', 30],
    ['outcome abandoned', 20],
    ['outcome machine', 30],
    ['outcome busy', 60],
  ])('%s came to pass at least %d times in them', (what, times) => {
    expect(seen.get(what) ?? 0, JSON.stringify(Object.fromEntries(seen))).toBeGreaterThanOrEqual(times);
  });
});
