import { describe, expect, it } from 'vitest';
import { answers, busy, rings } from '../support/fake-party.ts';
import { agent, OUTSIDE, queue, TalkHouse, TONE } from './talk-house.ts';

const MUSIC = 'music:billing-music';

describe('hold and mute', () => {
  it('the customer hears music, and the agent again afterwards; the time is counted apart', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.act('alice', { type: 'hold', on: true });
    expect(caller.hearing).toBe(MUSIC);
    expect(house.hears(caller)).toEqual([]);
    await house.act('alice', { type: 'hold', on: true });
    await house.clock.advance(30_000);
    await house.act('alice', { type: 'hold', on: false });
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.clock.advance(10_000);
    await house.goHome(caller);
    expect(house.eventsOf('call.held')).toHaveLength(1);
    expect(house.eventsOf('call.disconnected')).toMatchObject([
      { data: { heldMs: 30_000, talkedMs: 10_000, by: 'caller' } },
    ]);
  });

  it('nobody hears a muted agent, who hears everybody', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.act('alice', { type: 'mute', on: true });
    expect(house.hears(caller)).toEqual([]);
    expect(house.hears(house.phone('alice'))).toEqual([TONE.caller]);
    await house.act('alice', { type: 'mute', on: false });
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
  });

  it('an agent who is lost while the customer is on hold: back to the front of the queue, with his place', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const place = house.only.place?.enqueuedAt;
    const later = await house.callerIn('1', '+358501119999');
    await house.act('alice', { type: 'hold', on: true });
    house.phone('alice').hangUp({ q850: 38 });
    await house.clock.advance(1);
    expect(house.callOf(caller.legId)).toMatchObject({ phase: 'queued', visit: { enqueuedAt: place } });
    expect(caller.hearing).not.toBeNull();
    await house.ready('dave');
    await caller.until('bridged');
    expect(later.talkingWith).toEqual([]);
    later.hangUp();
    await house.goHome(caller);
  });
});

describe('consultation', () => {
  it('the customer hears music, the two agents each other; swapped, the other waits with music', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    await house.act('alice', { type: 'consult', to: agent('bob') });
    expect(house.phone('alice').hearing).toBe(MUSIC);
    const bob = await house.inTalk('bob');
    expect(caller.hearing).toBe(MUSIC);
    expect(house.hears(bob)).toEqual([TONE.alice]);
    await house.act('alice', { type: 'side', side: 'customer' });
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(bob.hearing).toBe(MUSIC);
    await house.act('alice', { type: 'side', side: 'consult' });
    expect(house.hears(bob)).toEqual([TONE.alice]);
    bob.hangUp();
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
  });

  it('completed, the customer is with the other agent, who sees from whom and why', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    await house.act('alice', { type: 'consult', to: agent('bob') });
    const bob = await house.inTalk('bob');
    await house.act('alice', { type: 'complete', note: 'wants a credit note' });
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.bob]);
    expect(house.agent('alice').state).toBe('wrap-up');
    expect(house.service.talk.view('bob')).toMatchObject({
      ok: true,
      value: {
        part: 'leader',
        queue: 'billing',
        handed: { from: 'alice', how: 'attended', note: 'wants a credit note' },
      },
    });
    await house.act('alice', { type: 'complete', note: null });
    bob.hangUp();
    await caller.until('hearing', 'goodbye');
    await house.goHome(caller);
    expect(house.eventsOf('call.transferred')).toMatchObject([
      { data: { kind: 'attended', from: 'alice', to: 'bob', toKind: 'agent', outcome: 'answered' } },
    ]);
  });

  it('an agent who hangs up in a consultation has handed over; before it is answered, too', async () => {
    for (const isThere of [true, false]) {
      const house = new TalkHouse();
      const caller = await house.talking('bob');
      if (!isThere) house.fake.phone('bob', answers(5_000));
      await house.act('alice', { type: 'consult', to: agent('bob') });
      if (isThere) await house.inTalk('bob');
      house.phone('alice').hangUp();
      await house.clock.advance(1);
      if (!isThere) expect(caller.hearing).toBe(MUSIC);
      await house.inTalk('bob');
      expect(house.hears(caller)).toEqual([TONE.bob]);
      await house.goHome(caller);
    }
  });

  it('nobody answers: the agent is with the customer again, and the other is not ready', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    house.fake.phone('bob', rings);
    await house.act('alice', { type: 'consult', to: agent('bob') });
    await caller.until('bridged');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(house.eventsOf('call.consulted')).toMatchObject([{ data: { to: 'bob', outcome: 'noAnswer' } }]);
    await house.goHome(caller);
  });

  it('the customer hangs up: both agents are let go, each once', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    await house.act('alice', { type: 'consult', to: agent('bob') });
    await house.inTalk('bob');
    await house.goHome(caller);
  });

  it('a queue is asked: whoever is free there comes', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('carol');
    await house.act('alice', { type: 'consult', to: queue('tech') });
    await house.inTalk('carol');
    expect(house.hears(house.phone('alice'))).toEqual([TONE.carol]);
    await house.goHome(caller);
  });
});

