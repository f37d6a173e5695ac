import type { Scenario, Span } from './scenario.ts';

type AgentView = { id: number; state: 'idle' | 'talk' | 'wrap'; since: number };

/** An agent of the simulated day. `view` is what a policy sees of him while he is logged in. */
export interface LabAgent {
  readonly id: number;
  readonly view: AgentView;
  there: boolean;
  /** He goes when he is done with his call. */
  leaving: boolean;
  offlineSince: number;
  /** When he will be idle again, while he is busy. */
  freeAt: number;
}

/** Who is logged in, and whose turn it is: the longest idle. */
export class Crew {
  readonly agents: readonly LabAgent[];
  readonly views: AgentView[] = [];
  /** In order of time; those who went meanwhile, or are busy again, are passed over. */
  #idle: { agent: LabAgent; since: number }[] = [];
  #first = 0;

  constructor(count: number) {
    this.agents = Array.from({ length: count }, (_, id) => ({
      id,
      view: { id, state: 'idle', since: 0 },
      there: false,
      leaving: false,
      offlineSince: 0,
      freeAt: 0,
    }));
  }

  arrive(agent: LabAgent): void {
    agent.there = true;
    this.views.push(agent.view);
  }

  leave(agent: LabAgent): void {
    agent.there = false;
    agent.leaving = false;
    this.views.splice(this.views.indexOf(agent.view), 1);
  }

  waits(agent: LabAgent, since: number): void {
    this.#idle.push({ agent, since });
  }

  longestIdle(): LabAgent | undefined {
    for (; this.#first < this.#idle.length; this.#first += 1) {
      const entry = this.#idle[this.#first];
      if (entry && isStill(entry)) return entry.agent;
    }
    this.#idle = [];
    this.#first = 0;
    return undefined;
  }
}

const isStill = ({ agent, since }: { agent: LabAgent; since: number }) =>
  agent.there && agent.view.state === 'idle' && agent.view.since === since;

const ALL_DAY: readonly Span[] = [{ from: 0, to: Number.POSITIVE_INFINITY }];

export function shiftsOf(day: Scenario, agent: number): readonly Span[] {
  return day.shifts[agent] ?? ALL_DAY;
}
