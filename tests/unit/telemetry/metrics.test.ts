import { describe, expect, it } from 'vitest';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { METRICS } from '../../../src/telemetry/catalogue.ts';
import { measuredSwitch } from '../../../src/telemetry/measured-switch.ts';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.ts';
import { FakeService } from '../../support/fake-service.ts';

let seq = 0;
const about = (subject: string, fact: Fact): JournalEvent => ({ ...fact, subject, seq: (seq += 1), at: 1_000 });

const arrived = (direction: 'inbound' | 'outbound'): Fact => ({
  type: 'call.arrived',
  data: { direction, ani: '+358401234567', dnis: '+358981000', source: 'public', legId: 'leg-secret' },
});
const ended = (verdict: string, agentId: string | null = null): Fact => ({
  type: 'call.ended',
  data: {
    verdict,
    q850: 16,
    sip: null,
    durationMs: 9_000,
    queue: null,
    agentId,
    waitedMs: 0,
    talkedMs: 0,
    detected: 'event',
  },
});
const connected = (queue: string, waitedMs: number): Fact => ({
  type: 'call.connected',
  data: { queue, agentId: 'alice-secret', waitedMs, rangMs: 500 },
});

async function lines(metrics: Metrics): Promise<string[]> {
  return (await metrics.page()).body.split('\n');
}

describe('calls by direction and outcome', () => {
  const walks: [string, Fact[], string][] = [
    ['an agent talked', [arrived('inbound'), connected('support', 1), ended('completed', 'a')], 'inbound handled'],
    ['the flow was enough', [arrived('inbound'), ended('completed')], 'inbound contained'],
    [
      'the caller gave up',
      [
        arrived('inbound'),
        { type: 'call.abandoned', data: { queue: 'q', waitedMs: 1, while: 'waiting' } },
        ended('completed'),
      ],
      'inbound abandoned',
    ],
    [
      'we refused',
      [arrived('inbound'), { type: 'call.rejected', data: { reason: 'full', q850: 34 } }, ended('congestion')],
      'inbound rejected',
    ],
    [
      'transferred',
      [arrived('inbound'), { type: 'call.transferred', data: { to: '1', outcome: 'answeredEnd' } }, ended('completed')],
      'inbound transferred',
    ],
    [
      'a transfer that failed',
      [arrived('inbound'), { type: 'call.transferred', data: { to: '1', outcome: 'busy' } }, ended('completed')],
      'inbound contained',
    ],
    ['a busy person', [arrived('outbound'), ended('busy')], 'outbound busy'],
    [
      'adopted',
      [{ type: 'call.adopted', data: { direction: 'inbound', phase: 'talking' } }, ended('completed', 'a')],
      'inbound handled',
    ],
  ];
  it.each(walks)('%s', async (_name, facts, expected) => {
    const metrics = createMetrics();
    for (const fact of facts) metrics.observe(about('call/c1', fact));
    const [direction, outcome] = expected.split(' ');
    const counts = (await lines(metrics)).filter((line) => line.startsWith('callwright_calls_total{'));
    expect(counts).toEqual([`callwright_calls_total{direction="${direction}",outcome="${outcome}"} 1`]);
  });
});

