import { describe, expect, it } from 'vitest';
import type { DialerEvent, DialerState } from '../../src/dialer/pacing/index.ts';
import { answers, busy, rings } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number, numbers } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const agents = ['a1', 'a2', 'a3'].map((id) => agentProfile(id));
const ids = agents.map(({ id }) => id);

async function house3(list = numbers(30), change = {}, prepare: (house: WalkHouse) => void = () => undefined) {
  const house = new WalkHouse({ agents });
  prepare(house);
  await house.start();
  for (const [index, each] of list.entries()) {
    house.fake.number(each, index % 5 === 1 ? busy : index % 5 === 2 ? rings : answers(2_000 + index * 90, 6_000));
  }
  await house.ready(...ids);
  const id = await campaignIn(house, list, change);
  return { house, id };
}

const gateOf = async (house: WalkHouse, id: string) => {
  const why = await house.service.dialer.why(id);
  return { failed: why?.gates.find(({ pass }) => !pass)?.gate ?? null, headline: why?.headline };
};

describe('a campaign while it runs', () => {
  it('totals are the sum of what became of its attempts, and go on after a crash', async () => {
    const { house, id } = await house3();
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length >= 12);
    house.kill();
    await house.restart();
    await house.clock.runUntil(() => house.eventsOf('attempt.ended').length >= 20);
    const totals = house.engine.house.fleet.runner(id)?.sight.totals;
    const launched = house.eventsOf('attempt.started').length;
    const connected = house.eventsOf('call.connected').length;
    const answered = house.eventsOf('call.answered').length;
    expect(connected).toBeGreaterThan(5);
    expect(totals).toMatchObject({ launched, connected, abandoned: 0, answered });
  });

  it('lines, starts and ring time may be changed live, and who did it is written down', async () => {
    const { house, id } = await house3(numbers(30), { maxLines: 1 });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 1);
    const runner = house.engine.house.fleet.runner(id);
    expect(runner?.inFlight()).toHaveLength(1);
    expect(await house.service.changeCampaign(id, { maxLines: 3, ringMs: 9_000 }, 'mary')).toMatchObject({ ok: true });
    await house.clock.advance(1_000);
    expect(runner?.inFlight()).toHaveLength(3);
    expect(house.eventsOf('campaign.changed').at(-1)?.data).toEqual({
      campaignId: id,
      status: 'running',
      previous: 'running',
      by: 'mary',
      changes: [
        { setting: 'maxLines', from: '1', to: '3' },
        { setting: 'ringMs', from: '15000', to: '9000' },
      ],
    });
    expect(await house.service.changeCampaign(id, { callerId: '+358400000001' }, 'mary')).toMatchObject({
      ok: false,
      sentence: 'The campaign is running; pause it to change callerId.',
    });
    expect(await house.service.changeCampaign(id, { abandonCap: 0.01 }, 'mary')).toMatchObject({ ok: true });
    expect(await house.service.changeCampaign(id, { abandonCap: 0.02 }, 'mary')).toMatchObject({ ok: false });
    await house.service.commandCampaign(id, 'pause');
    expect(await house.service.changeCampaign(id, { abandonCap: 0.02 }, 'mary')).toMatchObject({ ok: true });
  });

  it('the database is not asked at each event whether all is done', async () => {
    let asked = 0;
    const counted = ({ history }: WalkHouse) => {
      const leadCounts = history.leadCounts.bind(history);
      Object.assign(history, {
        leadCounts: (campaignId: string) => {
          asked += 1;
          return leadCounts(campaignId);
        },
      });
    };
    const { house, id } = await house3([number(0)], { retryAfterMs: 600_000, maxAttempts: 3 }, counted);
    house.fake.number(number(0), busy);
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(2_000);
    asked = 0;
    for (let turn = 0; turn < 100; turn += 1) {
      house.engine.house.fleet.kick();
      await house.clock.advance(100);
    }
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThanOrEqual(3);
  });

  it('shows its numbers, and writes a decision a second at most', async () => {
    const { house, id } = await house3(numbers(60), { cps: 50 });
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(120_000);
    const view = await house.service.campaign(id);
    const runner = house.engine.house.fleet.runner(id);
    expect(view?.live?.callsMade).toBe(house.eventsOf('attempt.started').length);
    expect(view?.live?.dropsPercent).toBe(0);
    expect(view?.live?.lines).toEqual({ inUse: runner?.inFlight().length, max: 10 });
    const finish = view?.live?.finishAt;
    expect(finish?.from).toBe('pace');
    expect(finish?.low).toBeGreaterThan(house.clock.now());
    expect(finish?.likely).toBeGreaterThanOrEqual(finish?.low ?? Infinity);
    expect(finish?.high).toBeGreaterThanOrEqual(finish?.likely ?? Infinity);
    expect(view?.live?.idleMs).toBeGreaterThan(0);
    const paced = house.eventsOf('campaign.paced');
    const starts = paced.map(({ at }) => at);
    expect(starts.every((at, index) => index === 0 || at - (starts[index - 1] ?? 0) >= 1_000)).toBe(true);
    const said = paced.reduce((sum, { data }) => sum + data.launch, 0);
    expect(view?.live?.callsMade).toBeGreaterThanOrEqual(said);
    expect((view?.live?.callsMade ?? 0) - said).toBeLessThanOrEqual(3);
    const decisions = await house.service.dialer.decisions(id);
    expect(decisions?.length).toBeLessThanOrEqual(100);
    expect(decisions?.[0]?.at).toBeGreaterThanOrEqual(decisions?.[1]?.at ?? Infinity);
  });

  it('says why it is not dialling, gate by gate', async () => {
    const house = await new WalkHouse({ agents }).start();
    const id = await campaignIn(house, []);
    expect(await gateOf(house, id)).toEqual({
      failed: 'status',
      headline: 'The campaign has not been started: start it.',
    });
    await house.service.commandCampaign(id, 'start');
    expect(await gateOf(house, id)).toMatchObject({ failed: 'agents-ready' });
    await house.ready('a1');
    expect(await gateOf(house, id)).toEqual({
      failed: 'leads',
      headline: 'The campaign has no leads: upload a list.',
    });
    const full = await campaignIn(house, numbers(3), { maxLines: 1 });
    house.fake.number(number(0), answers(3_000, 60_000));
    await house.service.commandCampaign(full, 'start');
    await house.clock.advance(10_000);
    expect(await gateOf(house, full)).toEqual({
      failed: 'agents-free',
      headline: 'None of its 1 ready agents is free.',
    });
    await house.ready('a2');
    expect(await gateOf(house, full)).toMatchObject({ failed: 'lines' });
    house.fake.disconnect();
    await house.clock.advance(0);
    expect(await gateOf(house, full)).toEqual({ failed: 'switch', headline: 'The switch is not connected.' });
    expect(await house.service.dialer.why('campaign-none')).toBeNull();
  });
});

