import { expect } from 'vitest';
import type { TalkWish, Whom } from '../../src/engine/ports/talk.ts';
import type { Site } from '../../src/engine/site.ts';
import { answers, type Party } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

/** Everybody speaks with a tone of his own, so that it can be told who hears whom. */
export const TONE = { caller: 400, alice: 500, bob: 600, carol: 700, dave: 800, outside: 900, desk: 1_000 } as const;

export const agent = (agentId: string): Whom => ({ kind: 'agent', agentId });
export const queue = (name: string): Whom => ({ kind: 'queue', queue: name });
export const OUTSIDE: Whom = { kind: 'number', number: '+358409999999', trunk: 'public' };

const AGENTS = ['alice', 'bob', 'carol', 'dave'];

/** A house where alice serves billing, bob and carol tech, and dave both. */
export class TalkHouse extends WalkHouse {
  constructor(change: Partial<Site> = {}) {
    super({
      agents: [
        agentProfile('alice', { queues: ['billing'] }),
        agentProfile('bob', { queues: ['tech'] }),
        agentProfile('carol', { queues: ['tech'] }),
        agentProfile('dave', { queues: ['billing', 'tech'] }),
      ],
      queues: new Map([
        ['billing', queueProfile('billing', { escalateTo: 'tech', music: 'billing-music' })],
        ['tech', queueProfile('tech')],
      ]),
      ...change,
    });
    this.fake.number('+358409999999', answers(2_000));
    this.fake.phone('desk', answers(1_000));
  }

  /** A caller who talks with alice; the others who are named are ready. */
  async talking(...others: readonly string[]): Promise<Party> {
    await this.start();
    await this.ready('alice');
    const caller = await this.callerIn('1');
    await caller.until('bridged');
    await this.ready(...others);
    caller.say(Infinity, TONE.caller);
    this.#speak();
    return caller;
  }

  /** Who is heard by whom, once everybody who is there speaks. */
  hears(person: Party): readonly number[] {
    this.#speak();
    return person.voices.toSorted((a, b) => a - b);
  }

  #speak(): void {
    for (const id of AGENTS)
      this.fake
        .phone(id)
        .parties.at(-1)
        ?.say(Infinity, TONE[id as keyof typeof TONE]);
    this.fake.phone('desk').parties.at(-1)?.say(Infinity, TONE.desk);
    this.fake.number('+358409999999').parties.at(-1)?.say(Infinity, TONE.outside);
  }

  phone(id: string): Party {
    return this.fake.phone(id).party;
  }

  async act(id: string, wish: TalkWish): Promise<void> {
    expect(await this.service.talk.act(id, wish)).toMatchObject({ ok: true });
    await this.clock.advance(0);
  }

  async refused(id: string, wish: TalkWish): Promise<string> {
    const answer = await this.service.talk.act(id, wish);
    if (answer.ok) throw new Error(`${id} may ${wish.type}`);
    return answer.sentence;
  }

  async inTalk(id: string): Promise<Party> {
    await this.clock.runUntil(() => this.agent(id).state === 'talking', `${id} talks`);
    await this.clock.advance(1);
    return this.phone(id);
  }

  get only() {
    const [call] = this.engine.house.board.all();
    if (!call) throw new Error('there is no call');
    return call.state;
  }

  async goHome(caller: Party): Promise<void> {
    if (caller.phase !== 'ended') caller.hangUp();
    await this.expectNoLeaks();
    const record = (await this.history.callRecords({ limit: 1, before: null }))[0];
    expect(record).toBeDefined();
    this.expectEachReleasedOnce();
  }

  /** As often as an agent began to talk he has ended it. */
  expectEachReleasedOnce(): void {
    const states = this.eventsOf('agent.state.changed').map(({ data }) => data);
    for (const id of AGENTS) {
      const own = states.filter(({ agentId }) => agentId === id);
      const began = own.filter(({ state }) => state === 'talking').length;
      expect(own.filter(({ previous }) => previous === 'talking').length, id).toBe(began);
    }
  }
}
