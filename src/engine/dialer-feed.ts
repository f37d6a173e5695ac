import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import type { AttemptOutcome } from '../dialer/attempt.ts';
import type { DialerEvent, DialerState } from '../dialer/pacing/index.ts';
import type { CallState } from './call/state.ts';
import type { CampaignAgent } from './dialer-view.ts';

type Call = Pick<CallState, 'id' | 'attempt' | 'startedAt' | 'answeredAt' | 'deeds' | 'record'>;
type Cause = Extract<DialerEvent, { type: 'call.ended' }>['cause'];
type Ended = Extract<DialerEvent, { type: 'call.ended' }>;
export type DialerTotals = { -readonly [K in keyof DialerState['totals']]: number };

interface Dial {
  readonly id: number;
  state: 'ringing' | 'amd' | 'machine' | 'waiting' | 'talking' | 'abandoned';
  readonly launchedAt: number;
  ringingAt: number;
  answeredAt: number;
}

/** What the ledger of abandonment knows better: the window that binds, and what is left of it. */
export interface LawSeen {
  readonly totals: Pick<DialerState['totals'], 'connected' | 'abandoned' | 'machine'>;
  readonly budget: number;
}

/** Never changed, but replaced: snapshots hold it. */
type Shown = DialerState['agents'][number];

/** So many calls that are over can still be named by an agent who says what he met. */
const REMEMBERED = 5_000;

export const NO_TOTALS: DialerTotals = {
  launched: 0,
  answered: 0,
  connected: 0,
  abandoned: 0,
  machine: 0,
  noanswer: 0,
  busy: 0,
  cancelled: 0,
};

/** Outcomes of calls that were picked up and judged to have no person on the line. */
const NOBODY: ReadonlySet<string> = new Set(['machine', 'message-left', 'fax', 'silent'] satisfies AttemptOutcome[]);

/** What ended an attempt that nobody spoke in, as pacing counts it: whatever the network refused at once is `busy`. */
export function causeOf(outcome: string): Cause {
  if (outcome === 'no-answer') return 'noanswer';
  if (outcome === 'cancelled') return 'cancelled';
  return NOBODY.has(outcome) ? 'machine' : 'busy';
}

/**
 * What pacing is told of one campaign: each thing that happens as an event, and a snapshot that is nothing but the sum of
 * these events. Times are seconds since the campaign was made; calls and agents get small numbers of their own. An agent
 * who is reserved for a person of this campaign counts as idle, and the person as waiting, until they are connected.
 */
export class DialerFeed {
  readonly totals: DialerTotals = { ...NO_TOTALS };
  readonly #began: EpochMs;
  readonly #on: (event: DialerEvent) => void;
  readonly #calls = new Map<CallId, Dial>();
  readonly #counts = { ringing: 0, amd: 0, waiting: 0 };
  readonly #agents = new Map<AgentId, Shown>();
  readonly #seen = new Map<AgentId, CampaignAgent>();
  readonly #agentNumbers = new Map<AgentId, number>();
  readonly #agentCounts = { idle: 0, talk: 0, wrap: 0 };
  readonly #over = new Map<CallId, number>();
  #made = 0;

  constructor(began: EpochMs, on: (event: DialerEvent) => void) {
    this.#began = began;
    this.#on = on;
  }

  /** A call of the campaign moved, or is seen for the first time: what it went through meanwhile is told in order. */
  call(call: Call, now: EpochMs): void {
    const phase: string | undefined = call.attempt?.phase;
    if (phase === undefined || this.#over.has(call.id)) return;
    if (phase === 'over' && !this.#calls.has(call.id)) return;
    const dial = this.#calls.get(call.id) ?? this.#launch(call);
    const t = this.#seconds(now);
    if (phase === 'ringing') this.#ring(dial, t);
    if (phase === 'detecting' || phase === 'machine') this.#answer(dial, call, 'amd', t);
    if (phase === 'machine') this.#judge(dial, 'machine', t);
    if (phase === 'waiting' || phase === 'talking' || phase === 'abandoned') this.#person(dial, call, t);
    if (phase === 'talking') this.#connect(dial, call, t);
    if (phase === 'abandoned') this.#abandon(dial, call, t);
    if (phase === 'over') this.#end(dial, call, t);
  }

  /** What is known of an agent; null: he serves this campaign no more, or dials are not to count on him. */
  agent(id: AgentId, seen: CampaignAgent | null, now: EpochMs): void {
    if (seen) this.#seen.set(id, seen);
    else this.#seen.delete(id);
    this.#show(id, now);
  }

  /** An agent says whom he met: a person, or a machine that was taken for one. */
  disposed(callId: CallId, agentId: AgentId, live: boolean, now: EpochMs): void {
    const n = this.#calls.get(callId)?.id ?? this.#over.get(callId);
    if (n === undefined) return;
    this.#tell({
      type: 'call.disposition',
      t: this.#seconds(now),
      callId: n,
      agentId: this.agentNumber(agentId),
      live,
    });
  }

