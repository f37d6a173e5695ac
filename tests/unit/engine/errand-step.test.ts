import { describe, expect, it } from 'vitest';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import type { SwitchCommand } from '../../../src/call/switch.ts';
import { errandCall } from '../../../src/engine/call/errand-call.ts';
import type { Errand } from '../../../src/engine/call/errand-state.ts';
import type { Reserved } from '../../../src/engine/call/reach-agent.ts';
import { type CallPhase, type CallState, callStateSchema } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import { ticketsOf } from '../../../src/engine/call/tickets.ts';
import type { CallWorld } from '../../../src/engine/call/world.ts';
import { testSite } from '../../support/site.ts';

const NOW = 1_700_000_000_000;
const HOUR_MS = 3_600_000;
const LEG = 'out-1';
const world: CallWorld = {
  ...testSite(),
  env: new Map(),
  customerOf: () => null,
  outsideRefusal: () => null,
  way: ({ via }) => ({ trunk: via, callerId: null, at: 0 }),
  queueFacts: () => ({ waiting: 0, isStaffed: false }),
};

const PROMISE: Errand = {
  kind: 'callback',
  id: 'cb-1',
  number: '+358501112223',
  trunk: 'public',
  callerId: '+358401234567',
  tries: 0,
  most: 3,
  retryAfterMs: 600_000,
  ringMs: 30_000,
  dueBy: NOW + 4 * HOUR_MS,
  file: null,
  box: null,
  told: 0,
  plays: 0,
  leave: 'none',
  settled: false,
};
const MESSAGE: Errand = { ...PROMISE, kind: 'voicemail', id: 'vm-1', file: 'f00d', box: 'support' };
const request = { queue: 'billing', language: 'en', require: [], priority: 60, maxWaitMs: null, ...PLAIN_REQUEST };

const fresh = (errand: Errand = PROMISE): CallState =>
  errandCall({ id: 'call-1', legId: LEG, language: 'en', errand, request, since: NOW - 60_000 }, NOW);

/** Plays inputs in, each on a state that has been through JSON, as between two processes. */
function play(state: CallState, ...inputs: readonly CallInput[]): CallStep {
  let step: CallStep = { state, facts: [], actions: [] };
  for (const input of inputs) {
    const read = callStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    expect(read).toEqual(step.state);
    step = callStep(read, input, world, NOW);
  }
  return step;
}

const agents = [
  { agentId: 'alice', reach: { kind: 'dial', to: { kind: 'phone', name: 'alice' } }, fence: 7 },
] as const satisfies readonly Reserved[];
const offer: CallInput = { type: 'offer', for: 'visit', agents, ringMs: 10_000, wrapUpMs: 5_000 };
const news = (what: 'begin' | 'go' | 'gone' | 'put-off' | 'no-line'): CallInput => ({ type: 'errand', news: what });
const ended = (legId: string, q850 = 16): CallInput => ({ type: 'leg.ended', at: NOW, legId, cause: { q850 } });
const answered = (legId: string): CallInput => ({ type: 'leg.answered', at: NOW, legId });
const said = (n: number): CallInput => ({
  type: 'playback.finished',
  at: NOW,
  legId: '',
  playbackId: `call-1-brief${n}`,
  completed: true,
});

const promised = play(fresh(), news('begin')).state;
const offering = play(promised, offer).state;
const DESK = offering.offers[0]?.legId ?? '';
const key = (digit: string): CallInput => ({ type: 'dtmf.received', at: NOW, legId: DESK, digit });
const briefing = play(offering, answered(DESK)).state;
const calling = play(briefing, said(1), news('go')).state;
const talking = play(calling, answered(LEG)).state;
const hearing = play(fresh(MESSAGE), news('begin'), offer, answered(DESK)).state;

const STATES: Readonly<Record<string, CallState>> = { promised, offering, briefing, calling, talking, hearing };
const INPUTS: Readonly<Record<string, CallInput>> = {
  begin: news('begin'),
  go: news('go'),
  gone: news('gone'),
  'put off': news('put-off'),
  'no line': news('no-line'),
  'an offer': offer,
  'the agent answers': answered(DESK),
  'the agent hangs up': ended(DESK),
  'the words are over': said(1),
  'key 1': key('1'),
  'key 2': key('2'),
  'key 3': key('3'),
  'another key': key('9'),
  'the customer answers': answered(LEG),
  'the customer is busy': ended(LEG, 17),
  'rung too long': { type: 'timer', name: 'call:dial' },
  'thought too long': { type: 'timer', name: 'errand:key' },
  'no longest wait': { type: 'queue.leave', outcome: 'timeout' },
  'a hang-up from outside': { type: 'hangup' },
};

