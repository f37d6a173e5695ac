import type { Media } from '../../call/media.ts';
import type { FlowRequest } from '../../call/request.ts';
import type { QueueOutcome, QueueRequest } from '../../call/routing.ts';
import type { FlowCommand, FlowEvent } from '../step.ts';
import type { Agenda } from './agenda.ts';
import type { Untimed } from './log.ts';
import { SimulatedRecorder } from './recorder.ts';
import {
  factsOf,
  type Mock,
  planQueue,
  type QueuePlan,
  requirementsAfter,
  type Scenario,
  TALK_MS,
  usualAnswer,
} from './scenario.ts';
import { pieceOf } from './sound.ts';
import type { SimWorld } from './world.ts';

type Command<T extends FlowCommand['type']> = Extract<FlowCommand, { readonly type: T }>;

/** The call, as what surrounds it sees it. */
export interface Inside {
  readonly agenda: Agenda;
  readonly now: () => number;
  readonly node: () => string;
  readonly log: (entry: Untimed) => void;
  readonly tell: (event: FlowEvent) => void;
  /** Is the node one that says something and does nothing else? */
  readonly onlySpeaks: () => boolean;
  /** The name that the running flow has for a prompt. */
  readonly ownName: (prompt: string) => string;
}

interface Waiting {
  readonly request: QueueRequest;
  readonly since: number;
  readonly plan: QueuePlan;
  isTalking: boolean;
}

const isOffered = (overMs: number, estimateMs: number): boolean => overMs === 0 || estimateMs > overMs;

/** Transfers end so when nothing else is said. */
const TRANSFER_MS: Readonly<Record<string, number>> = { answeredEnd: TALK_MS };
const TRANSFER_OUTCOMES = ['answeredEnd', 'busy', 'noAnswer', 'failed'] as const;

/** Plays the switch, the queues and the world around a simulated call. */
export class Surroundings {
  readonly #world: SimWorld;
  readonly #scenario: Scenario;
  readonly #inside: Inside;
  readonly #remembered: Map<string, string>;
  readonly #recorder: SimulatedRecorder;
  /** How often a node asked for a kind of thing. */
  readonly #asked = new Map<string, number>();
  #request: { readonly id: string; readonly request: FlowRequest } | null = null;
  #waiting: Waiting | null = null;
  #music = false;
  /** Of the playback that goes on. */
  #pieces = 0;
  #isGone = false;

  constructor(world: SimWorld, scenario: Scenario, inside: Inside) {
    this.#world = world;
    this.#scenario = scenario;
    this.#inside = inside;
    this.#remembered = new Map(Object.entries(scenario.remembered));
    this.#recorder = new SimulatedRecorder(inside);
  }

  /** Something sounds in the caller's ear, or he is listened to. */
  get isHeard(): boolean {
    return this.#music || this.#inside.agenda.has('playback') || this.#request?.request.kind === 'speech';
  }

  carryOut(command: FlowCommand): void {
    const now = this.#inside.now();
    switch (command.type) {
      case 'play':
        return this.#play(command);
      case 'stop':
        return this.#stop();
      case 'music':
        this.#music = command.on;
        return this.#inside.log({ type: 'music', on: command.on });
      case 'record':
        return this.#isGone ? undefined : this.#recorder.begin(command);
      case 'record.stop':
        return this.#recorder.stop();
      case 'request':
        return this.#ask(command);
      case 'remember':
        if (command.value === null || command.until <= now) this.#remembered.delete(command.what);
        else this.#remembered.set(command.what, command.value);
        return;
      case 'queue':
        return this.#enqueue(command.request);
      case 'queue.back':
        return this.#waiting ? this.#wait(this.#waiting) : undefined;
      case 'transfer':
        return this.#transfer(command);
      default:
        return; // answering, timers and the language are in the call's state
    }
  }

