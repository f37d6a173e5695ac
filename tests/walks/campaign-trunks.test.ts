import { describe, expect, it } from 'vitest';
import type { SwitchCommand } from '../../src/call/switch.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import type { TrunkProfile } from '../../src/engine/site.ts';
import { PLAIN_REST } from '../../src/engine/site.ts';
import { answers, busy, congested, rings } from '../support/fake-party.ts';
import { AUTUMN } from '../support/campaign.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const agents = Array.from({ length: 20 }, (_, index) => agentProfile(`a${index}`));
const list = (count: number, prefix = '+35840') => Array.from({ length: count }, (_, i) => `${prefix}${2_000_000 + i}`);
const trunk = (name: string, change: Partial<TrunkProfile> = {}): TrunkProfile => ({
  name,
  lines: 50,
  cps: 50,
  ...change,
});
const use = (name: string, weight = 1, tier = 0) => ({ trunk: name, weight, tier });

/** Numbers answer as `list` has it, unless the trunk by which they are dialled is down. */
class Carriers {
  readonly house: WalkHouse;
  readonly down = new Set<string>();
  readonly dialled: { readonly trunk: string; readonly number: string; readonly at: number }[] = [];

  constructor(trunks: readonly TrunkProfile[], site: ConstructorParameters<typeof WalkHouse>[0] = {}) {
    this.house = new WalkHouse({ agents, trunks: new Map(trunks.map((one) => [one.name, one])), ...site });
    const { fake } = this.house;
    const does = fake.do.bind(fake);
    fake.do = async (command: SwitchCommand) => {
      if (command.type === 'originate' && command.to.kind === 'number') {
        const { number, trunk: name } = command.to;
        this.dialled.push({ trunk: name, number, at: this.house.clock.now() });
        if (this.down.has(name)) fake.number(number, congested);
        else if (fake.number(number).behaviour === congested) fake.number(number, rings);
      }
      return does(command);
    };
  }

  async start(numbers: readonly string[], change: Partial<CampaignSettings>): Promise<string> {
    const { house } = this;
    await house.start();
    for (const [index, number] of numbers.entries()) {
      house.fake.number(
        number,
        index % 3 === 0 ? answers(2_000, 8_000) : index % 3 === 1 ? busy : answers(5_000, 3_000),
      );
    }
    await house.ready(...agents.map(({ id }) => id));
    const id = await campaignIn(house, numbers, { maxLines: 100, cps: 100, ...change });
    expect(await house.service.commandCampaign(id, 'start')).toMatchObject({ ok: true });
    return id;
  }

  by(name: string) {
    return this.dialled.filter((dial) => dial.trunk === name);
  }

  health(name: string) {
    return this.house.service.trunks().find((one) => one.name === name);
  }
}

