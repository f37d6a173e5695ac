import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { KPI_SETTINGS, type KpiReport, type KpiSettings } from '../../../src/acd/kpi/words.ts';
import type { Fact } from '../../../src/call/journal.ts';
import type { AgentState } from '../../../src/call/routing.ts';
import { T0 } from './builders.ts';

/*
 * Lines of a journal as who, when (seconds) and what, as the engine writes them.
 */

export type Line = readonly [subject: string, seconds: number, fact: Fact];

export function report(lines: readonly Line[], settings: Partial<KpiSettings> = {}): KpiReport {
  const book = new KpiBook({ ...KPI_SETTINGS, ...settings });
  for (const [i, [subject, seconds, fact]] of lines.entries())
    book.see({ ...fact, subject, seq: i + 1, at: T0 + seconds * 1_000 });
  return book.report();
}

const OUR = { ani: '+358501112223', source: 'public' } as const;

export const came = (id: string, at: number, ani: string | null = null): Line => [
  `call/${id}`,
  at,
  { type: 'call.arrived', data: { ...OUR, direction: 'inbound', ani, dnis: '1', legId: `leg-${id}` } },
];
/** Of a campaign, or somebody who is rung back. */
export const dialled = (id: string, at: number): Line => [
  `call/${id}`,
  at,
  { type: 'call.arrived', data: { ...OUR, direction: 'outbound', dnis: '+358401234567', legId: `leg-${id}` } },
];
export const queued = (id: string, at: number, queue = 'support'): Line => [
  `call/${id}`,
  at,
  { type: 'call.queued', data: { queue, language: 'en', require: [], priority: 0 } },
];
export const connected = (id: string, at: number, waited: number, queue = 'support', agentId = 'alice'): Line => [
  `call/${id}`,
  at,
  { type: 'call.connected', data: { queue, agentId, waitedMs: waited * 1_000, rangMs: 0 } },
];
export const talked = (id: string, at: number, seconds: number): Line => [
  `call/${id}`,
  at,
  { type: 'call.disconnected', data: { agentId: 'alice', talkedMs: seconds * 1_000, by: 'caller' } },
];
export const transferred = (
  id: string,
  at: number,
  data: Extract<Fact, { type: 'call.transferred' }>['data'],
): Line => [`call/${id}`, at, { type: 'call.transferred', data }];
export const answered = (id: string, at: number): Line => [
  `call/${id}`,
  at,
  { type: 'call.answered', data: { legId: id } },
];
export const abandoned = (id: string, at: number, waited: number): Line => [
  `call/${id}`,
  at,
  { type: 'call.abandoned', data: { queue: 'support', waitedMs: waited * 1_000, while: 'waiting' } },
];
export const left = (id: string, at: number, outcome: string): Line => [
  `call/${id}`,
  at,
  { type: 'call.queue.left', data: { queue: 'support', outcome, waitedMs: 0 } },
];
export const promised = (id: string, at: number, queue = 'support'): Line => [
  `call/${id}`,
  at,
  {
    type: 'callback.requested',
    data: { callbackId: `${id}-r1`, queue, number: '+358501112223', dueBy: T0 + 3_600_000, keepPlace: true },
  },
];
export const words = (id: string, at: number): Line => [
  `call/${id}`,
  at,
  { type: 'voicemail.left', data: { box: 'support', messageId: `${id}-r1`, durationMs: 9_000, replyBy: null } },
];
export const told = (id: string, at: number, estimate: number, waited: number, queue = 'support'): Line => [
  `call/${id}`,
  at,
  {
    type: 'call.estimate.announced',
    data: { queue, fromMs: 0, toMs: 600_000, estimateMs: estimate * 1_000, waitedMs: waited * 1_000 },
  },
];
export const over = (id: string, at: number, seconds: number): Line => [
  `call/${id}`,
  at,
  {
    type: 'call.ended',
    data: {
      verdict: 'completed',
      q850: 16,
      sip: null,
      durationMs: seconds * 1_000,
      queue: null,
      agentId: null,
      waitedMs: 0,
      talkedMs: 0,
      detected: 'event',
    },
  },
];
export const states = ['idle', 'reserved', 'ringing', 'talking', 'wrap-up'] as const;
/** Alice is told to be in another state; wrap-up ends with no call. */
export const state = (
  at: number,
  previous: AgentState,
  next: AgentState,
  lasted: number,
  callId: string | null = null,
): Line => {
  const data = { agentId: 'alice', state: next, previous, callId, lastedMs: lasted * 1_000 };
  return ['agent/alice', at, { type: 'agent.state.changed', data }];
};
export const ready = (at: number): Line => [
  'agent/alice',
  at,
  { type: 'agent.status.changed', data: { agentId: 'alice', status: 'ready', previous: 'logged-out', reason: null } },
];
