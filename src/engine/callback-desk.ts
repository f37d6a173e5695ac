import type { Callbacks } from './callbacks.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
import type { CallbackQuery, CallbackRequest, FlowStore } from './ports/flow-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly flows: Pick<FlowStore, 'callback' | 'callbacks' | 'changeCallback' | 'closeCallback'>;
  readonly callbacks: Pick<Callbacks, 'drop' | 'tell' | 'kick'>;
}

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** The outside's part in promised callbacks: the store is changed, and who has one in hand lets go of it. */
export class EngineCallbackDesk implements CallbackDesk {
  readonly #rooms: DeskRooms;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  callbacks(query: CallbackQuery): Promise<readonly CallbackRequest[]> {
    return this.#rooms.flows.callbacks(query);
  }

  async changeCallback(
    id: string,
    change: Partial<Pick<CallbackRequest, 'dueBy' | 'notBefore'>>,
    by: string,
  ): Promise<Answer<CallbackRequest>> {
    const { flows, callbacks, clock } = this.#rooms;
    const before = await flows.callback(id);
    if (!before) return no('not-found', `There is no callback ${id}.`);
    const { dueBy, notBefore } = { ...before, ...change };
    if (dueBy <= Math.max(notBefore, clock.now())) return no('invalid', 'It would be over before it could be made.');
    const changed = await flows.changeCallback(id, change);
    if (!changed) return no('conflict', `Callback ${id} waits no more: it is ${before.state}.`);
    // Whoever has it in hand has its old times; it is taken up again with the new ones.
    callbacks.drop(id, 'put-off');
    callbacks.kick();
    const data = { callbackId: id, queue: changed.queue, dueBy, notBefore, by };
    await callbacks.tell(id, { type: 'callback.changed', data });
    return { ok: true, value: changed };
  }

  async cancelCallback(id: string, by: string): Promise<Answer> {
    const { flows, callbacks, clock } = this.#rooms;
    const callback = await flows.callback(id);
    if (!callback) return no('not-found', `There is no callback ${id}.`);
    if (!(await flows.closeCallback(id, 'cancelled', clock.now(), by))) {
      return no('conflict', `Callback ${id} waits no more.`);
    }
    callbacks.drop(id, 'gone');
    await callbacks.tell(id, { type: 'callback.cancelled', data: { callbackId: id, queue: callback.queue, by } });
    return { ok: true, value: undefined };
  }
}
