import { expect, it } from 'vitest';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const speaksEnglish = (id: string) => agentProfile(id, { skills: { 'lang:en': 5 } });

/** Shorter and longer than each retry there is, and ending at other moments of them. */
it.each(Array.from({ length: 16 }, (_, n) => 40 + n * 237))(
  'who waited while the live store was away for %i ms is served when it is back',
  async (awayMs) => {
    const queues = new Map([['billing', queueProfile('billing', { wrapUpMs: 500 })]]);
    const house = await new WalkHouse({ agents: ['alice', 'bob'].map(speaksEnglish), queues }).start();
    for (const id of ['alice', 'bob']) house.fake.phone(id, answers(100));
    await house.ready('alice', 'bob');
    const first = await house.callerIn('1', '+358501');
    const second = await house.callerIn('1', '+358502');
    for (const caller of [first, second]) await caller.until('bridged');
    const third = await house.callerIn('1', '+358503');
    const fourth = await house.callerIn('1', '+358504');
    await house.clock.advance(3);

    house.live.away = true;
    first.hangUp();
    fourth.hangUp();
    await house.clock.advance(awayMs);
    house.live.away = false;
    await third.until('bridged');
    second.hangUp();
    third.hangUp();
    await house.clock.runUntil(() => house.service.agents().every(({ state }) => state === 'idle'), 'all agents idle');
    const heldForFourth = house.eventsOf('agent.state.changed').filter(({ data }) => data.callId === 'call-0005');
    expect(heldForFourth).toEqual([]);
    expect(house.warnings.splice(0).filter((warning) => !/away|keeps its place/u.test(warning))).toEqual([]);
    await house.expectNoLeaks();
  },
);
