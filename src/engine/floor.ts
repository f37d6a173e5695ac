import type { AgentEvent } from '../acd/agent.ts';
import type { AgentLive, AgentSeat } from '../acd/agent-live.ts';
import { type FloorRules, LINE_LOST } from '../acd/agent-rules.ts';
import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId, EpochMs } from '../call/ids.ts';
import { PLAIN_QUEUE, type AgentStatus, type QueueProfile } from '../call/routing.ts';
import type { DialTarget } from '../call/switch.ts';
import { suggest } from '../ivr/problem.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { OutsideRefusal } from './call/world.ts';
import type { EngineDispositionDesk } from './disposition-desk.ts';
import type { Lines } from './lines.ts';
import type { SwitchPort } from './ports/switch.ts';
import type { AgentChange, Floor, LogIn, Place } from './ports/floor.ts';
import type { AgentView, Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';
import { agentView } from './floor-view.ts';
import { unknownSkill } from './known-names.ts';
import { noPhone } from './seats.ts';
import type { Site } from './site.ts';

interface FloorRooms {
  readonly clock: Clock;
  readonly switchPort: Pick<SwitchPort, 'knowsPhone'>;
  readonly desk: AgentDesk;
  readonly lines: Lines;
  readonly rules: () => FloorRules;
  readonly queues: () => ReadonlyMap<string, QueueProfile>;
  readonly skills: () => Site['skills'];
  /** Trunks, and groups of them. */
  readonly trunks: { has(name: string): boolean };
  readonly outsideRefusal: (number: string) => OutsideRefusal | null;
  /** He is shown no lead of a campaign any more. */
  readonly leavesLead: (id: AgentId) => Promise<void>;
  /** What agents say of the calls of campaigns. */
  readonly campaigns: () => Pick<EngineDispositionDesk, 'names' | 'dispose' | 'ofCaller'>;
}

type Values = Readonly<Record<string, unknown>>;

const HOUR_MS = 3_600_000;
/** Lines outside that one agent may have rung within an hour: each costs, and all of the house share one cap. */
const MOST_LINES = 10;

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;
type No = ReturnType<typeof no>;

/** What agents do besides talking, and supervisors with them: judged here, moved at the desk. */
export class EngineFloor implements Floor {
  readonly #rooms: FloorRooms;
  /** One log-in after the other, so that no two agents of this process sit down at one phone. */
  #turn: Promise<unknown> = Promise.resolve();
  /** When agents had lines outside rung. */
  readonly #rungAt = new Map<AgentId, readonly EpochMs[]>();

  constructor(rooms: FloorRooms) {
    this.#rooms = rooms;
  }

  logIn(id: AgentId, wish: LogIn): Promise<Answer<AgentView>> {
    return this.#inTurn(() => this.#logIn(id, wish));
  }

  setStatus(id: AgentId, status: AgentStatus, reason: string | null): Promise<Answer<AgentView>> {
    return this.#inTurn(async () => {
      const agent = this.#rooms.desk.find(id);
      const taken =
        agent && status !== 'logged-out' && sitsDown(agent.live) ? this.#taken(agent, placeOf(agent)) : null;
      if (taken) return taken;
      if (status === 'logged-out') {
        this.#rooms.lines.cancel(id);
        await this.#rooms.leavesLead(id);
      }
      return this.#apply(id, { type: 'set-status', status, reason });
    });
  }

  /** By phone code: who is logged out logs in with a code of its own, since it is another thing to have forgotten. */
  async comeBack(id: AgentId): Promise<Answer<AgentView>> {
    return this.#isOut(id) ?? this.setStatus(id, 'ready', null);
  }

  async goAway(id: AgentId, reason: string | null): Promise<Answer<AgentView>> {
    return this.#isOut(id) ?? this.setStatus(id, 'not-ready', reason);
  }

  endWrapUp(id: AgentId): Promise<Answer<AgentView>> {
    return this.#apply(id, { type: 'wrap-up-over' });
  }

  extendWrapUp(id: AgentId, byMs: number): Promise<Answer<AgentView>> {
    const mostMs = this.#lastQueue(id)?.wrapUpExtendMs ?? PLAIN_QUEUE.wrapUpExtendMs;
    return this.#apply(id, { type: 'extend-wrap-up', byMs, mostMs });
  }

  async dispose(
    id: AgentId,
    disposition: string,
    callId: CallId | null,
    values: Values = {},
  ): Promise<Answer<AgentView>> {
    const said = await this.#saidOfCampaign(id, { disposition, values }, callId);
    if (said) return said.ok ? this.#view(id) : said;
    const known = this.dispositions(id);
    if (known.length > 0 && !known.includes(disposition)) {
      return no('invalid', `A call of this queue is said to be one of: ${known.join(', ')}.`);
    }
    const left = await this.#left(id, { disposition, values }, callId);
    return left && !left.ok ? left : this.#apply(id, { type: 'dispose', disposition, callId });
  }

  /**
   * A campaign's call is spoken of by the campaign's own rules, which move its lead on: whichever way it is said. Null: it is no
   * such call, or the site names nothing that may be said of one.
   */
  async #saidOfCampaign(
    id: AgentId,
    said: { readonly disposition: string; readonly values: Values },
    asked: CallId | null,
  ): Promise<Answer<unknown> | null> {
    const { desk, campaigns } = this.#rooms;
    const last = desk.find(id)?.live.lastCall ?? null;
    const callId = asked ?? last?.callId ?? null;
    const isOther = callId === last?.callId && !isCampaigns(last?.queue);
    if (callId === null || isOther || campaigns().names().length === 0) return null;
    const answer = await campaigns().dispose(callId, said, { agentId: id, name: id });
    if (answer.ok) return answer;
    if (answer.why === 'not-found') return null;
    return answer.why === 'faults' ? no('invalid', answer.sentence) : answer;
  }

  /** A word that leaves work to somebody leaves it before it is written; null: it leaves none, or would be refused. */
  async #left(agentId: AgentId, said: { readonly disposition: string; readonly values: Values }, asked: CallId | null) {
    const last = this.#rooms.desk.find(agentId)?.live.lastCall ?? null;
    if (last === null || (asked !== null && asked !== last.callId)) return null;
    return this.#rooms.campaigns().ofCaller(said, { callId: last.callId, agentId });
  }

  /** What he may say of his last call, in the order of the queue's or the site's file; empty: any word. */
  dispositions(id: AgentId): readonly string[] {
    const { desk, campaigns } = this.#rooms;
    if (isCampaigns(desk.find(id)?.live.lastCall?.queue)) return campaigns().names();
    return this.#lastQueue(id)?.dispositions ?? [];
  }

  endRest(id: AgentId): Promise<Answer<AgentView>> {
    return this.#apply(id, { type: 'end-rest' });
  }

  async change(id: AgentId, change: AgentChange | null): Promise<Answer<AgentView>> {
    const unknown = change?.queues?.find((queue) => !this.#rooms.queues().has(queue));
    if (unknown !== undefined)
      return no('invalid', `There is no queue ${unknown}. ${suggest(unknown, this.#rooms.queues().keys())}`);
    const own = this.#rooms.desk.profile(id)?.skills;
    const noSkill = unknownSkill(Object.keys(change?.skills ?? {}), this.#rooms.skills(), own);
    if (noSkill !== null) return no('invalid', noSkill);
    const changed = change && { skills: { ...change.skills }, queues: change.queues && [...change.queues] };
    return this.#apply(id, { type: 'change', changed });
  }

  reasons(): ReturnType<Floor['reasons']> {
    const { reasons } = this.#rooms.rules();
    return reasons && [...reasons].map(([id, reason]) => ({ id, ...reason }));
  }

  async #logIn(id: AgentId, { seat, status, reason }: LogIn): Promise<Answer<AgentView>> {
    const agent = this.#rooms.desk.find(id);
    if (!agent) return no('not-found', `There is no agent ${id}.`);
    const { profile } = agent;
    const own: Place = { kind: 'phone', phone: profile.phone };
    const place = seat.kind === 'own' ? own : seat.kind === 'line' ? (seat.to ?? own) : seat;
    const refused = (await this.#refusal(place)) ?? this.#taken(agent, nameOf(place));
    if (refused) return refused;
    if (seat.kind === 'line') return this.#openLine(agent, place, { status, reason });
    const isOwn = place.kind === 'phone' && place.phone === profile.phone;
    return this.#apply(id, { type: 'log-in', seat: isOwn ? null : place, status, reason });
  }

  async #openLine(agent: Candidate, place: Place, wish: Pick<LogIn, 'status' | 'reason'>): Promise<Answer<AgentView>> {
    const { lines } = this.#rooms;
    const { id, seat, state } = agent.live;
    if (lines.of(id) || seat?.kind === 'line') return no('conflict', `Agent ${id} has a line already; log out first.`);
    if (state !== 'idle')
      return no('conflict', `Agent ${id} is ${state} and stays where the agent sits until that is over.`);
    const beyond = place.kind === 'number' ? this.#countRing(id) : null;
    if (beyond) return beyond;
    lines.open(id, targetOf(place), wish);
    return this.#view(id);
  }

  #countRing(id: AgentId): No | null {
    const now = this.#rooms.clock.now();
    const lately = (this.#rungAt.get(id) ?? []).filter((at) => at > now - HOUR_MS);
    if (lately.length >= MOST_LINES)
      return no(
        'conflict',
        `Agent ${id} had ${MOST_LINES} lines outside rung within the hour; sit at a phone, or wait.`,
      );
    this.#rungAt.set(id, [...lately, now]);
    return null;
  }

  /** Why nobody may sit there at all. */
  async #refusal(place: Place): Promise<No | null> {
    const { trunks, outsideRefusal, switchPort } = this.#rooms;
    if (place.kind === 'phone') {
      const unknown = await noPhone(switchPort, place.phone);
      return unknown === null ? null : no('invalid', unknown);
    }
    if (!trunks.has(place.trunk)) return no('invalid', `There is no trunk ${place.trunk}.`);
    const why = outsideRefusal(place.number);
    return why === null ? null : no('conflict', `This number may not be dialled (${why}); see site/destinations.yaml.`);
  }

  #isOut(id: AgentId): No | null {
    const isOut = this.#rooms.desk.find(id)?.live.status === 'logged-out';
    return isOut ? no('conflict', `Agent ${id} is logged out.`) : null;
  }

  /** Who sits there already. */
  #taken({ live: { id } }: Candidate, at: string): No | null {
    const { desk, lines } = this.#rooms;
    const other = desk.all().find((agent) => {
      const isHere = agent.live.status !== 'logged-out' && placeOf(agent) === at;
      return agent.live.id !== id && (isHere || lines.of(agent.live.id)?.at === at);
    });
    return other ? no('conflict', `Agent ${other.live.id} sits there already.`) : null;
  }

  #lastQueue(id: AgentId): QueueProfile | undefined {
    return this.#rooms.queues().get(this.#rooms.desk.find(id)?.live.lastCall?.queue ?? '');
  }

  async #apply(id: AgentId, event: AgentEvent): Promise<Answer<AgentView>> {
    const { desk, lines } = this.#rooms;
    if (!desk.find(id)) return no('not-found', `There is no agent ${id}.`);
    const answer = await desk.apply(id, event);
    if (!answer.ok) return no('conflict', answer.sentence);
    lines.follow(answer.agent);
    return this.#view(id);
  }

  #view(id: AgentId): Answer<AgentView> {
    const { desk, clock, lines } = this.#rooms;
    const agent = desk.find(id);
    return agent
      ? { ok: true, value: agentView(agent, lines.of(id), clock.now()) }
      : no('not-found', `There is no agent ${id}.`);
  }

  async #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(task);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}

const isCampaigns = (queue: string | null | undefined): boolean => queue?.startsWith('campaign:') ?? false;

/** Choosing to work, he takes his own phone. */
const sitsDown = ({ status, seat, reason }: AgentLive): boolean =>
  seat === null && (status === 'logged-out' || reason === LINE_LOST);

const nameOf = (place: Place): string => (place.kind === 'phone' ? place.phone : place.number);

function placeOf({ live: { seat }, profile }: Candidate): string {
  return seat === null ? profile.phone : seatName(seat);
}

const seatName = (seat: AgentSeat): string => (seat.kind === 'line' ? seat.at : nameOf(seat));

const targetOf = (place: Place): DialTarget =>
  place.kind === 'phone'
    ? { kind: 'phone', name: place.phone }
    : { kind: 'number', number: place.number, trunk: place.trunk };
