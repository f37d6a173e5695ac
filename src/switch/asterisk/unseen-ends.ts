import type { LegId } from '../../call/ids.ts';
import type { SwitchEvent } from '../../call/switch.ts';
import type { Clock } from '../../engine/ports/time.ts';
import type { Legs } from './legs.ts';
import { type DoorLeg, ending, newLeg } from './news.ts';
import type { Ask } from './requests.ts';

/** ChannelDestroyed follows StasisEnd at once, unless the channel went on in the dialplan. */
const DESTROYED_WITHIN_MS = 500;

interface UnseenRooms {
  readonly app: string;
  readonly clock: Clock;
  readonly legs: Legs;
  readonly ask: Ask;
  readonly isLive: () => boolean;
  readonly tell: (event: SwitchEvent) => void;
}

/** Legs that end without a word of Asterisk: each is told of all the same, once. */
export class UnseenEnds {
  readonly #rooms: UnseenRooms;

  constructor(rooms: UnseenRooms) {
    this.#rooms = rooms;
  }

  /** After StasisEnd only an explicit subscription brings ChannelDestroyed, with the cause. False when there is no such channel. */
  async subscribe(legId: LegId): Promise<boolean> {
    const { app, ask } = this.#rooms;
    const query = { eventSource: `channel:${legId}` };
    const reply = await ask({ method: 'POST', uri: `applications/${app}/subscription`, query });
    return reply === null || reply.status < 300;
  }

  /** It went on in the dialplan, or is gone and cannot tell any more. What we rang is subscribed to from the start. */
  expect({ id, dialled }: DoorLeg): void {
    const { clock } = this.#rooms;
    if (!dialled) void this.#endIfGone(id);
    else clock.at(clock.now() + DESTROYED_WITHIN_MS, () => void this.#endIfGone(id));
  }

  async #endIfGone(legId: LegId): Promise<void> {
    const { legs, isLive } = this.#rooms;
    const leg = legs.get(legId);
    if (!isLive() || !leg?.left || (await this.subscribe(legId))) return;
    if (legs.get(legId) === leg) this.end(legId, 0);
  }

  end(legId: LegId, q850: number): void {
    const { legs, clock, tell } = this.#rooms;
    const leg = legs.get(legId) ?? newLeg(legId, true);
    legs.forget(legId);
    for (const event of ending(leg, clock.now(), q850)) tell(event);
  }
}
