import {
  type CallerIdChoice,
  type CallerIdPool,
  type CallerIdState,
  callerIdHeard,
  chooseCallerId,
} from '../dialer/caller-ids.ts';
import type { AttemptOutcome } from '../dialer/outcome.ts';
import type { CallerIdSettings } from './campaign-trunk-settings.ts';
import type { Clock } from './ports/time.ts';

/** Whether somebody or something picked up; outcomes that say nothing of the number that was shown are missing. */
const ANSWERED: Readonly<Partial<Record<AttemptOutcome, boolean>>> = {
  connected: true,
  abandoned: true,
  machine: true,
  'message-left': true,
  fax: true,
  silent: true,
  busy: false,
  'no-answer': false,
  rejected: false,
};

interface CallerIdRooms {
  readonly clock: Pick<Clock, 'now'>;
  /** Pools of the release in force. */
  pools(): ReadonlyMap<string, CallerIdPool>;
}

/** Which number of its pool a campaign shows, by what became of earlier calls: of all campaigns of this process. */
export class CampaignCallerIds {
  readonly #rooms: CallerIdRooms;
  readonly #states = new Map<string, CallerIdState>();

  constructor(rooms: CallerIdRooms) {
    this.#rooms = rooms;
  }

  /** Why a campaign cannot be set so; null: it can. */
  fault({ callerIds }: CallerIdSettings): string | null {
    const pools = this.#rooms.pools();
    if (!callerIds || pools.has(callerIds)) return null;
    const known = [...pools.keys()].join(', ') || 'none: add one to callerids.yaml';
    return `There is no pool of caller ids '${callerIds}'; the site has ${known}.`;
  }

  /** @param refusal why a number may not be shown; null: it may. */
  choose(
    { callerId, callerIds }: CallerIdSettings,
    called: string,
    refusal: (callerId: string) => string | null,
  ): Pick<Extract<CallerIdChoice, { ok: true }>, 'ok' | 'callerId'> | Extract<CallerIdChoice, { ok: false }> {
    if (!callerIds) return { ok: true, callerId };
    const pool = this.#rooms.pools().get(callerIds);
    if (!pool) return { ok: false, because: this.fault({ callerId, callerIds }) ?? '' };
    const state = this.#states.get(callerIds) ?? {};
    const choice = chooseCallerId(pool, state, called, refusal, this.#rooms.clock.now());
    if (choice.ok) this.#states.set(callerIds, choice.state);
    return choice;
  }

  heard(pool: string, callerId: string, outcome: AttemptOutcome): void {
    const answered = ANSWERED[outcome];
    const known = this.#rooms.pools().get(pool);
    if (answered === undefined || !known) return;
    const heard = { callerId, answered };
    this.#states.set(pool, callerIdHeard(known, this.#states.get(pool) ?? {}, heard, this.#rooms.clock.now()));
  }
}
