import { describe, expect, it } from 'vitest';
import type { TalkView, Whom } from '../../src/engine/ports/talk.ts';
import { answers, type Party, rings } from '../support/fake-party.ts';
import { OUTSIDE, queue, TalkHouse, TONE } from './talk-house.ts';

const MUSIC = 'music:billing-music';

function viewOf(house: TalkHouse, id: string): TalkView {
  const view = house.service.talk.view(id);
  if (!view.ok || !view.value) throw new Error(`${id} is in no call`);
  return view.value;
}

/** What goes along with the customer, whoever has him. */
function contextOf(house: TalkHouse, id: string) {
  const { callId, ani, dnis, language, tags, variables } = viewOf(house, id);
  return { callId, ani, dnis, language, tags, variables };
}

const transfers = (house: TalkHouse) => house.eventsOf('call.transferred').map(({ data }) => data);

async function consulting(house: TalkHouse, to: Whom): Promise<void> {
  await house.act('alice', { type: 'consult', to });
  await house.clock.advance(3_000);
}

describe('an attended transfer to a queue', () => {
  /** Alice has handed the customer over to carol of tech. */
  async function handedOver(house: TalkHouse): Promise<{ caller: Party; before: ReturnType<typeof contextOf> }> {
    const caller = await house.talking('carol');
    const before = contextOf(house, 'alice');
    await consulting(house, queue('tech'));
    await house.inTalk('carol');
    expect(caller.hearing).toBe(MUSIC);
    await house.act('alice', { type: 'complete', note: 'wants a router' });
    await house.clock.advance(1);
    return { caller, before };
  }

  it('the customer is with whoever came, who sees from whom, why, and all that is known of him', async () => {
    const house = new TalkHouse();
    const { caller, before } = await handedOver(house);
    expect(house.hears(caller)).toEqual([TONE.carol]);
    expect(house.hears(house.phone('carol'))).toEqual([TONE.caller]);
    expect(house.agent('alice').state).toBe('wrap-up');
    expect(Object.keys(before.variables)).not.toEqual([]);
    expect(contextOf(house, 'carol')).toEqual(before);
    const handed = { from: 'alice', how: 'attended', to: 'tech', note: 'wants a router' };
    expect(viewOf(house, 'carol')).toMatchObject({ part: 'leader', queue: 'tech', side: 'customer', handed });
    await house.act('alice', { type: 'complete', note: null });
    await house.goHome(caller);
    expect(transfers(house)).toEqual([
      { kind: 'attended', from: 'alice', to: 'tech', toKind: 'queue', outcome: 'answered' },
    ]);
    expect(house.eventsOf('call.ended')).toMatchObject([{ data: { queue: 'tech', agentId: 'carol' } }]);
  });

  it('whoever came is lost: the customer waits in that queue, with his time of arrival', async () => {
    const house = new TalkHouse();
    const arrived = house.clock.now();
    const { caller } = await handedOver(house);
    const place = house.only.place?.enqueuedAt;
    expect(place).toBeLessThan(arrived + 20_000);
    const later = await house.callerIn('2', '+358501119999');
    await house.act('carol', { type: 'hold', on: true });
    house.phone('carol').hangUp({ q850: 38 });
    await house.clock.advance(1);
    expect(house.callOf(caller.legId)).toMatchObject({
      phase: 'queued',
      visit: { enqueuedAt: place, request: { queue: 'tech' } },
    });
    await house.ready('bob');
    await caller.until('bridged');
    expect(house.hears(caller)).toEqual([TONE.bob]);
    expect(later.talkingWith).toEqual([]);
    later.hangUp();
    await house.goHome(caller);
  });

  it('completed while a phone rings: music, then he is there', async () => {
    const house = new TalkHouse();
    const caller = await house.talking('carol');
    house.fake.phone('carol', answers(5_000));
    await consulting(house, queue('tech'));
    await house.act('alice', { type: 'complete', note: null });
    expect(caller.hearing).toBe(MUSIC);
    expect(house.agent('alice').state).toBe('wrap-up');
    await house.inTalk('carol');
    expect(house.hears(caller)).toEqual([TONE.carol]);
    await house.goHome(caller);
    expect(transfers(house)).toMatchObject([{ kind: 'blind', to: 'tech', toKind: 'queue', outcome: 'answered' }]);
  });

  it('completed before anybody is free there: back to the agent when nobody comes', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await consulting(house, queue('tech'));
    await house.act('alice', { type: 'complete', note: null });
    expect(caller.hearing).toBe(MUSIC);
    await house.inTalk('alice');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(viewOf(house, 'alice').queue).toBe('billing');
    await house.goHome(caller);
    expect(house.eventsOf('call.returned')).toMatchObject([{ data: { to: 'agent', agentId: 'alice' } }]);
  });

  it('nobody comes and it is not completed: the agent is with the customer again', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    await consulting(house, queue('tech'));
    await house.clock.advance(120_000);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(await house.refused('alice', { type: 'complete', note: null })).toMatch(/Nobody is being consulted/);
    await house.goHome(caller);
    expect(transfers(house)).toEqual([]);
  });
});

describe('an attended transfer to an allowed number', () => {
  it('the customer speaks there without any agent, and goes on in the flow when it hangs up', async () => {
    const house = new TalkHouse();
    const caller = await house.talking();
    const { place } = house.only;
    await consulting(house, OUTSIDE);
    expect(house.hears(house.phone('alice'))).toEqual([TONE.outside]);
    expect(caller.hearing).toBe(MUSIC);
    await house.act('alice', { type: 'complete', note: 'their plumber' });
    await house.clock.advance(1);
    expect(house.hears(caller)).toEqual([TONE.outside]);
    expect(house.agent('alice').state).toBe('wrap-up');
    const handed = { how: 'attended', from: 'alice', to: '+358409999999', note: 'their plumber' };
    expect(house.only).toMatchObject({ phase: 'talking', talk: null, place, handed });
    await house.act('alice', { type: 'complete', note: null });
    house.fake.number('+358409999999').party.hangUp();
    await caller.until('hearing', 'goodbye');
    await house.goHome(caller);
    expect(transfers(house)).toEqual([
      { kind: 'attended', from: 'alice', to: '+358409999999', toKind: 'number', outcome: 'answered' },
    ]);
  });

  it('completed while it rings: music, then it is there', async () => {
    const house = new TalkHouse();
    house.fake.number('+358409999999', answers(8_000));
    const caller = await house.talking();
    await consulting(house, OUTSIDE);
    await house.act('alice', { type: 'complete', note: null });
    expect(caller.hearing).toBe(MUSIC);
    await caller.until('bridged');
    expect(house.hears(caller)).toEqual([TONE.outside]);
    await house.goHome(caller);
    expect(transfers(house)).toMatchObject([{ kind: 'blind', toKind: 'number', outcome: 'answered' }]);
  });

  it('completed while it rings, and not answered: back to the agent, with his place', async () => {
    const house = new TalkHouse();
    house.fake.number('+358409999999', rings);
    const caller = await house.talking();
    const { place } = house.only;
    await house.act('alice', { type: 'consult', to: OUTSIDE });
    await house.act('alice', { type: 'complete', note: null });
    await house.clock.runUntil(() => house.agent('alice').state === 'ringing', 'alice is rung');
    await house.inTalk('alice');
    expect(house.hears(caller)).toEqual([TONE.alice]);
    expect(house.only.place).toEqual(place);
    await house.goHome(caller);
  });
});