describe('blind transfer', () => {
  it('to an agent: music meanwhile, then he is there', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    const wish = { type: 'transfer', to: agent('bob'), note: 'invoice 12', keepPlace: true } as const;
    await house.act('alice', wish);
    expect(caller.hearing).toBe(MUSIC);
    await house.act('alice', wish);
    await house.inTalk('bob');
    expect(house.hears(caller)).toEqual([TONE.bob]);
    expect(house.agent('alice').state).toBe('wrap-up');
    await house.goHome(caller);
    expect(house.eventsOf('call.transferred')).toHaveLength(1);
  });

  it('nobody takes him: back to the agent who sent him', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    house.fake.phone('bob', busy);
    await house.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true });
    await house.clock.advance(6_000);
    await house.inTalk('alice');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
    expect(house.eventsOf('call.returned')).toMatchObject([{ data: { to: 'agent', agentId: 'alice' } }]);
  });

  it('nor is he there any more: back to the queue, with the old place', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    const place = house.only.place?.enqueuedAt;
    house.fake.phone('bob', busy);
    await house.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true });
    await house.service.setAgentStatus('alice', 'not-ready', 'lunch');
    await house.clock.runUntil(() => house.only.phase === 'queued');
    expect(house.only.visit?.enqueuedAt).toBe(place);
    await house.ready('dave');
    await house.inTalk('dave');
    expect(house.service.talk.view('dave')).toMatchObject({ value: { handed: { how: 'returned', from: 'alice' } } });
    await house.goHome(caller);
  });

  it('to a queue: with his place, and back to the agent when nobody takes him there', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const place = house.only.place?.enqueuedAt;
    await house.act('alice', { type: 'transfer', to: queue('tech'), note: 'router', keepPlace: true });
    expect(house.only).toMatchObject({ phase: 'queued', visit: { enqueuedAt: place, request: { queue: 'tech' } } });
    expect(caller.hearing).toContain('queue.wait');
    await house.inTalk('alice');
    expect(house.eventsOf('call.queue.left')).toMatchObject([{ data: { queue: 'tech', outcome: 'timeout' } }]);
    await house.goHome(caller);
  });

  it('to a number outside, which is judged: the customer speaks there without any agent', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const premium = { kind: 'number', number: '+358700123456', trunk: 'public' } as const;
    const denied = { kind: 'number', number: '+46701112223', trunk: 'public' } as const;
    expect(await house.refused('alice', { type: 'transfer', to: premium, note: null, keepPlace: true })).toMatch(
      /premium/,
    );
    expect(await house.refused('alice', { type: 'consult', to: denied })).toMatch(/not among the numbers/);
    await house.act('alice', { type: 'transfer', to: OUTSIDE, note: null, keepPlace: true });
    await caller.until('bridged');
    expect(house.hears(caller)).toEqual([TONE.outside]);
    house.fake.number('+358409999999').party.hangUp();
    await caller.until('hearing', 'goodbye');
    await house.goHome(caller);
    expect(house.eventsOf('transfer.refused')).toMatchObject([
      { data: { why: 'premium', by: 'alice' } },
      { data: { why: 'not-allowed', by: 'alice' } },
    ]);
  });
});

describe('caps on numbers outside', () => {
  const caps = { concurrent: 1, perHour: 2, minutesPerDay: 100 };
  const destinations = { numbers: ['+358*'], deny: [], hosts: [], capsEach: { agent: caps } };

  it('each agent has his own; a restart forgives nothing', async () => {
    const house = new TalkHouse({ destinations });
    const caller = await house.talking();
    const other = { kind: 'number', number: '+358408888888', trunk: 'public' } as const;
    await house.act('alice', { type: 'add', to: OUTSIDE });
    expect(await house.refused('alice', { type: 'add', to: other })).toMatch(/as many legs are outside/);
    await house.act('alice', { type: 'drop', guest: house.only.guests[0]?.id ?? '' });
    await house.clock.advance(1_000);
    await house.act('alice', { type: 'add', to: OUTSIDE });
    await house.clock.advance(5_000);
    await house.act('alice', { type: 'drop', guest: house.only.guests[0]?.id ?? '' });
    house.kill();
    await house.restart();
    expect(await house.refused('alice', { type: 'consult', to: OUTSIDE })).toMatch(/calls of this hour/);
    await house.goHome(caller);
    expect(house.eventsOf('transfer.refused').map(({ data }) => data.why)).toEqual(['concurrent', 'per-hour']);
  });
});

describe('conference', () => {
  it('three and four hear each other; each leaves, and the talk goes on', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob', 'carol');
    await house.act('alice', { type: 'consult', to: agent('bob') });
    await house.inTalk('bob');
    await house.act('alice', { type: 'merge' });
    expect(house.hears(caller)).toEqual([TONE.alice, TONE.bob]);
    await house.act('alice', { type: 'add', to: agent('carol') });
    await house.inTalk('carol');
    expect(house.hears(caller)).toEqual([TONE.alice, TONE.bob, TONE.carol]);
    expect(house.hears(house.phone('bob'))).toEqual([TONE.caller, TONE.alice, TONE.carol]);
    await house.act('alice', { type: 'leave' });
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.bob, TONE.carol]);
    expect(house.only.talk?.agentId).toBe('bob');
    const guest = house.only.guests[0]?.id ?? '';
    await house.act('bob', { type: 'drop', guest });
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.bob]);
    await house.goHome(caller);
  });

  it('a number outside is added and sent away', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.act('alice', { type: 'add', to: OUTSIDE });
    await house.clock.advance(3_000);
    expect(house.hears(caller)).toEqual([TONE.alice, TONE.outside]);
    await house.act('alice', { type: 'drop', guest: house.only.guests[0]?.id ?? '' });
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
  });

  it('escalated: somebody of the queue above comes, or the customer goes there with more credit', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    await house.act('alice', { type: 'escalate', how: 'conference', note: null });
    await house.inTalk('bob');
    expect(house.hears(caller)).toEqual([TONE.alice, TONE.bob]);
    await house.act('alice', { type: 'drop', guest: house.only.guests[0]?.id ?? '' });
    await house.clock.advance(1);
    await house.act('alice', { type: 'escalate', how: 'queue', note: 'angry' });
    expect(house.only.visit?.request).toMatchObject({ queue: 'tech', priority: 300 });
    await house.goHome(caller);
  });
});
