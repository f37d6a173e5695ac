import { describe, expect, it } from 'vitest';
import { doubleBookings } from '../support/bookings.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';
import { journalOf, twoHouses } from './two-houses.ts';

const LEASE_LAPSES_MS = 8_000;

const faultsOf = async (house: WalkHouse, ringAtOnce = 1) => doubleBookings(await journalOf(house), () => ringAtOnce);

const served = (house: WalkHouse) => house.eventsOf('call.connected').map(({ subject }) => subject.slice(5));

describe('two processes on the same queues', () => {
  it('serve a caller of either, and see each other’s agents and callers', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    await first.ready('alice');
    const caller = await second.callerIn('1');
    await caller.until('bridged');
    expect(first.agent('alice')).toMatchObject({ state: 'talking', callId: second.service.calls()[0]?.id });
    expect(second.agent('alice').state).toBe('talking');
    const waiting = await first.callerIn('1');
    await clock.advance(10);
    expect(second.service.queues().find(({ profile }) => profile.name === 'billing')).toMatchObject({ waiting: 1 });
    caller.hangUp();
    await waiting.until('bridged');
    waiting.hangUp();
    await first.expectNoLeaks();
    await second.expectNoLeaks();
    expect(await faultsOf(first)).toEqual([]);
  });

  it('keep one order: who came first is served first, wherever he called', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const order: string[] = [];
    for (const [nth, house] of [second, first, second, second, first, first].entries()) {
      const caller = await house.callerIn('1', `+3585011122${nth + 10}`);
      const call = house.callOf(caller.legId);
      order.push(call?.id ?? '');
      caller.until('bridged').then(
        async () => {
          await clock.advance(0);
          caller.hangUp();
        },
        () => undefined,
      );
    }
    const heard = [...first.events, ...second.events].length;
    expect(heard).toBeGreaterThan(0);
    await second.ready('alice');
    await clock.runUntil(() => served(first).length + served(second).length === 6);
    const stored = (await first.live.connect().read(null, 10_000)).map(({ event }) => event);
    const connected = stored.flatMap((event) => (event.type === 'call.connected' ? [event.subject.slice(5)] : []));
    expect(connected).toEqual(order);
    expect(await faultsOf(first)).toEqual([]);
  });

  it('tell a caller his place among all who wait', async () => {
    const { first, second } = await twoHouses({ agents: [] });
    await first.callerIn('1', '+358501112201');
    const later = await second.callerIn('1', '+358501112202');
    expect(second.callOf(later.legId)?.visit?.position).toBe(2);
  });

  it('go on when the one that leads dies: the other pairs within seconds', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const waiting = await second.callerIn('1');
    first.kill();
    await second.ready('alice');
    await clock.advance(LEASE_LAPSES_MS);
    expect(waiting.phase).toBe('up');
    expect(served(second)).toHaveLength(1);
    waiting.hangUp();
    await second.expectNoLeaks();
  });

  it('go on at once when the one that leads ends in peace', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const waiting = await second.callerIn('1');
    await first.engine.stop();
    await second.ready('alice');
    await clock.advance(3_000);
    expect(served(second)).toHaveLength(1);
    waiting.hangUp();
    await second.expectNoLeaks();
  });

  it('give nobody to callers of a process that is gone, and serve them when it is back', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const lost = await second.callerIn('1', '+358501112201');
    const other = await first.callerIn('1', '+358501112202');
    second.kill();
    await clock.advance(20_000);
    await first.ready('alice');
    await other.until('bridged');
    other.hangUp();
    await second.start();
    await lost.until('bridged');
    lost.hangUp();
    await first.expectNoLeaks();
    await second.expectNoLeaks();
    expect(await faultsOf(first)).toEqual([]);
  });

  it('serve the callers of one that was taken for closed, when the store was away and is back', async () => {
    const { first, second, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const caller = await second.callerIn('1', '+358501112201');
    const store = first.live.connect();
    const from = (await store.leases()).find(({ name }) => name === 'switch:fake-2')?.owner;
    await store.tell(null, { type: 'closed', from });
    await first.ready('alice');
    await clock.advance(5_000);
    expect(served(second)).toEqual([]);
    first.live.away = true;
    first.live.away = false;
    await clock.advance(1_000);
    expect(served(second)).toHaveLength(1);
    caller.hangUp();
    await first.expectNoLeaks();
    await second.expectNoLeaks();
  });

  it('leave agents alone who talk in a process that another starts beside', async () => {
    const first = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    await first.ready('alice');
    const caller = await first.callerIn('1');
    await caller.until('bridged');
    const second = await new WalkHouse({ agents: [agentProfile('alice')] }, { house: first, node: 'fake-2' }).start();
    await first.clock.advance(20_000);
    expect(second.agent('alice').state).toBe('talking');
    expect(second.service.calls()).toEqual([]);
    caller.hangUp();
    await first.expectNoLeaks();
  });

  it('hear of agents that are defined and removed in the other', async () => {
    const { first, second, clock } = await twoHouses({ agents: [] });
    await second.service.saveAgent(agentProfile('carol'));
    second.fake.phone('carol', answers(1_000));
    await clock.advance(10);
    await first.ready('carol');
    const caller = await second.callerIn('1');
    await caller.until('bridged');
    caller.hangUp();
    await first.clock.runUntil(() => first.agent('carol').state === 'idle');
    await first.service.setAgentStatus('carol', 'logged-out', null);
    await clock.advance(10);
    await first.service.removeAgent('carol');
    await clock.advance(10);
    expect(second.service.agents()).toEqual([]);
  });

  it('ring several phones at once, and free those who were slower', async () => {
    const queues = new Map([
      ['billing', queueProfile('billing', { strategy: 'ring-several', ringAtOnce: 2, wrapUpMs: 0 })],
      ['tech', queueProfile('tech')],
    ]);
    const agents = ['alice', 'bob', 'carol'].map((id) => agentProfile(id));
    const { first, second, clock } = await twoHouses({ queues, agents });
    second.fake.phone('alice', answers(4_000));
    second.fake.phone('bob', answers(2_000));
    await first.ready('alice', 'bob', 'carol');
    const caller = await second.callerIn('1');
    await caller.until('bridged');
    await clock.advance(100);
    expect(second.agent('bob').state).toBe('talking');
    expect([second.agent('alice').state, second.agent('carol').state]).toEqual(['idle', 'idle']);
    expect(await first.live.connect().reservations()).toEqual([]);
    caller.hangUp();
    await second.expectNoLeaks();
    expect(await faultsOf(first, 2)).toEqual([]);
  });

  it('give nobody twice while two of them think that they lead', async () => {
    const { first, second, houses, clock } = await twoHouses({ agents: [agentProfile('alice'), agentProfile('bob')] });
    // It cannot renew its lease, and does not hear that another has it; and what one does takes its time to the other.
    first.refuses = 'leaseAll';
    first.live.carry = (deliver) => void clock.at(clock.now() + 20, deliver);
    await clock.advance(LEASE_LAPSES_MS);
    expect(houses.map(({ engine }) => engine.house.dispatcher.leads('billing'))).toEqual([true, true]);
    const callers = [];
    for (let nth = 0; nth < 6; nth += 1) {
      callers.push(await (houses[nth % 2] ?? first).callerIn('1', `+3585011122${nth + 10}`));
    }
    await Promise.all([first.ready('alice'), second.ready('bob')]);
    for (let turn = 0; turn < 60; turn += 1) {
      await clock.advance(1_000);
      for (const caller of callers) if (caller.phase === 'up' && caller.talkingWith.length > 0) caller.hangUp();
    }
    expect(served(first).length + served(second).length).toBe(6);
    expect(await faultsOf(first)).toEqual([]);
    first.refuses = '';
    await clock.advance(2_000);
    expect(houses.map(({ engine }) => engine.house.dispatcher.leads('billing'))).toEqual([false, true]);
  });

  it('say why each call was offered to whom', async () => {
    const { first, second } = await twoHouses({ agents: [agentProfile('alice'), agentProfile('bob')] });
    await first.ready('alice', 'bob');
    const caller = await second.callerIn('1');
    await caller.until('bridged');
    const [assigned] = second.eventsOf('call.assigned');
    expect(assigned?.data).toMatchObject({ queue: 'billing', agentIds: ['alice'], candidates: { able: 2, free: 2 } });
    expect(assigned?.subject).toBe(`call/${assigned?.data.callId}`);
    caller.hangUp();
  });
});

