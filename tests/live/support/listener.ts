import type { JournalEvent } from '../../../src/call/journal.ts';
import type { Caller } from './caller.ts';
import { type Ear, openEar } from './ear.ts';
import type { House } from './house.ts';
import { callOf } from './journal.ts';

type Left = Extract<JournalEvent, { type: 'flow.node.left' }>;

/** Somebody on the line who listens and presses keys when it is time, with what the journal says of his call. */
export interface Listener extends Ear, Disposable {
  readonly caller: Caller;
  /** Waits until the call has come to this node, so many times in all. */
  readonly at: (node: string, times?: number) => Promise<void>;
  /** Waits until the call has left this node for the first time. */
  readonly left: (node: string) => Promise<Left>;
  /** Waits until the call has ended; answers the nodes that it came through. */
  readonly path: () => Promise<readonly string[]>;
  /** Everything that the journal says of this call, so far. */
  readonly facts: () => readonly JournalEvent[];
}

/** Calls this number; nobody else may call from the same one at that time. */
export async function listen({ call, journal }: House, to: string, from = '7001'): Promise<Listener> {
  const ear = await openEar();
  const since = journal.mark();
  const caller = await call({ to, from, earPort: ear.port });
  await caller.answered();
  const [arrived] = await journal.until('call.arrived', { since, fits: ({ data }) => data.ani === from });
  const id = callOf(arrived);
  const ofCall = (event: JournalEvent): boolean => callOf(event) === id;
  return {
    ...ear,
    caller,
    at: async (node, times = 1) => {
      const fits = (event: Extract<JournalEvent, { type: 'flow.node.entered' }>) =>
        ofCall(event) && event.data.node === node;
      await journal.until('flow.node.entered', { since, times, fits });
    },
    left: async (node) => {
      const [event] = await journal.until('flow.node.left', {
        since,
        fits: (left) => ofCall(left) && left.data.node === node,
      });
      return event;
    },
    path: async () => {
      await journal.until('call.ended', { since, fits: ofCall });
      return journal
        .of('flow.node.entered', since)
        .filter(ofCall)
        .map(({ data }) => data.node);
    },
    facts: () => journal.all(since).filter(ofCall),
    [Symbol.dispose]: ear.close,
  };
}
