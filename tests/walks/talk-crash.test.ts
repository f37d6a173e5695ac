import { describe, expect, it } from 'vitest';
import type { Party } from '../support/fake-party.ts';
import { agent, OUTSIDE, queue, TalkHouse } from './talk-house.ts';

type Deed = (house: TalkHouse) => unknown;

/** One thing after the other, ten seconds apart; what is refused after the crash is no matter. */
const STORIES: Readonly<Record<string, readonly Deed[]>> = {
  'hold, consult, swap, complete': [
    (house) => house.service.talk.act('alice', { type: 'hold', on: true }),
    (house) => house.service.talk.act('alice', { type: 'hold', on: false }),
    (house) => house.service.talk.act('alice', { type: 'consult', to: agent('bob') }),
    (house) => house.service.talk.act('alice', { type: 'side', side: 'customer' }),
    (house) => house.service.talk.act('alice', { type: 'side', side: 'consult' }),
    (house) => house.service.talk.act('alice', { type: 'complete', note: null }),
  ],
  'a queue is consulted, and has the customer': [
    (house) => house.service.talk.act('alice', { type: 'consult', to: queue('tech') }),
    (house) => house.service.talk.act('alice', { type: 'complete', note: null }),
    (house) => house.service.talk.act(house.only.talk?.agentId ?? '', { type: 'hold', on: true }),
  ],
  'conference, and the leader goes': [
    (house) => house.service.talk.act('alice', { type: 'mute', on: true }),
    (house) => house.service.talk.act('alice', { type: 'add', to: agent('bob') }),
    (house) => house.service.talk.act('alice', { type: 'consult', to: OUTSIDE }),
    (house) => house.service.talk.act('alice', { type: 'merge' }),
    (house) => house.service.talk.act('alice', { type: 'leave' }),
  ],
  'parked, fetched, to a queue': [
    (house) => house.service.talk.act('alice', { type: 'park', forMs: 60_000, note: null }),
    (house) => house.service.talk.pickUp('carol', '701'),
    (house) => house.service.talk.act('carol', { type: 'transfer', to: queue('tech'), note: null, keepPlace: true }),
  ],
  'watched and taken over': [
    (house) => watch(house, 'listen'),
    (house) => watch(house, 'whisper'),
    (house) => watch(house, 'barge'),
    (house) => watch(house, 'take-over'),
  ],
  'handed over in vain': [
    (house) => house.fake.phone('bob', { does: 'ring' }),
    (house) => house.service.talk.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true }),
  ],
};

function watch(house: TalkHouse, mode: 'listen' | 'whisper' | 'barge' | 'take-over') {
  const call = house.service.calls()[0]?.id ?? '';
  return house.service.talk.supervise(call, 'sue', { type: 'monitor', mode, phone: 'dave' });
}

/** Nobody who is on the line sits in silence. */
function expectSound(house: TalkHouse, people: readonly Party[]): void {
  const { talk, phase } = house.only;
  for (const person of people) {
    if (person.phase !== 'up' || (talk?.held === true && talk.legId === person.legId)) continue;
    const listens = house.only.guests.some(({ legId }) => legId === person.legId);
    const hears = person.hearing !== null || person.talkingWith.length > 0 || (listens && talk !== null);
    expect(hears, `${person.legId} in ${phase}: ${JSON.stringify(house.only.guests)}`).toBe(true);
  }
}

async function story(deeds: readonly Deed[], point: number): Promise<boolean> {
  const house = new TalkHouse();
  const caller = await house.talking('bob', 'carol');
  house.diesIn = point;
  let died = false;
  for (const deed of deeds) {
    // A process that dies answers nobody.
    void Promise.resolve(house.dead ? null : deed(house)).catch(() => undefined);
    await house.clock.advance(10_000);
    if (!house.dead || died) continue;
    died = true;
    house.diesIn = 0;
    house.kill();
    await house.restart();
    await house.clock.advance(5_000);
  }
  house.diesIn = 0;
  await house.clock.advance(1_000);
  if (house.engine.house.board.size > 0) {
    const phones = ['alice', 'bob', 'carol', 'dave'].flatMap((id) => house.fake.phone(id).parties);
    expectSound(house, [caller, ...phones, ...house.fake.number('+358409999999').parties]);
  }
  if (caller.phase !== 'ended') caller.hangUp();
  await house.clock.advance(60_000);
  await house.expectNoLeaks();
  house.expectEachReleasedOnce();
  return died;
}

describe('the process dies between any two words of a talk', () => {
  it.each(Object.entries(STORIES))(
    '%s: nobody is lost or left in silence',
    async (_name, deeds) => {
      const failures: string[] = [];
      let point = 1;
      for (let died = true; died && point < 500; point += 1) {
        try {
          died = await story(deeds, point);
        } catch (error) {
          failures.push(`dead at ${point}: ${String(error).slice(0, 500)}`);
        }
      }
      expect(failures).toEqual([]);
      expect(point).toBeGreaterThan(10);
    },
    120_000,
  );
});
