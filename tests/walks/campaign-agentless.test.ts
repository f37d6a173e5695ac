import { describe, expect, it } from 'vitest';
import { answers, busy, rings } from '../support/fake-party.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { flowOfNodes } from '../support/site.ts';
import { campaignIn, number, numbers, optsOut } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PLAIN = `
  first: { type: play, prompt: greeting, next: bye }`;

/** Who presses 9 is put on the list, others hear of it, and then he does. */
const OPTS_OUT = `
  first:
    type: menu
    prompt: greeting
    keys: { "9": stop }
    outcomes: { noInput: bye, invalid: bye }
  stop: { type: dnc, outcomes: { ok: note, noNumber: bye } }
  note: { type: emit, event: opted-out, next: told }
  told: { type: play, prompt: sorry, next: bye }`;

/** A campaign whose flow has its first person on the line, under a profile that ends the line so. */
async function toldOf(afterOptOut: 'confirm' | 'hang-up') {
  const lab = labProfile();
  const message = { ...lab.message, afterOptOut: { value: afterOptOut, cite: 'House: for the tests' } };
  const profiles = testProfiles(labProfile({ message }));
  const house = await new WalkHouse({ ...flowOfNodes(OPTS_OUT), profiles }).start();
  house.fake.number(number(0), answers(3_000));
  house.fake.number(number(0), answers(3_000));
  const id = await campaignIn(house, [number(0)], { mode: 'agentless', flow: 'support' });
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
  await house.clock.advance(1);
  const { party } = house.fake.number(number(0));
  expect(party.hearing).toContain('greeting');
  return { house, party, id };
}

/** Reminders for people who do not pick up. */
async function reminders(list: readonly string[], change = {}) {
  const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
  for (const each of numbers(20)) house.fake.number(each, rings);
  const id = await campaignIn(house, list, { mode: 'agentless', flow: 'support', ...change });
  await house.service.commandCampaign(id, 'start');
  return { house, id };
}

async function finished(house: WalkHouse, id: string): Promise<void> {
  let status = '';
  for (let turn = 0; turn < 2_000 && status !== 'finished'; turn += 1) {
    await house.clock.advance(250);
    status = (await house.history.campaign(id))?.status ?? '';
  }
  expect(status).toBe('finished');
}

