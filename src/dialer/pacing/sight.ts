import { AgentForecast } from './agent-forecast.ts';
import { CallForecast } from './call-forecast.ts';
import { type Group, type Outlook, outlook } from './outlook.ts';
import type { DialerEvent, DialerState, PolicyConfig } from './policy.ts';

const STEPS = 24;
const DETECTION_SEC = 4;
const CALLS_ANEW_SEC = 1;
const AGENTS_ANEW_SEC = 4;
const LEARN_LIMIT = 0.1;

/** What is seen of calls and agents, and what is to be expected of them: events and snapshots in, outlooks out. */
export class Sight {
  readonly #calls: CallForecast;
  readonly #agents: AgentForecast;
  readonly #amd: boolean;
  /** Middles and ends of the steps looked ahead, in seconds from now. */
  readonly #middles: Float64Array;
  readonly #ends: Float64Array;
  readonly #freeCurves = { talk: new Map<number, Float64Array>(), wrap: new Map<number, Float64Array>() };
  #freeCurvesLimit = -1;
  /** Who is busy in the snapshot that was looked at last; worked out when it is first wanted. */
  #busy: readonly Group[] | null = null;
  readonly #ringing = new Set<number>();
  readonly #detectedAt = new Map<number, number>();
  #limitSec: number;
  #callsAt = -Infinity;
  #agentsAt = -Infinity;

  constructor({ maxRingSec, connectDeadlineSec, amd }: PolicyConfig) {
    const span = maxRingSec + (amd ? DETECTION_SEC : 0);
    const stepSec = Math.max(1, span / STEPS);
    const steps = Math.ceil(span / stepSec);
    this.#middles = Float64Array.from({ length: steps }, (_, step) => (step + 0.5) * stepSec);
    this.#ends = Float64Array.from({ length: steps }, (_, step) => (step + 1) * stepSec);
    this.#amd = amd;
    this.#limitSec = connectDeadlineSec;
    this.#calls = new CallForecast(maxRingSec, span + 1, amd);
    this.#agents = new AgentForecast(span + connectDeadlineSec + 1);
  }