  nextCall(): number {
    this.#made += 1;
    return this.#made - 1;
  }

  agentNumber(id: AgentId): number {
    const known = this.#agentNumbers.get(id) ?? this.#agentNumbers.size;
    this.#agentNumbers.set(id, known);
    return known;
  }

  /** Dials that ring, and persons who wait. */
  outNow(): number {
    return this.#counts.ringing + this.#counts.amd + this.#counts.waiting;
  }

  /** Numbers by which pacing names calls, as those of the calls. */
  callsNumbered(numbers: readonly number[]): readonly CallId[] {
    const asked = new Set(numbers);
    return [...this.#calls].flatMap(([id, dial]) => (asked.has(dial.id) ? [id] : []));
  }

  /** The snapshot, for one decision at once: its calls go on. `without`: agents who are being reserved at this moment, and those whom other campaigns may count on. */
  state(now: EpochMs, lines: DialerState['lines'], without: ReadonlySet<AgentId>, law?: LawSeen | null): DialerState {
    const agents: Shown[] = [];
    const busy: Shown[] = [];
    for (const [id, shown] of this.#agents) if (!without.has(id)) (shown.state === 'idle' ? agents : busy).push(shown);
    const idle = agents.length;
    agents.push(...busy);
    const [talk, wrap] = [this.#count('talk', without), this.#count('wrap', without)];
    return {
      now: this.#seconds(now),
      agents,
      calls: this.#outCalls(),
      counts: { idle, talk, wrap, ...this.#counts },
      totals: { ...this.totals, ...law?.totals },
      lines,
      ...(law && { budget: law.budget }),
    };
  }

  /** As they are, and not copied: a thousand on each tick. */
  #outCalls(): DialerState['calls'] {
    const calls: OutDial[] = [];
    for (const dial of this.#calls.values()) if (isOutDial(dial)) calls.push(dial);
    return calls;
  }

  #count(state: 'talk' | 'wrap', without: ReadonlySet<AgentId>): number {
    let count = this.#agentCounts[state];
    for (const id of without) if (this.#agents.get(id)?.state === state) count -= 1;
    return count;
  }

  #launch({ id, startedAt }: Call): Dial {
    const n = this.nextCall();
    const launchedAt = this.#seconds(startedAt);
    const dial: Dial = { id: n, state: 'ringing', launchedAt, ringingAt: -1, answeredAt: -1 };
    this.#calls.set(id, dial);
    this.#counts.ringing += 1;
    this.totals.launched += 1;
    this.#tell({ type: 'call.launched', t: launchedAt, callId: n });
    return dial;
  }

  #ring(dial: Dial, t: number): void {
    if (dial.state !== 'ringing' || dial.ringingAt >= 0) return;
    dial.ringingAt = t;
    this.#tell({ type: 'call.ringing', t, callId: dial.id });
  }

  #person(dial: Dial, call: Call, t: number): void {
    this.#answer(dial, call, 'waiting', t);
    this.#judge(dial, 'human', t);
  }

  /** What was found on the line; only a person counts as a live answer. */
  #judge(dial: Dial, result: 'human' | 'machine', t: number): void {
    if (dial.state !== 'amd') return;
    const tookSec = Math.max(0, t - dial.answeredAt);
    if (result === 'human') this.totals.answered += 1;
    this.#tell({ type: 'call.amd', t, callId: dial.id, result, tookSec });
    this.#move(dial, result === 'human' ? 'waiting' : 'machine');
  }

