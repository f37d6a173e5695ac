import type { AgentId, CallId } from '../call/ids.ts';
import { e164Of } from '../call/number.ts';
import { suggest } from '../ivr/problem.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { Reserved } from './call/reach-agent.ts';
import type { TalkTarget } from './call/talk-state.ts';
import type { TalkInput, TalkVerb } from './call/talk-verbs.ts';
import type { CallTrunks } from './call-trunks.ts';
import type { CallSession } from './call-session.ts';
import type { Answer } from './ports/service.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { TalkDesk, TalkWish, WatchWish, Whom } from './ports/talk.ts';
import type { Switchboard } from './switchboard.ts';
import { noPhone, sitsAt } from './seats.ts';
import { type FlowVariables, parkedView, talkView } from './talk-view.ts';

interface TalkRooms {
  readonly desk: AgentDesk;
  readonly board: Pick<Switchboard, 'find' | 'all'>;
  readonly trunks: Pick<CallTrunks, 'viaOf'>;
  readonly switchPort: Pick<SwitchPort, 'knowsPhone'>;
  /** ISO 3166 country of numbers written without `+`; null refuses them. */
  readonly country: string | null;
  readonly flows: (release: string) => FlowVariables;
  /** Of all releases in use. */
  readonly queues: () => ReadonlyMap<string, unknown>;
}

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;
type No = ReturnType<typeof no>;
const DONE = { ok: true, value: undefined } as const;

/** A reservation outlives the ring for which it is made. */
const SUMMONED_MS = 45_000;
/** A call holds no more agents than this. */
const MOST_AGENTS = 10;
const SLOTS = { first: 701, last: 799 } as const;

/** What agents and supervisors ask of calls: names are looked up here, and the call itself decides. */
export class EngineTalkDesk implements TalkDesk {
  readonly #rooms: TalkRooms;
  /** Places that were given out and may not stand in a call's state yet. */
  readonly #given = new Map<string, CallId>();

  constructor(rooms: TalkRooms) {
    this.#rooms = rooms;
  }

  async act(id: AgentId, wish: TalkWish): Promise<ReturnType<TalkDesk['view']>> {
    if (!this.#rooms.desk.find(id)) return no('not-found', `There is no agent ${id}.`);
    const session = this.#callOf(id) ?? this.#leftLast(id, wish);
    if (!session) return no('conflict', `Agent ${id} is in no call.`);
    const verb = await this.#verb(wish, session.id);
    if ('ok' in verb) return verb;
    const answer = await this.#ask(session, { type: 'talk', by: { kind: 'agent', agentId: id }, verb });
    return answer.ok ? this.view(id) : answer;
  }

  async supervise(callId: CallId, name: string, wish: WatchWish): Promise<Answer> {
    const session = this.#rooms.board.find(callId);
    if (!session) return no('not-found', `There is no call ${callId} under way.`);
    const by = { kind: 'supervisor', name } as const;
    const noQueue = wish.type === 'move' ? this.#noQueue(wish.queue) : null;
    if (noQueue) return noQueue;
    if (wish.type !== 'monitor') return this.#ask(session, { type: 'talk', by, verb: wish });
    const agentId = this.#agentAt(wish.phone);
    const to =
      agentId === null ? ({ kind: 'phone', phone: wish.phone } as const) : ({ kind: 'agent', agentId } as const);
    const input = { type: 'talk', by, verb: { type: 'monitor', mode: wish.mode, to } } as const;
    const isThere = session.state.guests.some((guest) => guest.supervisor && guest.by === name);
    const unknown = agentId === null && !isThere ? await noPhone(this.#rooms.switchPort, wish.phone) : null;
    if (unknown !== null) return no('invalid', unknown);
    if (agentId === null || isThere) return this.#ask(session, input);
    const summoned = await this.#summon(agentId, session);
    return 'ok' in summoned ? summoned : this.#ask(session, { ...input, summoned });
  }

  async pickUp(id: AgentId, slot: string): Promise<Answer<{ callId: CallId }>> {
    if (!this.#rooms.desk.find(id)) return no('not-found', `There is no agent ${id}.`);
    const session = this.#rooms.board.all().find(({ state }) => state.parked?.slot === slot);
    if (!session) return no('not-found', `Nobody is parked at ${slot}.`);
    const callId = session.id;
    if (this.#callOf(id)?.id === callId) return { ok: true, value: { callId } };
    const summoned = await this.#summon(id, session);
    if ('ok' in summoned) return summoned;
    const by = { kind: 'agent', agentId: id } as const;
    const answer = await this.#ask(session, { type: 'talk', by, verb: { type: 'pick-up' }, summoned });
    return answer.ok ? { ok: true, value: { callId } } : answer;
  }

  parked(): ReturnType<TalkDesk['parked']> {
    return this.#rooms.board.all().flatMap(({ state }) => parkedView(state) ?? []);
  }

  view(id: AgentId): ReturnType<TalkDesk['view']> {
    if (!this.#rooms.desk.find(id)) return no('not-found', `There is no agent ${id}.`);
    const session = this.#callOf(id);
    const value = session ? talkView(session.state, id, this.#rooms.flows(session.state.release)) : null;
    return { ok: true, value };
  }

  async #ask(session: CallSession, input: TalkInput): Promise<Answer> {
    const refusal = await session.ask(input);
    return refusal === null ? DONE : no('conflict', refusal);
  }

  #callOf(id: AgentId): CallSession | undefined {
    const callId = this.#rooms.desk.find(id)?.live.callId ?? null;
    return callId === null ? undefined : this.#rooms.board.find(callId);
  }

  /** He has left it by the very thing that he asks for once more; the call says that it is done. */
  #leftLast(id: AgentId, { type }: TalkWish): CallSession | undefined {
    if (type !== 'transfer' && type !== 'complete' && type !== 'park') return undefined;
    return this.#rooms.board.all().find(({ state }) => state.handed?.from === id);
  }

  async #summon(agentId: AgentId, { id: callId, state: { node } }: CallSession): Promise<Reserved | No> {
    const seat = this.#rooms.desk.find(agentId)?.live.seat;
    if (seat?.kind === 'line' && seat.node !== node)
      return no('conflict', `Agent ${agentId} has a line on another switch than this call; log in there without one.`);
    const terms = { most: MOST_AGENTS, summoned: true };
    const held = await this.#rooms.desk.reserve(agentId, callId, SUMMONED_MS, terms).catch(() => 'away' as const);
    if (held === 'away')
      return no('conflict', `Agent ${agentId} cannot be rung now: the live store is away; try again.`);
    if (held) return { agentId, reach: held.reach, fence: held.fence };
    const live = this.#rooms.desk.find(agentId)?.live;
    if (live?.status === 'logged-out')
      return no('conflict', `Agent ${agentId} is logged out, and is rung for nothing.`);
    const state = live?.state ?? 'unknown';
    return no('conflict', `Agent ${agentId} cannot be rung now: the agent is ${state}.`);
  }

  #ownerOf(phone: string): AgentId | null {
    return this.#rooms.desk.all().find(({ profile }) => profile.phone === phone)?.profile.id ?? null;
  }

  /** Who sits at the phone now, be it his own or not; nobody's calls ring at a phone that its owner has left. */
  #agentAt(phone: string): AgentId | null {
    return this.#rooms.desk.all().find((agent) => sitsAt(agent, phone))?.profile.id ?? null;
  }

