import type { WaitingCall } from '../../acd/queue.ts';
import type { QueueName } from '../../call/ids.ts';
import type { AgentProfile, QueueProfile } from '../../call/routing.ts';

const CAMPAIGN = 'campaign:';
/** Agents who serve every campaign make one pool of all campaigns. */
const ANY_CAMPAIGN = 'campaign:*';
/** Where agents are who serve nothing: they can still be asked for by name. */
const NOWHERE = 'pool:';

type Membership = Pick<AgentProfile, 'queues' | 'campaigns'>;

/**
 * Queues that share agents are one routing pool, since an agent given to one is missing in the other; so are queues that
 * overflow into each other. A pool is named by the least of its queues' names, so that all processes name it alike.
 */
export class RoutingPools {
  readonly #above = new Map<string, string>();

  constructor(queues: ReadonlyMap<QueueName, QueueProfile>, agents: Iterable<Membership>) {
    for (const { name, overflow } of queues.values()) {
      this.#join(overflow.reduce((names, { to }) => ('queue' in to ? [...names, to.queue] : names), [name]));
    }
    for (const agent of agents) this.#join(servedBy(agent));
    if (!this.#above.has(ANY_CAMPAIGN)) return;
    for (const name of this.#above.keys()) if (name.startsWith(CAMPAIGN)) this.#join([ANY_CAMPAIGN, name]);
  }

  /** Names of all pools that have a queue. */
  get names(): ReadonlySet<string> {
    return new Set([...this.#above.keys()].map((name) => `pool:${this.#top(name)}`));
  }

  ofQueue(queue: QueueName): string {
    if (this.#above.has(queue)) return `pool:${this.#top(queue)}`;
    const any = queue.startsWith(CAMPAIGN) && this.#above.has(ANY_CAMPAIGN);
    return `pool:${any ? this.#top(ANY_CAMPAIGN) : queue}`;
  }

  ofAgent(agent: Membership): string {
    const [first] = servedBy(agent);
    return first === undefined ? NOWHERE : this.ofQueue(first);
  }

  /** Who is asked for by name is looked for where he is. */
  ofTicket(
    { queue, only }: Pick<WaitingCall, 'queue' | 'only'>,
    agent: (id: string) => Membership | undefined,
  ): string {
    const asked = only === null ? undefined : agent(only);
    return asked ? this.ofAgent(asked) : this.ofQueue(queue);
  }

  #join(names: readonly string[]): void {
    const tops = names.map((name) => this.#top(name));
    const least = tops.toSorted()[0];
    if (least !== undefined) for (const top of tops) this.#above.set(top, least);
  }

  #top(name: string): string {
    let top = name;
    for (let above = this.#above.get(top); above !== top; above = this.#above.get(top)) {
      if (above === undefined) this.#above.set(top, top);
      else top = above;
    }
    this.#above.set(name, top);
    return top;
  }
}

function servedBy({ queues, campaigns }: Membership): readonly string[] {
  return [...queues, ...campaigns.map((id) => `${CAMPAIGN}${id}`)];
}

/** Two agents of the same text serve the same. */
export const membershipOf = (agent: Membership): string => servedBy(agent).toSorted().join('\n');
