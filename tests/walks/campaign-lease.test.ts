import { describe, expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const AGENTS = Array.from({ length: 8 }, (_, index) => agentProfile(`a${index}`));
const LIST = numbers(60);

/** A campaign whose database takes so long to write a dial down. */
class SlowHouse {
  readonly house = new WalkHouse({ agents: AGENTS });
  id = '';
  writeMs = 0;

  constructor() {
    const { history, clock } = this.house;
    const startAttempt = history.startAttempt.bind(history);
    const slow: typeof startAttempt = async (...wish) => {
      if (this.writeMs > 0) await new Promise<void>((over) => void clock.at(clock.now() + this.writeMs, over));
      return startAttempt(...wish);
    };
    Object.assign(history, { startAttempt: slow });
  }

  async start(writeMs: number): Promise<void> {
    const { house } = this;
    for (const each of LIST) house.fake.number(each, answers(2_000, 20_000));
    await house.start();
    await this.ready();
    this.id = await campaignIn(house, LIST, { cps: 50, maxLines: 50 });
    this.writeMs = writeMs;
    expect(await house.service.commandCampaign(this.id, 'start')).toMatchObject({ ok: true });
  }

  ready(): Promise<void> {
    const { house } = this;
    return house.ready(...AGENTS.map(({ id }) => id).filter((id) => house.agent(id).status !== 'ready'));
  }

  get dialled(): readonly string[] {
    return this.house.eventsOf('attempt.started').map(({ data }) => data.number);
  }

  /** Every lead was dialled, and none twice. */
  async expectEachOnce(): Promise<void> {
    expect(this.dialled.toSorted()).toEqual(LIST);
    expect(LIST.filter((each) => this.house.fake.number(each).parties.length !== 1)).toEqual([]);
    await this.house.expectNoLeaks();
  }
}

describe('leads that were leased in a batch', () => {
  it('are due a minute after their process died, while others are dialled', async () => {
    const walk = new SlowHouse();
    await walk.start(3_600_000);
    const { house } = walk;
    await house.clock.advance(3_000);
    const { leased } = await house.history.leadCounts(walk.id);
    expect(leased).toBeGreaterThan(3);
    expect(walk.dialled).toEqual([]);
    house.kill();
    walk.writeMs = 0;
    await house.restart();
    await walk.ready();
    const lost = LIST.slice(0, leased);
    await house.clock.advance(30_000);
    expect(walk.dialled.filter((each) => lost.includes(each))).toEqual([]);
    expect(walk.dialled.length).toBeGreaterThan(5);
    await house.clock.advance(60_000);
    expect(lost.filter((each) => !walk.dialled.includes(each))).toEqual([]);
    await house.clock.advance(600_000);
    await walk.expectEachOnce();
  });

  it('are kept by a process whose database is slow, and dialled once', async () => {
    const walk = new SlowHouse();
    await walk.start(15_000);
    const { clock } = walk.house;
    await clock.advance(100_000);
    expect(walk.dialled.length).toBeGreaterThan(4);
    expect(new Set(walk.dialled).size).toBe(walk.dialled.length);
    walk.writeMs = 0;
    await clock.advance(900_000);
    await walk.expectEachOnce();
  });

  it.each([15_000, 40_000])('lapse for nobody else while a dial takes %i ms to be written down', async (writeMs) => {
    const walk = new SlowHouse();
    const { history, clock } = walk.house;
    const expireLeases = history.expireLeases.bind(history);
    let lapsed = 0;
    const counted: typeof expireLeases = async (now) => {
      const count = await expireLeases(now);
      lapsed += count;
      return count;
    };
    Object.assign(history, { expireLeases: counted });
    await walk.start(writeMs);
    for (let second = 0; second < 240; second += 5) {
      await clock.advance(5_000);
      await history.expireLeases(clock.now());
    }
    expect(walk.dialled.length).toBeGreaterThan(4);
    expect(lapsed).toBe(0);
    walk.writeMs = 0;
    await clock.advance(900_000);
    await walk.expectEachOnce();
  });

  it('are not dialled when somebody stops one of them meanwhile, and the others are', async () => {
    const walk = new SlowHouse();
    await walk.start(3_000);
    const { history, clock } = walk.house;
    const batch = (await history.leads(walk.id, { limit: 60, before: null })).filter(
      ({ status }) => status === 'leased',
    );
    const stopped = batch.toSorted((a, b) => (a.id < b.id ? -1 : 1))[2];
    expect(await history.holdLeads([stopped?.id ?? ''], 'stopped')).toBe(1);
    await clock.advance(20_000);
    walk.writeMs = 0;
    await clock.advance(900_000);
    expect(walk.dialled.toSorted()).toEqual(LIST.filter((each) => each !== stopped?.number));
    expect(await history.lead(stopped?.id ?? '')).toMatchObject({ status: 'pending', attempts: 0, hold: 'stopped' });
    await walk.house.expectNoLeaks();
  });
});