/** The phase to which each input leads; what is not named changes it not. */
const LEADS: Readonly<Record<string, Readonly<Record<string, CallPhase>>>> = {
  promised: { 'an offer': 'offering', gone: 'ended', 'put off': 'ended', 'a hang-up from outside': 'ended' },
  offering: {
    'the agent answers': 'briefing',
    'the agent hangs up': 'promised',
    gone: 'ending',
    'a hang-up from outside': 'ending',
  },
  briefing: {
    'the agent hangs up': 'promised',
    gone: 'ending',
    'no line': 'ending',
    'a hang-up from outside': 'ending',
  },
  calling: {
    'the customer answers': 'talking',
    'the customer is busy': 'ending',
    'the agent hangs up': 'ending',
    gone: 'ending',
    'a hang-up from outside': 'ending',
  },
  talking: { 'the customer is busy': 'ending', 'the agent hangs up': 'ending', 'a hang-up from outside': 'ending' },
  hearing: {
    'the agent hangs up': 'promised',
    'key 2': 'ending',
    gone: 'ending',
    'a hang-up from outside': 'ending',
  },
};

const PHASES: Readonly<Record<string, CallPhase>> = { calling: 'calling-back', hearing: 'briefing' };

describe('a call that has an errand in hand', () => {
  it.each(Object.keys(STATES).flatMap((at) => Object.keys(INPUTS).map((input) => [at, input] as const)))(
    'that is %s, on %s, is where the table says',
    (at, input) => {
      const state = STATES[at] ?? promised;
      const phase = PHASES[at] ?? at;
      expect(state.phase).toBe(phase);
      expect(play(state, INPUTS[input] ?? offer).state.phase).toBe(LEADS[at]?.[input] ?? phase);
    },
  );

  const told = ({ actions }: CallStep, type: SwitchCommand['type']) =>
    actions.flatMap((action) => (action.type === 'switch' && action.command.type === type ? [action.command] : []));
  const deeds = (step: CallStep, type: string) => step.actions.filter((action) => action.type === type);
  const types = (step: CallStep) => step.facts.map(({ type }) => type);

  it('waits as what it is, at its place, and not while somebody is rung or talks', () => {
    const [ticket] = ticketsOf(promised);
    expect(ticket).toMatchObject({ kind: 'callback', enqueuedAt: NOW - 60_000, priority: 60, queue: 'billing' });
    expect(ticketsOf(fresh(MESSAGE))).toMatchObject([{ kind: 'voicemail' }]);
    for (const state of [offering, briefing, calling, talking]) expect(ticketsOf(state)).toEqual([]);
  });

  it('tells nothing of itself before somebody is rung, and is an arrival then', () => {
    expect(types(play(fresh(), news('begin')))).toEqual([]);
    expect(types(play(promised, offer)).slice(0, 1)).toEqual(['call.arrived']);
    const silent = play(promised, news('put-off'));
    expect([types(silent), deeds(silent, 'record')]).toEqual([[], []]);
    expect(deeds(silent, 'errand.end')).toMatchObject([{ outcome: 'again', notBefore: 0 }]);
    expect(deeds(play(promised, news('gone')), 'errand.end')).toEqual([]);
  });

  it('goes back in line for a while, with no try used up, when its trunk has no line for it', () => {
    const full = play(briefing, news('no-line'));
    expect(deeds(full, 'errand.end')).toMatchObject([{ outcome: 'again', notBefore: NOW + 15_000 }]);
    expect([told(full, 'originate'), types(full).includes('callback.failed')]).toEqual([[], false]);
  });

  it('dials the customer only when the agent knows why and the store has said so, in whatever order', () => {
    expect(deeds(play(offering, answered(DESK)), 'errand.try')).toMatchObject([{ id: 'cb-1', tries: 1 }]);
    for (const inputs of [
      [said(1), news('go')],
      [news('go'), said(1)],
    ]) {
      const [first, second] = inputs as [CallInput, CallInput];
      const half = play(briefing, first);
      expect(told(half, 'originate')).toEqual([]);
      const both = play(half.state, second);
      expect(told(both, 'originate')).toMatchObject([
        { legId: LEG, to: { kind: 'number', number: '+358501112223', trunk: 'public' }, callerId: '+358401234567' },
      ]);
      expect(types(both)).toEqual(['callback.started']);
    }
  });

  it('is done when they talk, and the agent has his wrap-up afterwards', () => {
    const step = play(calling, answered(LEG));
    expect(types(step)).toEqual(['call.answered', 'call.connected', 'callback.answered']);
    expect(deeds(step, 'errand.end')).toMatchObject([{ outcome: 'done', agentId: 'alice' }]);
    expect(told(step, 'bridge')).toHaveLength(1);
    expect(step.state.wrapUpMs).toBe(5_000);
  });

  it.each([
    ['busy', PROMISE, 17, 'again', 'busy'],
    ['busy for the last time', { ...PROMISE, tries: 2 }, 17, 'failed', 'busy'],
    ['not there, and too late for another try', { ...PROMISE, dueBy: NOW + 600_000 }, 19, 'failed', 'no-answer'],
    ['no number', PROMISE, 1, 'again', 'invalid-number'],
  ] as const)('frees the agent at once when the customer is %s', (_title, errand, q850, outcome, why) => {
    const step = play(fresh(errand), news('begin'), offer, answered(DESK), said(1), news('go'), ended(LEG, q850));
    expect(deeds(step, 'errand.end')).toMatchObject([{ outcome, notBefore: NOW + 600_000 }]);
    const retryAt = outcome === 'again' ? NOW + 600_000 : null;
    expect(step.facts.find(({ type }) => type === 'callback.failed')?.data).toMatchObject({ why, retryAt });
    expect([step.state.wrapUpMs, told(step, 'hangup')]).toMatchObject([0, [{ legId: DESK }]]);
  });

  it('says no answer of a ring that it ended itself, whatever the switch calls that', () => {
    const step = play(calling, { type: 'timer', name: 'call:dial' }, ended(LEG, 16));
    expect(step.facts.find(({ type }) => type === 'callback.failed')?.data).toMatchObject({ why: 'no-answer' });
  });

  it.each([
    ['may not be called', PROMISE, 'denied'],
    ['has no way out', { ...PROMISE, trunk: null }, 'no-trunk'],
  ] as const)('rings nobody whose number %s', (_title, errand, why) => {
    const state = play(fresh(errand), news('begin'), offer, answered(DESK), said(1)).state;
    const refusing: CallWorld = { ...world, outsideRefusal: () => (why === 'denied' ? why : null) };
    const step = callStep(state, news('go'), refusing, NOW);
    expect(told(step, 'originate')).toEqual([]);
    expect(step.facts.find(({ type }) => type === 'callback.failed')?.data).toMatchObject({ why });
  });

  it('plays a message between the words, and knows one whose sender withheld his number', () => {
    const media = told(play(fresh(MESSAGE), offer, answered(DESK)), 'play').flatMap((command) =>
      command.type === 'play' ? command.media : [],
    );
    expect(media).toEqual([
      { kind: 'file', path: 'en/work.message' },
      { kind: 'recording', name: 'f00d' },
      { kind: 'file', path: 'en/work.choice' },
    ]);
    const nobody = play(fresh({ ...MESSAGE, number: null }), offer, answered(DESK));
    expect(JSON.stringify(told(nobody, 'play'))).toContain('work.choice.nobody');
    expect(deeds(play(nobody.state, key('1')), 'errand.try')).toEqual([]);
  });

  it('rings back by key 1 once the store has said so, and takes no other key meanwhile', () => {
    const asked = play(hearing, key('1'));
    expect([deeds(asked, 'errand.try').length, deeds(asked, 'errand.heard').length]).toEqual([1, 1]);
    expect(deeds(play(asked.state, key('2')), 'errand.end')).toEqual([]);
    expect(told(play(asked.state, news('go')), 'originate')).toHaveLength(1);
  });

  it('goes on after an outage: what was being said and asked is said and asked again', () => {
    const legs = new Map([[DESK, 'up']] as const);
    const adopted = play(briefing, { type: 'adopt', legs, since: NOW + 1 });
    expect(adopted.state.phase).toBe('briefing');
    expect([told(adopted, 'play').length, deeds(adopted, 'errand.try').length]).toEqual([1, 1]);
    const waiting = play(promised, { type: 'adopt', legs: new Map(), since: NOW + 1 });
    expect([waiting.state.phase, waiting.facts, waiting.actions]).toEqual(['promised', [], []]);
    const gone = play(calling, { type: 'adopt', legs: new Map(), since: NOW + 1 });
    expect(deeds(gone, 'errand.end')).toMatchObject([{ outcome: 'again' }]);
  });
});
