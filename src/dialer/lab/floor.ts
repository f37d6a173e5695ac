import type { DialerEvent, DialerState } from '../pacing/policy.ts';
import { Crew, type LabAgent } from './crew.ts';
import { Dials, type LabCall } from './dials.ts';
import { DueQueue } from './queue.ts';
import { doneAfter, fateOf, type Scenario } from './scenario.ts';
import { Tally } from './tally.ts';

/** Due to happen to an agent, to a call, or to a line. */
export type FloorHappening =
  | { readonly do: 'arrive' | 'leave' | 'wrapped'; readonly agent: LabAgent }
  | { readonly do: 'talked'; readonly agent: LabAgent; readonly call: LabCall }
  | { readonly do: 'ring' | 'outcome' | 'judge' | 'deadline' | 'patience'; readonly call: LabCall }
  | { readonly do: 'line' };

export type Happening = FloorHappening | { readonly do: 'tick' } | { readonly do: 'sample' };

const LINE_FREE: FloorHappening = { do: 'line' };

/**
 * The agents and the calls of a simulated day: what happens to each, what comes of it, and what a policy hears of it.
 * Agents take whoever waits longest, callers get who is idle longest; nothing takes time but what the scenario says.
 */
export class Floor {
  readonly due = new DueQueue<Happening>();
  readonly dials = new Dials();
  readonly crew: Crew;
  readonly tally: Tally;
  readonly state: { -readonly [K in keyof DialerState]: DialerState[K] };
  readonly #day: Scenario;
  readonly #hear: (event: DialerEvent) => void;
  readonly #counts = { idle: 0, talk: 0, wrap: 0, ringing: 0, amd: 0, waiting: 0 };
  readonly #lines: { readonly max: number; inUse: number };
  #dialled = 0;
  #finishedAt: number | null = null;

  constructor(day: Scenario, worstAfter: number, hear: (event: DialerEvent) => void) {
    this.#day = day;
    this.#hear = hear;
    this.#lines = { max: day.lines, inUse: 0 };
    this.crew = new Crew(day.agents);
    this.tally = new Tally(day.cap, worstAfter);
    this.state = {
      now: 0,
      agents: this.crew.views,
      calls: this.dials.views,
      counts: this.#counts,
      totals: this.tally.totals,
      lines: this.#lines,
    };
  }

  get dialled(): number {
    return this.#dialled;
  }

  /** When the list was done and the last of its calls had ended; null before. */
  get finishedAt(): number | null {
    return this.#finishedAt;
  }

