import type { AgentId, EpochMs, QueueName } from '../../call/ids.ts';
import type { AgentProfile } from '../../call/routing.ts';
import type { PoolAgent } from '../decision.ts';
import { profileNow } from '../pool-agent.ts';
import type { AgentMove } from './day.ts';

const MEMORY_MS = 30 * 60_000;

/** An agent of a replayed day. */
class Member {
  status: 'logged-out' | 'ready' | 'not-ready' = 'logged-out';
  /** Things that keep him busy at this moment: calls, and what is not replayed. */
  engaged = 0;
  heldUntil: EpochMs = 0;
  idleSince: EpochMs = 0;
  offeredAt: EpochMs = 0;
  busyMs = 0;
  readyMs = 0;
  handled: Record<QueueName, number> = {};
  profile: AgentProfile;
  readonly #plain: AgentProfile;
  readonly #from: EpochMs;
  #share = 0;
  #since: EpochMs = 0;

  constructor(profile: AgentProfile, from: EpochMs) {
    this.#plain = profile;
    this.#from = from;
    this.profile = profile;
  }

  /** Time passes: what he did until now is accounted for. */
  pass(now: EpochMs): void {
    const ms = Math.max(0, now - this.#since);
    const counted = Math.max(0, now - Math.max(this.#since, this.#from));
    this.#since = Math.max(now, this.#since);
    const busy = this.engaged > 0;
    if (!busy && this.status !== 'ready') return;
    if (busy) this.busyMs += counted;
    this.readyMs += counted;
    const doing = busy ? 1 : 0;
    this.#share = doing + (this.#share - doing) * Math.exp(-ms / MEMORY_MS);
  }

  move(move: AgentMove): void {
    if (move.type === 'held') this.heldUntil = move.until;
    else if (move.type === 'changed') {
      const { skills, queues } = move;
      this.profile = profileNow(this.#plain, { skills: { ...skills }, queues: queues && [...queues] });
    } else if (move.type === 'status') {
      if (move.status === 'ready' && this.status !== 'ready' && this.engaged === 0) this.idleSince = move.at;
      if (move.status === 'logged-out') this.handled = {};
      this.status = move.status;
    }
  }

  seen(now: EpochMs): PoolAgent {
    const { profile, idleSince, handled, offeredAt } = this;
    return {
      id: profile.id,
      profile,
      presence: this.#presence(now),
      idleSince,
      occupancy: this.#share,
      handled,
      offeredAt,
    };
  }

  #presence(now: EpochMs): PoolAgent['presence'] {
    if (this.status === 'logged-out') return 'out';
    if (this.status === 'not-ready') return 'away';
    return this.engaged > 0 || this.heldUntil > now ? 'busy' : 'free';
  }
}

export type { Member };

/** All agents of a replayed day, by the profiles of the rules that are tried. */
export class Crew {
  readonly #members = new Map<AgentId, Member>();

  /** @param from what agents did before it is known, and not counted */
  constructor(profiles: readonly AgentProfile[], from: EpochMs) {
    for (const profile of profiles) this.#members.set(profile.id, new Member(profile, from));
  }

  get(id: AgentId): Member | undefined {
    return this.#members.get(id);
  }

  all(): Iterable<Member> {
    return this.#members.values();
  }

  /** As the key figures count it: what goes on at the end counts as far as the day reaches. */
  occupancy(now: EpochMs): number | null {
    let [busy, ready] = [0, 0];
    for (const member of this.#members.values()) {
      member.pass(now);
      busy += member.busyMs;
      ready += member.readyMs;
    }
    return ready > 0 ? busy / ready : null;
  }
}
