import type { EpochMs, QueueName } from '../../call/ids.ts';
import type { Asker } from './follow-ups.ts';
import type { Answer } from './service.ts';

/** The callback by which a follow-up's owner and its caller are brought together. */
export interface CalledFollowUp {
  readonly callbackId: string;
  readonly queue: QueueName;
  readonly dueBy: EpochMs;
}

/** Calls the owner of a follow-up with its caller. */
export interface FollowUpCalls {
  /** `queue` null: of an agent his first, of a team or department the one of its name. */
  call(id: string, wish: { readonly queue: QueueName | null }, by: Asker): Promise<Answer<CalledFollowUp>>;
}
