import { expect, it } from 'vitest';
import { inboundLines, type Told } from '../../../src/cli/demo/summary.ts';

const told = (subject: string, type: string, data: Told['data'] = {}): Told => ({ subject, type, data });

it('counts each caller once, and no call of ours', () => {
  const events = [
    told('call/in-1', 'call.arrived', { direction: 'inbound' }),
    told('call/in-1', 'call.queued', { queue: 'support' }),
    told('call/in-1', 'call.connected', { queue: 'support', waitedMs: 4_000 }),
    told('call/in-1', 'call.queued', { queue: 'billing', again: 'transfer' }),
    told('call/in-1', 'call.connected', { queue: 'billing', waitedMs: 60_000 }),
    told('call/in-2', 'call.arrived', { direction: 'inbound' }),
    told('call/in-2', 'call.queued', { queue: 'support' }),
    told('call/in-2', 'call.abandoned', { queue: 'support', waitedMs: 9_000 }),
    told('call/back-1', 'call.arrived', { direction: 'outbound' }),
    told('call/back-1', 'call.connected', { queue: 'billing', waitedMs: 99_000 }),
    told('call/out-1', 'call.abandoned', { queue: 'campaign:1', waitedMs: 1_000 }),
  ];
  expect(inboundLines(events, 3)).toEqual([
    '  callers    3 called in',
    '  queues     2 waited, 1 reached an agent after 4.0 s on average, 1 gave up',
  ]);
});