describe('what pacing is told on a walk', () => {
  it('is the sum of the events at every decision, and true of the calls', async () => {
    const { house, id } = await house3();
    await house.service.commandCampaign(id, 'start');
    const runner = house.engine.house.fleet.runner(id);
    if (!runner) throw new Error('nobody dials it');
    const events: DialerEvent[] = [];
    const see = runner.pulse.see.bind(runner.pulse);
    runner.pulse.see = (event) => {
      events.push(event);
      see(event);
    };
    let most = 0;
    for (let turn = 0; turn < 400; turn += 1) {
      await house.clock.advance(170);
      const state = runner.sight.state({ max: 10, inUse: 0 });
      if (!state) throw new Error('it sees nothing');
      const live = house.engine.house.board.all().map((session) => session.state);
      expect(state.counts.waiting).toBe(live.filter(({ attempt }) => attempt?.phase === 'waiting').length);
      expect(state.counts.ringing).toBe(
        live.filter(({ attempt }) => attempt?.phase === 'dialing' || attempt?.phase === 'ringing').length,
      );
      expect(stateOf(events, state)).toEqual(state.totals);
      most = Math.max(most, state.counts.talk);
    }
    expect(most).toBeGreaterThan(1);
    expect(events.some(({ type }) => type === 'call.ringing')).toBe(true);
  });
});

/** Totals by the events alone; the first launches came before we listened. */
function stateOf(events: readonly DialerEvent[], { totals }: DialerState): DialerState['totals'] {
  const told = (is: (event: DialerEvent) => boolean) => events.filter(is).length;
  const ended = (cause: string) => told((event) => event.type === 'call.ended' && event.cause === cause);
  return {
    launched: totals.launched,
    answered: told(({ type }) => type === 'call.answered'),
    connected: told(({ type }) => type === 'call.connected'),
    abandoned: told(({ type }) => type === 'call.abandoned'),
    machine: ended('machine'),
    noanswer: ended('noanswer'),
    busy: ended('busy'),
    cancelled: ended('cancelled'),
  };
}