  async #verb(wish: TalkWish, callId: CallId): Promise<TalkVerb | No> {
    if (wish.type === 'park') return this.#slotFor(wish, callId);
    if (wish.type === 'hold' || wish.type === 'mute') return wish;
    if (!('to' in wish)) return wish;
    const to = await this.#target(wish.to);
    return 'ok' in to ? to : { ...wish, to };
  }

  #slotFor({ forMs, note }: Extract<TalkWish, { type: 'park' }>, callId: CallId): TalkVerb | No {
    for (const [slot, holder] of this.#given) if (!this.#rooms.board.find(holder)) this.#given.delete(slot);
    const taken = new Set([...this.parked().map(({ slot }) => slot), ...this.#given.keys()]);
    for (let number: number = SLOTS.first; number <= SLOTS.last; number += 1) {
      const slot = String(number);
      if (taken.has(slot) && this.#given.get(slot) !== callId) continue;
      this.#given.set(slot, callId);
      return { type: 'park', slot, forMs, note };
    }
    return no('conflict', `All places from ${SLOTS.first} to ${SLOTS.last} are taken by parked callers.`);
  }

  async #target(whom: Whom): Promise<TalkTarget | No> {
    if (whom.kind === 'agent') return this.#agentTarget(whom.agentId);
    if (whom.kind === 'queue') return this.#noQueue(whom.queue) ?? whom;
    if (whom.kind === 'phone') {
      const agentId = this.#agentAt(whom.phone) ?? this.#ownerOf(whom.phone);
      if (agentId !== null) return no('invalid', `Phone ${whom.phone} is agent ${agentId}'s; ask for the agent.`);
      const unknown = await noPhone(this.#rooms.switchPort, whom.phone);
      return unknown === null ? whom : no('invalid', unknown);
    }
    const { trunks, country } = this.#rooms;
    const number = e164Of(whom.number, country);
    if (number === null) return no('invalid', whyNoNumber(whom.number, country));
    const via = trunks.viaOf(whom.trunk);
    if (via === null) return no('invalid', `There is no trunk ${whom.trunk ?? ''} to dial by.`);
    return { kind: 'number', number, trunk: via.name };
  }

  #noQueue(queue: string): No | null {
    const queues = this.#rooms.queues();
    return queues.has(queue) ? null : no('invalid', `There is no queue ${queue}. ${suggest(queue, queues.keys())}`);
  }

  /** 404 is for who asks; whom he names is a part of what he asks, like a queue. */
  #agentTarget(agentId: AgentId): TalkTarget | No {
    const live = this.#rooms.desk.find(agentId)?.live;
    if (!live) return no('invalid', `There is no agent ${agentId}.`);
    if (live.status === 'logged-out') return no('conflict', `Agent ${agentId} is logged out.`);
    const reason = live.reason === null ? '' : ` (${live.reason})`;
    if (live.status === 'not-ready') return no('conflict', `Agent ${agentId} is not ready${reason}.`);
    return { kind: 'agent', agentId };
  }
}

function whyNoNumber(text: string, country: string | null): string {
  if (text.startsWith('+')) return 'No numbering plan has this number; look at its country code and count its digits.';
  return country === null
    ? 'This number does not say its country; write it with + and its country code.'
    : `This is no number of ${country}; write one of another country with + and its country code.`;
}
