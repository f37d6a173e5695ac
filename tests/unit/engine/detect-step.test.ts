import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import { detectionPlanSchema } from '../../../src/dialer/amd-policy.ts';
import { type CallState, callStateSchema, outboundCall } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import type { CallWorld } from '../../../src/engine/call/world.ts';
import { testSite } from '../../support/site.ts';

const world: CallWorld = {
  ...testSite(),
  env: new Map(),
  customerOf: () => null,
  outsideRefusal: () => null,
  way: ({ via }) => ({ trunk: via, callerId: null, at: 0 }),
  queueFacts: () => ({ waiting: 0, isStaffed: false }),
};
const LEG = 'leg-1';
const NOW = 1_000_000;
type Change = z.input<typeof detectionPlanSchema>;

/** A campaign's call, as time passes: timers fire when they are due. */
class Played {
  state: CallState;
  now = NOW;
  readonly steps: CallStep[] = [];

  constructor(change: Change, attemptId = 'attempt-1') {
    const attempt = {
      campaignId: 'c',
      leadId: 'l',
      attemptId,
      phase: 'dialing',
      ringMs: 20_000,
      connectDeadlineMs: 2_000,
      wrapUpMs: 0,
      detect: detectionPlanSchema.parse(change),
    } as const;
    const request = {
      queue: 'campaign:c',
      language: 'en',
      require: [],
      priority: 0,
      maxWaitMs: null,
      ...PLAIN_REQUEST,
    };
    const called = { id: 'call-1', legId: LEG, ani: null, dnis: '+358501112223', source: 'public', language: 'en' };
    this.state = outboundCall({ ...called, attempt, request }, NOW);
    this.tell({ type: 'dial', number: '+358501112223', trunk: 'public', callerId: '+358400000009', at: 0 });
  }

  tell(input: CallInput): this {
    const step = callStep(this.state, input, world, this.now);
    this.steps.push(step);
    // Whoever carries it on reads it from the store.
    this.state = callStateSchema.parse(structuredClone(step.state));
    return this;
  }

  /** Time passes, and what is due happens. */
  pass(ms: number): this {
    const end = this.now + ms;
    for (;;) {
      const [name, at] = Object.entries(this.state.timers).toSorted(([, a], [, b]) => a - b)[0] ?? [];
      if (name === undefined || at === undefined || at > end) break;
      this.now = Math.max(this.now, at);
      this.tell({ type: 'timer', name });
    }
    this.now = end;
    return this;
  }

  answer(): this {
    return this.tell({ type: 'leg.answered', at: this.now, legId: LEG });
  }

  /** The far end makes a sound, and is quiet again. */
  says(soundMs: number, quietMs = 160): this {
    this.tell({ type: 'talk.started', at: this.now, legId: LEG }).pass(soundMs + quietMs);
    return this.tell({ type: 'talk.stopped', at: this.now, legId: LEG, durationMs: soundMs });
  }

  hangUp(): this {
    return this.tell({ type: 'leg.ended', at: this.now, legId: LEG, cause: { q850: 16 } });
  }

  get commands() {
    return this.steps.flatMap(({ actions }) => actions.flatMap((one) => (one.type === 'switch' ? [one.command] : [])));
  }

  facts(type: string) {
    return this.steps.flatMap(({ facts }) => facts.filter((one) => one.type === type).map(({ data }) => data));
  }

  get outcome() {
    return this.steps.flatMap(({ actions }) =>
      actions.flatMap((one) => (one.type === 'attempt.end' ? one.outcome : [])),
    );
  }
}

const GREETING = { countFrom: 'greeting-end', after: { sampleShare: 0 } } as const;
const MESSAGE: Change = { ...GREETING, after: { machine: 'message', sampleShare: 0 }, message: 'campaign.machine' };

