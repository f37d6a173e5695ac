import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { HandleTimes } from '../../../src/engine/handle-times.ts';
import { queueProfile } from '../../support/site.ts';

const NOW = 1_793_606_400_000;
const HOUR = 3_600_000;

function talk(times: HandleTimes, id: string, talkedMs: number, at: number, queue = 'support'): void {
  const of = { subject: `call/${id}`, seq: 1, at };
  const connected = { queue, agentId: 'a', waitedMs: 0, rangMs: 0 };
  const events: JournalEvent[] = [
    { ...of, type: 'call.connected', data: connected },
    { ...of, type: 'call.disconnected', data: { agentId: 'a', talkedMs, by: 'caller' } },
  ];
  for (const event of events) times.see(event);
}

it('takes talk and wrap-up of the last hour, queue by queue, and makes nothing up', () => {
  const queues = new Map([['support', queueProfile('support', { wrapUpMs: 10_000 })]]);
  const times = new HandleTimes(() => queues);
  expect(times.meanMs('support', NOW)).toBeNull();
  talk(times, '1', 600_000, NOW - HOUR);
  talk(times, '2', 50_000, NOW - HOUR + 1);
  talk(times, '3', 70_000, NOW);
  talk(times, '4', 990_000, NOW, 'campaign:1');
  expect(times.meanMs('support', NOW)).toBe(70_000);
  expect(times.meanMs('campaign:1', NOW)).toBeNull();
  expect(times.meanMs('support', NOW + HOUR)).toBeNull();
});

it('counts the end of no talk that it did not see begin', () => {
  const times = new HandleTimes(() => new Map([['support', queueProfile('support')]]));
  const data = { agentId: 'a', talkedMs: 5_000, by: 'agent' } as const;
  times.see({ type: 'call.disconnected', data, subject: 'call/9', seq: 1, at: NOW });
  expect(times.meanMs('support', NOW)).toBeNull();
});
