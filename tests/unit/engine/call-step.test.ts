import { describe, expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import type { SwitchCommand } from '../../../src/call/switch.ts';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import { type CallPhase, type CallState, customer, inboundCall, outboundCall } from '../../../src/engine/call/state.ts';
import type { Reserved } from '../../../src/engine/call/reach-agent.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import type { CallWorld } from '../../../src/engine/call/world.ts';
import { testSite } from '../../support/site.ts';

const NOW = 1_700_000_000_000;
const site = testSite();
const world: CallWorld = {
  ...site,
  env: new Map(),
  customerOf: () => null,
  outsideRefusal: () => null,
  way: ({ via, tried }) => (tried.length > 0 ? null : { trunk: via, callerId: null, at: 0 }),
  queueFacts: () => ({ waiting: 0, isStaffed: false }),
};
const LEG = 'in-1';
const fresh = (): CallState =>
  inboundCall(
    { id: 'call-1', legId: LEG, ani: '+358501112223', dnis: '+358401234567', source: 'trunk', language: 'en' },
    NOW,
  );

/** Plays inputs in, one second apart; the last step is the one looked at. */
function play(state: CallState, ...inputs: readonly CallInput[]): CallStep {
  let step: CallStep = { state, facts: [], actions: [] };
  for (const input of inputs) step = callStep(step.state, input, world, NOW + 1_000);
  return step;
}

const agents = [
  { agentId: 'alice', reach: { kind: 'dial', to: { kind: 'phone', name: 'alice' } }, fence: 7 },
] as const satisfies readonly Reserved[];
const offer: CallInput = { type: 'offer', for: 'visit', agents, ringMs: 10_000, wrapUpMs: 5_000 };
const key = (digit: string): CallInput => ({ type: 'dtmf.received', at: NOW, legId: LEG, digit });
const ended = (legId: string, q850 = 16): CallInput => ({ type: 'leg.ended', at: NOW, legId, cause: { q850 } });
const answered = (legId: string): CallInput => ({ type: 'leg.answered', at: NOW, legId });
const ringing = (legId: string): CallInput => ({ type: 'leg.ringing', at: NOW, legId });
const legOf = (state: CallState, role: string) => state.legs.findLast((leg) => leg.role === role)?.id ?? '';

const flow = play(fresh(), { type: 'begin', flow: 'support' }, answered(LEG)).state;
const queued = play(flow, key('1'), key('1')).state;
const offering = play(queued, offer).state;
const AGENT_LEG = legOf(offering, 'agent');
const talking = play(offering, ringing(AGENT_LEG), answered(AGENT_LEG)).state;
const transferring = play(flow, key('1'), key('3')).state;
const TRANSFER_LEG = legOf(transferring, 'transfer');
const transferred = play(transferring, answered(TRANSFER_LEG)).state;
const attempt = {
  campaignId: 'c',
  leadId: 'l',
  attemptId: 'a',
  phase: 'dialing',
  ringMs: 20_000,
  connectDeadlineMs: 2_000,
  wrapUpMs: 0,
} as const;
const request = {
  queue: 'campaign:c',
  language: 'en',
  require: [],
  priority: 10_000,
  maxWaitMs: null,
  ...PLAIN_REQUEST,
};
const called = {
  id: 'call-2',
  legId: LEG,
  ani: '+358400000009',
  dnis: '+358501112223',
  source: 'public',
  language: 'en',
};
const dialing = play(outboundCall({ ...called, attempt, request }, NOW), {
  type: 'dial',
  number: '+358501112223',
  trunk: 'public',
  callerId: '+358400000009',
  at: 0,
}).state;
const detect = detectionPlanSchema.parse({
  after: { machine: 'message', sampleShare: 0 },
  message: 'campaign.machine',
});
const listenedTo = { ...dialing, attempt: { ...attempt, detect } };
const detecting = play(listenedTo, answered(LEG)).state;
const talks = play(detecting, { type: 'talk.started', at: NOW, legId: LEG }).state;
const leavingMessage = callStep(talks, { type: 'timer', name: 'call:detect' }, world, NOW + 4_000).state;
const apologising = play(dialing, answered(LEG), { type: 'timer', name: 'call:connect' }).state;
const dismissing = play(queued, { type: 'policy', order: { do: 'dismiss', callback: null } }).state;
const ending = play(talking, ended(LEG)).state;
const over = play(ending, ended(AGENT_LEG)).state;

/** Those of errands have a table of their own. */
type OnTheLine = Exclude<CallPhase, 'promised' | 'briefing' | 'calling-back'>;

const IN: Readonly<Record<OnTheLine, CallState>> = {
  dialing,
  detecting,
  'leaving-message': leavingMessage,
  flow,
  queued,
  offering,
  talking,
  awaiting: { ...talking, phase: 'awaiting', talk: null },
  transferring,
  transferred,
  dismissing,
  apologising,
  ending,
  ended: over,
};

const ON_THE_LINE = Object.keys(IN) as readonly OnTheLine[];

const INPUTS: Readonly<Record<string, (state: CallState) => CallInput>> = {
  begin: () => ({ type: 'begin', flow: 'support' }),
  reject: () => ({ type: 'reject', reason: 'full', cause: CAUSE.congestion }),
  dial: () => ({ type: 'dial', number: '+358501112223', trunk: 'public', callerId: '+358400000009', at: 0 }),
  'customer rings': () => ringing(LEG),
  'customer answers': () => answered(LEG),
  'customer hangs up': () => ended(LEG),
  'agent rings': (state) => ringing(legOf(state, 'agent')),
  'agent answers': (state) => answered(legOf(state, 'agent')),
  'agent hangs up': (state) => ended(legOf(state, 'agent')),
  'far side answers': (state) => answered(legOf(state, 'transfer')),
  'far side hangs up': (state) => ended(legOf(state, 'transfer')),
  'a stranger hangs up': () => ended('nobody'),
  key: () => key('1'),
  'playback of nothing finished': () => ({
    type: 'playback.finished',
    at: NOW,
    legId: LEG,
    playbackId: 'x',
    completed: true,
  }),
  offer: () => offer,
  position: () => ({ type: 'position', position: 2, estimateMs: null }),
  'others help': () => ({ type: 'policy', order: { do: 'help', also: ['tech'] } }),
  'nobody is logged in': () => ({ type: 'policy', order: { do: 'leave' } }),
  'the queue closes': () => ({ type: 'policy', order: { do: 'dismiss', callback: null } }),
  'another site is asked': () => ({
    type: 'policy',
    order: { do: 'send', number: '+358401234599', trunk: 'public' },
  }),
  'queue gives up': () => ({ type: 'queue.leave', outcome: 'timeout' }),
  'hang up': () => ({ type: 'hangup' }),
  'adopt, all there': (state) => ({
    type: 'adopt',
    since: NOW + 9_000,
    legs: new Map(state.legs.map((leg) => [leg.id, 'up'] as const)),
  }),
  'adopt, nothing there': () => ({ type: 'adopt', since: NOW + 9_000, legs: new Map() }),
  'play refused': () => refused({ type: 'play', legId: LEG, playbackId: 'x', media: [], language: 'en' }),
  'originate refused': (state) =>
    refused({
      type: 'originate',
      legId: legOf(state, 'agent'),
      to: { kind: 'phone', name: 'alice' },
      callerId: null,
      callerName: null,
      ringMs: 1,
      callId: 'call-1',
    }),
  'bridge refused': () => refused({ type: 'bridge', bridgeId: 'b', legIds: [] }),
  ...Object.fromEntries(
    [
      'flow:noInput',
      'wait:wait.max',
      'call:ring',
      'call:connect',
      'call:dial',
      'call:transfer',
      'call:apology',
      'call:dismissed',
      'call:ending',
      'call:limit',
      'call:nonsense',
    ].map((name) => [`timer ${name}`, (): CallInput => ({ type: 'timer', name })]),
  ),
};

function refused(command: SwitchCommand): CallInput {
  return { type: 'command.failed', command, result: { ok: false, why: 'unavailable', detail: '' } };
}

describe('a call in every phase', () => {
  it.each(ON_THE_LINE)('the story reaches %s', (phase) => expect(IN[phase].phase).toBe(phase));
});

describe.each(ON_THE_LINE)('in %s', (phase) => {
  it.each(Object.keys(INPUTS))('%s leaves a call that can go on', (name) => {
    const before = IN[phase];
    const { state, facts, actions } = callStep(before, INPUTS[name]?.(before) ?? key('1'), world, NOW + 5_000);
    expect(state.seq).toBe(before.seq + facts.length);
    if (phase === 'ended') return expect({ state, facts, actions }).toEqual({ state: before, facts: [], actions: [] });
    // Never in silence for ever: an end that is under way is timed, an ended call holds nothing.
    if (state.phase === 'ending') expect(state.timers['call:ending']).toBeDefined();
    if (state.phase === 'ended') {
      expect({ offers: state.offers, talk: state.talk, timers: state.timers }).toEqual({
        offers: [],
        talk: null,
        timers: {},
      });
      expect(facts.filter((fact) => fact.type === 'call.ended')).toHaveLength(1);
    }
    if (state.phase === 'queued') expect(state.visit).not.toBeNull();
    if (state.phase === 'offering') expect(state.offers).not.toHaveLength(0);
    if (state.phase === 'talking') expect(state.talk).not.toBeNull();
    // A reserved agent is never forgotten: an offer or talk that is gone was told to the agent.
    const told = actions.some((action) => action.type === 'agent');
    if ((before.offers.length > 0 && state.offers.length === 0 && !state.talk) || (before.talk && !state.talk))
      expect(told).toBe(true);
    return undefined;
  });
});

describe('turns of a call', () => {
  const commands = (step: CallStep) =>
    step.actions.flatMap((action) => (action.type === 'switch' ? [action.command] : []));
  const facts = (step: CallStep) => step.facts.map((fact) => fact.type);

  it('an offer rings the agent and leaves the caller his music', () => {
    const step = play(queued, offer);
    expect(commands(step)).toMatchObject([
      { type: 'originate', to: { kind: 'phone', name: 'alice' }, callerId: '+358501112223' },
    ]);
    expect(facts(step)).toEqual(['call.offered']);
  });

  it('an offer to a caller who has left gives the agent back', () => {
    const step = play(ending, offer);
    expect(step.actions).toEqual([
      { type: 'agent', agentId: 'alice', event: { type: 'fail', verdict: 'cancelled' } },
      { type: 'reservation.end', fence: 7 },
    ]);
  });

  it('a phone that answers without ringing is joined all the same', () => {
    const step = play(offering, answered(AGENT_LEG));
    expect(step.state.phase).toBe('talking');
    expect(step.actions.flatMap((action) => (action.type === 'agent' ? [action.event.type] : []))).toEqual([
      'ring',
      'answer',
    ]);
    expect(commands(step).at(-1)).toMatchObject({ type: 'bridge', legIds: [LEG, AGENT_LEG] });
  });

  it('RONA: the ring is ended, then the caller is back at his place', () => {
    const late = play(offering, ringing(AGENT_LEG), { type: 'timer', name: 'call:ring' });
    expect(commands(late)).toMatchObject([{ type: 'hangup', legId: AGENT_LEG }]);
    const back = play(late.state, ended(AGENT_LEG, 0));
    expect(back.state).toMatchObject({ phase: 'queued', offers: [], visit: { enqueuedAt: queued.visit?.enqueuedAt } });
    expect(back.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'fail', verdict: 'no-answer' },
    });
  });

  it('a caller who leaves while the agent rings stops that ring at once', () => {
    const step = play(offering, ended(LEG));
    expect(commands(step)).toMatchObject([{ type: 'hangup', legId: AGENT_LEG }]);
    expect(facts(step)).toEqual(['leg.ended', 'call.abandoned', 'flow.node.left', 'flow.finished']);
    const done = play(step.state, ended(AGENT_LEG));
    expect(done.state.phase).toBe('ended');
    expect(done.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'fail', verdict: 'cancelled' },
    });
  });

  it('ends a room after the hang-up of its last leg, and before anything is played to one that stays', () => {
    const verbs = ({ actions }: CallStep) =>
      actions.flatMap((each) => (each.type === 'switch' ? each.command.type : []));
    expect(verbs(play(transferred, ended(TRANSFER_LEG)))).toEqual(['hangup', 'unbridge']);
    expect(verbs(play(talking, ended(AGENT_LEG)))).toEqual(['unbridge', 'play']);
    expect(verbs(play(talking, ended(LEG)))).toEqual(['hangup', 'unbridge']);
  });

  it('the agent hangs up: the caller goes on in his flow', () => {
    const step = play(talking, ended(AGENT_LEG));
    expect(step.state).toMatchObject({ phase: 'flow', talk: null, flow: { nodeId: 'thanks' } });
    expect(step.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'release', wrapUpMs: 5_000 },
    });
  });

  it('the house hangs up: the talk is in the books', () => {
    const step = callStep(talking, { type: 'hangup' }, world, NOW + 61_000);
    expect(facts(step)).toEqual(['call.disconnected']);
    expect(step.state).toMatchObject({ phase: 'ending', record: { talkedMs: 60_000 } });
  });

  it('the caller hangs up: the agent is let go when his leg has ended', () => {
    expect(facts(play(talking, ended(LEG)))).toEqual([
      'leg.ended',
      'call.disconnected',
      'flow.node.left',
      'flow.finished',
    ]);
    expect(play(talking, ended(LEG)).actions.some((action) => action.type === 'agent')).toBe(false);
    const done = play(ending, ended(AGENT_LEG));
    expect(done.state.phase).toBe('ended');
    expect(done.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'release', wrapUpMs: 5_000 },
    });
  });

  it('a person who answered a campaign and met nobody in time hears the message, and is counted once', () => {
    expect(apologising.phase).toBe('apologising');
    const gone = play(apologising, ended(LEG));
    expect(gone.actions).toContainEqual({
      type: 'attempt.end',
      outcome: 'abandoned',
      q850: 16,
      sip: null,
      agentId: null,
    });
    expect(facts(gone)).toEqual(['leg.ended', 'attempt.apologised', 'attempt.ended', 'call.ended']);
  });

  it.each([
    ['486 Busy Here', { q850: 17, sip: 486 }, 'busy'],
    ['no answer', { q850: 19 }, 'no-answer'],
    ['404 Not Found', { q850: 1, sip: 404 }, 'invalid-number'],
    ['503 Service Unavailable', { q850: 34, sip: 503 }, 'congestion'],
    ['603 Decline', { q850: 21, sip: 603 }, 'rejected'],
  ])('a dial that ends in %s', (_name, cause, outcome) => {
    const step = play(dialing, { type: 'leg.ended', at: NOW, legId: LEG, cause });
    expect(step.actions).toContainEqual(expect.objectContaining({ type: 'attempt.end', outcome }));
    expect(step.state.phase).toBe('ended');
  });

  it('a switch that never reports the end is not waited for', () => {
    const step = play(ending, { type: 'timer', name: 'call:ending' });
    expect(step.state.phase).toBe('ended');
    expect(step.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'release', wrapUpMs: 5_000 },
    });
  });

  it('what is not played to a leg that is gone moves nothing: its end is told', () => {
    const before = callStep(fresh(), { type: 'begin', flow: 'support' }, world, NOW).state;
    const { playbackId } = before.flow ?? {};
    const play = { type: 'play', legId: LEG, playbackId: playbackId ?? '', media: [], language: 'en' } as const;
    const told = (why: 'gone' | 'unavailable') =>
      callStep(before, { type: 'command.failed', command: play, result: { ok: false, why, detail: '' } }, world, NOW);
    expect(told('gone').state.flow).toEqual(before.flow);
    expect(told('unavailable').state.flow).not.toEqual(before.flow);
  });

  it('adoption joins a caller and an agent again whose answer was lost', () => {
    const legs = new Map([[LEG, 'up'] as const, [AGENT_LEG, 'up'] as const]);
    const step = play(offering, { type: 'adopt', legs, since: NOW + 9_000 });
    expect(step.state.phase).toBe('talking');
    expect(facts(step)).toEqual(['call.adopted', 'leg.ringing', 'leg.answered', 'call.connected']);
  });

  it('adoption closes a call that ended unseen, and says so', () => {
    const step = play(talking, { type: 'adopt', legs: new Map(), since: NOW + 9_000 });
    expect(step.state).toMatchObject({ phase: 'ended', detected: 'reconcile' });
    expect(step.actions).toContainEqual({
      type: 'agent',
      agentId: 'alice',
      event: { type: 'release', wrapUpMs: 5_000 },
    });
  });

  it('the customer is the one leg a call always has', () => {
    expect(ON_THE_LINE.map((phase) => customer(IN[phase]).id)).toEqual(ON_THE_LINE.map(() => LEG));
  });
});
