import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import type { RecordingActor } from '../../src/engine/ports/flow-desk.ts';
import type { Party } from '../support/fake-party.ts';
import { busy } from '../support/fake-party.ts';
import { queueProfile } from '../support/site.ts';
import { TONES, tonesIn } from '../support/tones.ts';
import { agent, queue, TalkHouse } from './talk-house.ts';

const [CUSTOMER, , , CARD] = TONES;

type Mode = QueueProfile['recording']['mode'];

/** The customer is the only one who speaks, so that what is kept tells when it was recorded. */
class RecordedHouse extends TalkHouse {
  #caller: Party | undefined;

  constructor(billing: Mode, tech: Mode) {
    const rule = (mode: Mode) => ({ recording: { mode, keepDays: 30 } });
    super({
      queues: new Map([
        ['billing', queueProfile('billing', { ...rule(billing), escalateTo: 'tech' })],
        ['tech', queueProfile('tech', rule(tech))],
      ]),
    });
  }

  /** The customer says something for two seconds. */
  async hear(hz: number): Promise<void> {
    this.#caller?.say(Infinity, hz);
    await this.clock.advance(2_000);
  }

  async customer(...others: readonly string[]): Promise<Party> {
    const caller = await this.talking(...others);
    this.phone('alice').say(0);
    this.#caller = caller;
    await this.hear(CUSTOMER);
    return caller;
  }

  record(verb: 'start' | 'pause' | 'resume', by: string | RecordingActor) {
    const actor: RecordingActor = typeof by === 'string' ? { kind: 'agent', agentId: by } : by;
    return this.engine.house.flowDesk.record(this.only.id, verb, actor);
  }

  seenBy(id: string): string | undefined {
    const view = this.service.talk.view(id);
    return view.ok ? view.value?.recording : undefined;
  }

  /** Ends the call and answers what is heard in each part that was kept, with whose queue it was. */
  async kept(): Promise<readonly (readonly [string | null, readonly number[]])[]> {
    const { id } = this.only;
    this.#caller?.hangUp();
    await this.clock.advance(90_000);
    const rows = await this.flows.recordingsOf(id);
    return rows.map((row) => [row.queue, tonesIn(this.recordings.kept.get(row.file) ?? new Uint8Array(44))]);
  }
}

type HandOver = (house: RecordedHouse) => Promise<void>;

const HAND_OVERS: Readonly<Record<string, readonly [to: string, HandOver]>> = {
  'a blind transfer': [
    'bob',
    (house) => house.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true }),
  ],
  'a blind transfer that comes back': [
    'alice',
    async (house) => {
      house.fake.phone('bob', busy);
      await house.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true });
      await house.clock.runUntil(() => house.agent('alice').state !== 'talking');
    },
  ],
  'a transfer to a queue': [
    'bob',
    (house) => house.act('alice', { type: 'transfer', to: queue('tech'), note: null, keepPlace: true }),
  ],
  'an escalation': ['bob', (house) => house.act('alice', { type: 'escalate', how: 'queue', note: null })],
  'park and pick-up': [
    'bob',
    async (house) => {
      await house.act('alice', { type: 'park', forMs: 60_000, note: null });
      await house.clock.advance(1_000);
      expect(await house.service.talk.pickUp('bob', '701')).toMatchObject({ ok: true });
    },
  ],
  'a consultation that is completed': [
    'bob',
    async (house) => {
      await house.act('alice', { type: 'consult', to: agent('bob') });
      await house.inTalk('bob');
      await house.act('alice', { type: 'complete', note: null });
    },
  ],
  'a conference that the agent leaves': [
    'bob',
    async (house) => {
      await house.act('alice', { type: 'consult', to: agent('bob') });
      await house.inTalk('bob');
      await house.act('alice', { type: 'merge' });
      await house.act('alice', { type: 'leave' });
    },
  ],
  'a phone that is lost while the customer is on hold': [
    'dave',
    async (house) => {
      await house.act('alice', { type: 'hold', on: true });
      house.phone('alice').hangUp({ q850: 38 });
      await house.clock.advance(1);
      await house.ready('dave');
    },
  ],
  'a supervisor who takes over': [
    'dave',
    async (house) => {
      await house.service.setAgentStatus('dave', 'not-ready', 'office');
      const wish = { type: 'monitor', mode: 'take-over', phone: 'dave' } as const;
      expect(await house.service.talk.supervise(house.only.id, 'sue', wish)).toMatchObject({ ok: true });
    },
  ],
};

