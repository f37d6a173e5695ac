import { describe, expect, it } from 'vitest';
import { callStep } from '../../../src/engine/call/step.ts';
import type { TalkVerb } from '../../../src/engine/call/talk-verbs.ts';
import { ticketsOf } from '../../../src/engine/call/tickets.ts';
import { agent, answered, ended, LEG, number, talk, type Told, world } from './talk-world.ts';

const SLOT = { type: 'park', slot: '701', forMs: 60_000, note: null } as const;
const blind = (agentId: string): TalkVerb => ({ type: 'transfer', to: agent(agentId), note: null, keepPlace: true });

/** Where a call may be when something is asked of it. */
const SITUATIONS: Readonly<Record<string, () => Told>> = {
  talking: talk,
  'on hold': () => talk().ask({ type: 'hold', on: true }),
  'consulting, nobody there yet': () => talk().ask({ type: 'consult', to: agent('bob') }),
  consulting: () =>
    talk()
      .ask({ type: 'consult', to: agent('bob') })
      .agentComes('bob'),
  conference: () =>
    talk()
      .ask({ type: 'consult', to: agent('bob') })
      .agentComes('bob')
      .ask({ type: 'merge' }),
  watched: () => {
    const told = talk().supervise({ type: 'monitor', mode: 'listen', to: { kind: 'phone', phone: 'desk' } });
    return told.tell(answered(told.guestLeg));
  },
  'handed over': () => talk().ask(blind('bob')),
  'with a number outside': () => {
    const told = talk().ask({ type: 'transfer', to: number, note: null, keepPlace: true });
    return told.tell(answered(told.guestLeg), ended(told.legOf('alice')));
  },
  parked: () => talk().ask(SLOT),
  'back in the queue': () =>
    talk().ask({ type: 'transfer', to: { kind: 'queue', queue: 'tech' }, note: null, keepPlace: true }),
  over: () => {
    const told = talk().tell(ended(LEG));
    return told.tell(ended(told.legOf('alice')));
  },
};

const VERBS: Readonly<Record<string, TalkVerb>> = {
  hold: { type: 'hold', on: true },
  mute: { type: 'mute', on: true },
  consult: { type: 'consult', to: agent('carol') },
  side: { type: 'side', side: 'consult' },
  'end-consult': { type: 'end-consult' },
  merge: { type: 'merge' },
  add: { type: 'add', to: agent('carol') },
  drop: { type: 'drop', guest: 'nobody' },
  leave: { type: 'leave' },
  transfer: blind('carol'),
  complete: { type: 'complete', note: null },
  park: SLOT,
  escalate: { type: 'escalate', how: 'queue', note: null },
};

/** `+` done or so already, `-` refused with a sentence; in the order of the verbs. */
const TABLE: Readonly<Record<string, string>> = {
  talking: '+ + + - + - + + - + - + +',
  'on hold': '+ + + - + - + + - + - + +',
  'consulting, nobody there yet': '+ + - - + - + + - - + - -',
  consulting: '+ + - + + + + + - - + - -',
  conference: '+ + + - + + + + + - - - -',
  watched: '+ + + - + - + + - + - + +',
  'handed over': '- - - - - - - - - + + + -',
  'with a number outside': '- - - - - - - - - + + + -',
  parked: '- - - - - - - - - + + + -',
  'back in the queue': '- - - - - - - - - + + + -',
  over: '- - - - - - - - - - - - -',
};

