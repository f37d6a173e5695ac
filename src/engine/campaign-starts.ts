import { clip, giveBack, type Starts } from '../dialer/clip.ts';
import type { CampaignCapacity } from './campaign-capacity.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import type { Campaign } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

interface StartRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly ways: Pick<CampaignTrunks, 'look' | 'room'>;
  readonly capacity: Pick<CampaignCapacity, 'within'>;
}

interface Asker {
  readonly campaign: () => Campaign;
  /** Calls of the campaign that have a line. */
  readonly linesInUse: () => number;
}

/** The call starts of one campaign: how many its lines, its trunks and its own pace allow now. */
export class CampaignStarts {
  readonly #rooms: StartRooms;
  readonly #asker: Asker;
  #starts: Starts = [];

  constructor(rooms: StartRooms, asker: Asker) {
    this.#rooms = rooms;
    this.#asker = asker;
  }

  /** What forbids a call start at this moment, whatever the campaign's lines; null: nothing. */
  fault(): string | null {
    const limit = { ...this.#limit(), lines: 1, linesInUse: 0 };
    const { because } = clip(1, { campaign: limit, trunk: limit }, this.#rooms.clock.now());
    const room = this.#room();
    return because ?? (room.launch < 1 ? (room.because[0] ?? null) : null);
  }

  /** How many of the wanted dials may start now, and which calls then count against the campaign. */
  clipped(wanted: number) {
    const { ways, clock } = this.#rooms;
    if (wanted > 0) ways.look();
    const room = this.#room();
    const limit = this.#limit();
    const { launch, because, campaign } = clip(
      Math.min(wanted, room.launch),
      { campaign: limit, trunk: limit },
      clock.now(),
    );
    const full = launch < wanted ? [...room.because, ...room.dead].join(' ') : '';
    return { launch, because: because ?? (full === '' ? null : full), starts: campaign };
  }

  /** These calls count from now on. */
  take(starts: Starts): void {
    this.#starts = starts;
  }

  /** So many of them were not made after all. */
  giveBack(unused: number): void {
    if (unused > 0) this.#starts = giveBack(this.#starts, unused);
  }

  /** A line and a call start for a lead that an agent wants dialled; why there is none. */
  one(): string | null {
    const { launch, because, starts } = this.clipped(1);
    if (launch < 1) return because ?? 'No line is free.';
    this.take(starts);
    return null;
  }

  /** Of the trunks, or of what the house or the flow takes at once where that is less. */
  #room() {
    const campaign = this.#asker.campaign();
    return this.#rooms.capacity.within(campaign, this.#rooms.ways.room(campaign));
  }

  #limit() {
    const { maxLines: lines, cps } = this.#asker.campaign();
    return { title: 'The campaign', lines, linesInUse: this.#asker.linesInUse(), cps, starts: this.#starts };
  }
}
