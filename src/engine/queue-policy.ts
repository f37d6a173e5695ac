import type { Pace } from '../acd/estimate-pool.ts';
import type { AgentId, EpochMs, QueueName } from '../call/ids.ts';
import type { AcdDispatcher } from './acd-dispatcher.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { CallSession } from './call-session.ts';
import { HandleTimes } from './handle-times.ts';
import { InboundReserve } from './inbound-reserve.ts';
import type { FlowStore } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import { QueueWarden } from './queue-warden.ts';
import { promiser } from './queue-warden-promise.ts';
import type { Recorder } from './recorder.ts';
import type { Releases } from './releases.ts';
import { ServiceLevels } from './service-levels.ts';
import type { Switchboard } from './switchboard.ts';
import { type Work, WorkSeen } from './work-seen.ts';

interface PolicyRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly flows: FlowStore;
  readonly recorder: Recorder;
  readonly releases: Releases;
  readonly desk: AgentDesk;
  readonly dispatcher: AcdDispatcher;
  readonly board: () => Switchboard;
  readonly settings: { readonly country: string | null };
}

/** How a queue stands by its own rules. */
export interface PolicyView {
  /** Share of the latest calls that were answered in time, 0–1; null: too few to tell. */
  readonly serviceLevel: number | null;
  /** Queues, or numbers of other sites, that help out now, whatever a single call's wait is. */
  readonly overflowingTo: readonly string[];
  /** Agents whom dials do not count on, for the sake of this queue. */
  readonly reserved: number;
}

/** All that keeps the promises of queues: their service level, who helps them out, and who is kept from dials. */
export class QueuePolicy {
  readonly #rooms: PolicyRooms;
  readonly work: WorkSeen;
  readonly #handleTimes: HandleTimes;
  readonly #levels: ServiceLevels;
  readonly #warden: QueueWarden;
  readonly #reserve: InboundReserve;

  constructor(rooms: PolicyRooms) {
    this.#rooms = rooms;
    const { clock, releases, desk, dispatcher, board } = rooms;
    const queues = () => releases.queues;
    const agents = () => desk.all();
    const serviceLevel = (queue: QueueName) => this.#levels.of(queue, clock.now());
    this.#handleTimes = new HandleTimes(queues);
    this.#levels = new ServiceLevels(queues);
    this.#warden = new QueueWarden({
      ...rooms,
      queues,
      calendars: () => releases.current.site.calendars,
      isStaffed: (asked) => dispatcher.outlook.isStaffed(asked),
      standing: (queue) => dispatcher.outlook.standing(queue),
      waitOfNew: (queue, asked) => dispatcher.outlook.queueFacts(queue, { ...asked, priority: 0 }).estimateMs,
      waitOf: (callId) => dispatcher.outlook.waitOf(callId),
      serviceLevel,
      leads: (queue) => dispatcher.leads(queue),
      promise: promiser({
        ...rooms,
        destinations: () => releases.current.site.destinations,
        country: rooms.settings.country,
      }),
    });
    this.#reserve = new InboundReserve({
      ...rooms,
      queues,
      agents,
      handleMs: (queue) => this.#handleTimes.meanMs(queue, clock.now()),
      serviceLevel,
      isCampaign: (callId) => (board().find(callId)?.state.attempt ?? null) !== null,
    });
    const tell = (seen: readonly Work[]) => dispatcher.share(seen);
    this.work = new WorkSeen({ clock, queues, count: (work) => this.#count(work), tell });
  }

  start(): void {
    this.#warden.start();
  }

  stop(): void {
    this.#warden.stop();
    this.work.stop();
  }

  #count(work: Work): void {
    for (const who of [this.#handleTimes, this.#levels, this.#reserve]) who.see(work);
  }

  /** How fast work went lately. */
  pace(now: EpochMs): Pace {
    return this.#handleTimes.pace(now);
  }

  follow(session: CallSession): void {
    this.#warden.follow(session);
  }

  /** Agents changed. */
  kick(): void {
    this.#warden.kick();
  }

  /** Queues have other rules: who waits is paired and helped by them at once. */
  rulesChanged(): void {
    this.#rooms.dispatcher.kick();
    this.#warden.kick();
  }

  /** Agents whom dials may not count on now. */
  held(): ReadonlySet<AgentId> {
    return this.#reserve.held();
  }

  view(queue: QueueName): PolicyView {
    const { releases, clock } = this.#rooms;
    const inForce = this.#warden.overflowing(queue);
    const overflow = releases.queues.get(queue)?.overflow ?? [];
    return {
      serviceLevel: this.#levels.of(queue, clock.now()),
      overflowingTo: overflow.flatMap(({ to }, at) => (inForce[at] ? ['queue' in to ? to.queue : to.number] : [])),
      reserved: this.#reserve.heldFor(queue),
    };
  }
}
