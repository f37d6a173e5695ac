import type { CallbackQuery, CallbackRequest } from './flow-store.ts';
import type { Answer } from './service.ts';

/** A callback that somebody outside promises. */
export interface CallbackWish
  extends Pick<CallbackRequest, 'id' | 'queue' | 'number' | 'language' | 'dueBy' | 'notBefore' | 'priority'>,
    Partial<Pick<CallbackRequest, 'callId' | 'keepPlaceFrom' | 'line' | 'prefer'>> {}

/** What people and programs outside do with promised callbacks. `by`: who says so. */
export interface CallbackDesk {
  /** The soonest due first. */
  callbacks(query: CallbackQuery): Promise<readonly CallbackRequest[]>;
  /**
   * One that waits for that number in that queue already is answered instead. Refused: `invalid` (no number that may be called, no
   * such queue or time), `conflict` (the queue owes as many as it may).
   */
  requestCallback(wish: CallbackWish): Promise<Answer<CallbackRequest>>;
  /** Refused: `not-found`, `conflict` (it waits no more), `invalid` (it would begin after it is over). */
  changeCallback(
    id: string,
    change: Partial<Pick<CallbackRequest, 'dueBy' | 'notBefore'>>,
    by: string,
  ): Promise<Answer<CallbackRequest>>;
  /** Nobody is rung for it any more; those who talk already talk on. */
  cancelCallback(id: string, by: string): Promise<Answer>;
}