  get #now(): number {
    return this.state.now;
  }

  happens(what: FloorHappening): void {
    switch (what.do) {
      case 'line':
        return this.#line(-1);
      case 'arrive':
        return this.#arrive(what.agent);
      case 'leave':
        return this.#leave(what.agent);
      case 'talked':
        return this.#talked(what.agent, what.call);
      case 'wrapped':
        return this.#wrapped(what.agent);
      default:
        if (!what.call.over) this.#callHappens(what.do, what.call);
    }
  }

  #callHappens(what: 'ring' | 'outcome' | 'judge' | 'deadline' | 'patience', call: LabCall): void {
    if (what === 'ring') return this.#rings(call);
    if (what === 'outcome') return this.#outcome(call);
    if (what === 'judge') return this.#judged(call);
    if (what === 'deadline') return this.#abandoned(call);
    return this.#hungUp(call);
  }

  // The agents.

  #arrive(agent: LabAgent): void {
    if (agent.there) {
      agent.leaving = false; // he talks on into his next shift
      return;
    }
    this.crew.arrive(agent);
    this.tally.present.agents += 1;
    this.#tell(agent, 'idle', 'offline', this.#now - agent.offlineSince);
    this.#counts.idle += 1;
    this.#becomesIdle(agent);
  }

  #leave(agent: LabAgent): void {
    if (!agent.there) return;
    if (agent.view.state !== 'idle') {
      agent.leaving = true;
      return;
    }
    this.#counts.idle -= 1;
    this.#goes(agent, 'idle');
  }

  #goes(agent: LabAgent, from: 'idle' | 'wrap'): void {
    this.crew.leave(agent);
    this.tally.present.agents -= 1;
    this.#tell(agent, 'offline', from, this.#now - agent.view.since);
    agent.offlineSince = this.#now;
  }

  #talked(agent: LabAgent, call: LabCall): void {
    this.#line(-1);
    this.#counts.talk -= 1;
    this.#counts.wrap += 1;
    this.#tell(agent, 'wrap', 'talk', this.#now - agent.view.since);
    agent.view.state = 'wrap';
    agent.view.since = this.#now;
    const live = call.fate.end === 'person';
    this.#says({ type: 'call.disposition', t: this.#now, callId: call.view.id, agentId: agent.id, live });
    this.due.put(agent.freeAt, { do: 'wrapped', agent });
    this.#lastOne();
  }

  #wrapped(agent: LabAgent): void {
    this.#counts.wrap -= 1;
    this.tally.present.busy -= 1;
    if (agent.leaving) return this.#goes(agent, 'wrap');
    this.#tell(agent, 'idle', 'wrap', this.#now - agent.view.since);
    this.#counts.idle += 1;
    this.#becomesIdle(agent);
  }

  #becomesIdle(agent: LabAgent): void {
    agent.view.state = 'idle';
    agent.view.since = this.#now;
    this.crew.waits(agent, this.#now);
    const call = this.dials.longestWaiting();
    if (call) this.#connect(call, agent);
  }

  // The calls.

  launch(): void {
    const id = this.#dialled++;
    const fate = fateOf(this.#day, id, this.#now);
    const call = this.dials.add(id, this.#now, fate);
    this.tally.totals.launched += 1;
    this.tally.lastEndsAt = Math.max(this.tally.lastEndsAt, this.#now + doneAfter(fate));
    this.#counts.ringing += 1;
    this.#line(1);
    this.due.put(this.#now + fate.setupSec, { do: 'ring', call });
    this.due.put(this.#now + fate.endsSec, { do: 'outcome', call });
    this.#says({ type: 'call.launched', t: this.#now, callId: id });
  }

  #rings({ view, fate }: LabCall): void {
    if (fate.end === 'busy') return;
    view.ringingAt = this.#now;
    this.#says({ type: 'call.ringing', t: this.#now, callId: view.id });
  }

  #outcome(call: LabCall): void {
    const { view, fate } = call;
    if (fate.end === 'busy' || fate.end === 'noanswer') return this.#ends(call, fate.end);
    const pendingAmd = this.#day.amd !== null;
    view.answeredAt = this.#now;
    this.#says({ type: 'call.answered', t: this.#now, callId: view.id, ringSec: fate.endsSec, pendingAmd });
    if (!pendingAmd) return this.#handOver(call);
    view.state = 'amd';
    this.#counts.ringing -= 1;
    this.#counts.amd += 1;
    this.due.put(this.#now + fate.amdSec, { do: 'judge', call });
  }

  #judged(call: LabCall): void {
    const { view, fate } = call;
    const { judged: result, amdSec: tookSec } = fate;
    this.#says({ type: 'call.amd', t: this.#now, callId: view.id, result, tookSec });
    if (result === 'human') return this.#handOver(call);
    if (fate.end === 'person') this.tally.falsePositives += 1;
    if (fate.heldSec === 0) return this.#ends(call, 'machine');
    // A message is left: the line is in use for longer than anybody waits for the outcome.
    this.#line(1);
    this.due.put(this.#now + fate.heldSec, LINE_FREE);
    this.#ends(call, 'machine');
  }

  #handOver(call: LabCall): void {
    this.#counts[call.view.state] -= 1;
    this.#counts.waiting += 1;
    call.view.state = 'waiting';
    call.handedAt = this.#now;
    this.tally.totals.answered += 1;
    if (call.fate.end === 'person') this.tally.personHandedOver();
    const agent = this.crew.longestIdle();
    if (agent) return this.#connect(call, agent);
    this.dials.waits(call);
    const left = Math.max(0, this.#day.connectDeadlineSec - (this.#day.amd?.spentSec ?? 0));
    this.due.put(this.#now + left, { do: 'deadline', call });
    this.due.put(this.#now + call.fate.patienceSec, { do: 'patience', call });
  }

  #connect(call: LabCall, agent: LabAgent): void {
    const { view, fate } = call;
    const waitSec = this.#now - call.handedAt;
    this.#counts.waiting -= 1;
    this.dials.remove(call);
    this.tally.connected(waitSec);
    if (fate.end === 'machine') this.tally.machinesTalked += 1;
    this.#says({ type: 'call.connected', t: this.#now, callId: view.id, agentId: agent.id, waitSec });
    this.#tell(agent, 'talk', 'idle', this.#now - agent.view.since);
    this.#counts.idle -= 1;
    this.#counts.talk += 1;
    this.tally.present.busy += 1;
    agent.view.state = 'talk';
    agent.view.since = this.#now;
    agent.freeAt = this.#now + fate.talkSec + fate.wrapSec;
    this.tally.promisedSec += fate.talkSec + fate.wrapSec;
    this.due.put(this.#now + fate.talkSec, { do: 'talked', agent, call });
  }

  #abandoned(call: LabCall): void {
    this.#counts.waiting -= 1;
    this.dials.remove(call);
    this.tally.totals.abandoned += 1;
    if (call.fate.end === 'person') this.tally.personAbandoned();
    else this.tally.machinesDropped += 1;
    this.due.put(this.#now + this.#day.messageSec, LINE_FREE);
    this.#says({ type: 'call.abandoned', t: this.#now, callId: call.view.id, waitSec: this.#now - call.handedAt });
    this.#lastOne();
  }

  #hungUp(call: LabCall): void {
    this.tally.hungUp += 1;
    this.#ends(call, 'hangup');
  }

  #ends(call: LabCall, cause: 'busy' | 'noanswer' | 'machine' | 'cancelled' | 'hangup'): void {
    const { view } = call;
    this.#counts[view.state] -= 1;
    this.dials.remove(call);
    this.#line(-1);
    if (cause !== 'hangup') this.tally.totals[cause] += 1;
    this.#says({ type: 'call.ended', t: this.#now, callId: view.id, cause, ageSec: this.#now - view.launchedAt });
    this.#lastOne();
  }

  /** Takes a ringing call back, unless it has not rung for its legal minimum. */
  cancel(id: number): void {
    const call = this.dials.get(id);
    if (call?.view.state !== 'ringing') return;
    const rang = call.view.ringingAt >= 0 && this.#now - call.view.ringingAt >= this.#day.minRingSec;
    if (rang) this.#ends(call, 'cancelled');
    else this.tally.cancelsRefused += 1;
  }

  #line(by: 1 | -1): void {
    this.#lines.inUse += by;
    this.tally.present.lines = this.#lines.inUse;
  }

  #lastOne(): void {
    const left = this.dials.size + this.#counts.talk;
    if (this.#dialled >= this.#day.leads && left === 0) this.#finishedAt = this.#now;
  }

  #tell(agent: LabAgent, state: 'idle' | 'talk' | 'wrap' | 'offline', prev: string, prevSec: number): void {
    this.#says({ type: 'agent.state', t: this.#now, agentId: agent.id, state, prev, prevSec });
  }

  #says(event: DialerEvent): void {
    this.#hear(event);
  }
}
