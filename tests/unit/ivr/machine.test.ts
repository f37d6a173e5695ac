import { describe, expect, it } from 'vitest';
import { type FlowEvent, flowStep, startFlow } from '../../../src/ivr/step.ts';
import { STAGES, type Stage } from '../../../src/ivr/state.ts';
import { flowOf, NOON, worldOf } from './caller.ts';

const flow = flowOf(
  `
hello: { type: play, prompt: hello, next: menu }
menu: { type: menu, prompt: main, keys: { "1": wait, "2": desk, "3": end, "5": note, "6": know, "44": end }, outcomes: { noInput: end, invalid: end } }
wait: { type: queue, queue: q, outcomes: { answeredEnd: end, timeout: end, full: end, noAgents: end, closed: end } }
desk: { type: transfer, to: "1001", outcomes: { answeredEnd: end, busy: end, noAnswer: end, failed: end } }
note: { type: record, save: said, outcomes: { done: end, empty: end } }
know: { type: lookup, request: { method: GET, url: "\${env.CRM}/x" }, timeout: 2s, outcomes: { ok: end, notFound: end, timeout: end, error: end } }
end: { type: hangup }`,
  'vars: { said: { type: string } }',
);
const world = worldOf([flow]);
/** A minute later, by when every timer is due. */
const step = (state: ReturnType<typeof startFlow>['state'], event: FlowEvent, now = NOON + 60_000) =>
  flowStep(state, event, world, now);

const dtmf = (digit: string): FlowEvent => ({ type: 'dtmf', digit });
const said = (playbackId: string): FlowEvent => ({ type: 'playback.finished', playbackId, completed: true });

/** A call in each stage. */
const start = startFlow(flow, world, NOON).state;
const asked = step(start, said('c1-p1'), NOON).state;
const CALLS: Readonly<Record<Stage, typeof start>> = {
  speaking: asked,
  listening: step(asked, said('c1-p2'), NOON).state,
  keying: step(asked, dtmf('4'), NOON).state,
  asking: step(asked, dtmf('6'), NOON).state,
  recording: step(step(asked, dtmf('5'), NOON).state, said('c1-p3'), NOON).state,
  queued: step(asked, dtmf('1'), NOON).state,
  transferring: step(asked, dtmf('2'), NOON).state,
  ended: step(asked, dtmf('3'), NOON).state,
};

const EVENTS: Readonly<Record<string, FlowEvent>> = {
  'a key of the menu': dtmf('1'),
  'the first of two keys': dtmf('4'),
  'a key of no menu': dtmf('7'),
  'no key at all': dtmf('x'),
  'the prompt was said': said('c1-p2'),
  'another prompt was said': said('c1-p1'),
  'the no-input timer': { type: 'timer', name: 'noInput' },
  'the inter-digit timer': { type: 'timer', name: 'interDigit' },
  'an unknown timer': { type: 'timer', name: 'else' },
  'the filler timer': { type: 'timer', name: 'filler' },
  'the deadline': { type: 'timer', name: 'deadline' },
  'an answer': { type: 'answer', requestId: 'c1-r3', answer: { outcome: 'ok', data: {} } },
  'another answer': { type: 'answer', requestId: 'c1-r1', answer: { outcome: 'ok', data: {} } },
  'the recording ended': { type: 'recording.finished', recordingId: 'c1-rec4', durationMs: 2_000, outcome: 'done' },
  'another recording ended': { type: 'recording.finished', recordingId: 'c1-rec1', durationMs: 2_000, outcome: 'done' },
  'a callback is wanted': { type: 'callback.wanted' },
  'the queue was left': { type: 'queue.left', outcome: 'timeout' },
  'the transfer ended': { type: 'transfer.ended', outcome: 'busy' },
  'the caller left': { type: 'caller.left' },
};

/** Where each event leads from each stage; what is not named changes nothing. */
const LEADS: Readonly<Record<Stage, Readonly<Record<string, string>>>> = {
  speaking: {
    'a key of the menu': 'wait queued',
    'the first of two keys': 'menu keying',
    'a key of no menu': 'menu speaking',
    'the prompt was said': 'menu listening',
    'the caller left': 'menu ended',
  },
  listening: {
    'a key of the menu': 'wait queued',
    'the first of two keys': 'menu keying',
    'a key of no menu': 'menu speaking',
    'the no-input timer': 'menu speaking',
    'the caller left': 'menu ended',
  },
  keying: {
    'a key of the menu': 'menu speaking', // 41 is none
    'the first of two keys': 'end ended', // 44
    'a key of no menu': 'menu speaking',
    'the inter-digit timer': 'menu speaking', // 4 alone is none
    'the caller left': 'menu ended',
  },
  asking: {
    'the filler timer': 'know asking',
    'the deadline': 'end ended',
    'an answer': 'end ended',
    'the caller left': 'know ended',
  },
  recording: { 'the recording ended': 'note asking' },
  queued: { 'the queue was left': 'end ended', 'the caller left': 'wait ended' },
  transferring: { 'the transfer ended': 'end ended', 'the caller left': 'desk ended' },
  ended: {},
};

/** What is only taken down: keys for the next question, and that nobody is there any more. */
const NOTED: Readonly<Partial<Record<Stage, Readonly<Record<string, object>>>>> = {
  asking: {
    'a key of the menu': { typed: '1' },
    'the first of two keys': { typed: '4' },
    'a key of no menu': { typed: '7' },
  },
  recording: { 'the caller left': { gone: true } },
};

describe('the flow machine', () => {
  it('has a call in every stage', () => {
    for (const stage of STAGES) expect(CALLS[stage].stage).toBe(stage);
  });

  const pairs = STAGES.flatMap((stage) => Object.keys(EVENTS).map((event) => [stage, event] as const));
  it.each(pairs)('%s: %s', (stage, name) => {
    const before = CALLS[stage];
    const event = EVENTS[name];
    if (!event) throw new Error(name);
    const { state, commands, facts } = step(before, event);
    const leads = LEADS[stage][name];
    if (leads === undefined) {
      const noted = NOTED[stage]?.[name];
      expect({ state, commands, facts }).toEqual({ state: { ...before, ...noted }, commands: [], facts: [] });
    } else {
      expect(`${state.nodeId} ${state.stage}`).toBe(leads);
      expect([...commands, ...facts]).not.toEqual([]);
    }
  });

  it('never changes the state that it is given', () => {
    for (const stage of STAGES) {
      const before = JSON.stringify(CALLS[stage]);
      for (const event of Object.values(EVENTS)) step(CALLS[stage], event);
      expect(JSON.stringify(CALLS[stage])).toBe(before);
    }
  });

  it.each(STAGES.filter((stage) => stage !== 'ended'))(
    '%s: goes to onError when the file changed under it',
    (stage) => {
      const changed = flowOf(
        'a: { type: hangup }\nsorry: { type: play, prompt: apology }',
        'defaults: { onError: sorry }',
      );
      const { state, commands } = flowStep({ ...CALLS[stage], vars: {} }, dtmf('1'), worldOf([changed]), NOON + 60_000);
      expect(`${state.nodeId} ${state.stage}`).toBe('sorry speaking');
      expect(Object.keys(state.timers)).toEqual(['limit', 'stuck']);
      const stopped = commands.flatMap((command) => (command.type === 'stop' ? [command.playbackId] : []));
      expect(stopped).toEqual(stage === 'speaking' ? ['c1-p2'] : []);
    },
  );
});
