/** A node as the choice sees it. */
export interface NodeView {
  readonly name: string;
  readonly isUp: boolean;
  /** Takes no new calls; those it has go on. */
  readonly isDraining: boolean;
  /** Calls in flight there. */
  readonly calls: number;
  /** A node of weight 2 carries twice the calls of one of weight 1. */
  readonly weight: number;
}

interface Wish {
  /** The node that has a call of this Call-ID already, or the one that a `Replaces` names. */
  readonly keeps: string | null;
  /** Nodes that have failed this call. */
  readonly tried: ReadonlySet<string>;
}

export type NodeChoice =
  | { readonly kind: 'node'; readonly name: string; readonly why: 'keeps' | 'load' }
  /** `all-drain`: nodes are there, and none of them takes new calls. */
  | { readonly kind: 'none'; readonly why: 'all-lost' | 'all-drain' | 'all-tried' };

/**
 * The node for a call. One that has the call keeps it, also while it drains, since nobody else can serve its dialogs. Otherwise
 * the one with the fewest calls for its weight among those that are up, take calls and have not failed this one; equals by
 * name, so that two edges choose alike.
 */
export function chooseNode(nodes: readonly NodeView[], { keeps, tried }: Wish): NodeChoice {
  const up = nodes.filter(({ isUp }) => isUp);
  const keeper = up.find(({ name }) => name === keeps && !tried.has(name));
  if (keeper) return { kind: 'node', name: keeper.name, why: 'keeps' };
  const open = up.filter(({ isDraining }) => !isDraining);
  const left = open.filter(({ name }) => !tried.has(name)).toSorted(byLoad);
  const [best] = left;
  if (best) return { kind: 'node', name: best.name, why: 'load' };
  if (up.length === 0) return { kind: 'none', why: 'all-lost' };
  return { kind: 'none', why: open.length === 0 ? 'all-drain' : 'all-tried' };
}

const load = ({ calls, weight }: NodeView): number => calls / weight;

/** Compared as products, so that no rounding makes two equal loads differ. */
const byLoad = (a: NodeView, b: NodeView): number =>
  a.calls * b.weight - b.calls * a.weight || load(a) - load(b) || (a.name < b.name ? -1 : 1);