describe('who picked up a campaign', () => {
  it('asks the switch for what the campaign says', () => {
    expect(new Played(GREETING).commands[0]).toMatchObject({
      type: 'originate',
      detect: { kind: 'own', quietMs: 160 },
    });
    expect(new Played({ ...GREETING, by: 'switch' }).commands[0]).toMatchObject({
      detect: { kind: 'switch', settings: { totalMs: 4_000, greetingMs: 1_500 } },
    });
  });

  it('puts a person to an agent, whose time counts from the end of the greeting', () => {
    const call = new Played(GREETING).answer().pass(400).says(450).pass(1_000);
    expect(call.state).toMatchObject({ phase: 'queued', attempt: { phase: 'waiting' } });
    expect(call.state.timers['call:connect']).toBe(NOW + 400 + 450 + 2_000);
    expect(call.facts('attempt.detected')).toMatchObject([{ by: 'own', result: 'human', action: 'connect' }]);
    expect(call.commands.at(-1)).toMatchObject({ type: 'talk.watch', on: false });
  });

  it('counts from the pick-up where the profile is strict, and listens no longer than that', () => {
    const strict = { ...GREETING, countFrom: 'pick-up' } as const;
    const call = new Played(strict).answer().pass(400).says(450).pass(800);
    expect(call.state.timers['call:connect']).toBe(NOW + 2_000);
    const silent = new Played(strict).answer().pass(2_000);
    expect(silent.facts('attempt.detected')).toMatchObject([{ result: 'unsure', silent: true, tookMs: 2_000 }]);
    expect(silent.facts('call.queued')).toHaveLength(1);
    expect(silent.facts('call.abandoned')).toHaveLength(1);
    expect(new Played({ ...strict, by: 'switch' }).commands[0]).toMatchObject({
      detect: { settings: { totalMs: 2_000 } },
    });
  });

  it('hangs up on a machine and calls the attempt one', () => {
    const call = new Played(GREETING)
      .answer()
      .pass(300)
      .tell({ type: 'talk.started', at: NOW, legId: LEG })
      .pass(4_000);
    expect(call.facts('attempt.detected')).toMatchObject([{ result: 'machine', action: 'hang-up', sampled: false }]);
    expect(call.hangUp().outcome).toEqual(['machine']);
  });

  it('puts a sampled machine to an agent all the same', () => {
    const sampled = { ...GREETING, after: { sampleShare: 1 } };
    const call = new Played(sampled).answer().tell({ type: 'talk.started', at: NOW, legId: LEG }).pass(4_000);
    expect(call.facts('attempt.detected')).toMatchObject([{ result: 'machine', action: 'connect', sampled: true }]);
    expect(call.facts('call.queued')).toHaveLength(1);
  });

  it.each([
    ['human', 'pause-after-greeting', 'queued', []],
    ['machine', 'long-greeting', 'ended', ['machine']],
    ['machine', 'initial-silence', 'ended', ['silent']],
    ['unsure', 'out-of-time', 'queued', []],
  ] as const)('goes by the finding of the switch: %s, %s', (result, cause, phase, outcome) => {
    const call = new Played({ ...GREETING, by: 'switch' }).answer().pass(1_500);
    call.tell({ type: 'leg.detected', at: NOW, legId: LEG, result, cause, tookMs: 1_500 });
    if (phase === 'ended') call.hangUp();
    expect(call.state.phase).toBe(phase);
    expect(call.outcome).toEqual(outcome);
    expect(call.facts('attempt.detected')).toMatchObject([{ by: 'switch', result, cause, confidence: null }]);
  });

  it('waits for a finding that never comes no longer than it may take, and takes it for a person', () => {
    const call = new Played({ ...GREETING, by: 'switch' }).answer().pass(5_500);
    expect(call.state.phase).toBe('queued');
    expect(call.facts('attempt.detected')).toMatchObject([{ result: 'unsure', cause: 'not-run' }]);
    call.tell({ type: 'leg.detected', at: NOW, legId: LEG, result: 'machine', cause: 'many-words', tookMs: 5_600 });
    expect(call.state.phase).toBe('queued');
  });

  it('counts who hangs up while he is listened to as abandoned', () => {
    expect(new Played(GREETING).answer().pass(700).hangUp().outcome).toEqual(['abandoned']);
  });
});

describe('a message for a machine', () => {
  const greeted = () => new Played(MESSAGE).answer().pass(300).says(4_500).pass(500);
  const plays = (call: Played) => call.commands.filter(({ type }) => type === 'play');
  const said = (call: Played, id: string) =>
    call.tell({ type: 'playback.finished', at: NOW, legId: LEG, playbackId: id, completed: true });

  it('is said after the beep and counts as left when all of it was', () => {
    const call = greeted();
    expect(plays(call)).toEqual([]);
    call.says(400).pass(500);
    expect(call.facts('attempt.greeted')).toMatchObject([{ by: 'beep' }]);
    expect(plays(call)).toMatchObject([{ media: [{ kind: 'file', path: 'en/campaign.machine' }] }]);
    expect(said(call, 'call-1-message1').hangUp().outcome).toEqual(['message-left']);
    expect(call.facts('attempt.message')).toMatchObject([{ left: true, times: 1 }]);
  });

  it('is said after a silence where nothing beeps', () => {
    const call = greeted().pass(3_000);
    expect(call.facts('attempt.greeted')).toMatchObject([{ by: 'silence' }]);
    expect(plays(call)).toHaveLength(1);
  });

  it('begins anew after a beep that came late', () => {
    const call = greeted().pass(2_000);
    expect(plays(call)).toHaveLength(1);
    call.says(300);
    expect(call.commands.slice(-2)).toMatchObject([
      { type: 'stop', playbackId: 'call-1-message1' },
      { type: 'play', playbackId: 'call-1-message2' },
    ]);
    // The end of what was stopped is no end of the message.
    expect(said(call, 'call-1-message1').state.phase).toBe('leaving-message');
    expect(said(call, 'call-1-message2').hangUp().outcome).toEqual(['message-left']);
  });

  it('is not said to a machine that never stops', () => {
    const call = new Played(MESSAGE).answer().tell({ type: 'talk.started', at: NOW, legId: LEG }).pass(60_000);
    expect(call.facts('attempt.greeted')).toMatchObject([{ by: 'timeout' }]);
    expect(plays(call)).toEqual([]);
    expect(call.state.phase).not.toBe('leaving-message');
  });

  it('is not left when the machine hangs up before it is said', () => {
    const call = greeted().pass(3_000).hangUp();
    expect(call.outcome).toEqual(['machine']);
  });

  it('has the switch tell of talk where that listened by itself', () => {
    const call = new Played({ ...MESSAGE, by: 'switch' }).answer().pass(2_000);
    call.tell({ type: 'leg.detected', at: NOW, legId: LEG, result: 'machine', cause: 'many-words', tookMs: 2_000 });
    expect(call.commands.at(-1)).toMatchObject({ type: 'talk.watch', on: true });
    expect(call.says(2_000).pass(2_500).facts('attempt.greeted')).toMatchObject([{ by: 'silence' }]);
  });

  it('has to be named where it is to be left', () => {
    expect(detectionPlanSchema.safeParse({ ...MESSAGE, message: null }).success).toBe(false);
  });
});
