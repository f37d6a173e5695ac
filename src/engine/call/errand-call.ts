import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { Language } from '../../call/ids.ts';
import type { QueueRequest } from '../../call/routing.ts';
import type { Errand } from './errand-state.ts';
import { type CallState, inboundCall } from './state.ts';

interface Taken {
  readonly id: string;
  readonly legId: string;
  readonly language: Language;
  readonly errand: Errand;
  readonly request: QueueRequest;
  /** Since when it waits, which is its place. */
  readonly since: EpochMs;
  /** Rung before anybody else while he is there, until then. */
  readonly prefer?: { readonly agentId: AgentId; readonly until: EpochMs };
}

/** A call that takes an errand in hand. It waits for an agent with nobody on the line; the customer's leg is yet to be dialled. */
export function errandCall({ errand, request, since, prefer, ...about }: Taken, now: EpochMs): CallState {
  const { callerId, number, trunk } = errand;
  const call = inboundCall({ ...about, ani: callerId, dnis: number ?? '', source: trunk ?? '' }, now);
  return {
    ...call,
    phase: 'promised',
    direction: 'outbound',
    legs: call.legs.map((leg) => ({ ...leg, planned: true })),
    errand,
    visit: { request, enqueuedAt: since, treatment: null, position: 0, ...(prefer && { prefer }) },
    record: { ...call.record, queue: request.queue },
  };
}
