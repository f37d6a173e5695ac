import { expect, it } from 'vitest';
import { inboundLines, summary, type Told } from '../../../src/cli/demo/summary.ts';

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

it('counts the campaigns that somebody made beside the one of the demo, and whom a rule forbade', async () => {
  const attempt = (id: string, outcome: string) => ({ id, outcome });
  const ended = (outcome: string) => ({ type: 'callwright.attempt.ended.v1', subject: 'call/1', data: { outcome } });
  const answers: Record<string, unknown> = {
    '/v1/campaigns': {
      items: [
        { campaign: { id: 'c1' }, outcomes: { connected: 1, open: 1 } },
        { campaign: { id: 'c2' }, outcomes: { connected: 1, busy: 1 } },
      ],
    },
    '/v1/campaigns/c1/leads': { items: [{ id: 'l1', status: 'done', outcome: 'connected' }] },
    '/v1/campaigns/c2/leads': { items: [{ id: 'l2', status: 'done', outcome: null, refused: 'dnc' }] },
    '/v1/campaigns/c1/attempts': { items: [attempt('a1', 'connected')] },
    '/v1/campaigns/c2/attempts': { items: [attempt('a2', 'connected'), attempt('a3', 'busy')] },
    '/metrics': 'callwright_dials_total{outcome="connected"} 2\ncallwright_dials_total{outcome="busy"} 1\n',
    '/v1/events': { items: [ended('connected'), ended('busy'), ended('connected')], cursor: null },
  };
  const call = async <T>(_method: string, path: string) => answers[path.replace(/\?.*/u, '')] as T;
  const found = await summary(call, 0);
  expect(found.agrees).toBe(true);
  expect(found.text).toContain('2 campaigns  2 of 2 leads done');
  answers['/metrics'] = '';
  expect((await summary(call, 0)).agrees).toBe(false);
});