describe('a campaign', () => {
  it('is dialled by one process, which another follows when it dies', async () => {
    const { first, second, houses, clock } = await twoHouses({
      agents: ['alice', 'bob', 'carol'].map((id) => agentProfile(id)),
    });
    const numbers = Array.from({ length: 6 }, (_, nth) => `+35840123450${nth}`);
    for (const house of houses) for (const each of numbers) house.fake.number(each, answers(1_000, 4_000));
    await first.ready('alice', 'bob');
    const made = await second.service.createCampaign({ ...AUTUMN, maxAttempts: 1 });
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await second.service.importLeads(id, csv(numbers));
    await second.service.commandCampaign(id, 'start');
    await clock.advance(3_000);
    expect(first.service.calls().length).toBeGreaterThan(0);
    expect(second.service.calls()).toEqual([]);
    first.kill();
    // Those who talk, talk on: the switch has their calls. Who is free is dialled for.
    await second.ready('carol');
    await clock.runUntil(() => second.service.calls().length > 0, 'the other dials');
    await clock.advance(30_000);
    await first.start();
    let status = '';
    for (let turn = 0; turn < 400 && status !== 'finished'; turn += 1) {
      await clock.advance(1_000);
      status = (await second.history.campaign(id))?.status ?? '';
    }
    expect(status).toBe('finished');
    expect(await faultsOf(second)).toEqual([]);
    const leads = await second.history.leads(id, { limit: 50, before: null });
    expect(leads.map(({ attempts }) => attempts)).toEqual(numbers.map(() => 1));
  });
});

