import { KpiBook } from '../../../src/acd/kpi/book.ts';
import { KPI_SETTINGS, type KpiReport, type KpiSettings } from '../../../src/acd/kpi/words.ts';
import type { Fact } from '../../../src/call/journal.ts';
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
