import { z } from 'zod';
import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { JournalEvent } from '../call/journal.ts';
import type { CallRecord } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

/** What happened in so long is told to other processes in one message. */
const TELL_MS = 1_000;
/** Calls that talk at one time and are remembered; one whose end is never told is pushed out by later ones. */
const MOST_OPEN = 10_000;
/** What ended longer ago than anything is counted from. */
const FORGOTTEN_MS = 3_600_000;

/** How waits end. Who chose another way out (`left`) was not left unserved. */
const ENDS = ['answered', 'abandoned', 'unserved', 'left'] as const;
/** Outcomes of those whom the queue did not serve. */
const UNSERVED = new Set(['timeout', 'noAgents', 'closed']);

/** One thing that tells how fast work comes and goes; times by the clock of the process that saw it. */
export const workSchema = z.discriminatedUnion('what', [
  z.object({ what: z.literal('came'), queue: z.string(), at: z.number() }),
  z.object({ what: z.literal('waited'), queue: z.string(), how: z.enum(ENDS), ms: z.number(), at: z.number() }),
  /** Ring, talk and hold; wrap-up is yet to come. */
  z.object({ what: z.literal('talked'), queue: z.string(), agentId: z.string(), ms: z.number(), at: z.number() }),
  z.object({ what: z.literal('wrapped-up'), agentId: z.string(), ms: z.number(), at: z.number() }),
]);

export type Work = Readonly<z.output<typeof workSchema>>;

interface Talk {
  readonly queue: QueueName;
  readonly agentId: AgentId;
  readonly rangMs: number;
}

interface WorkRooms {
  readonly clock: Clock;
  /** What is done for anything else, as for campaigns, is counted nowhere. */
  readonly queues: () => ReadonlyMap<QueueName, unknown>;
  /** Counts it, wherever it was seen. */
  readonly count: (work: Work) => void;
  /** Tells other processes, at most once; they `hear` it. */
  readonly tell: (seen: readonly Work[]) => void;
}

/**
 * What all processes see of the work, for those who count it: each sees the calls that it serves, and tells the others once a
 * second what little of them is counted, so that nobody reads a journal a second time.
 */
export class WorkSeen {
  readonly #rooms: WorkRooms;
  readonly #open = new Map<CallId, Talk>();
  #untold: Work[] = [];
  #alarm: (() => void) | null = null;
  #stopped = false;

  constructor(rooms: WorkRooms) {
    this.#rooms = rooms;
  }

  /** The others are told now what they were not told yet, and nothing after that. */
  stop(): void {
    this.#stopped = true;
    this.#alarm?.();
    if (this.#untold.length > 0) this.#tell();
  }

  see(event: JournalEvent): void {
    const work = this.#workIn(event);
    if (!work || !this.#isOfQueues(work)) return;
    this.#rooms.count(work);
    if (this.#stopped) return;
    this.#untold.push(work);
    const { clock } = this.#rooms;
    this.#alarm ??= clock.at(clock.now() + TELL_MS, () => this.#tell());
  }

  hear(seen: readonly Work[]): void {
    for (const work of seen) if (this.#isOfQueues(work)) this.#rooms.count(work);
  }

  /** What calls tell that ended before this process began; give them before anything is seen or heard. */
  remember(records: readonly CallRecord[]): void {
    const since = this.#rooms.clock.now() - FORGOTTEN_MS;
    const recent = records.filter(({ endedAt, direction }) => direction === 'inbound' && endedAt > since);
    for (const record of recent.toSorted((a, b) => a.endedAt - b.endedAt)) this.hear(workOf(record));
  }

  #tell(): void {
    const seen = this.#untold;
    this.#untold = [];
    this.#alarm = null;
    this.#rooms.tell(seen);
  }

  #isOfQueues(work: Work): boolean {
    return work.what === 'wrapped-up' || this.#rooms.queues().has(work.queue);
  }

  #workIn(event: JournalEvent): Work | null {
    const { at, subject } = event;
    switch (event.type) {
      case 'call.queued':
        return event.data.again === undefined ? { what: 'came', queue: event.data.queue, at } : null;
      case 'call.connected':
        this.#begin(subject, event.data);
        return waitedIn(event);
      case 'call.abandoned':
      case 'call.queue.left':
        return waitedIn(event);
      case 'call.disconnected':
        return this.#end(subject, event.data.talkedMs + (event.data.heldMs ?? 0), at);
      case 'agent.state.changed':
        return event.data.previous === 'wrap-up' ? wrappedUp(event.data, at) : null;
      default:
        return null;
    }
  }

  #begin(call: CallId, { queue, agentId, rangMs }: Connected): void {
    this.#open.set(call, { queue, agentId, rangMs });
    if (this.#open.size > MOST_OPEN) this.#open.delete(this.#open.keys().next().value ?? '');
  }

  #end(call: CallId, talkedMs: number, at: EpochMs): Work | null {
    const talk = this.#open.get(call);
    if (!talk) return null;
    this.#open.delete(call);
    return { what: 'talked', queue: talk.queue, agentId: talk.agentId, ms: talk.rangMs + talkedMs, at };
  }
}

type Data<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];
type Connected = Data<'call.connected'>;

/** The wait in a queue that ended with this event; null: none did. */
export function waitedIn(event: JournalEvent): Extract<Work, { what: 'waited' }> | null {
  if (event.type !== 'call.connected' && event.type !== 'call.abandoned' && event.type !== 'call.queue.left')
    return null;
  const { queue, waitedMs: ms } = event.data;
  const waited = { what: 'waited', queue, ms, at: event.at } as const;
  if (event.type === 'call.abandoned') return { ...waited, how: 'abandoned' };
  // Who was rung back waited where he liked, and had nothing to give up.
  if (event.type === 'call.connected') return event.data.of === undefined ? { ...waited, how: 'answered' } : null;
  // Who was turned away at the door never waited.
  return ms === 0 ? null : { ...waited, how: UNSERVED.has(event.data.outcome) ? 'unserved' : 'left' };
}

const wrappedUp = ({ agentId, lastedMs: ms }: Data<'agent.state.changed'>, at: EpochMs): Work => ({
  what: 'wrapped-up',
  agentId,
  ms,
  at,
});

/**
 * A call is taken to have come when it ended: as many come as end, but for a rush, and of calls that have not ended there is
 * no record. Nor does it say whether who left was left unserved.
 */
function workOf({ queue, agentId, waitedMs, talkedMs, heldMs, outcome, endedAt: at }: CallRecord): readonly Work[] {
  if (queue === null) return [];
  const came = { what: 'came', queue, at } as const;
  const waited = { what: 'waited', queue, ms: waitedMs, at } as const;
  if (outcome === 'abandoned') return [came, { ...waited, how: 'abandoned' }];
  if (agentId === null || talkedMs === 0) return [came, { ...waited, how: 'left' }];
  const talked = { what: 'talked', queue, agentId, ms: talkedMs + heldMs, at } as const;
  return [came, { ...waited, how: 'answered' }, talked];
}
