import type { Fact, FactType } from '../../src/call/journal.ts';
import type { CallView } from '../../src/engine/ports/service.ts';
import type { RunningCampaign } from '../../src/engine/ports/campaigns.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import { FakeService } from './fake-service.ts';

/** How much of everything there is in the house. */
export interface HouseSize {
  readonly queues: number;
  readonly agents: number;
  readonly campaigns: number;
  readonly flows: number;
  readonly trunks: number;
  readonly webhooks: number;
  readonly calls: number;
}

/** The size for which the number of series is promised. */
export const PROMISED: HouseSize = {
  queues: 50,
  agents: 500,
  campaigns: 20,
  flows: 20,
  trunks: 10,
  webhooks: 50,
  calls: 400,
};

const VERDICTS = [
  'completed',
  'busy',
  'no-answer',
  'rejected',
  'cancelled',
  'invalid-number',
  'unreachable',
  'congestion',
  'failed',
];
const OUTCOMES = [
  'connected',
  'abandoned',
  'machine',
  'message-left',
  'fax',
  'silent',
  'busy',
  'no-answer',
  'rejected',
  'invalid-number',
  'unreachable',
  'congestion',
  'cancelled',
  'failed',
];
const PHASES = [
  'dialing',
  'detecting',
  'leaving-message',
  'promised',
  'flow',
  'queued',
  'offering',
  'briefing',
  'calling-back',
  'talking',
  'awaiting',
  'transferring',
  'transferred',
  'dismissing',
  'apologising',
  'ending',
];
const STATES = ['idle', 'reserved', 'ringing', 'talking', 'wrap-up'] as const;
const VERBS = [
  'answer',
  'ring',
  'play',
  'stop',
  'record',
  'record.stop',
  'music.start',
  'music.stop',
  'dtmf.send',
  'originate',
  'talk.watch',
  'bridge',
  'part',
  'mute',
  'monitor',
  'monitor.stop',
  'record.leg',
  'record.bridge',
  'record.pause',
  'unbridge',
  'hangup',
  'release',
] as const;

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

/** The metrics of a house in which everything that can happen has happened everywhere. */
export function busyMetrics(size: HouseSize): Metrics {
  const metrics = createMetrics();
  metrics.watch(serviceOf(size));
  metrics.watchEvents(() => ({
    archiveLagMs: 5_000,
    groups: times(20, (n) => ({ group: `group-${n}`, waiting: n, taken: 1, dead: 2 })),
    webhooks: { well: size.webhooks - 2, failing: 1, off: 1, parked: 3, dead: 4, lagMs: 1_000 },
    owed: (['agent', 'team', 'department', 'queue'] as const).map((kind) => ({
      owner: { kind, id: 'finance' },
      open: 3,
      overdue: 1,
    })),
  }));
  let seq = 0;
  const happen = (subject: string, ...facts: readonly Fact[]) => {
    for (const fact of facts) metrics.observe({ ...fact, subject, seq: (seq += 1), at: 1_000 + seq });
  };
  happenOnCalls(size, happen);
  happenInCampaigns(size, happen);
  happenElsewhere(happen);
  happenOnce(happen);
  for (const verb of VERBS)
    for (const result of [
      { ok: true },
      { ok: false, why: 'gone', detail: '' },
      { ok: false, why: 'lost', detail: '' },
    ] as never[])
      metrics.commandTook(verb, result, 3);
  for (const store of ['live', 'history'] as const) {
    metrics.storeTook(store, true, 1);
    metrics.storeTook(store, false, 1);
  }
  for (const result of ['taken', 'refused', 'failed'] as const) metrics.webhookTook(result, 40);
  metrics.offerTook(3);
  metrics.eventLag(3);
  return metrics;
}

type Happen = (subject: string, ...facts: readonly Fact[]) => void;

const ended = (verdict: string): Fact => ({
  type: 'call.ended',
  data: {
    verdict,
    q850: 16,
    sip: null,
    durationMs: 9,
    queue: null,
    agentId: null,
    waitedMs: 0,
    talkedMs: 0,
    detected: 'event',
  },
});

function happenOnCalls({ queues, agents, flows }: HouseSize, happen: Happen): void {
  for (const direction of ['inbound', 'outbound'] as const)
    for (const verdict of VERDICTS)
      happen(
        `call/${direction}-${verdict}`,
        { type: 'call.arrived', data: { direction, ani: '+358401234567', dnis: '1', source: 't', legId: 'l' } },
        { type: 'leg.ringing', data: { legId: 'l' } },
        { type: 'call.answered', data: { legId: 'l' } },
        ended(verdict),
      );
  for (const queue of [...times(queues, (n) => `queue-${n}`), 'campaign:c1']) {
    const data = { queue, agentId: `agent-${queues % agents}`, waitedMs: 5, rangMs: 1 };
    happen(
      `call/${queue}`,
      { type: 'call.arrived', data: { direction: 'inbound', ani: null, dnis: '1', source: 't', legId: 'l' } },
      { type: 'call.estimate.announced', data: { queue, fromMs: 0, toMs: 9, estimateMs: 9, waitedMs: 0 } },
      { type: 'call.connected', data },
      { type: 'call.disconnected', data: { agentId: data.agentId, talkedMs: 9, by: 'caller' } },
      {
        type: 'agent.state.changed',
        data: { agentId: data.agentId, state: 'idle', previous: 'wrap-up', callId: null, lastedMs: 9 },
      },
      { type: 'call.abandoned', data: { queue, waitedMs: 1, while: 'waiting' } },
      { type: 'call.queue.left', data: { queue, outcome: 'timeout', waitedMs: 1 } },
    );
  }
  for (const flow of times(flows, (n) => `flow-${n}`))
    for (const node of times(20, (n) => `node-${n}`))
      for (const outcome of ['done', 'hangup'])
        happen('call/f', { type: 'flow.node.left', data: { flow, node, outcome, dwellMs: 9 } });
}

