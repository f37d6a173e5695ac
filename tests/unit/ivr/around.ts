import { expect } from 'vitest';
import type { Flow } from '../../../src/ivr/flow.ts';
import {
  type FlowEvent,
  type FlowState,
  flowStateSchema,
  flowStep,
  type FlowStep,
  type FlowWorld,
  startFlow,
} from '../../../src/ivr/step.ts';

/** What the world around a flow holds: all that may still happen to the caller. It complains about broken promises. */
class Around {
  readonly playing = new Set<string>();
  readonly recordings = new Set<string>();
  /** Requests without an answer, and whether the caller himself is to speak meanwhile. */
  readonly requests = new Map<string, boolean>();
  readonly timers = new Map<string, number>();
  readonly #used = new Set<string>();
  readonly #stopping = new Set<string>();
  awaiting: 'queue' | 'transfer' | null = null;
  answered = false;
  music = false;
  gone = false;
  ended = false;

  take({ commands, state }: FlowStep): void {
    for (const command of commands) {
      expect(this.ended, `${command.type} after the end`).toBe(false);
      this.#perform(command);
    }
    if (state.stage === 'ended') this.ended = true;
    if (state.requestId === null) this.requests.clear();
    if (state.recordingId === null) this.recordings.clear();
    expect(Object.fromEntries(this.timers)).toEqual(state.timers);
    expect([...this.playing].filter((id) => id !== state.playbackId)).toEqual([]);
    const ticking = [...this.timers.keys()].filter((name) => name !== 'limit').length;
    const pending = this.playing.size + this.recordings.size + ticking + (this.awaiting ? 1 : 0);
    if (!this.ended) expect(pending, `silence for ever in ${state.nodeId} ${state.stage}`).toBeGreaterThan(0);
    else expect(this.playing.size + this.timers.size, 'something goes on after the end').toBe(0);
  }

  /** Does the caller hear nothing though he waits for us? */
  get isSilent(): boolean {
    const waitsForUs = this.requests.size > 0 && ![...this.requests.values()].includes(true);
    return !this.ended && !this.gone && waitsForUs && this.playing.size === 0 && !this.music;
  }

  #perform(command: FlowStep['commands'][number]): void {
    switch (command.type) {
      case 'answer':
        expect(this.answered, 'answered twice').toBe(false);
        this.answered = true;
        return;
      case 'play':
        this.#begin(command.playbackId, this.playing);
        return;
      case 'record':
        this.#begin(command.recordingId, this.recordings);
        return;
      case 'record.stop':
        this.#stopping.add(command.recordingId);
        return;
      case 'stop':
        this.playing.delete(command.playbackId);
        return;
      case 'request':
        this.#use(command.requestId);
        this.requests.clear();
        this.requests.set(command.requestId, command.request.kind === 'speech');
        return;
      case 'music':
        this.music = command.on;
        return;
      case 'timer':
        if (command.at === null) this.timers.delete(command.name);
        else this.timers.set(command.name, command.at);
        return;
      case 'queue.back':
        this.awaiting = 'queue';
        return;
      case 'queue':
      case 'transfer':
        this.awaiting = command.type;
        return;
      case 'hangup':
        expect(this.gone, 'hung up on nobody').toBe(false);
        this.ended = true;
        return;
      default:
    }
  }

  #use(id: string): void {
    expect(this.#used, 'an id used twice').not.toContain(id);
    this.#used.add(id);
  }

  #begin(id: string, among: Set<string>): void {
    this.#use(id);
    expect(this.answered, 'something to hear before the answer').toBe(true);
    expect(this.gone, 'something to hear for nobody').toBe(false);
    expect(this.playing.size + this.recordings.difference(this.#stopping).size, 'two things at once').toBe(0);
    among.add(id);
  }
}

/** Silence longer than this is a fault. */
const LONGEST_SILENCE_MS = 2_000;

/** One call whose clock goes on from event to event; timers that come due before an event go off before it. */
export class Run {
  readonly around = new Around();
  readonly #world: FlowWorld;
  now: number;
  state: FlowState;
  #quietSince: number | null = null;

  constructor(flow: Flow, world: FlowWorld, now: number) {
    this.#world = world;
    this.now = now;
    const step = startFlow(flow, world, now);
    this.state = step.state;
    this.#take(step);
  }

  /** The timer that goes off next. */
  get nextTimer(): { readonly name: string; readonly at: number } | null {
    const [first] = [...this.around.timers].sort(([, a], [, b]) => a - b);
    return first ? { name: first[0], at: first[1] } : null;
  }

  /** Lets time pass; answers false when the call moved on meanwhile, so that what was to happen may be old news. */
  passTo(at: number): boolean {
    const before = this.state;
    for (let due = this.nextTimer; due && due.at <= at; due = this.nextTimer) {
      this.#reach(due.at);
      this.feed({ type: 'timer', name: due.name });
    }
    this.#reach(at);
    return this.state === before;
  }

  #reach(at: number): void {
    this.now = Math.max(this.now, at);
    if (this.#quietSince !== null) {
      expect(this.now - this.#quietSince, `silence in ${this.state.nodeId}`).toBeLessThanOrEqual(LONGEST_SILENCE_MS);
    }
  }

  feed(event: FlowEvent): void {
    const { around } = this;
    const step = flowStep(this.state, event, this.#world, this.now);
    if (event.type === 'playback.finished') around.playing.delete(event.playbackId);
    if (event.type === 'recording.finished') around.recordings.delete(event.recordingId);
    if (event.type === 'answer') around.requests.delete(event.requestId);
    if (event.type === 'timer' && !(event.name in step.state.timers)) around.timers.delete(event.name);
    const wanted = event.type === 'callback.wanted' && step.state.stage !== 'queued';
    if (around.awaiting === 'queue' && (event.type === 'queue.left' || wanted)) around.awaiting = null;
    if (around.awaiting === 'transfer' && event.type === 'transfer.ended') around.awaiting = null;
    if (event.type === 'caller.left') around.gone = true;
    this.#take(step);
  }

  #take(step: FlowStep): void {
    this.around.take(step);
    this.state = flowStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    expect(this.state, 'the state survives JSON').toEqual(step.state);
    if (!this.around.isSilent) this.#quietSince = null;
    else this.#quietSince ??= this.now;
  }
}