  #play({ playbackId, media }: Command<'play'>): void {
    const failed = this.#inside.onlySpeaks() && this.#mock('play')?.outcome === 'error';
    const lastsMs = failed || this.#isGone ? 0 : this.#say(media);
    this.#inside.agenda.plan('playback', this.#inside.now() + lastsMs, () =>
      this.#inside.tell({ type: 'playback.finished', playbackId, completed: !failed }),
    );
  }

  /** Each piece is heard when it begins; answers how long all of them last. */
  #say(media: readonly Media[]): number {
    const { agenda, now, node, log, ownName } = this.#inside;
    let afterMs = 0;
    this.#pieces = media.length;
    for (const [i, { prompt, language, words, lengthMs }] of media
      .map((m) => pieceOf(m, this.#world.sounds))
      .entries()) {
      const heard = { type: 'heard', node: node(), prompt: ownName(prompt), language, words } as const;
      if (afterMs === 0) log(heard);
      else agenda.plan(`piece ${i + 1}`, now() + afterMs, () => log(heard));
      afterMs += lengthMs;
    }
    return afterMs;
  }

  #stop(): void {
    this.#inside.agenda.drop('playback');
    for (; this.#pieces > 0; this.#pieces -= 1) this.#inside.agenda.drop(`piece ${this.#pieces}`);
  }

  #ask({ requestId, request }: Command<'request'>): void {
    const mock = this.#mock(request.kind);
    const usual = usualAnswer(request, this.#scenario, this.#remembered);
    const answer = mock ? { outcome: mock.outcome, data: mock.data } : usual;
    const none = answer === null || answer.outcome === 'timeout';
    this.#request = { id: requestId, request };
    this.#inside.log({
      type: 'requested',
      node: this.#inside.node(),
      kind: request.kind,
      answer: none ? null : answer.outcome,
      isKnown: answer !== null,
    });
    this.#inside.agenda.drop('answer');
    if (none) return;
    const listensMs = request.kind === 'speech' && !mock ? request.timeoutMs : 0;
    this.#inside.agenda.plan('answer', this.#inside.now() + (mock?.afterMs ?? listensMs), () => this.#answer(answer));
  }

  #answer(answer: Pick<Mock, 'outcome' | 'data'>): void {
    const requestId = this.#request?.id;
    this.#request = null;
    if (requestId !== undefined) this.#inside.tell({ type: 'answer', requestId, answer });
  }

  speak(words: string): boolean {
    if (this.#request?.request.kind !== 'speech') return false;
    this.#inside.agenda.drop('answer');
    this.#inside.log({ type: 'said', words });
    this.#answer({ outcome: 'ok', data: words });
    return true;
  }

  talk(ms: number): void {
    this.#recorder.talk(ms);
  }

  hungUp(): void {
    this.#isGone = true;
    this.#recorder.stop();
  }

  #enqueue(request: QueueRequest): void {
    const { now, node, log } = this.#inside;
    const mock = this.#mock('queue');
    const facts = factsOf(this.#scenario, request.queue);
    const mocked = mock && { outcome: mock.outcome as QueueOutcome, afterMs: mock.afterMs };
    const plan = planQueue(request, { ...facts, ...mocked }, this.#world.queues.get(request.queue)?.maxWaitMs);
    const waiting: Waiting = { request, since: now(), plan, isTalking: false };
    this.#waiting = waiting;
    log({ type: 'queued', node: node(), request });
    this.#wait(waiting);
  }

  /** Also once more, after the caller was asked for a number: time has gone on, and his place with it. */
  #wait(waiting: Waiting): void {
    const { now, agenda, node, log } = this.#inside;
    const { request, since, plan } = waiting;
    const after = (ms: number) => Math.max(now(), since + ms);
    if (plan.answeredAfterMs !== null) {
      agenda.plan('connect', after(plan.answeredAfterMs), () => {
        waiting.isTalking = true;
        log({ type: 'connected', node: node(), require: requirementsAfter(request, now() - since) });
      });
    }
    agenda.plan('queue', after(plan.leftAfterMs), () => this.#leaveQueue({ outcome: plan.outcome }));
  }

  pressInQueue(key: string): void {
    if (!this.#waiting || this.#waiting.isTalking) return;
    const { exitKeys, offerCallback, queue } = this.#waiting.request;
    const estimateMs = factsOf(this.#scenario, queue).estimateMs ?? 0;
    if (exitKeys.includes(key)) this.#leaveQueue({ outcome: 'exitKey', key });
    else if (offerCallback?.key === key && isOffered(offerCallback.whenEstimateOverMs, estimateMs)) this.#decide();
  }

  /** Nobody takes his call while he is asked for a number. */
  #decide(): void {
    this.#inside.agenda.drop('connect');
    this.#inside.agenda.drop('queue');
    this.#inside.tell({ type: 'callback.wanted' });
  }

  #leaveQueue(how: { readonly outcome: QueueOutcome; readonly key?: string }): void {
    this.#waiting = null;
    this.#inside.agenda.drop('connect');
    this.#inside.agenda.drop('queue');
    this.#inside.tell({ type: 'queue.left', ...how });
  }

  #transfer({ to, ringMs }: Command<'transfer'>): void {
    const mock = this.#mock('transfer');
    const outcome = TRANSFER_OUTCOMES.find((known) => known === mock?.outcome) ?? (mock ? 'failed' : 'answeredEnd');
    const usualMs = outcome === 'noAnswer' ? ringMs : (TRANSFER_MS[outcome] ?? 0);
    const { now, agenda, node, log, tell } = this.#inside;
    log({ type: 'transferred', node: node(), to: to.kind === 'number' ? to.number : to.name });
    agenda.plan('transfer', now() + (mock?.afterMs ?? usualMs), () => tell({ type: 'transfer.ended', outcome }));
  }

  #mock(kind: string): Mock | undefined {
    const node = this.#inside.node();
    const mocks = this.#scenario.mocks[node];
    if (!mocks) return undefined;
    const times = this.#asked.get(`${node} ${kind}`) ?? 0;
    this.#asked.set(`${node} ${kind}`, times + 1);
    return mocks[Math.min(times, mocks.length - 1)];
  }
}
