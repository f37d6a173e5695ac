import { type Estimate, waitRange } from '../../acd/estimate.ts';
import type { Pace } from '../../acd/estimate-pool.ts';
import { poolAgent } from '../../acd/pool-agent.ts';
import type { Standing } from '../../acd/pool.ts';
import { PLAIN_TICKET, type WaitingCall } from '../../acd/queue.ts';
import { wantsEstimate } from '../../acd/waiting.ts';
import type { CallId, EpochMs, QueueName } from '../../call/ids.ts';
import type { AgentDesk } from '../agent-desk.ts';
import type { CallState } from '../call/state.ts';
import type { CallInput } from '../call/step.ts';
import type { CallSession } from '../call-session.ts';
import type { Clock } from '../ports/time.ts';
import type { Pools } from './pools.ts';
import type { WaitingList } from './waiting-list.ts';

/** The waiting caller's own timer at which his place is said again. */
const PLACE_IS_SAID = 'wait:wait.position';
/** What is said of agents whom another process pairs may be so old. */
const AGENTS_AGE_MS = 1_000;
/** Estimates that differ by less than this part are not told anew. */
const ABOUT_THE_SAME = 0.1;

/** What a call asks of the agents, and its credit. */
type Asked = Pick<WaitingCall, 'require' | 'relax' | 'priority'>;
const NOTHING_ASKED: Asked = { ...PLAIN_TICKET, require: [] };

interface OutlookRooms {
  readonly clock: Clock;
  readonly desk: AgentDesk;
  readonly pools: Pools;
  readonly list: WaitingList;
  /** How fast work went lately. */
  readonly pace: (now: EpochMs) => Pace;
  /** Does this process pair the calls of the queue? */
  readonly leads: (queue: QueueName) => boolean;
}

/** How queues stand and how long calls will wait, for those who wait, who would join, and who decide about them. */
export class Outlook {
  readonly #rooms: OutlookRooms;
  #agentsReadAt = 0;

  constructor(rooms: OutlookRooms) {
    this.#rooms = rooms;
  }

  /** What a call must know of a queue to join it; each part is found out when it is asked for. */
  queueFacts(queue: QueueName, asked: Asked = NOTHING_ASKED) {
    const estimate = () => this.#estimateOfNew(queue, asked)?.ms ?? null;
    const { require, relax } = asked;
    const isStaffed = () => this.isStaffed({ queue, also: [], require, relax });
    return {
      waiting: this.#standing(queue).waiting,
      get estimateMs() {
        return estimate();
      },
      get isStaffed() {
        return isStaffed();
      },
    };
  }

  /** Is anybody logged in who could take such a call, now or once it asks for less? */
  isStaffed(asked: Pick<WaitingCall, 'queue' | 'also' | 'require' | 'relax'>): boolean {
    this.#freshen(asked.queue);
    const now = this.#rooms.clock.now();
    return this.#rooms.pools.isStaffed({ ...PLAIN_TICKET, ...asked, callId: '', enqueuedAt: now }, now);
  }

  /** How a queue stands for who would join it now and asks for nothing more; the wait, ms, is null when nobody knows. */
  standing(queue: QueueName) {
    const { waiting, able, free } = this.#standing(queue);
    const estimate = () => this.#estimateOfNew(queue, NOTHING_ASKED)?.ms ?? null;
    return {
      waiting,
      staffed: able,
      ready: free,
      get waitMs() {
        return estimate();
      },
    };
  }

  /** How long a call that waits will wait yet, ms; null when nobody knows. */
  waitOf(callId: CallId): number | null {
    return this.#estimateOf(callId)?.ms ?? null;
  }

  /** A place matters only when it is said: it is told to who has none yet, and to who hears his before `soon`. */
  tellPlace(session: CallSession, soon: EpochMs): void {
    const { visit, timers, id } = session.state;
    if (!visit?.treatment || (visit.position > 0 && (timers[PLACE_IS_SAID] ?? Infinity) > soon)) return;
    const position = this.#rooms.pools.position(id, this.#rooms.clock.now());
    if (position === 0) return;
    const estimate = wantsEstimate(visit.treatment) ? this.#estimateOf(id) : null;
    const told = { position, estimateMs: estimate?.ms ?? null, range: estimate && waitRange(estimate) };
    if (isNews(visit, told)) session.post({ type: 'position', ...told });
  }

  /** Puts all agents as they are now. */
  readAgents(): void {
    const { clock, desk, pools } = this.#rooms;
    const now = clock.now();
    this.#agentsReadAt = now;
    const agents = desk.all().map((agent) => poolAgent(agent, now));
    pools.putAgents(agents, now);
  }

  #standing(queue: QueueName): Standing {
    this.#freshen(queue);
    return this.#rooms.pools.standing(queue, this.#rooms.clock.now());
  }

  #estimateOfNew(queue: QueueName, { require, relax, priority }: Asked): Estimate | null {
    this.#freshen(queue);
    const now = this.#rooms.clock.now();
    const call = { ...PLAIN_TICKET, callId: '', queue, require, relax, priority, enqueuedAt: now };
    return this.#rooms.pools.estimateOfNew(call, this.#rooms.pace(now), now);
  }

  #estimateOf(callId: CallId): Estimate | null {
    const queue = this.#rooms.list.get(callId)?.wait.ticket.queue;
    if (queue === undefined) return null;
    this.#freshen(queue);
    const now = this.#rooms.clock.now();
    return this.#rooms.pools.estimate(callId, this.#rooms.pace(now), now);
  }

  /** The agents of a pool that another process leads are known as they were a moment ago. */
  #freshen(queue: QueueName): void {
    const { clock, leads } = this.#rooms;
    if (clock.now() - this.#agentsReadAt >= AGENTS_AGE_MS && !leads(queue)) this.readAgents();
  }
}

type Told = Omit<Extract<CallInput, { type: 'position' }>, 'type'>;

/** An estimate is never twice the same to the millisecond: what is said of it, and about how long it is, is what matters. */
function isNews({ position, treatment }: NonNullable<CallState['visit']>, told: Told): boolean {
  if (!treatment || position !== told.position) return true;
  const { range, estimateMs } = treatment;
  if (range?.fromMs !== told.range?.fromMs || range?.toMs !== told.range?.toMs) return true;
  if (estimateMs === null || told.estimateMs === null) return estimateMs !== told.estimateMs;
  return Math.abs(told.estimateMs - estimateMs) > ABOUT_THE_SAME * estimateMs;
}
