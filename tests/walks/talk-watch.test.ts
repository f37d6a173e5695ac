import { describe, expect, it } from 'vitest';
import type { Whom } from '../../src/engine/ports/talk.ts';
import { busy, rings, unregistered } from '../support/fake-party.ts';
import { agent, queue, TalkHouse, TONE } from './talk-house.ts';

const MUSIC = 'music:billing-music';

describe('parking', () => {
  it('music in a numbered place, fetched by anybody, ready or not', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.act('alice', { type: 'park', forMs: 60_000, note: 'for carol' });
    await house.clock.advance(1);
    expect(caller.hearing).toBe(MUSIC);
    expect(house.service.talk.parked()).toMatchObject([{ slot: '701', by: 'alice', note: 'for carol' }]);
    await house.service.setAgentStatus('carol', 'not-ready', 'lunch');
    expect(await house.service.talk.pickUp('carol', '702')).toMatchObject({ ok: false });
    expect(await house.service.talk.pickUp('carol', '701')).toMatchObject({ ok: true });
    await house.inTalk('carol');
    expect(house.hears(caller)).toEqual([TONE.carol]);
    expect(house.service.talk.parked()).toEqual([]);
    await house.goHome(caller);
    expect(house.agent('carol')).toMatchObject({ status: 'not-ready', reason: 'lunch' });
  });

  it('nobody fetches him: back to who parked him', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.act('alice', { type: 'park', forMs: 20_000, note: null });
    await house.inTalk('alice');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
    expect(house.eventsOf('call.unparked')).toMatchObject([{ data: { outcome: 'timeout', parkedMs: 20_000 } }]);
  });
});

describe('a supervisor', () => {
  const watch = async (house: TalkHouse, mode: 'listen' | 'whisper' | 'barge' | 'take-over', phone = 'desk') => {
    const answer = await house.service.talk.supervise(house.only.id, 'sue', { type: 'monitor', mode, phone });
    await house.clock.advance(1_001);
    return answer;
  };

  it('listens, whispers, speaks with all, and stops', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await watch(house, 'listen');
    const desk = house.fake.phone('desk').party;
    expect(house.hears(desk)).toEqual([TONE.caller, TONE.alice]);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await watch(house, 'whisper');
    expect(house.hears(house.phone('alice'))).toEqual([TONE.caller, TONE.desk]);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await watch(house, 'barge');
    expect(house.hears(caller)).toEqual([TONE.alice, TONE.desk]);
    await watch(house, 'listen');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.service.talk.supervise(house.only.id, 'sue', { type: 'unmonitor' });
    await house.clock.advance(1);
    expect(desk.phase).toBe('ended');
    expect(house.fake.phone('desk').parties).toHaveLength(1);
    await house.goHome(caller);
  });

  it('takes over: the agent is let go, the customer stays', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.service.setAgentStatus('dave', 'not-ready', 'office');
    await watch(house, 'take-over', 'dave');
    expect(house.agent('dave').state).toBe('talking');
    expect(house.hears(caller)).toEqual([TONE.dave]);
    expect(house.agent('alice').state).toBe('wrap-up');
    await house.goHome(caller);
    expect(house.eventsOf('call.taken-over')).toMatchObject([{ data: { by: 'sue', from: 'alice', agentId: 'dave' } }]);
  });

  it('an agent who listens is offered no call meanwhile', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await house.ready('dave');
    await watch(house, 'listen', 'dave');
    const other = await house.callerIn('1', '+358501119999');
    await house.clock.advance(10_000);
    expect(other.talkingWith).toEqual([]);
    await house.service.talk.supervise(house.only.id, 'sue', { type: 'unmonitor' });
    await other.until('bridged');
    other.hangUp();
    await house.goHome(caller);
  });

  it('is not rung at a phone that the switch does not know, nor is anybody else', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const sentence = expect.stringMatching(/^The switch knows no phone nowhere;/u);
    expect(await watch(house, 'listen', 'nowhere')).toEqual({ ok: false, why: 'invalid', sentence });
    const to = { kind: 'phone', phone: 'nowhere' } as const;
    for (const type of ['consult', 'add'] as const) {
      expect(await house.refused('alice', { type, to })).toEqual(sentence);
    }
    expect(await house.refused('alice', { type: 'transfer', to, note: null, keepPlace: true })).toEqual(sentence);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(house.only.guests).toEqual([]);
    await house.goHome(caller);
  });

  it.each([
    ['listen', unregistered, 'noAnswer'],
    ['whisper', busy, 'busy'],
    ['take-over', rings, 'noAnswer'],
  ] as const)('%s: told when nobody comes to his phone', async (mode, behaviour, outcome) => {
    const house = new TalkHouse();
    const caller = await house.talking();
    house.fake.phone('desk', behaviour);
    expect(await watch(house, mode)).toMatchObject({ ok: true });
    await house.clock.advance(35_000);
    const data = { by: 'sue', mode: 'failed', agentId: 'alice', outcome };
    expect(house.eventsOf('call.monitored').map((event) => event.data)).toEqual([data]);
    expect(house.only.guests).toEqual([]);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    await house.goHome(caller);
  });

  it('moves a waiting call and gives it credit', async () => {
    const house = new TalkHouse();
    await house.start();
    const caller = await house.callerIn('1');
    const { id, visit } = house.only;
    await house.clock.advance(5_000);
    expect(await house.service.talk.supervise(id, 'sue', { type: 'move', queue: 'tech' })).toMatchObject({ ok: true });
    expect(await house.service.talk.supervise(id, 'sue', { type: 'raise', priority: 600 })).toMatchObject({ ok: true });
    await house.clock.advance(0);
    expect(house.only.visit).toMatchObject({
      enqueuedAt: visit?.enqueuedAt,
      request: { queue: 'tech', priority: 600 },
    });
    await house.ready('bob');
    await caller.until('bridged');
    await house.goHome(caller);
    expect(house.eventsOf('call.queued').map(({ data }) => [data.queue, data.again])).toEqual([
      ['billing', undefined],
      ['tech', 'moved'],
    ]);
  });
});