describe('a pause', () => {
  it.each(Object.entries(HAND_OVERS))('outlasts %s', async (_, [next, handOver]) => {
    const house = new RecordedHouse('always', 'always');
    const caller = await house.customer('bob');
    await house.record('pause', 'alice');
    await house.hear(CARD);
    await handOver(house);
    await house.inTalk(next);
    house.phone(next).say(0);
    await house.hear(CARD);
    expect(house.seenBy(next)).toBe('paused');
    // Nothing is written: no part goes on, or the switch has said that it is silent.
    const { part, silent } = house.only.recording ?? {};
    expect(part === null || silent).toBe(true);
    caller.say(0);
    if (next !== 'alice') expect(await house.record('resume', 'alice')).toMatchObject({ ok: false, why: 'conflict' });
    expect(await house.record('resume', next)).toMatchObject({ value: { state: 'on' } });
    expect(house.seenBy(next)).toBe('on');
    await house.hear(CUSTOMER);
    const kept = await house.kept();
    expect(kept.length).toBe(part === null ? 2 : 1);
    for (const [, heard] of kept) expect(heard).toEqual([CUSTOMER]);
    await house.goHome(caller);
  });

  it('outlasts a hand-over in which Callwright dies', async () => {
    const house = new RecordedHouse('always', 'always');
    const caller = await house.customer('bob');
    await house.record('pause', 'alice');
    await house.act('alice', { type: 'transfer', to: agent('bob'), note: null, keepPlace: true });
    house.kill();
    caller.say(Infinity, CARD);
    await house.restart();
    await house.inTalk('bob');
    await house.hear(CARD);
    expect(house.seenBy('bob')).toBe('paused');
    expect((await house.kept()).map(([, heard]) => heard)).toEqual([[CUSTOMER]]);
  });

  it('is taken back by a supervisor too', async () => {
    const house = new RecordedHouse('always', 'always');
    const caller = await house.customer('bob');
    await house.record('pause', 'alice');
    await house.act('alice', { type: 'transfer', to: queue('tech'), note: null, keepPlace: true });
    await house.inTalk('bob');
    const answer = await house.record('resume', { kind: 'supervisor', name: 'sue' });
    expect(answer).toMatchObject({ value: { state: 'on' } });
    await house.goHome(caller);
  });
});

/** Carol of tech has the customer of billing, through her queue. */
const TO_TECH: Readonly<Record<string, HandOver>> = {
  'consulted there': async (house) => {
    await house.act('alice', { type: 'consult', to: queue('tech') });
    await house.inTalk('carol');
    await house.act('alice', { type: 'complete', note: null });
  },
  'handed over while her phone rings': async (house) => {
    await house.act('alice', { type: 'consult', to: queue('tech') });
    await house.clock.runUntil(() => house.agent('carol').state === 'ringing');
    await house.act('alice', { type: 'complete', note: null });
  },
  'left in a conference': async (house) => {
    await house.act('alice', { type: 'consult', to: queue('tech') });
    await house.inTalk('carol');
    await house.act('alice', { type: 'merge' });
    await house.act('alice', { type: 'leave' });
  },
  'transferred blindly': (house) =>
    house.act('alice', { type: 'transfer', to: queue('tech'), note: null, keepPlace: true }),
};

/** From now on only what the customer and Carol are made to say is heard. */
async function handedToCarol(house: RecordedHouse, handOver: (typeof TO_TECH)[keyof typeof TO_TECH]): Promise<void> {
  const caller = await house.customer('carol');
  caller.say(0);
  await handOver(house);
  await house.inTalk('carol');
  house.phone('carol').say(0);
}

describe('the queue of the new agent decides', () => {
  it.each(Object.entries(TO_TECH))('from always to never: %s', async (_, handOver) => {
    const house = new RecordedHouse('always', 'never');
    await handedToCarol(house, handOver);
    await house.hear(CARD);
    expect(house.seenBy('carol')).toBe('off');
    expect(house.service.talk.view('carol')).toMatchObject({ value: { queue: 'tech' } });
    expect(await house.record('start', 'carol')).toMatchObject({ ok: false });
    const kept = await house.kept();
    expect(kept[0]).toEqual(['billing', [CUSTOMER]]);
    for (const [, heard] of kept) expect(heard).not.toContain(CARD);
  });

  it.each(Object.entries(TO_TECH))('from never to always: %s', async (_, handOver) => {
    const house = new RecordedHouse('never', 'always');
    await handedToCarol(house, handOver);
    expect(house.seenBy('carol')).toBe('on');
    await house.hear(CARD);
    expect(await house.kept()).toEqual([['tech', [CARD]]]);
  });

  it.each(Object.entries(TO_TECH))('another part begins, under its own rule: %s', async (_, handOver) => {
    const house = new RecordedHouse('always', 'always');
    await handedToCarol(house, handOver);
    await house.hear(CARD);
    const kept = await house.kept();
    expect([kept.at(0), kept.at(-1)]).toEqual([
      ['billing', [CUSTOMER]],
      ['tech', [CARD]],
    ]);
  });

  it.each(Object.entries(TO_TECH))('what was asked for on demand is asked for again there: %s', async (_, handOver) => {
    const house = new RecordedHouse('on-demand', 'on-demand');
    await house.customer('carol');
    expect(await house.record('start', 'alice')).toMatchObject({ value: { state: 'on' } });
    await handOver(house);
    await house.inTalk('carol');
    expect(house.seenBy('carol')).toBe('off');
    expect(await house.record('start', 'carol')).toMatchObject({ value: { state: 'on' } });
  });

  it.each([
    ['always', 'never', 'on'],
    ['never', 'always', 'off'],
  ] as const)('back from a queue where nobody took him, the old one does: %s, not %s', async (billing, tech, seen) => {
    const house = new RecordedHouse(billing, tech);
    await house.customer();
    await house.act('alice', { type: 'transfer', to: queue('tech'), note: null, keepPlace: true });
    await house.clock.runUntil(() => house.agent('alice').state === 'ringing');
    await house.inTalk('alice');
    expect(house.seenBy('alice')).toBe(seen);
    expect(house.service.talk.view('alice')).toMatchObject({ value: { queue: 'billing' } });
  });

  it('an agent asked for by name comes for no queue: the rule stays as it was', async () => {
    const house = new RecordedHouse('always', 'never');
    await house.customer('carol');
    await house.act('alice', { type: 'consult', to: agent('carol') });
    await house.inTalk('carol');
    await house.act('alice', { type: 'complete', note: null });
    expect(house.seenBy('carol')).toBe('on');
  });
});