describe.each(Object.keys(SITUATIONS))('%s', (situation) => {
  it('each verb of the agent who leads is done or refused', () => {
    const seen = Object.entries(VERBS).map(([name, verb]) => {
      const told = SITUATIONS[situation]?.();
      if (!told) throw new Error('never');
      const before = told.state;
      const { state, refusal } = told.ask(verb).last;
      if (refusal === null || refusal === undefined) return '+';
      expect(refusal, name).toMatch(/^[A-Z].*[.]$/u);
      expect(state, `${name} is refused and changes nothing`).toEqual({ ...before, left: [], deeds: state.deeds });
      return '-';
    });
    expect(seen.join(' ')).toBe(TABLE[situation]);
  });

  it.each(Object.keys(VERBS))('%s asked twice is asked once', (name) => {
    const told = SITUATIONS[situation]?.();
    const verb = VERBS[name];
    if (!told || !verb) throw new Error('never');
    const once = told.ask(verb);
    if (once.last.refusal !== null) return;
    const before = once.state;
    const again = once.ask(verb);
    const repeatable = name !== 'leave' && name !== 'escalate';
    if (repeatable) expect(again.last.refusal ?? null).toBeNull();
    expect(again.facts).toEqual([]);
    expect(again.state.guests).toEqual(before.guests);
  });

  it('a stranger may do nothing', () => {
    for (const [name, verb] of Object.entries(VERBS)) {
      const told = SITUATIONS[situation]?.().ask(verb, 'mallory');
      expect(told?.last.refusal, name).toMatch(/^[A-Z].*[.]$/u);
      expect(told?.commands).toEqual([]);
    }
  });
});

describe('turns of a talk', () => {
  it('a guest who is asked for waits like a caller, by name or for whoever of a queue is free', () => {
    const named = talk().ask({ type: 'consult', to: agent('bob') });
    expect(ticketsOf(named.state)).toMatchObject([{ callId: 'call-1~guest3', kind: 'consult', only: 'bob' }]);
    const queue = talk().ask({ type: 'add', to: { kind: 'queue', queue: 'tech' } });
    expect(ticketsOf(queue.state)).toMatchObject([{ kind: 'consult', only: null, queue: 'tech' }]);
  });

  it('an agent who picks up as he is no longer wanted is hung up, and let go when his leg has ended', () => {
    const told = talk().ask({ type: 'consult', to: agent('bob') });
    const whom = told.waitedFor();
    told.tell({
      type: 'offer',
      for: whom,
      agents: [{ agentId: 'bob', reach: { kind: 'dial', to: { kind: 'phone', name: 'bob' } }, fence: 9 }],
      ringMs: 10_000,
      wrapUpMs: 5_000,
    });
    const leg = told.legOf('bob');
    told.ask({ type: 'end-consult' }).tell(answered(leg));
    expect(told.commands).toContainEqual(expect.objectContaining({ type: 'hangup', legId: leg }));
    told.tell(ended(leg));
    expect(told.last.actions).toContainEqual({
      type: 'agent',
      agentId: 'bob',
      event: { type: 'fail', verdict: 'cancelled' },
    });
  });

  it('an offer to nobody who waits gives the agent back', () => {
    const told = talk().tell({
      type: 'offer',
      for: 'guest99',
      agents: [{ agentId: 'bob', reach: { kind: 'dial', to: { kind: 'phone', name: 'bob' } }, fence: 9 }],
      ringMs: 10_000,
      wrapUpMs: 5_000,
    });
    expect(told.last.actions).toEqual([
      { type: 'agent', agentId: 'bob', event: { type: 'fail', verdict: 'cancelled' } },
      { type: 'reservation.end', fence: 9 },
    ]);
  });

  it('a supervisor who is summoned to a call that has ended meanwhile is given back', () => {
    const told = talk().tell(ended(LEG));
    const summoned = {
      agentId: 'dave',
      reach: { kind: 'dial', to: { kind: 'phone', name: 'dave' } },
      fence: 9,
    } as const;
    const by = { kind: 'supervisor', name: 'sue' } as const;
    const verb = { type: 'monitor', mode: 'listen', to: agent('dave') } as const;
    const step = callStep(told.state, { type: 'talk', by, verb, summoned }, world, told.now);
    expect(step.refusal).toMatch(/No agent leads a talk/u);
    expect(step.actions).toContainEqual({ type: 'reservation.end', fence: 9 });
  });

  it('a switch that does not answer is asked once more to put everybody in place', () => {
    const told = talk().ask({ type: 'hold', on: true });
    const part = told.commands.find(({ type }) => type === 'part');
    if (!part) throw new Error('never');
    const result = { ok: false, why: 'unavailable', detail: '' } as const;
    told.tell({ type: 'command.failed', command: part, result });
    told.tell({ type: 'timer', name: 'call:join' });
    expect(told.commands.map(({ type }) => type)).toEqual(expect.arrayContaining(['part', 'music.start', 'bridge']));
  });
});