describe('a waiting call that a supervisor raises', () => {
  const callers = async (house: TalkHouse, first: '1' | '2') => {
    await house.start();
    const earlier = await house.callerIn(first, '+358501110001');
    await house.clock.advance(30_000);
    const later = await house.callerIn('1', '+358501110002');
    return { earlier, later, id: house.callOf(later.legId)?.id ?? '' };
  };

  it.each([
    ['overtakes who has waited for less than it was given', 45, true],
    ['does not overtake who has waited for longer', 15, false],
  ])('%s', async (_, priority, overtakes) => {
    const house = new TalkHouse();
    const { earlier, later, id } = await callers(house, '1');
    expect(await house.service.talk.supervise(id, 'sue', { type: 'raise', priority })).toMatchObject({ ok: true });
    await house.ready('alice');
    const [first, second] = overtakes ? [later, earlier] : [earlier, later];
    await first.until('bridged');
    expect(second.talkingWith).toEqual([]);
    first.hangUp();
    await second.until('bridged');
    expect(house.eventsOf('call.raised')).toMatchObject([{ data: { by: 'sue', priority, previous: 0 } }]);
    await house.goHome(second);
  });

  it('keeps what it was given in the queue to which it is moved', async () => {
    const house = new TalkHouse();
    const { earlier, later, id } = await callers(house, '2');
    await house.service.talk.supervise(id, 'sue', { type: 'raise', priority: 45 });
    await house.service.talk.supervise(id, 'sue', { type: 'move', queue: 'tech' });
    await house.ready('bob');
    await later.until('bridged');
    expect(house.callOf(earlier.legId)?.phase).toBe('queued');
    earlier.hangUp();
    await house.goHome(later);
  });
});

describe('what is refused', () => {
  it('a name that is nobody’s is a fault of what was asked, whoever is named and whatever is asked', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const billing = 'There is no queue biling. Did you mean `billing`?';
    const number = (text: string): Whom => ({ kind: 'number', number: text, trunk: null });
    const cases: readonly (readonly [Whom, string])[] = [
      [queue('biling'), billing],
      [agent('alicia'), 'There is no agent alicia.'],
      [number('+4912345678'), 'No numbering plan has this number; look at its country code and count its digits.'],
      [number('0401234567'), 'This number does not say its country; write it with + and its country code.'],
    ];
    for (const [to, sentence] of cases) {
      expect(await house.service.talk.act('alice', { type: 'consult', to })).toEqual({
        ok: false,
        why: 'invalid',
        sentence,
      });
    }
    const move = { type: 'move', queue: 'biling' } as const;
    const moved = await house.service.talk.supervise(house.only.id, 'sue', move);
    const changed = await house.service.floor.change('alice', { skills: {}, queues: ['biling'] });
    const refused = { ok: false, why: 'invalid', sentence: billing };
    expect([moved, changed]).toEqual([refused, refused]);
    await house.goHome(caller);
  });

  it('says what and why', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('bob');
    expect(await house.refused('bob', { type: 'hold', on: true })).toBe('Agent bob is in no call.');
    expect(await house.refused('alice', { type: 'consult', to: agent('carol') })).toBe('Agent carol is logged out.');
    expect(await house.refused('alice', { type: 'consult', to: agent('alice') })).toBe(
      'Agent alice is in this call already.',
    );
    expect(await house.refused('alice', { type: 'leave' })).toMatch(/Nobody else is with the customer/);
    expect(await house.refused('alice', { type: 'complete', note: null })).toMatch(/Nobody is being consulted/);
    await house.act('alice', { type: 'consult', to: agent('bob') });
    await house.inTalk('bob');
    expect(await house.refused('bob', { type: 'hold', on: true })).toMatch(/does not lead the talk/);
    expect(await house.refused('alice', { type: 'park', forMs: 60_000, note: null })).toMatch(
      /bob. is being consulted/,
    );
    await house.goHome(caller);
  });
});