describe('a campaign with several trunks', () => {
  it('keeps their weights, and tells by which trunk and with which number it dialled', async () => {
    const carriers = new Carriers([trunk('north'), trunk('south')]);
    await carriers.start(list(200), { trunk: 'north', trunks: [use('north', 3), use('south', 1)] });
    await carriers.house.clock.runUntil(() => carriers.dialled.length >= 100, 'a hundred dials');
    const share = carriers.by('north').length / carriers.dialled.length;
    expect(share).toBeGreaterThan(0.7);
    expect(share).toBeLessThan(0.8);
    const started = carriers.house.eventsOf('attempt.started').map(({ data }) => [data.number, data.trunk]);
    expect(started).toEqual(carriers.dialled.map((dial) => [dial.number, dial.trunk]));
    expect(new Set(carriers.house.eventsOf('attempt.started').map(({ data }) => data.callerId))).toEqual(
      new Set(['+358400000009']),
    );
  });

  it('fails over within a second, tries a dead trunk with one call at a time, and takes it back', async () => {
    const care = { backOffAfter: 2, backOffMs: 1_000, backOffMostMs: 60_000, deadAfter: 4, probeEveryMs: 10_000 };
    const carriers = new Carriers([trunk('north', { care }), trunk('south', { care })]);
    const { house } = carriers;
    carriers.down.add('north');
    const uses = { trunk: 'north', trunks: [use('north', 1, 0), use('south', 1, 1)] };
    const id = await carriers.start(list(900), uses);
    await house.clock.advance(1_000);
    expect(carriers.by('south').length).toBeGreaterThan(0);
    await house.clock.runUntil(() => house.eventsOf('trunk.down').length > 0, 'a dead trunk');
    expect(house.eventsOf('trunk.down')[0]?.data).toMatchObject({ trunk: 'north', said: '503 Service Unavailable' });
    expect(carriers.health('north')?.down).toMatchObject({ said: '503 Service Unavailable' });
    const [since, before] = [house.clock.now(), carriers.by('north').length];
    await house.clock.advance(35_000);
    const probes = carriers.by('north').slice(before);
    expect(probes.length).toBeGreaterThanOrEqual(2);
    expect(probes.length).toBeLessThanOrEqual(4);
    expect(probes.every(({ at }, i) => at - (probes[i - 1]?.at ?? since - 10_000) >= 10_000)).toBe(true);
    carriers.down.delete('north');
    await house.clock.runUntil(() => house.eventsOf('trunk.up').length > 0, 'the trunk back');
    expect(carriers.health('north')?.down).toBeNull();
    const [north, south] = [carriers.by('north').length, carriers.by('south').length];
    await house.clock.advance(10_000);
    expect(carriers.by('north').length).toBeGreaterThan(north + 5);
    expect(carriers.by('south').length).toBe(south);
    expect((await house.service.dialer.why(id))?.gates.find(({ gate }) => gate === 'trunk-health')?.pass).toBe(true);
  });

  it('spares a dead trunk also after a restart: one call at a time, until one rings', async () => {
    const care = { backOffAfter: 2, backOffMs: 1_000, backOffMostMs: 1_000, deadAfter: 5, probeEveryMs: 60_000 };
    const carriers = new Carriers([trunk('north', { care })]);
    carriers.down.add('north');
    await carriers.start(list(300), { trunk: 'north', maxAttempts: 9, retryAfterMs: 1_000 });
    await carriers.house.clock.runUntil(() => carriers.house.eventsOf('trunk.down').length > 0, 'a dead trunk');
    await carriers.house.clock.advance(5_000);
    carriers.house.kill();
    const before = carriers.dialled.length;
    await carriers.house.restart();
    await carriers.house.ready(
      ...agents.map(({ id }) => id).filter((id) => carriers.house.agent(id).status !== 'ready'),
    );
    await carriers.house.clock.advance(170_000);
    expect(carriers.health('north')?.down).toMatchObject({ said: '503 Service Unavailable' });
    const probes = carriers.dialled.length - before;
    expect(probes).toBeGreaterThanOrEqual(2);
    expect(probes).toBeLessThanOrEqual(4);
    expect(carriers.house.eventsOf('trunk.down')).toHaveLength(1);
    carriers.down.delete('north');
    await carriers.house.clock.runUntil(() => carriers.house.eventsOf('trunk.up').length > 0, 'a trunk that works');
    await carriers.house.clock.advance(60_000);
    expect(carriers.dialled.length - before).toBeGreaterThan(20);
  });

  it('says in "why" that its only trunk is dead', async () => {
    const care = { backOffAfter: 2, backOffMs: 1_000, backOffMostMs: 1_000, deadAfter: 3, probeEveryMs: 30_000 };
    const carriers = new Carriers([trunk('north', { care })]);
    carriers.down.add('north');
    const id = await carriers.start(list(60), { trunk: 'north' });
    await carriers.house.clock.runUntil(() => carriers.house.eventsOf('trunk.down').length > 0, 'a dead trunk');
    const why = await carriers.house.service.dialer.why(id);
    expect(why?.headline).toMatch(/^Trunk north is dead \(503 Service Unavailable\); one call will try in \d+ s\.$/u);
  });

  it('is never over the lines or call starts of a trunk, two campaigns and a crash included', async () => {
    const carriers = new Carriers([trunk('north', { lines: 4, cps: 2 }), trunk('south', { lines: 3, cps: 5 })]);
    const { house } = carriers;
    const uses = { trunk: 'north', trunks: [use('north'), use('south')] };
    await carriers.start(list(150), uses);
    const other = await campaignIn(house, list(150, '+35841'), { ...uses, maxLines: 100, cps: 100 });
    for (const number of list(150, '+35841')) house.fake.number(number, answers(3_000, 5_000));
    await house.service.commandCampaign(other, 'start');
    const most = { north: 0, south: 0 };
    for (let turn = 0; turn < 200; turn += 1) {
      if (turn === 100) {
        house.kill();
        await house.restart();
      }
      await house.clock.advance(130);
      const held = (name: string) =>
        house.engine.house.board.all().filter(({ state }) => state.source === name && state.attempt?.phase !== 'over');
      most.north = Math.max(most.north, held('north').length);
      most.south = Math.max(most.south, held('south').length);
    }
    expect(most).toEqual({ north: 4, south: 3 });
    for (const [name, cps] of [
      ['north', 2],
      ['south', 5],
    ] as const) {
      const times = carriers.by(name).map(({ at }) => at);
      expect(times.length).toBeGreaterThan(10);
      const busiest = times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length);
      expect(Math.max(...busiest)).toBeLessThanOrEqual(cps);
    }
  });

  it('dials nobody to whom no trunk leads, and holds up nobody else by it', async () => {
    const carriers = new Carriers([trunk('north', { routes: [{ prefix: '+358', perMinute: 1 }] })]);
    const abroad = list(5, '+4670');
    const id = await carriers.start([...abroad, ...list(5)], { trunk: 'north' });
    await carriers.house.clock.advance(20_000);
    expect(carriers.dialled.map(({ number }) => number).toSorted()).toEqual(list(5));
    expect(carriers.house.eventsOf('attempt.refused').map(({ data }) => data.rule)).toEqual(
      abroad.map(() => 'no-trunk'),
    );
    expect(await carriers.house.history.refusedLeads(id)).toEqual({ 'no-trunk': 5 });
    expect((await carriers.house.history.attempts(id, { limit: 9, before: null }))[0]).toMatchObject({
      trunk: 'north',
    });
  });

  it('shows the numbers of its pool, of the area that is called', async () => {
    const near = ['+358912345678', '+358912345679'].map((number) => ({ number, areas: ['+3589'] }));
    const pool = { numbers: [{ number: '+358401234567', areas: [] }, ...near], rest: PLAIN_REST };
    const carriers = new Carriers([trunk('north')], { callerIds: new Map([['finland', pool]]) });
    await carriers.start([...list(4, '+3589'), ...list(2)], { trunk: 'north', callerIds: 'finland' });
    await carriers.house.clock.advance(30_000);
    const shown = carriers.house
      .eventsOf('attempt.started')
      .map(({ data }) => [data.number.slice(0, 5), data.callerId]);
    expect(shown.filter(([area]) => area === '+3584').map(([, id]) => id)).toEqual(['+358401234567', '+358401234567']);
    const helsinki = shown.filter(([area]) => area === '+3589').map(([, id]) => id ?? '');
    expect(helsinki.toSorted()).toEqual([...near, ...near].map(({ number }) => number).toSorted());
    expect(await carriers.house.service.createCampaign({ ...AUTUMN, trunk: 'north', callerIds: 'mars' })).toMatchObject(
      {
        ok: false,
        sentence: "There is no pool of caller ids 'mars'; the site has finland.",
      },
    );
  });
});
