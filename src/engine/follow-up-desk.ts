import { createHash } from 'node:crypto';
import type { AgentId, QueueName } from '../call/ids.ts';
import type { WorkFact } from '../call/work-facts.ts';
import { applyFollowUp, numbered } from '../work/follow-up.ts';
import { callEnd } from '../work/follow-up-call.ts';
import { CALLBACK, createFollowUp, decideFollowUp, type FollowUpDecision } from '../work/follow-up-decide.ts';
import { dueFact, wakeAt } from '../work/follow-up-due.ts';
import { type FollowUpRules, ownersOf, sameOwner } from '../work/follow-up-rules.ts';
import { callbackBacklog, listCallbacks, seenCallback } from './follow-up-callbacks.ts';
import type {
  AnyOwner,
  Asker,
  Backlog,
  FollowUp,
  FollowUpCommand,
  FollowUpEvent,
  FollowUps,
  FollowUpsAsked,
  FollowUpStore,
  FollowUpStory,
  FollowUpWish,
  Plan,
  SeenFollowUp,
} from './ports/follow-ups.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

export interface FollowUpDeskRooms {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly followUps: FollowUpStore;
  readonly flows: Pick<FlowStore, 'callbacks' | 'callback'>;
  readonly recorder: Pick<Recorder, 'tell'>;
  /** Of the release that runs now, also for what was promised under another. */
  readonly rules: () => FollowUpRules;
  /** The queues that an agent serves; null: there is no such agent. */
  readonly queuesOf: (agent: AgentId) => readonly QueueName[] | null;
}

/** So often a change is tried when others change the same. */
const TRIES = 5;

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;
const missing = (id: string) => no('not-found', `There is no follow-up ${id}.`);
const nameOf = ({ name, agentId }: Asker) => agentId ?? name;

/**
 * Promises to those inside and outside: they are written down with the facts that made them so, then the facts are told. What could
 * not be told now is told by whoever looks after follow-ups.
 */
export class FollowUpDesk implements FollowUps {
  readonly #rooms: FollowUpDeskRooms;
  /** The name of the rules that was worked out last. */
  #named: { readonly rules: FollowUpRules; readonly name: string } | null = null;

  constructor(rooms: FollowUpDeskRooms) {
    this.#rooms = rooms;
  }

