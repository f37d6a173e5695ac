import { FollowUpDesk, type FollowUpDeskRooms } from '../../src/engine/follow-up-desk.ts';
import { type FollowUpRules, PLAIN_FOLLOW_UPS, type Team } from '../../src/work/follow-up-rules.ts';
import { createMemoryFlowStore } from './memory-flow-store.ts';
import { createMemoryFollowUps } from './memory-follow-ups.ts';

const team = (title: string, ...members: string[]) => ({ title, members, ladder: null });
const to = (id: string) => ({ kind: 'team', id }) as const;

/**
 * Finance is alarmed 10 minutes before, and 15 minutes after it is due the supervisors have it; an hour after it they are alarmed.
 * `minute`: how many ms such a minute has.
 */
export const testRules = (minute: number): FollowUpRules => ({
  teams: new Map<string, Team>([
    [
      'finance',
      {
        ...team('Finance', 'alice', 'bob'),
        ladder: {
          dueSoonMs: 30 * minute,
          steps: [
            { afterMs: -10 * minute, to: null, alarm: true },
            { afterMs: 15 * minute, to: to('supervisors'), alarm: true },
          ],
        },
      },
    ],
    [
      'supervisors',
      {
        ...team('Supervisors', 'carol'),
        ladder: {
          dueSoonMs: 30 * minute,
          steps: [
            { afterMs: 5 * minute, to: to('finance'), alarm: true },
            { afterMs: 60 * minute, to: null, alarm: true },
          ],
        },
      },
    ],
    ['sales', team('Sales', 'carol')],
  ]),
  departments: new Map([['office', { ...team('Office', 'david'), teams: ['finance', 'sales'] }]]),
  usual: PLAIN_FOLLOW_UPS.usual,
});

export const TEST_RULES = testRules(60_000);

/** The desk of follow-ups over stores in memory: alice serves the queue `support`, bob, carol and david serve none. */
export function testFollowUps(
  rooms: Omit<FollowUpDeskRooms, 'followUps' | 'flows' | 'rules' | 'queuesOf'>,
): FollowUpDesk {
  const queues: Readonly<Record<string, readonly string[]>> = { alice: ['support'], bob: [], carol: [], david: [] };
  return new FollowUpDesk({
    ...rooms,
    followUps: createMemoryFollowUps(),
    flows: createMemoryFlowStore(),
    rules: () => TEST_RULES,
    queuesOf: (id) => queues[id] ?? null,
  });
}
