import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** What the metrics of the SIP edge are made from, seen at each scrape. */
export interface EdgeSight {
  readonly isConnected: boolean;
  readonly nodes: readonly {
    readonly name: string;
    readonly isUp: boolean;
    readonly isDraining: boolean;
    readonly calls: number;
  }[];
  /** By what is counted and its label, apart by a space. */
  readonly counts: Readonly<Record<string, number>>;
  readonly banned: readonly string[];
}

/** Names and meanings; docs/edge.md lists the same ones, and a test holds the two together. */
export const EDGE_METRICS = {
  callwright_edge_connected: '1 while drachtio is connected',
  callwright_edge_node_up: '1 while a node answers its probes',
  callwright_edge_node_draining: '1 while a node takes no new calls',
  callwright_edge_node_calls: 'calls in flight on a node that came through this edge',
  callwright_edge_banned_sources: 'source addresses that are banned now',
  callwright_edge_count: 'what was counted since the start, by `what` and `label`',
} as const;

/** Metrics of an edge process in Prometheus' text format. Both labels of counts are closed lists, nodes are as many as the file names. */
export function edgeMetrics(see: () => EdgeSight): { readonly contentType: string; render(): Promise<string> } {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const gauge = (
    name: keyof typeof EDGE_METRICS,
    labelNames: readonly string[],
    collect: (into: Gauge, sight: EdgeSight) => void,
  ) =>
    new Gauge({
      name,
      help: EDGE_METRICS[name],
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        collect(this, see());
      },
    });
  gauge('callwright_edge_connected', [], (into, { isConnected }) => into.set(Number(isConnected)));
  gauge('callwright_edge_banned_sources', [], (into, { banned }) => into.set(banned.length));
  const ofNode = (name: keyof typeof EDGE_METRICS, value: (node: EdgeSight['nodes'][number]) => number) =>
    gauge(name, ['node'], (into, { nodes }) => nodes.forEach((node) => into.set({ node: node.name }, value(node))));
  ofNode('callwright_edge_node_up', ({ isUp }) => Number(isUp));
  ofNode('callwright_edge_node_draining', ({ isDraining }) => Number(isDraining));
  ofNode('callwright_edge_node_calls', ({ calls }) => calls);
  gauge('callwright_edge_count', ['what', 'label'], (into, { counts }) => {
    for (const [key, value] of Object.entries(counts)) {
      const [what = '', label = ''] = key.split(' ');
      into.set({ what, label }, value);
    }
  });
  return { contentType: registry.contentType, render: () => registry.metrics() };
}
