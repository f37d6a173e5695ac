import type { FollowUpDesk } from './follow-up-desk.ts';
import { Looks } from './looks.ts';
import type { FollowUpStore } from './ports/follow-ups.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';

/** What has come is told within this time. */
const LOOK_MS = 5_000;
/** Facts that are still untold after this were left by somebody who died, or by a store that was away. */
const UNTOLD_MS = 10_000;
const DAY_MS = 86_400_000;
const TRIM_EVERY_MS = 3_600_000;
const AT_ONCE = 200;
/** Of several processes one looks after follow-ups; another goes on after this when it has died. */
const LEASE = 'follow-ups';
const LEASE_MS = 20_000;

export interface FollowUpWardenRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'lease' | 'releaseLease'>;
  readonly followUps: Pick<FollowUpStore, 'waking' | 'untoldBefore' | 'trim'>;
  readonly desk: Pick<FollowUpDesk, 'wake' | 'tell' | 'rulesName'>;
  /** Name of this process in leases. */
  readonly owner: string;
  /** Closed ones are forgotten after so many days. */
  readonly days: number;
}

/**
 * Sees to it that nobody forgets: what is due soon, overdue or to be escalated is told once, by one process of the house, whoever
 * made it and however long nobody was there. Rules that a release changed are found by their name, also for what is open.
 */
export class FollowUpWarden {
  readonly #rooms: FollowUpWardenRooms;
  readonly #looks: Looks;
  #trimAt = 0;

  constructor(rooms: FollowUpWardenRooms) {
    this.#rooms = rooms;
    const { clock, log } = rooms;
    const failing = 'follow-ups are not looked after for the moment; none is forgotten';
    this.#looks = new Looks({ clock, log, everyMs: LOOK_MS, look: () => this.#look(), failing });
  }

  start(): void {
    this.#looks.start();
  }

  async stop(): Promise<void> {
    await this.#looks.stop();
    const { live, owner } = this.#rooms;
    await live.releaseLease(LEASE, owner).catch(() => undefined);
  }

  async #look(): Promise<void> {
    while (!this.#looks.isStopped && (await this.#isMine()) && (await this.#wakeSome()));
  }

  /** True: there may be more. */
  async #wakeSome(): Promise<boolean> {
    const { clock, followUps, desk } = this.#rooms;
    const now = clock.now();
    const waking = await followUps.waking(now, desk.rulesName, AT_ONCE);
    for (const followUp of waking) await desk.wake(followUp);
    if (waking.length === AT_ONCE) return true;
    for (const id of await followUps.untoldBefore(now - UNTOLD_MS, AT_ONCE)) await desk.tell(id);
    await this.#trim(now);
    return false;
  }

  async #trim(now: number): Promise<void> {
    if (now < this.#trimAt) return;
    this.#trimAt = now + TRIM_EVERY_MS;
    await this.#rooms.followUps.trim(now - this.#rooms.days * DAY_MS);
  }

  async #isMine(): Promise<boolean> {
    const { live, owner } = this.#rooms;
    return (await live.lease(LEASE, owner, LEASE_MS)).mine;
  }
}
