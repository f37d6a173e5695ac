import type { EpochMs } from '../call/ids.ts';
import type { Fact, JournalEvent } from '../call/journal.ts';

/** What calls did in one flow. Its containment is that of the calls which began in it. */
export interface FlowStatsView {
  readonly flow: string;
  readonly since: EpochMs;
  readonly entered: number;
  readonly ended: number;
  readonly contained: number;
  /** Contained ÷ ended; null while none has ended. */
  readonly containment: number | null;
  readonly nodes: readonly NodeStatsView[];
}

interface NodeStatsView {
  readonly node: string;
  readonly entered: number;
  readonly left: Readonly<Record<string, number>>;
  /** Callers who hung up in it, other than on an agent or whoever they were transferred to. */
  readonly droppedOff: number;
  readonly dwell: { readonly count: number; readonly sumMs: number; readonly maxMs: number };
}

/** How an event was counted: by its own names, or as `other` when there are too many. */
export type Counted =
  | { readonly type: 'entered'; readonly flow: string; readonly node: string }
  | {
      readonly type: 'left';
      readonly flow: string;
      readonly node: string;
      readonly outcome: string;
      readonly dwellMs: number;
    };

interface NodeTally {
  entered: number;
  droppedOff: number;
  readonly left: Map<string, number>;
  readonly dwell: { count: number; sumMs: number; maxMs: number };
}

interface FlowTally {
  entered: number;
  ended: number;
  contained: number;
  readonly nodes: Map<string, NodeTally>;
}

interface CallTally {
  readonly flow: string;
  contained: boolean;
  metSomebody: boolean;
}

/** More than that would fill a Prometheus; whatever comes later is counted together. */
const MOST_SERIES = 5_000;
const OTHER = 'other';
/** More calls than any node carries at once; beyond it the oldest, whose end was never seen, are forgotten. */
const MOST_CALLS = 20_000;

/** The outcome of a node in which the caller hung up. */
const HUNG_UP = 'hangup';

/** Counts what calls do in flows: from journal events alone, in memory, for as long as the process lives. */
export class FlowStats {
  readonly #since: EpochMs;
  readonly #flows = new Map<string, FlowTally>();
  readonly #calls = new Map<string, CallTally>();
  #series = 0;

  constructor(since: EpochMs) {
    this.#since = since;
  }

  see({ subject, ...event }: JournalEvent): Counted | null {
    switch (event.type) {
      case 'flow.started':
        this.#began(subject, event.data.flow);
        return null;
      case 'call.connected':
        return this.#leftTheFlow(subject, true);
      case 'call.abandoned':
        return this.#leftTheFlow(subject, false);
      case 'call.transferred':
        return event.data.outcome === 'answeredEnd' ? this.#leftTheFlow(subject, true) : null;
      case 'call.ended':
        return this.#ended(subject);
      case 'flow.node.entered':
        return this.#entered(event.data);
      case 'flow.node.left':
        return this.#left(event.data, this.#calls.get(subject)?.metSomebody ?? false);
      default:
        return null;
    }
  }

  /** Null for a flow that no call has come to. */
  of(flow: string): FlowStatsView | null {
    const tally = this.#flows.get(flow);
    if (!tally) return null;
    const { entered, ended, contained } = tally;
    const containment = ended === 0 ? null : contained / ended;
    const nodes = [...tally.nodes].map(([node, counted]) => viewOf(node, counted));
    return { flow, since: this.#since, entered, ended, contained, containment, nodes };
  }

  /** A flow that another calls begins, too; the call stays the first one's. */
  #began(subject: string, flow: string): void {
    if (this.#calls.has(subject)) return;
    this.#calls.set(subject, { flow, contained: true, metSomebody: false });
    if (this.#calls.size > MOST_CALLS) this.#calls.delete(this.#calls.keys().next().value ?? subject);
    this.#flow(flow).entered += 1;
  }

  #leftTheFlow(subject: string, metSomebody: boolean): null {
    const call = this.#calls.get(subject);
    if (!call) return null;
    call.contained = false;
    call.metSomebody ||= metSomebody;
    return null;
  }

  #ended(subject: string): null {
    const call = this.#calls.get(subject);
    if (!call) return null;
    this.#calls.delete(subject);
    const tally = this.#flow(call.flow);
    tally.ended += 1;
    if (call.contained) tally.contained += 1;
    return null;
  }

  #entered({ flow, node }: Extract<Fact, { type: 'flow.node.entered' }>['data']): Counted {
    const place = this.#place(flow, node);
    place.tally.entered += 1;
    return { type: 'entered', flow: place.flow, node: place.node };
  }

  #left(
    { flow, node, outcome, dwellMs }: Extract<Fact, { type: 'flow.node.left' }>['data'],
    metSomebody: boolean,
  ): Counted {
    const place = this.#place(flow, node);
    const { left, dwell } = place.tally;
    const counted = left.has(outcome) || this.#roomForOne() ? outcome : OTHER;
    left.set(counted, (left.get(counted) ?? 0) + 1);
    if (outcome === HUNG_UP && !metSomebody) place.tally.droppedOff += 1;
    dwell.count += 1;
    dwell.sumMs += dwellMs;
    dwell.maxMs = Math.max(dwell.maxMs, dwellMs);
    return { type: 'left', flow: place.flow, node: place.node, outcome: counted, dwellMs };
  }

  #place(flow: string, node: string): { readonly flow: string; readonly node: string; readonly tally: NodeTally } {
    const known = this.#flows.get(flow)?.nodes.get(node);
    if (known) return { flow, node, tally: known };
    const [kept, place] = this.#roomForOne() ? [flow, node] : [OTHER, OTHER];
    const { nodes } = this.#flow(kept);
    const tally = nodes.get(place) ?? {
      entered: 0,
      droppedOff: 0,
      left: new Map(),
      dwell: { count: 0, sumMs: 0, maxMs: 0 },
    };
    nodes.set(place, tally);
    return { flow: kept, node: place, tally };
  }

  #roomForOne(): boolean {
    if (this.#series >= MOST_SERIES) return false;
    this.#series += 1;
    return true;
  }

  #flow(flow: string): FlowTally {
    const tally = this.#flows.get(flow) ?? { entered: 0, ended: 0, contained: 0, nodes: new Map() };
    this.#flows.set(flow, tally);
    return tally;
  }
}

const viewOf = (node: string, { entered, droppedOff, left, dwell }: NodeTally): NodeStatsView => ({
  node,
  entered,
  left: Object.fromEntries(left),
  droppedOff,
  dwell: { ...dwell },
});
