import type { CallId } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import { callFrom } from '../dialer/evidence.ts';
import { slices } from './journal-span.ts';
import type { Attempt, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock } from './ports/time.ts';

interface StoryRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly live: Pick<LiveStore, 'cursorAt' | 'read'>;
  readonly history: Pick<History, 'evidence'>;
}

/** Processes write side by side, each by its own clock. */
const RUN_UP_MS = 60_000;
const PAGE = 500;

/** What was written of the calls of these attempts, in order: in the journal, or where that has lost it, in the books. */
export async function storiesOf(
  { live, history, clock }: StoryRooms,
  attempts: readonly Attempt[],
): Promise<ReadonlyMap<CallId, readonly JournalEvent[]>> {
  const stories = new Map(attempts.map(({ callId }) => [callId, new Map<number, JournalEvent>()]));
  const add = (event: JournalEvent) => stories.get(event.subject.replace(/^call\//u, ''))?.set(event.seq, event);
  if (attempts.length > 0) {
    const since = Math.min(...attempts.map(({ startedAt }) => startedAt)) - RUN_UP_MS;
    for await (const { events } of slices(live, await live.cursorAt(since), clock.now())) events.forEach(add);
  }
  for (const attempt of attempts) {
    const isTold = callFrom([...(stories.get(attempt.callId)?.values() ?? [])]) !== null;
    if (!isTold) for await (const event of keptOf(history, attempt)) add(event);
  }
  return new Map([...stories].map(([id, story]) => [id, [...story.values()].toSorted((a, b) => a.seq - b.seq)]));
}

/** Facts of the books about the dials that began about when this one did. */
async function* keptOf(history: StoryRooms['history'], { campaignId, startedAt }: Attempt) {
  const about = { campaignId, of: 'calls', from: startedAt - RUN_UP_MS, until: startedAt + RUN_UP_MS } as const;
  let after: JournalEvent | null = null;
  for (;;) {
    const page: Awaited<ReturnType<History['evidence']>> = await history.evidence({ ...about, after, limit: PAGE });
    for (const { event } of page) yield event;
    after = page.at(-1)?.event ?? null;
    if (page.length < PAGE) return;
  }
}