function happenInCampaigns({ campaigns, trunks }: HouseSize, happen: Happen): void {
  for (const nth of times(campaigns, (n) => n))
    for (const outcome of OUTCOMES) {
      const of = { campaignId: `campaign-${nth}`, leadId: 'l', attemptId: `a-${nth}-${outcome}` };
      const trunk = `trunk-${nth % trunks}`;
      happen('call/o', { type: 'attempt.started', data: { ...of, number: '+358401234567', trunk } });
      happen('call/o', { type: 'attempt.ended', data: { ...of, outcome, q850: 16, sip: null, rangMs: 1 } });
    }
  for (const rule of times(15, (n) => `rule-${n}`))
    happen('campaign/c', { type: 'attempt.refused', data: { campaignId: 'c', leadId: 'l', rule, until: null } });
}

function happenElsewhere(happen: Happen): void {
  for (const verdict of VERDICTS)
    happen('call/x', { type: 'call.offer.failed', data: { queue: 'q', agentId: 'a', verdict, rangMs: 1 } });
  for (const reason of times(10, (n) => `reason-${n}`)) {
    happen('agent/a', { type: 'agent.status.overran', data: { agentId: 'a', status: 'not-ready', reason, dueAt: 1 } });
    happen('call/x', { type: 'call.rejected', data: { reason, q850: 34 } });
  }
  for (const kind of times(8, (n) => `kind-${n}`))
    for (const outcome of times(8, (n) => `outcome-${n}`))
      happen('call/x', { type: 'flow.request.ended', data: { flow: 'f', node: 'n', kind, outcome, tookMs: 1 } });
  const alarm = {
    alarmId: 'a',
    title: 't',
    severity: 'alarm',
    of: 'queue',
    name: 'q',
    figure: 'f',
    unit: 'share',
    direction: 'above',
    level: 1,
    since: 1,
    words: 'w',
    value: 1,
    sample: 1,
  } as const;
  for (const threshold of times(40, (n) => `threshold-${n}`))
    for (const type of ['threshold.raised', 'threshold.cleared'] as const)
      happen('queue/q', { type, data: { ...alarm, threshold } } as Fact);
}

/** Facts of which only the type counts, or one word. */
function happenOnce(happen: Happen): void {
  const bare = (type: FactType, data: object = {}) => happen('x/1', { type, data } as Fact);
  const callbacks = ['requested', 'answered', 'withdrawn', 'cancelled', 'expired'] as const;
  for (const type of callbacks) bare(`callback.${type}`);
  for (const retryAt of [null, 1]) bare('callback.failed', { retryAt });
  for (const type of ['left', 'overdue', 'heard', 'returned', 'done', 'erased'] as const) bare(`voicemail.${type}`);
  for (const outcome of ['kept', 'dropped']) bare('recording.stopped', { outcome });
  const promises = [
    'created',
    'assigned',
    'put-off',
    'due-soon',
    'overdue',
    'escalated',
    'closed',
    'reopened',
  ] as const;
  for (const type of promises) bare(`followup.${type}`);
  for (const outcome of ['done', 'declined', 'hangup', 'timeout']) bare('survey.finished', { outcome });
  for (const action of ['load', 'canary', 'promote', 'rollback', 'cancel']) bare('flows.loaded', { action });
  for (const why of times(6, (n) => `why-${n}`)) bare('transfer.refused', { why });
  for (const result of ['human', 'machine', 'unsure']) bare('attempt.detected', { result });
  const plain = [
    'recording.erased',
    'flows.refused',
    'flow.prompt.missing',
    'disposition.missing',
    'agent.rest.began',
  ] as const;
  for (const type of [...plain, 'switch.disconnected'] as const) bare(type);
}

function serviceOf({ queues, agents, campaigns, trunks, calls }: HouseSize): FakeService {
  const service = new FakeService();
  const [queue] = service.queues();
  const [agent] = service.agents();
  const [call] = service.calls();
  if (!queue || !agent || !call) throw new Error('the plain house is not plain any more');
  const queueViews = times(queues, (n) => ({ ...queue, profile: { ...queue.profile, name: `queue-${n}` } }));
  const agentViews = times(agents, (n) => ({
    ...agent,
    state: STATES[n % STATES.length] ?? 'idle',
    profile: { ...agent.profile, id: `agent-${n}` },
  }));
  const callViews = times(
    calls,
    (n): CallView => ({
      ...call,
      id: `call-${n}`,
      direction: n % 2 === 0 ? 'inbound' : 'outbound',
      phase: PHASES[n % PHASES.length] ?? 'flow',
    }),
  );
  service.queues = () => queueViews;
  service.agents = () => agentViews;
  service.calls = () => callViews;
  service.trunks = () =>
    times(trunks, (n) => ({ name: `trunk-${n}`, lines: 30, cps: 5, inUse: n, down: null, backOff: [] }));
  service.running = times(campaigns, runningCampaign);
  return service;
}

const runningCampaign = (n: number): RunningCampaign => ({
  id: `campaign-${n}`,
  name: `Autumn ${n}`,
  agents: { idle: 1, talk: 2, wrap: 3 },
  callsMade: 5,
  dialLevel: 1.5,
  lines: { inUse: 6, max: 10 },
  abandonment: { rate: 0.02, cap: 0.03, budget: 4 },
});