describe('a process dies between any two words', () => {
  async function story(dying: 0 | 1, point: number): Promise<boolean> {
    const { first, second, houses, clock } = await twoHouses({ agents: [agentProfile('alice')] });
    const mortal = houses[dying];
    await first.ready('alice');
    mortal.diesIn = point;
    const one = second.fake.call({ from: '+358501112201', to: '358401234567' });
    const two = first.fake.call({ from: '+358501112202', to: '358401234567' });
    for (let turn = 0; turn < 120; turn += 1) {
      if (turn === 5) one.press('11');
      if (turn === 7) two.press('11');
      if (turn === 60 && one.phase === 'up') one.hangUp();
      if (turn === 100 && two.phase === 'up') two.hangUp();
      await clock.advance(200);
    }
    const died = mortal.dead;
    mortal.diesIn = 0;
    if (died) {
      mortal.kill();
      await mortal.restart();
    }
    await clock.advance(60_000);
    for (const house of houses) for (const { id } of house.service.calls()) house.service.hangupCall(id);
    await clock.runUntil(() => houses.every((house) => house.service.calls().length === 0), 'all calls over');
    await clock.runUntil(() => houses.every((house) => house.agent('alice').state === 'idle'), 'alice idle');
    const live = first.live.connect();
    expect(await live.loadCalls()).toEqual([]);
    expect(await live.loadTickets()).toEqual([]);
    expect(await faultsOf(first)).toEqual([]);
    // Whatever was left behind, the next caller is served.
    for (const house of houses) await house.service.setAgentStatus('alice', 'ready', null);
    const next = await second.callerIn('1', '+358501112203');
    await next.until('bridged');
    next.hangUp();
    await clock.runUntil(() => second.service.calls().length === 0);
    return died;
  }

  it.each([
    ['the one that leads', 0],
    ['the one whose caller it is', 1],
  ] as const)(
    '%s: no agent has two calls, and the next caller is served',
    async (_who, dying) => {
      const failures: string[] = [];
      let point = 1;
      for (let died = true; died && point < 400; point += 1) {
        try {
          died = await story(dying, point);
        } catch (error) {
          failures.push(`dead at ${point}: ${String(error).slice(0, 300)}`);
        }
      }
      expect(failures).toEqual([]);
      expect(point).toBeGreaterThan(20);
    },
    120_000,
  );
});
