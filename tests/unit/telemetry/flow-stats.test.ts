import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/call/journal.ts';
import { FlowStats } from '../../../src/telemetry/flow-stats.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

const started = (flow: string): Fact => ({ type: 'flow.started', data: { flow, version: 'v' } });
const entered = (flow: string, node: string): Fact => ({
  type: 'flow.node.entered',
  data: { flow, node, kind: 'play' },
});
const left = (flow: string, node: string, outcome: string, dwellMs = 1_000): Fact => ({
  type: 'flow.node.left',
  data: { flow, node, outcome, dwellMs },
});
const connected: Fact = { type: 'call.connected', data: { queue: 'q', agentId: 'a', waitedMs: 1, rangMs: 1 } };
const abandoned: Fact = { type: 'call.abandoned', data: { queue: 'q', waitedMs: 1, while: 'waiting' } };
const transferred = (outcome: string): Fact => ({ type: 'call.transferred', data: { to: '1', outcome } });
const ended: Fact = {
  type: 'call.ended',
  data: {
    verdict: 'completed',
    q850: 16,
    sip: null,
    durationMs: 9,
    queue: null,
    agentId: null,
    waitedMs: 0,
    talkedMs: 0,
    detected: 'event',
  },
};

const told = (fact: Fact, call: string) => ({ ...fact, subject: `call/${call}`, seq: 1, at: 1 });

function seen(...calls: readonly (readonly Fact[])[]): FlowStats {
  const stats = new FlowStats(5);
  calls.forEach((facts, call) => {
    for (const fact of facts) stats.see(told(fact, String(call)));
  });
  return stats;
}

describe('containment', () => {
  it.each<[string, number | null, Fact[]]>([
    ['the flow was enough', 1, [ended]],
    ['an agent talked', 0, [connected, ended]],
    ['the wait was given up', 0, [abandoned, ended]],
    ['handed to another number', 0, [transferred('answeredEnd'), ended]],
    ['the other number did not answer', 1, [transferred('busy'), ended]],
    ['the call goes on', null, []],
  ])('%s', (_what, containment, facts) => {
    expect(seen([started('main'), ...facts]).of('main')?.containment).toBe(containment);
  });

  it('is of calls that began in the flow; what it calls counts its nodes only', () => {
    const stats = seen(
      [started('main'), started('inner'), entered('inner', 'x'), connected, ended],
      [started('main'), ended],
    );
    expect(stats.of('main')).toMatchObject({ since: 5, entered: 2, ended: 2, contained: 1, containment: 0.5 });
    expect(stats.of('inner')).toMatchObject({ entered: 0, containment: null, nodes: [{ node: 'x', entered: 1 }] });
  });

  it('knows nothing of a call whose beginning another process saw', () => {
    expect(seen([ended]).of('main')).toBeNull();
  });
});

it('counts entered, left by outcome, dwell, and who hung up where', () => {
  const stats = seen(
    [entered('main', 'menu'), left('main', 'menu', '1', 3_000), entered('main', 'bye'), left('main', 'bye', 'done', 0)],
    [entered('main', 'menu'), left('main', 'menu', 'hangup', 5_000)],
  );
  expect(stats.of('main')?.nodes).toEqual([
    {
      node: 'menu',
      entered: 2,
      left: { 1: 1, hangup: 1 },
      droppedOff: 1,
      dwell: { count: 2, sumMs: 8_000, maxMs: 5_000 },
    },
    { node: 'bye', entered: 1, left: { done: 1 }, droppedOff: 0, dwell: { count: 1, sumMs: 0, maxMs: 0 } },
  ]);
});

it('who hangs up on an agent has not dropped off, who gives up the wait has', () => {
  const hung = left('main', 'wait', 'hangup');
  const stats = seen([started('main'), connected, hung, ended], [started('main'), abandoned, hung, ended]);
  expect(stats.of('main')?.nodes).toMatchObject([{ left: { hangup: 2 }, droppedOff: 1 }]);
});

describe('the metrics of nodes', () => {
  it('are those of the flows', async () => {
    const metrics = createMetrics();
    for (const fact of [entered('main', 'menu'), left('main', 'menu', '1', 3_000)]) metrics.observe(told(fact, '1'));
    const { body } = await metrics.page();
    expect(body).toContain('callwright_flow_node_left_total{flow="main",node="menu",outcome="1"} 1');
    expect(body).toContain('callwright_flow_node_dwell_seconds_bucket{le="5"} 1');
  });

  it('stay bounded whatever comes, and lose no count', async () => {
    const metrics = createMetrics();
    for (let n = 0; n < 6_000; n += 1) {
      metrics.observe(told(entered('main', `node-${n}`), '1'));
      metrics.observe(told(left('main', `node-${n % 100}`, `outcome-${n}`), '1'));
    }
    const lines = (await metrics.page()).body.split('\n');
    const series = lines.filter((line) => line.startsWith('callwright_flow_node_left_total{'));
    expect(series.length).toBeLessThanOrEqual(100);
    expect(series.reduce((all, line) => all + Number(line.split(' ').at(-1)), 0)).toBe(6_000);
    expect(series.some((line) => line.includes('flow="other",node="other"'))).toBe(true);
  });

  it('count changes of the release, and files that were refused', async () => {
    const metrics = createMetrics();
    const data = { release: 'r', by: 'ci', action: 'canary', percent: 10 };
    metrics.observe({ type: 'flows.loaded', data, subject: 'flows', seq: 1, at: 1 });
    const refused = { by: 'ci', running: 'r', faults: 2, first: 'x' };
    metrics.observe({ type: 'flows.refused', data: refused, subject: 'flows', seq: 2, at: 1 });
    const { body } = await metrics.page();
    expect(body).toContain('callwright_flow_loads_total{result="canary"} 1');
    expect(body).toContain('callwright_flow_loads_total{result="refused"} 1');
  });
});
