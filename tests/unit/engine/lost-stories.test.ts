import { expect, it } from 'vitest';
import type { JournalEvent } from '../../../src/call/journal.ts';
import { storiesOf } from '../../../src/engine/lost-stories.ts';
import type { Attempt } from '../../../src/engine/ports/history.ts';
import { createMemoryHistory } from '../../support/memory-history.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';

const T0 = 1_000_000;
const attempt = (id: string): Attempt => ({
  id: `attempt-${id}`,
  campaignId: 'c1',
  leadId: `lead-${id}`,
  callId: id,
  number: '+358401234599',
  startedAt: T0,
  endedAt: null,
  outcome: null,
  q850: null,
  sip: null,
  agentId: null,
});

const about = { campaignId: 'c1', leadId: 'l1', attemptId: 'a1', number: '+358401234599', trunk: 'public' };
const DATA = { 'attempt.started': about, 'call.answered': { legId: 'leg-1' } };

const told = (callId: string, seq: number, type: keyof typeof DATA): JournalEvent =>
  ({ subject: `call/${callId}`, seq, at: T0 + seq, type, data: DATA[type] }) as JournalEvent;

const kept = (event: JournalEvent, campaignId = 'c1') => ({ campaignId, startedAt: T0 + 1, event });

it('reads lost calls from the journal, in order, and from the books what the journal has lost', async () => {
  const live = createMemoryLive(() => T0 + 5_000).connect();
  const history = createMemoryHistory();
  await live.append([
    told('a', 2, 'call.answered'),
    told('a', 1, 'attempt.started'),
    told('other', 1, 'call.answered'),
  ]);
  await live.append([told('b', 2, 'call.answered')]);
  const many = Array.from({ length: 1_200 }, (_, index) => kept(told(`n${index}`, 1, 'attempt.started')));
  await history.keepEvidence([...many, kept(told('b', 1, 'attempt.started'))]);
  const stories = await storiesOf({ live, history, clock: { now: () => T0 + 5_000 } }, ['a', 'b', 'c'].map(attempt));
  const seqs = [...stories].map(([id, story]) => [id, story.map(({ seq }) => seq)]);
  expect(seqs).toEqual([
    ['a', [1, 2]],
    ['b', [1, 2]],
    ['c', []],
  ]);
});
