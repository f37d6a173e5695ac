import { describe, expect, it } from 'vitest';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import type { HangupCause } from '../../../src/call/cause.ts';
import type { Errand } from '../../../src/engine/call/errand-state.ts';
import { errandCall } from '../../../src/engine/call/errand-call.ts';
import { type CallState, callStateSchema } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import { linesOn } from '../../../src/engine/call/way-out.ts';
import type { CallWorld, WayOrder } from '../../../src/engine/call/world.ts';
import { testSite } from '../../support/site.ts';

const NOW = 1_700_000_000_000;
const NUMBER = '+358501112223';
const LEG = 'out-1';
const NORTH_SOUTH = ['north', 'south'];

/** Whose trunks are these, in order; asks are noted. */
function worldOf(trunks: readonly string[]) {
  const asked: WayOrder[] = [];
  const world: CallWorld = {
    ...testSite(),
    env: new Map(),
    customerOf: () => null,
    outsideRefusal: () => null,
    way: (order) => {
      asked.push(order);
      const trunk = trunks.find((name) => !order.tried.includes(name));
      return trunk === undefined ? null : { trunk, callerId: `own of ${trunk}`, at: NOW };
    },
    queueFacts: () => ({ waiting: 0, isStaffed: false }),
  };
  return { world, asked };
}

function play(world: CallWorld, state: CallState, ...inputs: readonly CallInput[]): CallStep {
  let step: CallStep = { state, facts: [], actions: [] };
  for (const input of inputs) {
    const read = callStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    expect(read).toEqual(step.state);
    step = callStep(read, input, world, NOW);
  }
  return step;
}

/** A callback whose customer is being dialled. */
function calling({ world }: ReturnType<typeof worldOf>, callerId: string | null): CallStep {
  const errand: Errand = {
    kind: 'callback',
    id: 'cb-1',
    number: NUMBER,
    trunk: 'outside',
    callerId,
    tries: 0,
    most: 3,
    retryAfterMs: 600_000,
    ringMs: 30_000,
    dueBy: NOW + 9_000_000,
    file: null,
    box: null,
    told: 0,
    plays: 0,
    leave: 'none',
    settled: false,
  };
  const request = { queue: 'billing', language: 'en', require: [], priority: 0, maxWaitMs: null, ...PLAIN_REQUEST };
  const call = errandCall({ id: 'call-1', legId: LEG, language: 'en', errand, request, since: NOW - 60_000 }, NOW);
  const agents = [
    { agentId: 'alice', reach: { kind: 'dial', to: { kind: 'phone', name: 'alice' } }, fence: 7 },
  ] as const;
  const offered = play(world, call, { type: 'offer', for: 'visit', agents, ringMs: 10_000, wrapUpMs: 0 }).state;
  const told = { type: 'playback.finished', at: NOW, legId: '', playbackId: 'call-1-brief1', completed: true } as const;
  const legId = offered.offers[0]?.legId ?? '';
  return play(world, offered, { type: 'leg.answered', at: NOW, legId }, told, { type: 'errand', news: 'go' });
}

const ended = (legId: string, cause: HangupCause): CallInput => ({ type: 'leg.ended', at: NOW, legId, cause });
const dials = ({ actions }: CallStep) =>
  actions.flatMap((action) =>
    action.type === 'switch' && action.command.type === 'originate' ? [action.command] : [],
  );

describe('a trunk that fails before anything rings', () => {
  it.each<[string, HangupCause]>([
    ['503', { q850: 34, sip: 503 }],
    ['500', { q850: 41, sip: 500 }],
    ['no circuit', { q850: 34 }],
    ['an account that is refused', { q850: 21, sip: 407 }],
  ])('hands over to the next one: %s', (_, cause) => {
    const seen = worldOf(NORTH_SOUTH);
    const first = calling(seen, null);
    expect(dials(first)).toMatchObject([
      { legId: LEG, to: { number: NUMBER, trunk: 'north' }, callerId: 'own of north' },
    ]);
    expect(first.state).toMatchObject({ source: 'north', ani: 'own of north' });
    const step = play(seen.world, first.state, ended(LEG, cause));
    expect(dials(step)).toMatchObject([{ to: { number: NUMBER, trunk: 'south' }, callerId: 'own of south' }]);
    expect(step.state).toMatchObject({ phase: 'calling-back', source: 'south', ani: 'own of south' });
    expect([linesOn(step.state, 'north'), linesOn(step.state, 'south')]).toEqual([0, 1]);
    expect(step.facts.map(({ type }) => type)).toEqual(['leg.ended', 'leg.rerouted']);
    const [next] = dials(step);
    expect(play(seen.world, step.state, { type: 'leg.answered', at: NOW, legId: next?.legId ?? '' }).state.phase).toBe(
      'talking',
    );
    expect(play(seen.world, step.state, { type: 'leg.answered', at: NOW, legId: LEG }).state).toEqual({
      ...step.state,
      deeds: [],
    });
  });

  it.each<[string, HangupCause]>([
    ['busy', { q850: 17, sip: 486 }],
    ['declined', { q850: 21, sip: 603 }],
    ['no such number', { q850: 1, sip: 404 }],
    ['forbidden, which may be of the number', { q850: 21, sip: 403 }],
    ['an end that nobody saw', { q850: 0 }],
    ['taken back', { q850: 16 }],
  ])('and nothing else does: %s', (_, cause) => {
    const seen = worldOf(NORTH_SOUTH);
    const step = play(seen.world, calling(seen, null).state, ended(LEG, cause));
    expect(dials(step)).toEqual([]);
    expect(step.state.errand?.settled).toBe(true);
    expect(seen.asked).toHaveLength(1);
  });

  it('keeps the number that the customer knows, and presses only the first time', () => {
    const seen = worldOf(['north', 'south', 'east']);
    const first = calling(seen, '+358401234567');
    const second = play(seen.world, first.state, ended(LEG, { q850: 34 }));
    const third = play(seen.world, second.state, ended(dials(second)[0]?.legId ?? '', { q850: 34 }));
    expect([first, second, third].flatMap(dials).map(({ callerId }) => callerId)).toEqual(
      Array.from({ length: 3 }, () => '+358401234567'),
    );
    expect(seen.asked.map(({ promise, tried, pressing }) => [promise, tried, pressing])).toEqual([
      ['call-1', [], true],
      ['call-1', ['north'], false],
      ['call-1', ['north', 'south'], false],
    ]);
    const last = play(seen.world, third.state, ended(dials(third)[0]?.legId ?? '', { q850: 34 }));
    expect(last.facts.map(({ type }) => type)).toContain('callback.failed');
  });

  it('dials nobody for a call that is ending', () => {
    const seen = worldOf(NORTH_SOUTH);
    const over = play(seen.world, calling(seen, null).state, { type: 'hangup' }).state;
    expect(dials(play(seen.world, over, ended(LEG, { q850: 34, sip: 503 })))).toEqual([]);
  });

  it('ends the leg as one that found no circuit when no trunk takes it at all', () => {
    const seen = worldOf([]);
    const { state, actions } = calling(seen, null);
    expect(actions.some((action) => action.type === 'switch' && action.command.type === 'originate')).toBe(false);
    expect(state.timers[`way:${LEG}`]).toBe(NOW);
    const step = play(seen.world, state, { type: 'timer', name: `way:${LEG}` });
    expect(step.facts).toContainEqual({
      type: 'leg.ended',
      data: { legId: LEG, q850: 34, sip: null, verdict: 'congestion' },
    });
    expect(step.facts.find(({ type }) => type === 'callback.failed')?.data).toMatchObject({ why: 'congestion' });
  });
});
