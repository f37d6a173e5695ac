import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { applyFollowUp, type FollowUp, numbered } from '../../../src/work/follow-up.ts';
import { callbackOf, callEnd, callNews } from '../../../src/work/follow-up-call.ts';
import { createFollowUp } from '../../../src/work/follow-up-decide.ts';
import { wakeAt } from '../../../src/work/follow-up-due.ts';
import { PLAIN_FOLLOW_UPS } from '../../../src/work/follow-up-rules.ts';

const NOW = 1_790_000_000_000;
const CALL = 'callback-f1-1';

function owed(calling: string | null = CALL): FollowUp {
  const wish = { kind: 'task', reason: 'r', owner: { kind: 'agent', id: 'bob' }, dueAt: NOW + 86_400_000 } as const;
  const made = createFollowUp('f1', wish, 'crm', { rules: PLAIN_FOLLOW_UPS, isAgent: () => true }, NOW);
  if (!made.ok) throw new Error(made.sentence);
  const data = { followUpId: 'f1', callbackId: calling ?? '', queue: 'finance', by: 'crm' };
  const called = calling === null ? [] : [{ type: 'followup.called', data } as const];
  const events = numbered('f1', [...made.facts, ...called], 0, NOW);
  const followUp = events.reduce<FollowUp | null>(applyFollowUp, null);
  if (!followUp) throw new Error('it was not made');
  return followUp;
}

const ring = { callbackId: CALL, of: 'callback', queue: 'finance', agentId: 'bob', attempt: 1 } as const;
const event = (fact: Pick<JournalEvent, 'type' | 'data'>) =>
  ({ ...fact, subject: 'call/c', seq: 1, at: NOW }) as JournalEvent;
const gone = { callbackId: CALL, queue: 'finance' };
const failed = (retryAt: number | null) => event({ type: 'callback.failed', data: { ...ring, why: 'busy', retryAt } });

const NEWS: readonly (readonly [string, JournalEvent, readonly string[]])[] = [
  ['it is dialled', event({ type: 'callback.started', data: { ...ring, waitedMs: 1 } }), []],
  ['it is answered', event({ type: 'callback.answered', data: { ...ring, waitedMs: 1 } }), ['reached by bob']],
  ['busy, with another try', failed(NOW + 1), ['busy again']],
  ['busy, the last time', failed(null), ['busy', 'failed by bob']],
  ['its time is over', event({ type: 'callback.expired', data: { ...gone, tries: 0, dueBy: NOW } }), ['expired']],
  ['it is called off', event({ type: 'callback.cancelled', data: { ...gone, by: 'crm' } }), ['cancelled']],
  ['he rang in himself', event({ type: 'callback.withdrawn', data: { ...gone, waitedMs: 1 } }), ['withdrawn']],
];

const words = (facts: ReturnType<typeof callNews>) =>
  facts.map(({ type, data }) =>
    type === 'followup.call.tried'
      ? `${data.why}${data.retryAt === null ? '' : ' again'}`
      : type === 'followup.call.ended'
        ? `${data.outcome}${data.agentId === null ? '' : ` by ${data.agentId}`}`
        : type,
  );

describe('the call of a follow-up', () => {
  it.each(NEWS)('%s', (_, news, told) => {
    expect(callbackOf(news)).toBe(CALL);
    expect(words(callNews(owed(), news))).toEqual(told);
  });

  it.each(NEWS)('is none of its own, or none at all: %s', (_, news) => {
    expect(callNews(owed('callback-f1-9'), news)).toEqual([]);
    expect(callNews(owed(null), news)).toEqual([]);
  });

  it.each([
    [{ state: 'waiting' }, []],
    [{ state: 'done' }, ['reached']],
    [{ state: 'failed' }, ['failed']],
    [{ state: 'expired' }, ['expired']],
    [{ state: 'cancelled' }, ['cancelled']],
    [{ state: 'withdrawn' }, ['withdrawn']],
    [null, ['lost']],
  ] as const)('is known by what is kept, where nobody heard: %j', (kept, told) => {
    expect(words(callEnd(owed(), kept))).toEqual(told);
    expect(callEnd(owed(null), kept)).toEqual([]);
  });

  it('is looked after while it is under way, and ends once', () => {
    const calling = owed();
    expect(wakeAt(calling, PLAIN_FOLLOW_UPS, NOW)).toBe(NOW + 10_000);
    const [end] = numbered('f1', callEnd(calling, { state: 'done' }), calling.seq, NOW);
    if (!end) throw new Error('it did not end');
    const after = applyFollowUp(calling, end);
    expect(after.calling).toBeNull();
    expect(wakeAt(after, PLAIN_FOLLOW_UPS, NOW)).toBe(wakeAt(owed(null), PLAIN_FOLLOW_UPS, NOW));
    expect(callEnd(after, { state: 'done' })).toEqual([]);
  });
});
