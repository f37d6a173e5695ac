import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../src/call/request.ts';
import { calendarFile, calendarOf } from '../../../src/ivr/calendar.ts';
import type { Flow } from '../../../src/ivr/flow.ts';
import { type FlowEvent, startFlow } from '../../../src/ivr/step.ts';
import { Run } from './around.ts';
import { NOON, worldOf } from './caller.ts';
import { CALLED, randomFlow } from './random-flow.ts';

const always = calendarOf('always', calendarFile.parse({ timezone: 'UTC', weekly: { 'mon-sun': ['00:00-24:00'] } }));
const worldAround = (flow: Flow) => worldOf([flow, CALLED], { calendars: new Map([['always', always]]) });
const runOf = (flow: Flow) => new Run(flow, worldAround(flow), NOON);

/** What is due to a caller happens after some time, in one way or another. */
interface Due {
  readonly afterMs: number;
  readonly pick: number;
  readonly outcome: string;
  readonly data: Json;
}
/** Something that may happen: by the rules, or out of place. */
type Happening = { due: Due } | { key: string } | { stray: FlowEvent };

const queueOutcomes = ['answeredEnd', 'timeout', 'full', 'noAgents', 'closed', 'error', 'exitKey'] as const;
const transferOutcomes = ['answeredEnd', 'busy', 'noAnswer', 'failed'] as const;
const answers = ['ok', 'none', 'notFound', 'timeout', 'error', 'wrong', 'locked', 'full', 'taken', 'refused', 'yes'];
const outcome = fc.oneof(fc.constantFrom(...answers, 'noMatch', 'noInput', 'unavailable', '__proto__'), fc.string());
const data: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>('fi', 'some words', { id: 7, tier: 'vip' }, [3], { waitSeconds: 1.5, waiting: 2, ready: 0 }),
  fc.jsonValue({ maxDepth: 2 }).map((value) => value as Json),
);
const ids = fc.constantFrom('c1-p1', 'c1-p2', 'c1-r1', 'c1-r2', 'c1-rec1', 'c1-rec2', 'x');
const timers = fc.constantFrom('noInput', 'interDigit', 'filler', 'deadline', 'stuck', 'limit', '__proto__');
const is = <const T>(value: T) => fc.constant(value);

const stray: fc.Arbitrary<FlowEvent> = fc.oneof(
  fc.record({ type: is('dtmf'), digit: fc.string({ maxLength: 3 }) }),
  fc.record({ type: is('playback.finished'), playbackId: ids, completed: fc.boolean() }),
  fc.record({ type: is('timer'), name: timers }),
  fc.record({ type: is('answer'), requestId: ids, answer: fc.record({ outcome, data }) }),
  fc.record({ type: is('recording.finished'), recordingId: ids, durationMs: fc.nat(), outcome: is('done') }),
  fc.record({ type: is('callback.wanted') }),
  fc.record({ type: is('queue.left'), outcome: fc.constantFrom(...queueOutcomes) }),
  fc.record({ type: is('transfer.ended'), outcome: fc.constantFrom(...transferOutcomes) }),
  fc.record({ type: is('caller.left') }),
);
const quickly = fc.oneof(fc.nat({ max: 1_200 }), fc.nat({ max: 30_000 }));
const due = fc.record({ afterMs: quickly, pick: fc.nat({ max: 20 }), outcome, data });
const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 10, arbitrary: fc.record({ due }) },
    { weight: 6, arbitrary: fc.record({ key: fc.constantFrom('0', '1', '2', '3', '9', '*', '#') }) },
    { weight: 2, arbitrary: fc.record({ stray }) },
  ),
  { maxLength: 60 },
);

/** One of the things that the world owes the caller now; null when nothing but time goes on. */
function owed({ around }: Run, { pick, outcome: told, data: found }: Due): FlowEvent | null {
  const [playing] = around.playing;
  const [recordingId] = around.recordings;
  const [requestId] = around.requests.keys();
  if (playing !== undefined && (requestId === undefined || pick % 2 === 0)) {
    return { type: 'playback.finished', playbackId: playing, completed: pick !== 0 };
  }
  if (requestId !== undefined) return { type: 'answer', requestId, answer: { outcome: told, data: found } };
  if (recordingId !== undefined) {
    const ending = pick === 0 ? 'failed' : 'done';
    return { type: 'recording.finished', recordingId, durationMs: pick * 300, outcome: ending };
  }
  if (around.awaiting === 'queue' && pick % 3 === 0) return { type: 'callback.wanted' };
  if (around.awaiting === 'queue') return { type: 'queue.left', outcome: queueOutcomes[pick % 7] ?? 'error', key: '*' };
  if (around.awaiting) return { type: 'transfer.ended', outcome: transferOutcomes[pick % 4] ?? 'failed' };
  return null;
}

/** Time passes, and then what was owed happens, unless a timer has changed everything. */
function comesDue(run: Run, what: Due): void {
  const event = owed(run, what);
  if (event) {
    if (run.passTo(run.now + what.afterMs)) run.feed(event);
  } else if (run.nextTimer) run.passTo(run.nextTimer.at);
}

describe('any flow, whatever happens', () => {
  it('never throws, never leaves the caller in silence, and keeps its promises', () => {
    fc.assert(
      fc.property(randomFlow(), happenings, (flow, story) => {
        const run = runOf(flow);
        for (const happening of story) {
          if ('stray' in happening) run.feed(happening.stray);
          else if ('key' in happening) run.feed({ type: 'dtmf', digit: happening.key });
          else comesDue(run, happening.due);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('ends for a caller who does nothing', () => {
    fc.assert(
      fc.property(randomFlow(20), fc.infiniteStream(due), (flow, dues) => {
        const run = runOf(flow);
        // 40 nodes with grace, each with a few prompts, as many silences, and some waits for the world.
        for (let events = 0; run.state.stage !== 'ended'; events += 1) {
          expect(events).toBeLessThan(40 * 16);
          comesDue(run, dues.next().value);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('ends soon for a caller who hangs up, wherever he is', () => {
    fc.assert(
      fc.property(randomFlow(), happenings, fc.infiniteStream(due), (flow, story, dues) => {
        const run = runOf(flow);
        for (const happening of story) if ('due' in happening) comesDue(run, happening.due);
        run.feed({ type: 'caller.left' });
        for (let events = 0; run.state.stage !== 'ended'; events += 1) {
          expect(events).toBeLessThan(10);
          comesDue(run, dues.next().value);
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
