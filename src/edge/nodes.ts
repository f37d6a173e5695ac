import type { EpochMs } from '../call/ids.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import { chooseNode, type NodeChoice, type NodeView } from './decide/node-choice.ts';
import {
  healthAfter,
  type NodeHealth,
  PROBE_EVERY_MS,
  PROBE_PATIENCE_MS,
  type Sign,
  UNKNOWN_HEALTH,
} from './decide/node-health.ts';
import type { ProbeAnswer } from './sip.ts';

/** A switch behind the edge. */
export interface EdgeNode {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  /** Takes no new calls. */
  readonly drain: boolean;
}

interface NodesOptions {
  readonly nodes: readonly EdgeNode[];
  readonly probe: (uri: string, patienceMs: number) => Promise<ProbeAnswer | { readonly kind: 'nobody-asked' }>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Standing {
  node: EdgeNode;
  health: NodeHealth;
  /** As its answers came in, `address:port`. */
  address: string | null;
}

/** Calls remembered at once. More than any edge carries; beyond, the eldest is forgotten and its load with it. */
const MOST_CALLS = 100_000;

/** The nodes: their health by probes, the calls in flight on each, and the choice among them. */
export class Nodes {
  readonly #options: NodesOptions;
  readonly #standings = new Map<string, Standing>();
  /** Which node has a call, by Call-ID. */
  readonly #calls = new Map<string, string>();
  #stopProbes: () => void = () => undefined;
  #isClosed = false;

  constructor(options: NodesOptions) {
    this.#options = options;
    this.update(options.nodes);
  }

  /** Nodes as a changed file names them: new ones begin unknown, and who is no longer named gets no new calls. */
  update(nodes: readonly EdgeNode[]): void {
    for (const name of this.#standings.keys())
      if (!nodes.some((node) => node.name === name)) this.#standings.delete(name);
    for (const node of nodes) {
      const known = this.#standings.get(node.name);
      const isSame = known?.node.host === node.host && known.node.port === node.port;
      if (known && isSame) known.node = node;
      else this.#standings.set(node.name, { node, health: UNKNOWN_HEALTH, address: null });
    }
  }

  /** Asks all once, and from then on every second. */
  async open(): Promise<void> {
    await this.#round();
    this.#plan();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopProbes();
  }

  views(): readonly NodeView[] {
    const calls = new Map<string, number>();
    for (const name of this.#calls.values()) calls.set(name, (calls.get(name) ?? 0) + 1);
    return [...this.#standings.values()].map(({ node, health }) => ({
      name: node.name,
      isUp: health.isUp,
      isDraining: node.drain,
      calls: calls.get(node.name) ?? 0,
      weight: node.weight,
    }));
  }

  /** Nodes by the address that they send from. */
  senders(): ReadonlyMap<string, string> {
    const known = [...this.#standings.values()];
    return new Map(known.flatMap(({ node, address }) => (address === null ? [] : [[address, node.name] as const])));
  }

  /** @param keeps Call-IDs of which one may be known: the call's own, and what a `Replaces` names. */
  choose(keeps: readonly string[], tried: ReadonlySet<string>): NodeChoice {
    const keeper = keeps.map((callId) => this.#calls.get(callId)).find((name) => name !== undefined);
    return chooseNode(this.views(), { keeps: keeper ?? null, tried });
  }

  /** A SIP address for a number at a node. */
  uri(name: string, user: string): string {
    const node = this.#standings.get(name)?.node;
    if (!node) throw new Error(`there is no node ${name}`);
    return `sip:${user === '' ? '' : `${user}@`}${node.host}:${node.port}`;
  }

  nodeOf(callId: string): string | null {
    return this.#calls.get(callId) ?? null;
  }

  /** A call goes to a node, or from one node on to the next. */
  began(callId: string, name: string): void {
    this.#calls.delete(callId);
    this.#calls.set(callId, name);
    if (this.#calls.size <= MOST_CALLS) return;
    const [eldest] = this.#calls.keys();
    if (eldest !== undefined) this.#calls.delete(eldest);
  }

  ended(callId: string): void {
    this.#calls.delete(callId);
  }

  /** A call met silence there. */
  wasSilent(name: string): void {
    const standing = this.#standings.get(name);
    if (standing) this.#judged(standing, 'silent-call');
  }

  #plan(): void {
    if (this.#isClosed) return;
    const { clock, log } = this.#options;
    this.#stopProbes = clock.at(clock.now() + PROBE_EVERY_MS, () => {
      this.#round().catch((error: unknown) => log.error({ err: error }, 'the nodes could not be asked'));
      this.#plan();
    });
  }

  async #round(): Promise<void> {
    await Promise.all([...this.#standings.values()].map((standing) => this.#ask(standing)));
  }

  async #ask(standing: Standing): Promise<void> {
    const answer = await this.#options.probe(this.uri(standing.node.name, ''), PROBE_PATIENCE_MS);
    if (this.#isClosed || answer.kind === 'nobody-asked') return;
    if (answer.kind === 'answered') standing.address = `${answer.address}:${answer.port}`;
    this.#judged(standing, answer.kind);
  }

  #judged(standing: Standing, sign: Sign): void {
    const before = standing.health;
    const now: EpochMs = this.#options.clock.now();
    standing.health = healthAfter(before, sign, now);
    const { isUp, changedAt } = standing.health;
    if (isUp === before.isUp && changedAt === before.changedAt) return;
    const fields = { node: standing.node.name, sign };
    if (isUp) return this.#options.log.info(fields, 'a node takes calls');
    this.#options.log.warn(fields, 'a node is lost: calls go to the others');
    for (const [callId, name] of this.#calls) if (name === standing.node.name) this.#calls.delete(callId);
  }
}
