import type { Exit, Flow, FlowNode, VarUse } from './flow.ts';
import type { Report } from './problem.ts';

type BuiltFlow = Omit<Flow, 'version' | 'file'>;
type Names = ReadonlySet<string>;

/** What is set for certain when a node is entered, and a way there on which no more than that is. */
interface Entry {
  readonly set: Names;
  /** Where that way last came from; null is the beginning of the flow. */
  readonly from: { readonly node: string; readonly outcome: string } | null;
}

/**
 * Variables without a default that are read on a way where nothing has set them. A forward analysis: what is certain in a
 * node is what is certain on every way into it. Nothing unsets a variable, so a menu's `back` and `top` add no way that
 * knows less.
 */
export function lintVariables(flow: BuiltFlow, report: Report): void {
  const lacking = new Set([...flow.vars].filter(([, { hasDefault }]) => !hasDefault).map(([name]) => name));
  for (const [id, { set, from }] of entriesOf(flow, lacking)) {
    for (const { name, path } of unsetIn(flow.nodes.get(id), lacking, set)) {
      const way = from ? `after \`${from.node}\` (${from.outcome})` : 'at the beginning of the flow';
      const message = `\`${name}\` is read here, and ${way} nothing has set it.`;
      report('unset-variable', path, message, 'Set it on every way here, or give it a `default` in `vars`.');
    }
  }
}

const unsetIn = (node: FlowNode | undefined, lacking: Names, set: Names): readonly VarUse[] => {
  const unset = (node?.reads ?? []).filter(({ name }) => lacking.has(name) && !set.has(name));
  return unset.filter(({ name }, i) => unset.findIndex((other) => other.name === name) === i);
};

function entriesOf(flow: BuiltFlow, lacking: Names): ReadonlyMap<string, Entry> {
  const entries = new Map<string, Entry>();
  const changed: string[] = [];
  const meet = (to: string, entry: Entry): void => {
    const before = entries.get(to);
    const set = before ? before.set.intersection(entry.set) : entry.set;
    if (before && set.size === before.set.size) return;
    entries.set(to, { set, from: entry.from });
    changed.push(to);
  };
  meet(flow.start, { set: lacking.intersection(new Set(flow.takes)), from: null });
  for (const id of changed) {
    const node = flow.nodes.get(id);
    const entry = entries.get(id);
    if (!node || !entry) continue;
    // What is read unset is told once, at the first place on a way.
    const set = entry.set.union(new Set(node.reads.map(({ name }) => name)).intersection(lacking));
    for (const exit of node.exits) {
      if (exit.to !== null) meet(exit.to, { set: after(node, exit, set), from: { node: id, outcome: exit.outcome } });
    }
    // Where the caller waits, the call's time may be over.
    if (flow.onError === null || node.does.stages.length === 0) continue;
    meet(flow.onError, { set, from: { node: id, outcome: 'timeLimit' } });
  }
  return entries;
}

const after = (node: FlowNode, { outcome }: Exit, set: Names): Names =>
  set.union(new Set(node.writes.filter((write) => (write.after ?? outcome) === outcome).map(({ name }) => name)));
