import { expect, onTestFinished } from 'vitest';
import type { KpiReport } from '../../src/engine/ports/figures.ts';
import type { Party } from '../support/fake-party.ts';
import { createMemoryHistory } from '../support/memory-history.ts';
import { ENTRY } from '../support/site.ts';
import { openHouse } from '../unit/http/house.ts';
import type { FlowHouse } from './flow-house.ts';

export const RATES = { shortAbandonMs: 5_000, repeatMs: 7 * 86_400_000, perMinute: 0.6, perAgentSecond: 0.01 };
export const TARGET_MS = 20_000;

interface Visitor {
  readonly from: string;
  readonly person: Party;
  readonly arrivedAt: number;
  readonly joinedAt: number;
}

interface Served {
  readonly agentId: string;
  readonly phone: Party;
  readonly metAt: number;
}

/** The real door, with the figures of this house's engine; shut when the test is over. */
export async function doorOf(house: FlowHouse) {
  const door = await openHouse({}, createMemoryHistory(), house.engine.house.figures);
  onTestFinished(() => door.close());
  return {
    async kpis(from: number, to?: number): Promise<KpiReport> {
      const url = `/v1/kpis?from=${from}${to === undefined ? '' : `&to=${to}`}`;
      const answer = await door.ask('manager', { method: 'GET', url });
      expect(answer.statusCode).toBe(200);
      return answer.json<{ report: KpiReport }>().report;
    },
    env: async () => ({ CALLWRIGHT_API: await door.http.listen(), CALLWRIGHT_TOKEN: await door.token('manager') }),
  };
}

/**
 * What somebody writes down who stands beside the phones with a clock: who came, heard whom, and hung up. Of the journal, and of
 * how it is counted, nothing is known here.
 */
export class Onlooker {
  readonly #visits: Visitor[] = [];
  readonly #served = new Set<string>();
  readonly house: FlowHouse;
  readonly began: number;
  arrived = 0;
  redials = 0;
  contained = 0;
  refused = 0;
  repeats = 0;
  transferred = 0;
  readonly waits: number[] = [];
  readonly gaveUp: number[] = [];
  readonly firstWords: number[] = [];
  /** Of those who were asked; null: he hung up. */
  readonly marks: (number | null)[] = [];
  callMs = 0;
  /** Talk, hold and wrap-up with callers. */
  workMs = 0;
  /** The phones that rang for callers. */
  rangMs = 0;
  outboundMs = 0;

  constructor(house: FlowHouse) {
    this.house = house;
    this.began = house.clock.now();
  }

  get now(): number {
    return this.house.clock.now();
  }

  /** Somebody rings the house, listens for a while and takes the first way in the menu. */
  async comes(from: string): Promise<Visitor> {
    const visitor = await this.listens(from);
    await this.house.clock.advance(2_000);
    visitor.person.press('1');
    const { legId } = visitor.person;
    await this.house.clock.runUntil(() => this.house.callOf(legId)?.phase !== 'flow', `${from} in the queue`);
    return { ...visitor, joinedAt: this.now };
  }

  /** Somebody rings the house, and hears the menu. */
  async listens(from: string): Promise<Visitor> {
    const visitor = this.rings(from);
    await visitor.person.until('hearing', 'menu.main');
    return visitor;
  }

  rings(from: string, to = ENTRY): Visitor {
    this.arrived += 1;
    const before = this.#visits.findLast((visit) => visit.from === from);
    if (before && this.now - before.arrivedAt <= 5 * 60_000) this.redials += 1;
    const visitor = { from, person: this.house.fake.call({ from, to }), arrivedAt: this.now, joinedAt: this.now };
    this.#visits.push(visitor);
    return visitor;
  }