  async create(wish: FollowUpWish, by: Asker, id = this.#rooms.ids.next('follow-up')): Promise<Answer<FollowUp>> {
    const { clock, followUps } = this.#rooms;
    const now = clock.now();
    const decision = createFollowUp(id, wish, nameOf(by), this.#owners(), now);
    if (!decision.ok) return decision;
    const { followUp, events } = after(id, null, decision.facts, now);
    if (!followUp) return missing(id);
    if (!(await followUps.add(followUp, events, this.#planOf(followUp)))) {
      const known = await followUps.one(id);
      return known ? { ok: true, value: known } : missing(id);
    }
    await this.tell(id);
    return { ok: true, value: followUp };
  }

  async command(id: string, command: FollowUpCommand, by: Asker): Promise<Answer<FollowUp>> {
    const { clock, flows } = this.#rooms;
    for (let i = 0; i < TRIES; i += 1) {
      const now = clock.now();
      const followUp = await this.#seenBy(id, by);
      if (!followUp && by.agentId === null && (await flows.callback(id))) return no('conflict', elsewhere(id));
      if (!followUp) return missing(id);
      const decision = decideFollowUp(followUp, command, nameOf(by), this.#owners(), now);
      if (!decision.ok) return decision;
      const saved = await this.#save(followUp, decision, now);
      if (saved) return { ok: true, value: saved };
    }
    return no('conflict', `Others are changing follow-up ${id}. Look at it, and ask again.`);
  }

  async one(id: string, by: Asker): Promise<Answer<FollowUpStory>> {
    const { followUps, flows } = this.#rooms;
    const followUp = await this.#seenBy(id, by);
    if (followUp) return { ok: true, value: { followUp, history: await followUps.history(id) } };
    const callback = await flows.callback(id);
    if (!callback || !this.#serves(callback.queue, by)) return missing(id);
    return { ok: true, value: { followUp: seenCallback(callback), history: [] } };
  }

  async list(asked: FollowUpsAsked, by: Asker): Promise<readonly SeenFollowUp[]> {
    const { followUps, flows } = this.#rooms;
    const { owner, ...query } = asked;
    if (owner?.kind === 'queue') return this.#serves(owner.id, by) ? listCallbacks(flows, owner.id, query) : [];
    if (query.kind === CALLBACK) return by.agentId === null && !owner ? listCallbacks(flows, null, query) : [];
    const mine = this.#mine(by);
    if (!owner) return followUps.list({ ...query, ...(mine && { owners: mine }) });
    if (mine && !mine.some((each) => sameOwner(each, owner))) return [];
    return followUps.list({ ...query, owners: [owner] });
  }

  async queues(by: Asker): Promise<readonly Backlog<AnyOwner>[]> {
    const { followUps, flows, clock } = this.#rooms;
    const now = clock.now();
    const mine = this.#mine(by);
    const own = (await followUps.backlog(now)).filter(
      ({ owner }) => !mine || mine.some((one) => sameOwner(one, owner)),
    );
    const promised = (await callbackBacklog(flows, now)).filter(({ owner }) => this.#serves(owner.id, by));
    return [...own, ...promised].sort((a, b) => a.oldestAt - b.oldestAt);
  }

  /** A name of the rules in force, by which it is known which follow-ups were reckoned by others. */
  get rulesName(): string {
    const rules = this.#rooms.rules();
    if (this.#named?.rules !== rules) this.#named = { rules, name: nameOfRules(rules) };
    return this.#named.name;
  }

  /** Tells what has come of one that is open, all of it, and reckons when to look again. */
  async wake(followUp: FollowUp): Promise<void> {
    const now = this.#rooms.clock.now();
    const rules = this.#rooms.rules();
    const callback = followUp.calling === null ? null : await this.#rooms.flows.callback(followUp.calling);
    const facts: WorkFact[] = [...callEnd(followUp, callback)];
    let seen = after(followUp.id, followUp, facts, now).followUp ?? followUp;
    for (let fact = dueFact(seen, rules, now); fact; fact = dueFact(seen, rules, now)) {
      facts.push(fact);
      seen = after(followUp.id, seen, [fact], now).followUp ?? seen;
    }
    await this.#save(followUp, { ok: true, facts }, now);
  }

  /** Writes down what came of one, by what it is now; null: there is none. @throws when others change it all the time */
  async change(id: string, factsOf: (followUp: FollowUp) => readonly WorkFact[]): Promise<FollowUp | null> {
    const { clock, followUps } = this.#rooms;
    for (let i = 0; i < TRIES; i += 1) {
      const followUp = await followUps.one(id);
      const facts = followUp ? factsOf(followUp) : [];
      if (!followUp || facts.length === 0) return followUp;
      const saved = await this.#save(followUp, { ok: true, facts }, clock.now());
      if (saved) return saved;
    }
    throw new Error(`others are changing follow-up ${id}`);
  }

  /** Tells what nobody has told yet; what fails is left to the next one. Told twice it has the same number. */
  async tell(id: string): Promise<void> {
    const { followUps, live, recorder, log } = this.#rooms;
    try {
      const events = await followUps.untold(id);
      const last = events.at(-1);
      if (!last) return;
      await live.append(events);
      recorder.tell(events);
      await followUps.told(id, last.seq);
    } catch (error) {
      log.warn({ err: error, followUpId: id }, 'news of a follow-up is told later: a store is away');
    }
  }

  /** Null: somebody else changed it meanwhile, and nothing was written. */
  async #save(before: FollowUp, decision: FollowUpDecision & { ok: true }, now: number): Promise<FollowUp | null> {
    const { followUp, events } = after(before.id, before, decision.facts, now);
    if (!followUp) return null;
    if (!(await this.#rooms.followUps.save(followUp, before.seq, events, this.#planOf(followUp)))) return null;
    if (events.length > 0) await this.tell(before.id);
    return followUp;
  }

  #planOf(followUp: FollowUp): Plan {
    const { rules, clock } = this.#rooms;
    return { wakeAt: wakeAt(followUp, rules(), clock.now()), rules: this.rulesName };
  }

  #owners() {
    const { rules, queuesOf } = this.#rooms;
    return { rules: rules(), isAgent: (id: string) => queuesOf(id) !== null };
  }

  /** Null: everything is shown. */
  #mine({ agentId }: Asker) {
    return agentId === null ? null : ownersOf(agentId, this.#rooms.rules());
  }

  #serves(queue: QueueName, { agentId }: Asker): boolean {
    return agentId === null || (this.#rooms.queuesOf(agentId)?.includes(queue) ?? false);
  }

  async #seenBy(id: string, by: Asker): Promise<FollowUp | null> {
    const followUp = await this.#rooms.followUps.one(id);
    const mine = this.#mine(by);
    if (!followUp || !mine) return followUp;
    return mine.some((owner) => sameOwner(owner, followUp.owner)) ? followUp : null;
  }
}

const elsewhere = (id: string) =>
  `${id} is a callback: change it with PATCH /v1/callbacks/${id}, or call it off with DELETE.`;

interface After {
  readonly followUp: FollowUp | null;
  readonly events: readonly FollowUpEvent[];
}

function after(id: string, before: FollowUp | null, facts: readonly WorkFact[], now: number): After {
  const events = numbered(id, facts, before?.seq ?? 0, now);
  return { events, followUp: events.reduce(applyFollowUp, before) };
}

function nameOfRules({ teams, departments, usual }: FollowUpRules): string {
  const text = JSON.stringify([[...teams], [...departments], usual]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
