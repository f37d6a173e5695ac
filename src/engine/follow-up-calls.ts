import type { AgentId, Language, QueueName } from '../call/ids.ts';
import { e164Of } from '../call/number.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { FollowUpDesk } from './follow-up-desk.ts';
import type { CallBackLaw } from './follow-up-law.ts';
import type { CallbackDesk } from './ports/callback-desk.ts';
import type { CalledFollowUp, FollowUpCalls } from './ports/follow-up-calls.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { Asker, SeenFollowUp } from './ports/follow-ups.ts';
import type { History } from './ports/history.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';

interface Rooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly followUps: Pick<FollowUpDesk, 'one' | 'change'>;
  readonly flows: Pick<FlowStore, 'callback'>;
  readonly law: Pick<CallBackLaw, 'hindrance'>;
  readonly callbacks: Pick<CallbackDesk, 'requestCallback'>;
  readonly history: Pick<History, 'callRecord'>;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  /** The queues that an agent serves; null: there is no such agent. */
  readonly queuesOf: (agent: AgentId) => readonly QueueName[] | null;
  readonly country: string | null;
}

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** Somebody is at the desk who wants to talk now: longer than a shift it is nobody's wish any more. */
const WANTED_FOR_MS = 4 * 3_600_000;
const LANGUAGE: Language = 'en';

/**
 * Brings the owner of a follow-up together with its caller, as a callback does: the agent's phone rings first, then the caller's.
 * It is a callback of that queue, to the agent himself where he owns it, and is held to all that callbacks are.
 */
export class EngineFollowUpCalls implements FollowUpCalls {
  readonly #rooms: Rooms;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  async call(id: string, wish: { readonly queue: QueueName | null }, by: Asker): Promise<Answer<CalledFollowUp>> {
    const found = await this.#rooms.followUps.one(id, by);
    if (!found.ok) return found;
    const { followUp } = found.value;
    if (followUp.state === 'closed') return no('conflict', `Follow-up ${id} is closed; open it again first.`);
    const number = followUp.ani;
    if (number === null) return no('invalid', `Follow-up ${id} names no number that could be called.`);
    const under = followUp.calling === null ? null : await this.#rooms.flows.callback(followUp.calling);
    if (under?.state === 'waiting')
      return { ok: true, value: { callbackId: under.id, queue: under.queue, dueBy: under.dueBy } };
    const hindrance = await this.#rooms.law.hindrance(followUp, e164Of(number, this.#rooms.country) ?? number);
    if (hindrance !== null) return no('invalid', hindrance);
    const queue = this.#queue(followUp, wish.queue);
    return queue.ok ? this.#promise(followUp, { number, queue: queue.value }, by) : queue;
  }

  async #promise(
    followUp: SeenFollowUp,
    { number, queue }: { readonly number: string; readonly queue: QueueProfile },
    by: Asker,
  ): Promise<Answer<CalledFollowUp>> {
    const { clock, callbacks, history, followUps, country } = this.#rooms;
    const { id, owner, callId, priority } = followUp;
    const record = callId === null ? null : await history.callRecord(callId);
    const now = clock.now();
    // Of two who ask at once both get the one call: asking is written into its history, so that later it is another.
    const callbackId = `callback-${id}-${followUp.seq}`;
    const promised = await callbacks.requestCallback({
      id: callbackId,
      callId: callId ?? id,
      queue: queue.name,
      number,
      language: record?.language ?? LANGUAGE,
      dueBy: now + WANTED_FOR_MS,
      notBefore: 0,
      keepPlaceFrom: now,
      priority,
      line: record === null || record.direction === 'outbound' ? null : e164Of(record.dnis, country),
      ...(owner.kind === 'agent' && { prefer: owner.id }),
    });
    if (!promised.ok) return promised;
    const { id: kept, dueBy, queue: name } = promised.value;
    const data = { followUpId: id, callbackId: kept, queue: name, by: by.agentId ?? by.name };
    await followUps.change(id, ({ calling }) => (calling === kept ? [] : [{ type: 'followup.called', data }]));
    return { ok: true, value: { callbackId: kept, queue: name, dueBy } };
  }

  /** The one that is asked for; of an agent his first; of a team or department the one of its name. */
  #queue({ owner }: SeenFollowUp, asked: QueueName | null): Answer<QueueProfile> {
    const { queues, queuesOf } = this.#rooms;
    const own = owner.kind === 'agent' ? queuesOf(owner.id)?.[0] : owner.id;
    const name = asked ?? own ?? '';
    const queue = queues().get(name);
    if (!queue) {
      const what = name === '' ? `Agent ${owner.id} serves no queue.` : `There is no queue ${name}.`;
      return no('invalid', `${what} Say by which queue it is called: {"queue":"…"}.`);
    }
    if (owner.kind === 'agent' && !queuesOf(owner.id)?.includes(name))
      return no('invalid', `Agent ${owner.id} does not serve queue ${name}.`);
    return { ok: true, value: queue };
  }
}
