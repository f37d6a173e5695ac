import { describe, expect, it } from 'vitest';
import { PLAIN_REQUEST } from '../../../src/call/routing.ts';
import { type CallState, outboundCall } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import { answered, LEG, offer, world } from './talk-world.ts';

const T = 1_000_000;
const called = { id: 'call-1', legId: LEG, ani: '+358400000009', dnis: '+358501112223', source: 'public' };
const terms = { phase: 'dialing', ringMs: 20_000, connectDeadlineMs: 2_000, wrapUpMs: 0 } as const;
const attempt = { campaignId: 'c', leadId: 'l', attemptId: 'a', ...terms, message: 'autumn.sorry' };
const request = { queue: 'campaign:c', language: 'en', require: [], priority: 0, maxWaitMs: null, ...PLAIN_REQUEST };
const dial: CallInput = { type: 'dial', number: '+358501112223', trunk: 'public', callerId: '+358400000009', at: 0 };
const late: CallInput = { type: 'timer', name: 'call:connect' };

const sounds = (...prompts: readonly string[]) => ({ ...world, prompts: new Map([['en', new Set(prompts)]]) });
const ALL = ['autumn.sorry', 'campaign.abandoned', 'campaign.opt-out', 'campaign.opted-out'];

function play(inputs: readonly CallInput[], prompts: readonly string[] = ALL): CallStep {
  const start: CallState = outboundCall({ ...called, language: 'en', attempt, request }, T);
  const begin: CallStep = { state: start, facts: [], actions: [] };
  return inputs.reduce((step, input) => callStep(step.state, input, sounds(...prompts), T), begin);
}
const commands = ({ actions }: CallStep) => actions.flatMap((each) => (each.type === 'switch' ? [each.command] : []));
const heard = (step: CallStep) =>
  commands(step).flatMap((each) =>
    each.type === 'play' ? each.media.map((one) => (one.kind === 'file' ? one.path : one.kind)) : [],
  );

describe('a person for whom no agent came', () => {
  it('hears the campaign’s words, and which key ends all calls', () => {
    expect(heard(play([dial, answered(LEG), late]))).toEqual(['en/autumn.sorry', 'en/campaign.opt-out']);
  });

  it('hears the house’s words where the campaign’s were taken away meanwhile', () => {
    const left = ALL.filter((prompt) => prompt !== 'autumn.sorry');
    expect(heard(play([dial, answered(LEG), late], left))).toEqual(['en/campaign.abandoned', 'en/campaign.opt-out']);
  });

  it('has no agent rung for him any more, who would come to a line that a voice speaks on', () => {
    const rung = play([dial, answered(LEG), offer('alice')]);
    const agentLeg = rung.state.offers[0]?.legId;
    expect(agentLeg).toBeDefined();
    expect(commands(play([dial, answered(LEG), offer('alice'), late]))).toContainEqual(
      expect.objectContaining({ type: 'hangup', legId: agentLeg }),
    );
  });

  it('may press the key for a moment yet when all is said, and once', () => {
    const over = play([
      dial,
      answered(LEG),
      late,
      { type: 'playback.finished', legId: LEG, playbackId: 'call-1-apology', completed: true, at: T },
    ]);
    expect(over.state.timers['call:apology']).toBe(T + 4_000);
    expect(over.state.phase).toBe('apologising');
    const nine: CallInput = { type: 'dtmf.received', legId: LEG, digit: '9', at: T };
    const pressed = callStep(over.state, nine, sounds(...ALL), T);
    expect(pressed.actions).toContainEqual({ type: 'opt-out' });
    expect(heard(pressed)).toEqual(['en/campaign.opted-out']);
    const again = callStep(pressed.state, nine, sounds(...ALL), T);
    expect(again.actions).toEqual([]);
    expect(again.facts).toEqual([]);
  });
});
