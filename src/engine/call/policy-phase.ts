import type { EpochMs, QueueName } from '../../call/ids.ts';
import type { Draft } from './actions.ts';
import { leaveQueue, stopTreatment } from './queue-phase.ts';
import { customer } from './state.ts';
import { startTransfer } from './transfer-phase.ts';
import type { CallWorld } from './world.ts';

/** What the policy of its queue wants of a waiting call. */
export type PolicyOrder =
  /** From now on agents of these queues take it too; the call keeps its place in its own. */
  | { readonly do: 'help'; readonly also: readonly QueueName[] }
  /** Nobody who could take it is logged in. */
  | { readonly do: 'leave' }
  /** The queue closes and nobody will serve it today; perhaps somebody calls back. */
  | { readonly do: 'dismiss'; readonly callback: PromisedCallback | null }
  /** To another site, and back to its place when nobody answers there. */
  | { readonly do: 'send'; readonly number: string; readonly trunk: string };

interface PromisedCallback {
  readonly callbackId: string;
  readonly number: string;
  readonly dueBy: EpochMs;
}

/** The other site rings for so long. */
const SITE_RINGS_MS = 30_000;
/** Longer than what is said; the switch that never tells its end keeps nobody. */
const LONGEST_WORDS_MS = 30_000;
const DISMISSED = 'call:dismissed';

/** Nobody is thrown out, or sent away, for whom a phone rings: it may be answered yet. */
export function policyOrder(draft: Draft, order: PolicyOrder, world: CallWorld): void {
  const { visit, phase, offers } = draft.state;
  if (!visit) return undefined;
  if (order.do === 'help') return void draft.set({ visit: { ...visit, also: [...order.also] } });
  if (phase !== 'queued' || offers.length > 0) return undefined;
  if (order.do === 'leave') return leaveQueue(draft, 'noAgents');
  return order.do === 'dismiss' ? dismiss(draft, order.callback, world) : send(draft, order, world);
}

/** He is told before he leaves, in the language of his wait, where that has the words. */
function dismiss(draft: Draft, callback: PromisedCallback | null, world: CallWorld): void {
  const { visit, id } = draft.state;
  if (!visit) return undefined;
  // An agent sent him here, and has him again: he is told nothing, and nothing ends.
  if (visit.back !== undefined) return leaveQueue(draft, 'closed');
  const language = visit.treatment?.language ?? draft.state.language;
  const words = callback ? 'queue.closing.callback' : 'queue.closing';
  if (callback) {
    const keepPlace = true;
    draft.fact({ type: 'callback.requested', data: { ...callback, queue: visit.request.queue, keepPlace } });
  }
  leaveQueue(draft, 'closed');
  if (world.prompts.get(language)?.has(words) !== true) return undefined;
  draft.pending = null;
  const legId = customer(draft.state).id;
  const media = [{ kind: 'file' as const, path: `${language}/${words}` }];
  draft
    .set({ phase: 'dismissing' })
    .timer(DISMISSED, draft.now + LONGEST_WORDS_MS)
    .tell({ type: 'play', legId, playbackId: `${id}-closing`, media, language });
}

/** The words are over, or nobody will tell when they are: his flow goes on. */
export function dismissed(draft: Draft): void {
  if (draft.state.phase === 'dismissing')
    draft.timer(DISMISSED, null).resumeFlow({ type: 'queue.left', outcome: 'closed' });
}

function send(draft: Draft, { number, trunk }: Extract<PolicyOrder, { do: 'send' }>, world: CallWorld): void {
  const { visit, flow } = draft.state;
  const why = number.startsWith('+') ? world.outsideRefusal(number) : null;
  if (why !== null) {
    const at = { flow: flow?.flowId ?? '', node: flow?.nodeId ?? '' };
    return void draft.fact({ type: 'transfer.refused', data: { ...at, to: number, why } });
  }
  if (visit?.treatment && visit.treatment.phase !== 'over') {
    stopTreatment(draft);
    draft.tell({ type: 'music.stop', legId: customer(draft.state).id });
  }
  // The wait as it was, with its timers: for the books he waits on until somebody answers.
  draft.set({ away: visit, visit: null });
  startTransfer(draft, { kind: 'number', number, trunk }, SITE_RINGS_MS);
}
