import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { HandleTimes } from '../../../src/engine/handle-times.ts';
import { WorkSeen } from '../../../src/engine/work-seen.ts';
import type { QueueProfile } from '../../../src/call/routing.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { queueProfile } from '../../support/site.ts';

const NOW = 1_793_606_400_000;
const HOUR = 3_600_000;

/** What one process makes of its own events. */
class Times extends HandleTimes {
  readonly #seen: WorkSeen;

  constructor(queues: () => ReadonlyMap<string, QueueProfile>) {
    super(queues);
    const clock = new SimulatedClock(NOW);
    this.#seen = new WorkSeen({ clock, queues, count: (work) => this.see(work), tell: () => undefined });
  }

  saw(event: JournalEvent): void {
    this.#seen.see(event);
  }
}

function talk(times: Times, id: string, talkedMs: number, at: number, queue = 'support'): void {
  const of = { subject: `call/${id}`, seq: 1, at };
  const connected = { queue, agentId: 'a', waitedMs: 0, rangMs: 0 };
  const events: JournalEvent[] = [
    { ...of, type: 'call.connected', data: connected },
    { ...of, type: 'call.disconnected', data: { agentId: 'a', talkedMs, by: 'caller' } },
  ];
  for (const event of events) times.saw(event);
}

it('takes talk and wrap-up of the last hour, queue by queue, and makes nothing up', () => {
  const queues = new Map([['support', queueProfile('support', { wrapUpMs: 10_000 })]]);
  const times = new Times(() => queues);
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
  const times = new Times(() => new Map([['support', queueProfile('support')]]));
  const data = { agentId: 'a', talkedMs: 5_000, by: 'agent' } as const;
  times.saw({ type: 'call.disconnected', data, subject: 'call/9', seq: 1, at: NOW });
  expect(times.meanMs('support', NOW)).toBeNull();
});

const queues = new Map([['support', queueProfile('support', { wrapUpMs: 10_000 })]]);
const HALF = NOW - HOUR / 2;

it('takes wrap-up as the queue says until it is over, then as it was, and the ring besides', () => {
  const times = new Times(() => queues);
  const of = { subject: 'call/1', seq: 1, at: HALF };
  times.saw({ ...of, type: 'call.connected', data: { queue: 'support', agentId: 'a', waitedMs: 0, rangMs: 4_000 } });
  times.saw({
    ...of,
    type: 'call.disconnected',
    data: { agentId: 'a', talkedMs: 50_000, heldMs: 6_000, by: 'caller' },
  });
  expect(times.pace(NOW).ofAgent('a')).toEqual({ talks: 1, totalMs: 70_000 });
  const wrapUp = { agentId: 'a', state: 'idle', previous: 'wrap-up', callId: null, lastedMs: 3_000 } as const;
  for (let twice = 0; twice < 2; twice += 1) {
    times.saw({ subject: 'agent/a', seq: 1, at: HALF + 3_000, type: 'agent.state.changed', data: wrapUp });
    expect(times.pace(NOW).ofAgent('a')).toEqual({ talks: 1, totalMs: 63_000 });
    expect(times.pace(NOW).ofQueue('support')).toEqual({ talks: 1, totalMs: 63_000 });
  }
  expect(times.pace(NOW).ofAgent('b')).toEqual({ talks: 0, totalMs: 0 });
});

it('remembers five hundred talks', () => {
  const times = new Times(() => queues);
  for (let nth = 0; nth < 1_200; nth += 1) talk(times, String(nth), nth < 700 ? 1_000_000 : 50_000, HALF + nth);
  expect(times.pace(NOW).ofQueue('support')).toEqual({ talks: 500, totalMs: 500 * 60_000 });
  expect(times.pace(HALF + HOUR + 1_100).ofQueue('support')).toEqual({ talks: 99, totalMs: 99 * 60_000 });
});

it('knows patience from those who gave up and from all who waited, once enough gave up', () => {
  const times = new Times(() => queues);
  const waits = (type: 'call.abandoned' | 'call.connected', waitedMs: number) => {
    const of = { subject: 'call/1', seq: 1, at: HALF };
    if (type === 'call.abandoned') {
      times.saw({ ...of, type, data: { queue: 'support', waitedMs, while: 'waiting' } });
    } else times.saw({ ...of, type, data: { queue: 'support', agentId: 'a', waitedMs, rangMs: 0 } });
  };
  for (let nth = 0; nth < 4; nth += 1) waits('call.abandoned', 60_000);
  waits('call.connected', 200_000);
  expect(times.pace(NOW).givesUp('support')).toBe(0);
  waits('call.abandoned', 60_000);
  // Five in 500 s of waiting.
  expect(times.pace(NOW).givesUp('support')).toBeCloseTo(1 / 100_000, 12);
  expect(times.pace(NOW + HOUR).givesUp('support')).toBe(0);
  expect(times.pace(NOW).givesUp('other')).toBe(0);
});
