import { type Destinations, judgeNumber } from '../call/destinations.ts';
import type { QueueName } from '../call/ids.ts';
import { e164Of } from '../call/number.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { Callbacks } from './callbacks.ts';
import type { CallbackDesk, CallbackWish } from './ports/callback-desk.ts';
import type { CallbackQuery, CallbackRequest, FlowStore } from './ports/flow-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly flows: Pick<FlowStore, 'callback' | 'callbacks' | 'changeCallback' | 'closeCallback' | 'requestCallback'>;
  readonly callbacks: Pick<Callbacks, 'drop' | 'tell' | 'kick' | 'promised'>;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly destinations: () => Destinations;
  /** Of numbers written without `+`. */
  readonly country: string | null;
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

  async requestCallback(wish: CallbackWish): Promise<Answer<CallbackRequest>> {
    const { flows, callbacks, clock, country } = this.#rooms;
    const now = clock.now();
    const number = e164Of(wish.number, country);
    if (number === null) return no('invalid', 'That is no number that could be called.');
    const verdict = judgeNumber(number, this.#rooms.destinations());
    if (verdict !== 'allowed')
      return no('invalid', `The number may not be called (${verdict}); see site/destinations.yaml.`);
    const queue = this.#rooms.queues().get(wish.queue);
    if (!queue) return no('invalid', `There is no queue ${wish.queue}.`);
    if (wish.dueBy <= Math.max(wish.notBefore, now)) return no('invalid', 'It would be over before it could be made.');
    const plain = { callId: wish.id, line: null, keepPlaceFrom: null, require: [], relax: [], requestedAt: now };
    const id = await flows.requestCallback({ ...plain, ...wish, number }, queue.maxWaiting);
    const kept = id === null ? null : await flows.callback(id);
    if (!kept) return no('conflict', `Queue ${queue.name} owes as many callbacks as it may.`);
    callbacks.promised();
    if (kept.id !== wish.id || kept.requestedAt !== now) return { ok: true, value: kept };
    const data = {
      callbackId: kept.id,
      queue: kept.queue,
      number,
      dueBy: kept.dueBy,
      keepPlace: kept.keepPlaceFrom !== null,
    };
    await callbacks.tell(kept.id, { type: 'callback.requested', data });
    return { ok: true, value: kept };
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