  /** An agent answers whoever waits, for the first time. */
  async heardBy(visitor: Visitor, agentId: string): Promise<Served> {
    const served = await this.nextHeardBy(visitor, agentId);
    this.waits.push(served.metAt - visitor.joinedAt);
    this.firstWords.push(served.metAt - visitor.arrivedAt);
    if (this.#served.has(visitor.from)) this.repeats += 1;
    this.#served.add(visitor.from);
    return served;
  }

  /** This agent speaks with him now. */
  async nextHeardBy({ person }: Visitor, agentId: string): Promise<Served> {
    const { clock } = this.house;
    await clock.runUntil(() => this.house.agent(agentId).state === 'ringing', `${agentId} is rung`);
    const rungAt = this.now;
    const phone = this.house.fake.phone(agentId).party;
    await clock.runUntil(() => person.talkingWith.includes(phone.legId), `${agentId} speaks with him`);
    this.rangMs += this.now - rungAt;
    return { agentId, phone, metAt: this.now };
  }

  /** His line is free again, and the agent done with him, whichever is first. */
  async over({ person, arrivedAt }: Visitor, { agentId, metAt }: Served): Promise<void> {
    let [goneAt, idleAt]: (number | null)[] = [null, null];
    await this.house.clock.runUntil(() => {
      if (person.phase === 'ended') goneAt ??= this.now;
      if (this.#isDone(agentId)) idleAt ??= this.now;
      return goneAt !== null && idleAt !== null;
    }, `the call is over and ${agentId} is done`);
    this.callMs += (goneAt ?? 0) - arrivedAt;
    this.workMs += (idleAt ?? 0) - metAt;
  }

  /** The agent handed him over, and has nothing to do with it any more once his wrap-up ends. */
  async wrapsUp({ agentId, metAt }: Served): Promise<void> {
    await this.house.clock.runUntil(() => this.#isDone(agentId), `${agentId} is done`);
    this.workMs += this.now - metAt;
  }

  /** Idle, or with the next one already. */
  #isDone(agentId: string): boolean {
    return !['talking', 'wrap-up'].includes(this.house.agent(agentId).state);
  }

  async gone({ person, arrivedAt }: Visitor): Promise<void> {
    await person.until('ended');
    this.callMs += this.now - arrivedAt;
  }

  async givesUp(visitor: Visitor): Promise<void> {
    this.gaveUp.push(this.now - visitor.joinedAt);
    visitor.person.hangUp();
    await this.gone(visitor);
  }

  /** How many agents were there all the time. */
  figures(agents: number) {
    const handled = this.waits.length;
    const marks = this.marks.filter((mark) => mark !== null);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const inTime = (values: readonly number[]) => values.filter((ms) => ms <= TARGET_MS).length;
    const short = this.gaveUp.filter((ms) => ms <= RATES.shortAbandonMs).length;
    const offered = handled + this.gaveUp.length;
    const busyMs = this.rangMs + this.workMs;
    return {
      arrived: this.arrived,
      redials: this.redials,
      contained: this.contained,
      blocked: this.refused / this.arrived,
      offered,
      handled,
      abandoned: this.gaveUp.length,
      abandonedShort: short,
      abandonment: (this.gaveUp.length - short) / (offered - short),
      asa: sum(this.waits) / handled,
      aht: this.workMs / handled,
      transferRate: this.transferred / handled,
      repeats: this.repeats / handled,
      fcr: 1 - this.repeats / handled,
      serviceLevel: {
        ignore: inTime(this.waits) / (offered - inTime(this.gaveUp)),
        negative: inTime(this.waits) / offered,
        positive: (inTime(this.waits) + inTime(this.gaveUp)) / offered,
      },
      firstResponse: { count: handled, mean: sum(this.firstWords) / handled },
      csat: {
        value: marks.filter((mark) => mark >= 4).length / marks.length,
        answers: marks.length,
        response: marks.length / this.marks.length,
      },
      cost: ((this.callMs / 60_000) * RATES.perMinute + (busyMs / 1_000) * RATES.perAgentSecond) / handled,
      occupancy: (busyMs + this.outboundMs) / (agents * (this.now - this.began)),
    };
  }
}