  #answer(dial: Dial, { answeredAt }: Call, to: 'amd' | 'waiting', t: number): void {
    if (dial.state !== 'ringing') return;
    dial.answeredAt = answeredAt === null ? t : this.#seconds(answeredAt);
    this.#move(dial, to);
    if (to === 'waiting') this.totals.answered += 1;
    const ringSec = Math.max(0, dial.answeredAt - dial.launchedAt);
    this.#tell({ type: 'call.answered', t: dial.answeredAt, callId: dial.id, ringSec, pendingAmd: to === 'amd' });
  }

  #connect(dial: Dial, { id, record }: Call, t: number): void {
    if (dial.state !== 'waiting') return;
    this.#move(dial, 'talking');
    this.totals.connected += 1;
    const agentId = record.agentId === null ? -1 : this.agentNumber(record.agentId);
    const waitSec = Math.max(0, t - dial.answeredAt);
    this.#tell({ type: 'call.connected', t, callId: dial.id, agentId, waitSec });
    this.#freeOf(id, t);
  }

  #abandon(dial: Dial, { id }: Pick<Call, 'id'>, t: number): void {
    if (dial.state !== 'waiting') return;
    this.#move(dial, 'abandoned');
    this.totals.abandoned += 1;
    this.#tell({ type: 'call.abandoned', t, callId: dial.id, waitSec: Math.max(0, t - dial.answeredAt) });
    this.#freeOf(id, t);
  }

  #end(dial: Dial, call: Call, t: number): void {
    this.#abandon(dial, call, t);
    if (dial.state !== 'abandoned') {
      const found = call.deeds.find((deed) => deed.type === 'attempt.end');
      const cause = whyOver(dial.state, found?.outcome ?? 'failed');
      if (cause !== 'hangup') this.totals[cause] += 1;
      const ended: Ended = { type: 'call.ended', t, callId: dial.id, cause, ageSec: Math.max(0, t - dial.launchedAt) };
      this.#tell(ended);
    }
    if (isOut(dial.state)) this.#counts[dial.state] -= 1;
    this.#calls.delete(call.id);
    this.#remember(call.id, dial.id);
  }

  #remember(id: CallId, n: number): void {
    this.#over.set(id, n);
    const [oldest] = this.#over.keys();
    if (this.#over.size > REMEMBERED && oldest !== undefined) this.#over.delete(oldest);
  }

  #move(dial: Dial, to: Dial['state']): void {
    if (isOut(dial.state)) this.#counts[dial.state] -= 1;
    if (isOut(to)) this.#counts[to] += 1;
    dial.state = to;
  }

  /** Those who were reserved for a call that waits no more are what they are. */
  #freeOf(callId: CallId, t: number): void {
    for (const [id, seen] of this.#seen) {
      if (seen.promisedTo === callId) this.#show(id, this.#began + t * 1_000);
    }
  }

  #show(id: AgentId, now: EpochMs): void {
    const seen = this.#seen.get(id);
    const before = this.#agents.get(id);
    const promised = seen?.promisedTo ? this.#calls.get(seen.promisedTo)?.state === 'waiting' : false;
    const state = promised ? 'idle' : seen?.state;
    if (state === before?.state) return;
    const t = this.#seconds(now);
    if (before) this.#agentCounts[before.state] -= 1;
    if (state) this.#agentCounts[state] += 1;
    const n = this.agentNumber(id);
    const since = state && before && seen?.promisedTo ? t : Math.min(t, this.#seconds(seen?.since ?? now));
    if (state) this.#agents.set(id, { id: n, state, since });
    else this.#agents.delete(id);
    const prevSec = before ? Math.max(0, since - before.since) : 0;
    this.#tell({
      type: 'agent.state',
      t,
      agentId: n,
      state: state ?? 'offline',
      prev: before?.state ?? 'offline',
      prevSec,
    });
  }

  #seconds(at: EpochMs): number {
    return (at - this.#began) / 1_000;
  }

  #tell(event: DialerEvent): void {
    this.#on(event);
  }
}

type OutDial = Dial & { readonly state: 'ringing' | 'amd' | 'waiting' };

const isOutDial = (dial: Dial): dial is OutDial => isOut(dial.state);

/** It wants an agent, or may yet. */
const isOut = (state: Dial['state']): state is 'ringing' | 'amd' | 'waiting' =>
  state === 'ringing' || state === 'amd' || state === 'waiting';

function whyOver(state: Dial['state'], outcome: string): Cause {
  if (state === 'talking') return 'hangup';
  return state === 'machine' ? 'machine' : causeOf(outcome);
}
