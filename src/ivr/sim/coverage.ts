import type { Flow } from '../flow.ts';
import type { Entry } from './log.ts';

/** What tests came through of one flow. */
export interface FlowCoverage {
  readonly flow: string;
  readonly nodes: Share;
  /** Ways out that nodes have of their own; what `defaults` fill in counts once, at the node it leads to. */
  readonly edges: Share;
}

interface Share {
  readonly all: number;
  readonly reached: number;
  /** What no test reaches: `main-menu`, or `main-menu key 2 → billing`. */
  readonly missing: readonly string[];
}

/** 100 when there is nothing to reach; rounded down, so that 100 means all. */
export const percentOf = ({ all, reached }: Share): number => (all === 0 ? 100 : Math.floor((reached * 100) / all));

/** Takes down where calls came through. */
export class CoverageTally {
  readonly #entered = new Map<string, Set<string>>();
  readonly #left = new Map<string, Set<string>>();

  add(log: readonly Entry[]): void {
    for (const entry of log) {
      if (entry.type !== 'fact') continue;
      const { fact } = entry;
      if (fact.type === 'flow.node.entered') note(this.#entered, fact.data.flow, fact.data.node);
      if (fact.type === 'flow.node.left') note(this.#left, fact.data.flow, edge(fact.data.node, fact.data.outcome));
    }
  }

  /** Of a flow that a call came to, also from another flow. */
  of(flow: Flow): FlowCoverage {
    const entered = this.#entered.get(flow.id) ?? new Set();
    const left = this.#left.get(flow.id) ?? new Set();
    return {
      flow: flow.id,
      nodes: share([...flow.nodes.keys()].map((id) => ({ name: id, isReached: entered.has(id) }))),
      edges: share(edgesOf(flow, left)),
    };
  }
}

function edgesOf({ nodes }: Flow, left: ReadonlySet<string>) {
  return [...nodes.values()].flatMap(({ id, exits }) => {
    const own = exits.filter(({ path }) => path[0] === 'nodes');
    const [only] = own.length === 1 ? own : [];
    return own.map((exit) => ({
      name: `${id} ${exit.outcome} → ${exit.to ?? 'end'}`,
      // With one way out, every way of leaving takes it: an announcement that was skipped goes on like one that was heard.
      isReached: left.has(edge(id, exit.outcome)) || (exit === only && leftAnyhow(left, id)),
    }));
  });
}

const edge = (node: string, outcome: string) => `${node} ${outcome}`;
/** Words for leaving a node by none of its ways out. */
const NO_WAY_OUT = new Set(['error', 'hangup', 'timeLimit', 'ended']);
const leftAnyhow = (left: ReadonlySet<string>, id: string) =>
  [...left].some((way) => way.startsWith(`${id} `) && !NO_WAY_OUT.has(way.slice(id.length + 1)));

function note(seen: Map<string, Set<string>>, flow: string, what: string): void {
  seen.set(flow, (seen.get(flow) ?? new Set()).add(what));
}

function share(all: readonly { readonly name: string; readonly isReached: boolean }[]): Share {
  const missing = all.filter(({ isReached }) => !isReached).map(({ name }) => name);
  return { all: all.length, reached: all.length - missing.length, missing };
}
