import { describe, expect, it } from 'vitest';
import type { Deed } from '../../../src/engine/call/deeds.ts';
import { type CallState, callStateSchema, inboundCall } from '../../../src/engine/call/state.ts';
import { type CallInput, type CallStep, callStep } from '../../../src/engine/call/step.ts';
import type { CallWorld } from '../../../src/engine/call/world.ts';
import { flowOfNodes, testSite } from '../../support/site.ts';

const NOW = 1_700_000_000_000;
const LEG = 'in-1';
const site = testSite(
  flowOfNodes(`
  first: { type: record, prompt: say, save: kept, outcomes: { done: look, empty: bye } }
  look:
    type: lookup
    request: { method: GET, url: "https://crm.example.org/x" }
    timeout: 9s
    outcomes: { ok: wait, notFound: wait, timeout: wait }
  wait: { type: queue, queue: tech, exitKeys: { "*": bye }, outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye } }`),
);
const world: CallWorld = {
  ...site,
  env: new Map(),
  customerOf: () => null,
  outsideRefusal: () => null,
  way: ({ via }) => ({ trunk: via, callerId: null, at: 0 }),
  queueFacts: () => ({ waiting: 0, isStaffed: false }),
};

/** Plays inputs in; the last step, with what all of them asked to be done. */
function play(state: CallState, ...inputs: readonly CallInput[]): CallStep {
  let step: CallStep = { state, facts: [], actions: [] };
  for (const input of inputs) {
    const next = callStep(step.state, input, world, NOW + 1_000);
    expect(callStateSchema.parse(JSON.parse(JSON.stringify(next.state)))).toEqual(next.state);
    step = { ...next, actions: [...step.actions, ...next.actions] };
  }
  return step;
}

const fresh = inboundCall(
  { id: 'call-1', legId: LEG, ani: null, dnis: '+358401234567', source: 'trunk', language: 'en', release: 'r' },
  NOW,
);
const heard = (playbackId: string): CallInput => ({
  type: 'playback.finished',
  at: NOW,
  legId: LEG,
  playbackId,
  completed: true,
});
const recorded = (recordingId: string, durationMs = 5_000): CallInput => ({
  type: 'recording.finished',
  at: NOW,
  legId: LEG,
  recordingId,
  durationMs,
  outcome: 'done',
});
const answer = ({ asked }: CallState, outcome: string): CallInput => ({
  type: 'answer',
  requestId: asked?.requestId ?? '',
  answer: { outcome, data: null },
});
const gone: CallInput = { type: 'leg.ended', at: NOW, legId: LEG, cause: { q850: 16 } };
const adopt = (up: boolean): CallInput => ({
  type: 'adopt',
  legs: new Map(up ? [[LEG, 'up']] : []),
  since: NOW + 9_000,
});
const key = (digit: string): CallInput => ({ type: 'dtmf.received', at: NOW, legId: LEG, digit });

const speaking = play(fresh, { type: 'begin', flow: 'support' }, { type: 'leg.answered', at: NOW, legId: LEG }).state;
const recording = play(speaking, heard(speaking.flow?.playbackId ?? '')).state;
const RECORDING = recording.flow?.recordingId ?? '';
const keeping = play(recording, recorded(RECORDING)).state;
const looking = play(keeping, answer(keeping, 'ok')).state;
const queued = play(looking, answer(looking, 'ok')).state;

const deeds = (step: CallStep): readonly Deed['type'][] =>
  step.actions.flatMap((action) => (action.type === 'switch' ? [] : [action.type]));
const verbs = (step: CallStep) =>
  step.actions.flatMap((action) => (action.type === 'switch' ? [action.command.type] : []));
const discard = { type: 'recording.discard', recordingId: RECORDING };

describe('the story', () => {
  it('is recorded, kept, looked up and queued', () => {
    expect([recording.flow?.stage, recording.recordingId]).toEqual(['recording', RECORDING]);
    expect(keeping.asked?.request).toEqual({ kind: 'keep-recording', recordingId: RECORDING });
    expect(looking.asked?.request).toMatchObject({ kind: 'lookup', timeoutMs: 9_000 });
    expect([queued.phase, queued.asked]).toEqual(['queued', null]);
  });
});

describe('a recording is forgotten by the switch', () => {
  it.each([
    ['when it was put away', keeping, answer(keeping, 'ok')],
    ['when it could not be', keeping, answer(keeping, 'error')],
    ['when that took too long', { ...keeping, flow: dueNow(keeping) }, { type: 'timer', name: 'flow:deadline' }],
    ['when there is nothing in it', recording, recorded(RECORDING, 300)],
    ['when the call is ended meanwhile', recording, { type: 'hangup' }],
    ['when the switch would not record', recording, refusedRecord()],
  ] as const)('%s', (_title, state, input) => {
    const step = play(state, input);
    expect(step.actions.filter(({ type }) => type === 'recording.discard')).toEqual([discard]);
    expect(step.state.recordingId).toBeNull();
  });

  it('and not while the flow wants it', () => {
    for (const step of [play(recording, key('1')), play(recording, recorded(RECORDING)), play(keeping, gone)]) {
      expect(deeds(step)).not.toContain('recording.discard');
    }
  });
});

describe('a caller who hangs up', () => {
  it('is waited for until his words are put away, and then the call is over', () => {
    const left = play(recording, recorded(RECORDING), gone);
    expect(left.state).toMatchObject({ phase: 'flow', asked: { request: { kind: 'keep-recording' } } });
    const over = play(left.state, answer(left.state, 'ok'));
    expect(over.state.phase).toBe('ended');
    expect(deeds(over)).toEqual(['record', 'recording.discard']);
    expect(verbs(over)).toEqual([]);
  });

  it('is not waited for while something is looked up for him', () => {
    expect(play(looking, gone).state.phase).toBe('ended');
  });
});

describe('adopting', () => {
  it('asks again what was asked', () => {
    expect(play(looking, adopt(true)).actions).toEqual([{ type: 'request', requestId: looking.asked?.requestId }]);
  });

  it('ends a recording and looks for it, whether its caller is there or not', () => {
    for (const up of [true, false]) {
      const step = play(recording, adopt(up));
      expect(step.state.phase).toBe('flow');
      expect(deeds(step)).toEqual(['recording.find']);
      expect(verbs(step)).toEqual(['record.stop']);
    }
  });

  it('puts away what a caller said who has left since', () => {
    const step = play(keeping, adopt(false));
    expect(step.state.phase).toBe('flow');
    expect(deeds(step)).toEqual(['request']);
  });
});

describe('old news', () => {
  it('changes nothing: an answer to another question, one that comes when the call is elsewhere, a key that leads nowhere', () => {
    const late = { type: 'answer', requestId: 'call-1-r99', answer: { outcome: 'ok', data: null } } as const;
    expect(play(looking, late).state.flow).toEqual(looking.flow);
    for (const input of [answer(looking, 'ok'), recorded(RECORDING), key('5')]) {
      expect(play(queued, input)).toMatchObject({ state: { phase: 'queued' }, facts: [], actions: [] });
    }
  });
});

function dueNow({ flow }: CallState): CallState['flow'] {
  return flow && { ...flow, timers: { ...flow.timers, deadline: NOW } };
}

function refusedRecord(): CallInput {
  const command = { type: 'record', legId: LEG, recordingId: RECORDING, maxMs: 1, silenceMs: 0, beep: true } as const;
  return { type: 'command.failed', command, result: { ok: false, why: 'unavailable', detail: '' } };
}