describe('the page', () => {
  it('has every metric of the catalogue with its help, and no other of ours', async () => {
    const { body } = await createMetrics().page();
    const typed = [...body.matchAll(/^# TYPE (callwright_\w+) (\w+)$/gmu)].map(([, name, kind]) => [name, kind]);
    expect(typed).toEqual(Object.entries(METRICS).map(([name, { kind }]) => [name, kind]));
    for (const [name, { help }] of Object.entries(METRICS)) expect(body).toContain(`# HELP ${name} ${help}`);
    expect(body).toContain('process_resident_memory_bytes');
  });

  it('reads queues, agents, calls and health from the engine at each scrape', async () => {
    const metrics = createMetrics();
    const service = new FakeService();
    metrics.watch(service);
    const page = await lines(metrics);
    expect(page).toContain('callwright_queue_waiting{queue="support"} 2');
    expect(page).toContain('callwright_queue_longest_wait_seconds{queue="support"} 12.5');
    expect(page).toContain('callwright_agents{state="talking"} 1');
    expect(page).toContain('callwright_agents{state="logged-out"} 1');
    expect(page).toContain('callwright_calls_live{direction="inbound"} 1');
    expect(page).toContain('callwright_switch_connected 1');
    service.switchUp = false;
    expect(await lines(metrics)).toContain('callwright_switch_connected 0');
  });

  it('counts the dial by a trunk that failed beside the one by the next trunk in the same attempt', async () => {
    const metrics = createMetrics();
    const attempt = { campaignId: 'c', leadId: 'l', attemptId: 'a' };
    const by = { legId: 'leg-1', to: 'leg-2', from: 'north', trunk: 'south' };
    const facts: Fact[] = [
      { type: 'attempt.started', data: { ...attempt, number: '+358401234567', trunk: 'north' } },
      { type: 'leg.rerouted', data: { ...by, attemptId: 'a' } },
      { type: 'leg.rerouted', data: by }, // of a transfer
      { type: 'attempt.ended', data: { ...attempt, outcome: 'busy', q850: 17, sip: 486, rangMs: 0 } },
    ];
    for (const fact of facts) metrics.observe(about('call/c1', fact));
    const dials = (await lines(metrics)).filter((line) => line.startsWith('callwright_trunk_dials_total{'));
    expect(dials.toSorted()).toEqual([
      'callwright_trunk_dials_total{trunk="north",result="failed"} 1',
      'callwright_trunk_dials_total{trunk="south",result="unanswered"} 1',
    ]);
  });

  it('tells how far off the first estimate was, once, of calls that were answered', async () => {
    const metrics = createMetrics();
    const told = (estimateMs: number, waitedMs: number): Fact => ({
      type: 'call.estimate.announced',
      data: { queue: 'support', fromMs: 0, toMs: 600_000, estimateMs, waitedMs },
    });
    const left: Fact = { type: 'call.queue.left', data: { queue: 'support', outcome: 'timeout', waitedMs: 1 } };
    for (const fact of [told(100_000, 5_000), told(10_000, 60_000), connected('support', 85_000)]) {
      metrics.observe(about('call/a', fact));
    }
    for (const fact of [connected('support', 0), told(1, 1), left, connected('support', 900_000)]) {
      metrics.observe(about('call/b', fact));
    }
    const page = await lines(metrics);
    const of = 'callwright_acd_ewt_error_seconds';
    expect(page).toContain(`${of}_bucket{le="30"} 1`);
    expect(page).toContain(`${of}_sum 20`);
    expect(page).toContain(`${of}_count 1`);
  });

  it('counts dials, failed offers and waits', async () => {
    const metrics = createMetrics();
    const attempt = { campaignId: 'camp-secret', leadId: 'lead-secret', attemptId: 'att-secret' };
    metrics.observe(
      about('call/c', { type: 'attempt.ended', data: { ...attempt, outcome: 'busy', q850: 17, sip: 486, rangMs: 0 } }),
    );
    metrics.observe(
      about('call/c', {
        type: 'call.offer.failed',
        data: { queue: 'support', agentId: 'a', verdict: 'no-answer', rangMs: 1 },
      }),
    );
    metrics.observe(about('call/c', connected('support', 25_000)));
    const overran = { agentId: 'a', status: 'not-ready', reason: 'lunch', dueAt: 1 } as const;
    metrics.observe(about('agent/a', { type: 'agent.status.overran', data: overran }));
    metrics.observe(about('agent/a', { type: 'agent.rest.began', data: { agentId: 'a', until: 1, occupancy: 0.97 } }));
    metrics.eventLag(30);
    metrics.offerTook(4);
    const page = await lines(metrics);
    expect(page).toContain('callwright_dials_total{outcome="busy"} 1');
    expect(page).toContain('callwright_agent_overruns_total{reason="lunch"} 1');
    expect(page).toContain('callwright_agent_rests_total 1');
    expect(page).toContain('callwright_offers_failed_total{verdict="no-answer"} 1');
    expect(page).toContain('callwright_queue_wait_seconds_bucket{le="20",queue="support"} 0');
    expect(page).toContain('callwright_queue_wait_seconds_bucket{le="30",queue="support"} 1');
    expect(page).toContain('callwright_event_lag_seconds_count 1');
    expect(page).toContain('callwright_acd_offer_seconds_bucket{le="0.002"} 0');
    expect(page).toContain('callwright_acd_offer_seconds_bucket{le="0.005"} 1');
  });

  it('carries no number, name or id of a call, leg, agent, campaign or lead', async () => {
    const metrics = createMetrics();
    metrics.watch(new FakeService());
    const attempt = { campaignId: 'camp-secret', leadId: 'lead-secret', attemptId: 'att-secret' };
    const facts: Fact[] = [
      arrived('outbound'),
      { type: 'attempt.started', data: { ...attempt, number: '+358401234567', trunk: 'public' } },
      { type: 'flow.input.received', data: { flow: 'f', node: 'n', digits: '4929secret' } },
      connected('campaign:camp-secret', 2_000),
      { type: 'call.abandoned', data: { queue: 'campaign:camp-secret', waitedMs: 3, while: 'ringing' } },
      { type: 'attempt.ended', data: { ...attempt, outcome: 'connected', q850: 16, sip: null, rangMs: 0 } },
      ended('completed', 'alice-secret'),
    ];
    for (const fact of facts) metrics.observe(about('call/c-secret', fact));
    const { body } = await metrics.page();
    expect(body).not.toMatch(/secret|358401234567|358981000|Alice|alice/u);
    expect(body).toContain('queue="campaign"');
    const labels = Object.values(METRICS).flatMap((metric): readonly string[] => metric.labels);
    expect(labels.filter((label) => /call|number|name|agent|lead|ani|dnis|id$/iu.test(label))).toEqual([]);
  });
});

it('times every command of the switch it wraps and changes nothing else', async () => {
  const metrics = createMetrics();
  const gone = { ok: false, why: 'gone', detail: '' } as const;
  const inner = {
    node: 'asterisk-1',
    capabilities: {
      survivesControllerCrash: true,
      keepsCallersWhileAway: true,
      pausesRecordingOfOneLeg: true,
      recordsWhatALegHears: true,
    },
    start: () => Promise.resolve(),
    snapshot: () => Promise.resolve(null),
    latencyP99Ms: () => 7,
    recording: () => Promise.resolve(gone),
    discard: () => Promise.resolve(),
    stop: () => Promise.resolve(),
    knowsPhone: () => Promise.resolve(null),
    do: () => Promise.resolve(gone),
  };
  const measured = measuredSwitch(inner, metrics);
  expect(await measured.do({ type: 'answer', legId: 'leg-1' })).toBe(gone);
  expect(measured.latencyP99Ms()).toBe(7);
  expect(await lines(metrics)).toContain('callwright_switch_commands_total{command="answer",result="gone"} 1');
  expect(await lines(metrics)).toContain('callwright_switch_command_seconds_count 1');
});
