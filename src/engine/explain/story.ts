import type { JournalEvent } from '../../call/journal.ts';
import type { ExplainLine } from '../ports/explain.ts';
import { asked, lasting, reasons } from './words.ts';

type Of<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];
type Tellers = { readonly [T in JournalEvent['type']]?: (data: Of<T>) => string | null };

const credit = (priority: number) => (priority === 0 ? '' : `, with ${Math.round(priority)} s of credit`);

/** What of a call's facts matters to who asks where it waited and who took it. */
const TELLERS: Tellers = {
  'call.arrived': ({ direction, ani, dnis }) =>
    direction === 'inbound' ? `Came from ${ani ?? 'a withheld number'} to ${dnis}.` : `Was dialled to ${dnis}.`,
  'call.rejected': ({ reason }) => `Was refused: ${reason}.`,
  'call.queued': ({ queue, require, priority, again }) =>
    `Joined queue ${queue}${again ? ` (${again})` : ''}, asking for ${asked(require)}${credit(priority)}.`,
  'call.place.kept': ({ because, waitedMs }) => `Took up an earlier place (${because}), ${lasting(waitedMs)} old.`,
  'call.position.announced': ({ position }) => `Heard that it was number ${position}.`,
  'call.offer.failed': ({ agentId, verdict, rangMs }) =>
    `${agentId} did not take it: ${verdict} after ${lasting(rangMs)}. It kept its place.`,
  'call.connected': ({ agentId, waitedMs, rangMs }) =>
    `${agentId} answered after ${lasting(waitedMs)} of waiting, of which the phone rang ${lasting(rangMs)}.`,
  'call.abandoned': ({ waitedMs }) => `The caller gave up after ${lasting(waitedMs)}.`,
  'call.queue.left': ({ queue, outcome, waitedMs }) => `Left queue ${queue} (${outcome}) after ${lasting(waitedMs)}.`,
  'call.disconnected': ({ agentId, talkedMs, by }) =>
    `The talk with ${agentId} ended by ${by} after ${lasting(talkedMs)}.`,
  'call.transferred': ({ to, outcome, from }) => `Was transferred${from ? ` by ${from}` : ''} to ${to}: ${outcome}.`,
  'call.returned': ({ to, agentId, queue }) => `Came back to ${agentId ?? queue ?? to}.`,
  'call.moved': ({ by, from, to }) => `${by} moved it from ${from} to ${to}.`,
  'call.raised': ({ by, priority, previous }) => `${by} changed its credit from ${previous} s to ${priority} s.`,
  'call.parked': ({ agentId, slot }) => `${agentId} parked it in slot ${slot}.`,
  'call.unparked': ({ outcome, parkedMs }) => `Left its slot (${outcome}) after ${lasting(parkedMs)}.`,
  'call.taken-over': ({ by, from }) => `${by} took it over from ${from}.`,
  'callback.requested': ({ queue, keepPlace }) =>
    `Was promised a callback in ${queue}${keepPlace ? ', keeping its place' : ''}.`,
  'call.ended': ({ verdict, durationMs }) => `Ended (${verdict}) after ${lasting(durationMs)}.`,
};

/** The facts of one call as sentences, in their order; those nobody asks about are left out. */
export function storyOf(events: readonly JournalEvent[]): readonly ExplainLine[] {
  return events.flatMap((event): readonly ExplainLine[] => {
    const { at } = event;
    if (event.type === 'call.assigned') {
      const { agentIds } = event.data;
      return [{ at, text: `Offered to ${agentIds.join(', ')}.`, details: reasons(event.data) }];
    }
    const tell = TELLERS[event.type] as ((data: unknown) => string | null) | undefined;
    const text = tell?.(event.data) ?? null;
    return text === null ? [] : [{ at, text, details: [] }];
  });
}
