import type { CallbackDesk } from '../../src/engine/ports/callback-desk.ts';
import type { CallbackRequest } from '../../src/engine/ports/flow-store.ts';

const PROMISE: CallbackRequest = {
  id: 'call-1-r3',
  callId: 'call-1',
  queue: 'support',
  number: '+358501112223',
  language: 'fi',
  requestedAt: 2_000,
  dueBy: 9_000,
  notBefore: 0,
  keepPlaceFrom: 1_000,
  require: [{ skill: 'lang:fi', level: 3 }],
  relax: [],
  priority: 300,
  line: '+358401234567',
  state: 'waiting',
  tries: 0,
  closedAt: null,
  closedBy: null,
};

/** One callback that waits; whatever it is asked is noted. */
export class FakeCallbackDesk implements CallbackDesk {
  readonly asked: unknown[] = [];

  callbacks: CallbackDesk['callbacks'] = async (query) => {
    this.asked.push(query);
    return (query.state ?? 'waiting') === 'waiting' ? [PROMISE] : [];
  };

  requestCallback: CallbackDesk['requestCallback'] = async (wish) => {
    this.asked.push(wish);
    if (wish.queue !== 'support') return { ok: false, why: 'invalid', sentence: `There is no queue ${wish.queue}.` };
    return { ok: true, value: { ...PROMISE, ...wish, requestedAt: 1_000, state: 'waiting' } };
  };

  changeCallback: CallbackDesk['changeCallback'] = async (id, change, by) => {
    this.asked.push([id, change, by]);
    if (id !== PROMISE.id) return { ok: false, why: 'not-found', sentence: `There is no callback ${id}.` };
    if (change.dueBy === 1) return { ok: false, why: 'invalid', sentence: 'It would be over before it could be made.' };
    return { ok: true, value: { ...PROMISE, ...change } };
  };

  cancelCallback: CallbackDesk['cancelCallback'] = async (id, by) => {
    this.asked.push([id, by]);
    if (id === PROMISE.id) return { ok: true, value: undefined };
    if (id === 'call-1-r4') return { ok: false, why: 'conflict', sentence: `Callback ${id} waits no more.` };
    return { ok: false, why: 'not-found', sentence: `There is no callback ${id}.` };
  };
}