describe('an agentless campaign', () => {
  it('its flow talks with whoever answers, and no agent is needed', async () => {
    const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
    house.fake.number(number(0), answers(3_000));
    house.fake.number(number(1), busy);
    house.fake.number(number(2), rings);
    const id = await campaignIn(house, numbers(3), { mode: 'agentless', flow: 'support' });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    await house.clock.advance(1);
    expect(house.fake.number(number(0)).party.hearing).toContain('greeting');
    await finished(house, id);
    await house.expectNoLeaks();
    const ends = house.eventsOf('attempt.ended').map(({ data }) => data.outcome);
    expect(ends.toSorted()).toEqual(['busy', 'connected', 'no-answer']);
    expect(house.eventsOf('call.queued')).toEqual([]);
    expect(house.eventsOf('call.arrived')).toHaveLength(3);
    const [call] = house.eventsOf('call.answered');
    const record = await house.history.callRecord(call?.subject.slice('call/'.length) ?? '');
    expect(record).toMatchObject({ direction: 'outbound', flow: 'support', outcome: 'contained', campaignId: id });
  });

  it('uses the lines and call starts that it has, and no more', async () => {
    const { house, id } = await reminders(numbers(20), { maxLines: 4, cps: 2 });
    await house.clock.advance(900);
    expect(house.eventsOf('attempt.started')).toHaveLength(2);
    await house.clock.advance(5_000);
    expect(house.engine.house.fleet.runner(id)?.inFlight()).toHaveLength(4);
    const why = await house.service.dialer.why(id);
    expect(why?.headline).toBe('The campaign has 4 of its 4 lines in use.');
    expect(why?.gates.some(({ gate }) => gate.startsWith('agents'))).toBe(false);
    await finished(house, id);
  });

  it('fills its flow as far as that takes calls, callers counted too, and says so', async () => {
    const site = flowOfNodes(PLAIN);
    const flows = new Map([...(site.flows ?? [])].map(([id, flow]) => [id, { ...flow, maxCalls: 3 }]));
    const house = await new WalkHouse({ ...site, flows }).start();
    for (const each of numbers(20)) house.fake.number(each, rings);
    const id = await campaignIn(house, numbers(20), { mode: 'agentless', flow: 'support' });
    await house.service.commandCampaign(id, 'start');
    await house.clock.advance(5_000);
    expect(house.engine.house.fleet.runner(id)?.inFlight()).toHaveLength(3);
    const full = 'Flow support has 3 of its 3 calls at once (limits.maxCalls).';
    expect(await house.service.dialer.why(id)).toMatchObject({ headline: full });
    expect((await house.service.campaign(id))?.because).toContain(full);
    await finished(house, id);
    expect(house.eventsOf('attempt.ended')).toHaveLength(20);
  });

  it('an agent who is free is left to others', async () => {
    const { house, id } = await reminders([number(0)]);
    await house.ready('alice', 'bob');
    const other = await campaignIn(house, [number(1), number(2)], { name: 'Winter' });
    await house.service.commandCampaign(other, 'start');
    await house.clock.advance(1_000);
    expect(house.engine.house.fleet.runner(other)?.inFlight()).toHaveLength(2);
    await finished(house, id);
  });

  it('carries on when the process dies while the flow talks', async () => {
    const house = await new WalkHouse(flowOfNodes(PLAIN)).start();
    house.fake.number(number(0), answers(3_000));
    const id = await campaignIn(house, [number(0)], { mode: 'agentless', flow: 'support' });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.eventsOf('call.answered').length === 1);
    await house.clock.advance(10);
    house.kill();
    await house.restart();
    await finished(house, id);
    await house.expectNoLeaks();
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
  });

  it('needs a flow that there is', async () => {
    const house = await new WalkHouse().start();
    await expect(campaignIn(house, [], { mode: 'agentless' })).rejects.toThrow('An agentless campaign needs `flow`');
    await expect(campaignIn(house, [], { mode: 'agentless', flow: 'none' })).rejects.toThrow(
      /There is no flow 'none'; the house has support/,
    );
  });

  it('who opts out is told so, where the profile has him told', async () => {
    const { house, party, id } = await toldOf('confirm');
    party.press('9');
    await house.clock.advance(10);
    expect([party.phase, party.hearing]).toEqual(['up', expect.stringContaining('sorry')]);
    await finished(house, id);
    await house.expectNoLeaks();
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'the line of who opts out ends at once, where the profile says so, whatever his flow says next; also if we die %i words after',
    async (diesIn) => {
      const { house, party, id } = await toldOf('hang-up');
      await optsOut(house, party, diesIn);
      expect(party.phase).toBe('ended');
      expect(party.heard.join(' ')).not.toContain('sorry');
      expect(house.engine.house.dnc.keeper.hits(number(0), null)).toMatchObject([{ kind: 'number', source: 'caller' }]);
      await finished(house, id);
      expect(house.eventsOf('flow.emitted')).toMatchObject([{ data: { event: 'opted-out' } }]);
      expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'connected' } }]);
      await house.expectNoLeaks();
    },
  );

  it('its flow takes what the list says of the person, as far as it fits', async () => {
    const { flows, routes } = flowOfNodes(PLAIN);
    const flow = flows.get('support') ?? never();
    const takes = ['account', 'name', 'wait', 'waiting', 'tier'];
    const house = await new WalkHouse({ flows: new Map([['support', { ...flow, takes }]]), routes }).start();
    house.fake.number(number(0), answers(3_000));
    const id = await campaignIn(house, [], { mode: 'agentless', flow: 'support' });
    const rows = ['number,name,account,wait,waiting,tier,kept', `${number(0)},Aino,815, 12 ,soon,gold,x`].join('\n');
    const csv = async function* () {
      yield new TextEncoder().encode(rows);
    };
    expect(await house.service.importLeads(id, csv())).toMatchObject({ value: { added: 1 } });
    await house.service.commandCampaign(id, 'start');
    const vars = () => house.engine.house.board.all()[0]?.state.flow?.vars;
    await house.clock.runUntil(() => vars() !== undefined, 'the flow talks');
    // What does not fit its variable, and what is not taken, stays as the flow has it.
    expect(vars()).toMatchObject({ account: '815', name: 'Aino', wait: 12, waiting: 0, tier: 'standard', kept: '' });
    await finished(house, id);
  });
});

function never(): never {
  throw new Error('there is no such flow');
}
