import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calendarFile, calendarOf } from '../../../src/ivr/calendar.ts';
import type { Flow } from '../../../src/ivr/flow.ts';
import {
  type FlowEvent,
  type FlowState,
  flowStateSchema,
  flowStep,
  type FlowStep,
  startFlow,
} from '../../../src/ivr/step.ts';
import { NOON, worldOf } from './caller.ts';
import { randomFlow } from './random-flow.ts';

const always = calendarOf('always', calendarFile.parse({ timezone: 'UTC', weekly: { 'mon-sun': ['00:00-24:00'] } }));
const worldAround = (flow: Flow) => worldOf([flow], { calendars: new Map([['always', always]]) });

/** What the world around a flow holds: all that may still happen to the caller. It complains about broken promises. */
class Around {
  readonly playing = new Set<string>();
  readonly played = new Set<string>();
  readonly timers = new Map<string, number>();
  awaiting: 'queue' | 'transfer' | null = null;
  answered = false;
  ended = false;

  take({ commands, state }: FlowStep): void {
    for (const command of commands) {
      expect(this.ended, `${command.type} after the hang-up`).toBe(false);
      this.#perform(command);
    }
    expect(Object.fromEntries(this.timers)).toEqual(state.timers);
    expect(this.ended).toBe(state.stage === 'ended');
    const pending = this.playing.size + this.timers.size + (this.awaiting ? 1 : 0);
    if (this.ended) expect(pending, 'something goes on after the end').toBe(0);
    else expect(pending, `silence for ever in ${state.nodeId} ${state.stage}`).toBeGreaterThan(0);
    expect([...this.playing].filter((id) => id !== state.playbackId)).toEqual([]);
  }

  #perform(command: FlowStep['commands'][number]): void {
    if (command.type === 'answer') {
      expect(this.answered, 'answered twice').toBe(false);
      this.answered = true;
    }
    if (command.type === 'play') {
      expect(this.answered, 'spoke before the answer').toBe(true);
      expect(this.played.has(command.playbackId), 'a playback id used twice').toBe(false);
      expect(this.playing.size, 'two prompts at once').toBe(0);
      this.played.add(command.playbackId);
      this.playing.add(command.playbackId);
    }
    if (command.type === 'stop') this.playing.delete(command.playbackId);
    if (command.type === 'timer' && command.at !== null) this.timers.set(command.name, command.at);
    if (command.type === 'timer' && command.at === null) this.timers.delete(command.name);
    if (command.type === 'queue' || command.type === 'transfer') this.awaiting = command.type;
    if (command.type === 'hangup') this.ended = true;
  }
}

/** Something that may happen: by the rules, or out of place. */
type Happening =
  | { kind: 'expected'; pick: number }
  | { kind: 'key'; digit: string }
  | { kind: 'stray'; event: FlowEvent };

const queueOutcomes = ['answeredEnd', 'timeout', 'full', 'noAgents', 'closed', 'error'] as const;
const transferOutcomes = ['answeredEnd', 'busy', 'noAnswer', 'failed'] as const;

const stray: fc.Arbitrary<FlowEvent> = fc.oneof(
  fc.record({ type: fc.constant('dtmf' as const), digit: fc.string({ maxLength: 3 }) }),
  fc.record({
    type: fc.constant('playback.finished' as const),
    playbackId: fc.constantFrom('c1-p1', 'c1-p2', 'c1-p3', 'x'),
    completed: fc.boolean(),
  }),
  fc.record({ type: fc.constant('timer' as const), name: fc.constantFrom('noInput', 'interDigit', 'x', '__proto__') }),
  fc.record({ type: fc.constant('queue.left' as const), outcome: fc.constantFrom(...queueOutcomes) }),
  fc.record({ type: fc.constant('transfer.ended' as const), outcome: fc.constantFrom(...transferOutcomes) }),
);
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('expected' as const), pick: fc.nat({ max: 11 }) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('key' as const),
        digit: fc.constantFrom('0', '1', '2', '3', '9', '*', '#'),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('stray' as const), event: stray }) },
  ),
  { maxLength: 60 },
);

/** One of the things that the world owes the caller now. */
function expected(around: Around, pick: number): FlowEvent | null {
  const [playing] = around.playing;
  const [timer] = around.timers.keys();
  if (playing !== undefined) return { type: 'playback.finished', playbackId: playing, completed: pick !== 0 };
  if (timer !== undefined) return { type: 'timer', name: timer };
  if (around.awaiting === 'queue') return { type: 'queue.left', outcome: queueOutcomes[pick % 6] ?? 'error' };
  if (around.awaiting) return { type: 'transfer.ended', outcome: transferOutcomes[pick % 4] ?? 'failed' };
  return null;
}

class Run {
  readonly around = new Around();
  readonly #flow: Flow;
  #now = NOON;
  state: FlowState;

  constructor(flow: Flow) {
    this.#flow = flow;
    const step = startFlow(flow, worldAround(flow), this.#now);
    this.around.take(step);
    this.state = step.state;
  }

  feed(event: FlowEvent): void {
    if (event.type === 'timer') this.#now = Math.max(this.#now, this.around.timers.get(event.name) ?? 0);
    const step = flowStep(this.state, event, worldAround(this.#flow), this.#now);
    if (event.type === 'playback.finished') this.around.playing.delete(event.playbackId);
    if (event.type === 'timer' && !(event.name in step.state.timers)) this.around.timers.delete(event.name);
    if (this.around.awaiting === 'queue' && event.type === 'queue.left') this.around.awaiting = null;
    if (this.around.awaiting === 'transfer' && event.type === 'transfer.ended') this.around.awaiting = null;
    this.around.take(step);
    this.state = flowStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    expect(this.state, 'the state survives JSON').toEqual(step.state);
  }
}

describe('any flow, whatever happens', () => {
  it('never throws, never leaves the caller in silence, and keeps its promises', () => {
    fc.assert(
      fc.property(randomFlow(), happenings, (flow, story) => {
        const run = new Run(flow);
        for (const happening of story) {
          if (happening.kind === 'stray') run.feed(happening.event);
          if (happening.kind === 'key') run.feed({ type: 'dtmf', digit: happening.digit });
          const event = happening.kind === 'expected' ? expected(run.around, happening.pick) : null;
          if (event) run.feed(event);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('ends for a caller who does nothing', () => {
    fc.assert(
      fc.property(randomFlow(20), fc.infiniteStream(fc.nat({ max: 11 })), (flow, picks) => {
        const run = new Run(flow);
        // 40 nodes with grace, each with at most six prompts and as many silences, and one wait for the world.
        for (let events = 0; run.state.stage !== 'ended'; events += 1) {
          expect(events).toBeLessThan(40 * 13);
          const event = expected(run.around, picks.next().value ?? 1);
          if (event) run.feed(event);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is the same again for the same events', () => {
    fc.assert(
      fc.property(randomFlow(), (flow) => {
        expect(startFlow(flow, worldAround(flow), NOON)).toEqual(startFlow(flow, worldAround(flow), NOON));
      }),
      { numRuns: 50 },
    );
  });
});
