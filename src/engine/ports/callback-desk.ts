import type { CallbackQuery, CallbackRequest } from './flow-store.ts';
import type { Answer } from './service.ts';

/** What people and programs outside do with promised callbacks. `by`: who says so. */
export interface CallbackDesk {
  /** The soonest due first. */
  callbacks(query: CallbackQuery): Promise<readonly CallbackRequest[]>;
  /** Refused: `not-found`, `conflict` (it waits no more), `invalid` (it would begin after it is over). */
  changeCallback(
    id: string,
    change: Partial<Pick<CallbackRequest, 'dueBy' | 'notBefore'>>,
    by: string,
  ): Promise<Answer<CallbackRequest>>;
  /** Nobody is rung for it any more; those who talk already talk on. */
  cancelCallback(id: string, by: string): Promise<Answer>;
}