  on(event: DialerEvent): void {
    switch (event.type) {
      case 'call.launched':
        this.#ringing.add(event.callId);
        this.#calls.launched();
        break;
      case 'call.answered':
        this.#ringing.delete(event.callId);
        this.#calls.answered(event.ringSec, event.t);
        if (this.#amd && !event.pendingAmd) this.#calls.detected(0, true);
        break;
      case 'call.amd':
        this.#calls.detected(event.tookSec, event.result === 'human');
        if (event.result === 'human') this.#detectedAt.set(event.callId, event.t);
        break;
      case 'call.abandoned':
        this.#learnLimit(event.callId, event.t);
        break;
      case 'call.connected':
        this.#detectedAt.delete(event.callId);
        break;
      case 'call.ended':
        this.#ended(event);
        break;
      case 'agent.state':
        if (event.prev === 'talk' || event.prev === 'wrap') this.#agents.left(event.prev, event.prevSec, event.state);
        break;
      default:
    }
  }

  /** Takes in a snapshot; the curves are drawn anew about once a second. */
  look(state: DialerState): void {
    this.#busy = null;
    this.#calls.look(state);
    if (state.now - this.#callsAt >= CALLS_ANEW_SEC) {
      this.#calls.rebuild();
      this.#callsAt = state.now;
    }
    if (state.now - this.#agentsAt >= AGENTS_ANEW_SEC) {
      this.#agents.rebuild(state.agents, state.now);
      this.#freeCurvesLimit = -1;
      this.#agentsAt = state.now;
    }
  }

  get answerRate(): number {
    return this.#calls.answerRate;
  }

  /** One standard deviation of the answer rate, relative. */
  get doubt(): number {
    return this.#calls.doubt;
  }

  /** 1 while the answer rate may jump as it did before, falling to 0 with time. */
  get alert(): number {
    return this.#calls.alert;
  }

  /** How many persons would be lost if people suddenly answered far more readily. */
  get surge(): number {
    return this.#calls.surge.losses;
  }

  /** When a call of that age would want an agent, by step of the outlook. */
  wants(ageSec: number): Float64Array {
    const within = this.#calls.wantsBy(this.#calls.binOf(ageSec), this.#ends, 1);
    for (let step = within.length - 1; step > 0; step -= 1) within[step]! -= within[step - 1]!;
    return within;
  }

  /**
   * The outlook if people answer `odds` times as readily as is known; 1 is what is known. With `jumped` (0–1, a share of the
   * jump) also if the answer rate has just jumped, as far as it can have without having shown itself: calls that are too young
   * to have told of it, and those launched now, are answered so much more readily than that.
   */
  outlook(state: DialerState, odds: number, jumped = 0): Outlook {
    const { surge } = this.#calls;
    const told = jumped > 0 ? this.#calls.binOf(surge.toldSec) : -1;
    const young = 1 + jumped * (surge.odds - 1);
    this.#busy ??= this.#groupsOf(state);
    const groups = [...this.#busy];
    this.#addCalls(groups, (bin) => (bin <= told ? Math.max(young, odds) : odds));
    return outlook({
      margin: state.counts.idle - state.counts.waiting,
      groups,
      launch: this.#calls.wantsBy(0, this.#middles, Math.max(young, odds)),
      doubt: this.doubt,
    });
  }

  /** How many busy agents are expected to be free within that time. */
  expectedFree({ agents, now }: DialerState, withinSec: number): number {
    let sum = 0;
    for (const { state, since } of agents)
      if (state !== 'idle') sum += this.#agents.freeWithin(state, this.#agents.rowOf(state, now - since), withinSec);
    return sum;
  }

  #addCalls(groups: Group[], oddsAt: (bin: number) => number): void {
    const { ringing, detecting } = this.#calls;
    for (let bin = 0; bin < ringing.length; bin += 1) {
      const count = ringing[bin]!;
      if (count > 0) groups.push({ kind: 'calls', count, by: this.#calls.wantsBy(bin, this.#middles, oddsAt(bin)) });
    }
    for (let bin = 0; bin < detecting.length; bin += 1) {
      const count = detecting[bin]!;
      if (count > 0)
        groups.push({ kind: 'calls', count, by: this.#calls.humanBy(bin, this.#middles, oddsAt(ringing.length)) });
    }
  }

  #groupsOf({ agents, now }: DialerState): readonly Group[] {
    const groups: Group[] = [];
    if (this.#freeCurvesLimit !== this.#limitSec) this.#forgetFreeCurves();
    const counts = { talk: new Map<number, number>(), wrap: new Map<number, number>() };
    for (const { state, since } of agents) {
      if (state === 'idle') continue;
      const row = this.#agents.rowOf(state, now - since);
      counts[state].set(row, (counts[state].get(row) ?? 0) + 1);
    }
    for (const kind of ['talk', 'wrap'] as const)
      for (const [row, count] of counts[kind]) groups.push({ kind: 'agents', count, by: this.#freeCurve(kind, row) });
    return groups;
  }

  /** The same until the hazards are drawn anew: kept meanwhile. */
  #freeCurve(kind: 'talk' | 'wrap', row: number): Float64Array {
    const known = this.#freeCurves[kind].get(row);
    if (known) return known;
    const curve = new Float64Array(this.#middles.length);
    for (let step = 0; step < curve.length; step += 1)
      curve[step] = this.#agents.freeWithin(kind, row, this.#middles[step]! + this.#limitSec);
    this.#freeCurves[kind].set(row, curve);
    return curve;
  }

  #forgetFreeCurves(): void {
    this.#freeCurves.talk.clear();
    this.#freeCurves.wrap.clear();
    this.#freeCurvesLimit = this.#limitSec;
  }

  #ended({ callId, cause, ageSec }: DialerEvent & { type: 'call.ended' }): void {
    this.#detectedAt.delete(callId);
    const rang = this.#ringing.delete(callId);
    if (cause === 'cancelled') this.#calls.ended(ageSec, true);
    else if (rang || cause === 'busy' || cause === 'noanswer') this.#calls.ended(ageSec, false);
  }

  /** Detection may eat from the limit, by the profile: how long people wait after it shows what is left. */
  #learnLimit(callId: number, at: number): void {
    const from = this.#detectedAt.get(callId);
    this.#detectedAt.delete(callId);
    if (from === undefined) return;
    this.#limitSec += LEARN_LIMIT * (Math.min(at - from, this.#limitSec + 1) - this.#limitSec);
  }
}
