import { type Arrivals, arrived, noArrivals, ratePerMs } from '../acd/forecast.ts';
import { agentsNeeded, type Expected, type Held, holdBack, type ReserveAgent } from '../acd/reserve.ts';
import type { Candidate } from '../acd/queue.ts';
import type { AgentId, CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import { insist } from './insist.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Work } from './work-seen.ts';

/** What is expected moves slowly; more often is waste. Who is free is looked at anew each time: dials are made at once. */
const EXPECT_MS = 1_000;

interface ReserveRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly agents: () => readonly Candidate[];
  readonly handleMs: (queue: QueueName) => number | null;
  readonly serviceLevel: (queue: QueueName) => number | null;
  /** Is that a call of a campaign of this process? */
  readonly isCampaign: (callId: CallId) => boolean;
}

/** Which free agents campaigns may not count on now, because queues with `reserve` would miss their service level. */
export class InboundReserve {
  readonly #rooms: ReserveRooms;
  readonly #arrivals = new Map<QueueName, Arrivals>();
  #held: readonly Held[] = [];
  #ids: ReadonlySet<AgentId> = new Set();
  #expected: { readonly at: EpochMs; readonly queues: readonly Expected[] } = { at: -Infinity, queues: [] };
  /** Since when all calls that came are known. */
  #since: EpochMs;

  constructor(rooms: ReserveRooms) {
    this.#rooms = rooms;
    this.#since = rooms.clock.now();
  }

  see(work: Work): void {
    if (work.what !== 'came') return;
    const { queue, at } = work;
    this.#since = Math.min(this.#since, at);
    this.#arrivals.set(queue, arrived(this.#of(queue), at));
  }

  /** Agents who are held back. */
  held(): ReadonlySet<AgentId> {
    const expected = this.#expect(this.#rooms.clock.now());
    const before = this.#held;
    const nobody = expected.every(({ needed }) => needed === 0);
    const agents = nobody ? [] : this.#rooms.agents().flatMap((agent) => this.#seen(agent));
    this.#held = holdBack(expected, agents, this.#ids);
    this.#ids = new Set(this.#held.flatMap((held) => held.agents));
    this.#tell(before);
    return this.#ids;
  }

  /** How many are held for the queue. */
  heldFor(queue: QueueName): number {
    return this.#held.find((held) => held.queue === queue)?.agents.length ?? 0;
  }

  #expect(now: EpochMs): readonly Expected[] {
    if (now - this.#expected.at < EXPECT_MS) return this.#expected.queues;
    const { handleMs, serviceLevel } = this.#rooms;
    const reserving = [...this.#rooms.queues().values()].filter(({ reserve }) => reserve);
    const queues = reserving.map((profile) => {
      const { name } = profile;
      const rate = ratePerMs(this.#of(name), now);
      const seen = { profile, ratePerMs: rate, handleMs: handleMs(name), serviceLevel: serviceLevel(name) };
      return { queue: name, needed: agentsNeeded(seen) };
    });
    this.#expected = { at: now, queues };
    return queues;
  }

  #seen({ live, profile }: Candidate): readonly ReserveAgent[] {
    if (live.status !== 'ready') return [];
    const { callId, lastCall } = live;
    const campaign =
      callId !== null && (this.#rooms.isCampaign(callId) || (lastCall?.callId === callId && isDialled(lastCall.queue)));
    const doing = live.state === 'idle' ? 'free' : campaign ? 'campaign' : 'inbound';
    const queues = live.changed?.queues ?? profile.queues;
    return [{ id: live.id, queues, blended: profile.campaigns.length > 0, doing }];
  }

  #of(queue: QueueName): Arrivals {
    return this.#arrivals.get(queue) ?? noArrivals(this.#since);
  }

  #tell(before: readonly Held[]): void {
    const { recorder, live } = this.#rooms;
    for (const { queue, needed, agents } of this.#held) {
      const was = before.find((held) => held.queue === queue)?.agents.length ?? 0;
      if (was === agents.length) continue;
      const data = { queue, held: agents.length, needed };
      const events = recorder.events(`queue/${queue}`, [{ type: 'queue.reserve.changed', data }]);
      recorder.tell(events);
      void insist(this.#rooms, 'change of a reserve', () => live.append(events));
    }
  }
}

/** Talks of campaigns that another process dialled are known by this from the agent. */
const isDialled = (queue: QueueName | null): boolean => queue?.startsWith('campaign:') ?? false;
