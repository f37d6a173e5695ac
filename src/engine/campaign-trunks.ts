import type { EpochMs } from '../call/ids.ts';
import type { TrunkOrder, TrunkRoom } from '../dialer/trunk-choice.ts';
import type { TrunkUse } from '../dialer/trunk-state.ts';
import type { CallState } from './call/state.ts';
import { CampaignCallerIds } from './campaign-caller-ids.ts';
import { titleOf, type TrunkSettings } from './campaign-trunk-settings.ts';
import type { Campaign } from './ports/history.ts';
import type { Clock } from './ports/time.ts';
import type { Site } from './site.ts';
import type { TrunkBook } from './trunk-book.ts';

interface TrunkRooms {
  readonly clock: Clock;
  readonly book: TrunkBook;
  pools(): NonNullable<Site['callerIds']>;
}

/** A line and a call start of a trunk, and the number that is shown: taken for one lead. */
export interface Way {
  readonly ok: true;
  readonly trunk: string;
  readonly callerId: string;
  readonly at: EpochMs;
}

export type NoWay =
  /** Nobody of the campaign can be dialled now. */
  | { readonly ok: false; readonly who: 'all'; readonly because: string }
  /** Only this number cannot, until then. */
  | { readonly ok: false; readonly who: 'number'; readonly because: string; readonly until: EpochMs };

/** Among which trunks, and how, one is chosen. */
export type TrunkChoosing = Pick<TrunkOrder, 'turnsOf' | 'uses' | 'prefer'>;

/** What was taken for a lead. */
interface Taken {
  readonly choosing: TrunkChoosing;
  readonly at: EpochMs;
  /** Pool and number shown, where there is a pool. */
  readonly shown: { readonly pool: string; readonly callerId: string } | null;
  /** Left out: it is not dialled yet. */
  readonly goesOn?: () => boolean;
}

/** A carrier that cannot take a call says so at once; what it says later, a phone may have rung before. */
const ANOTHER_MS = 5_000;
/** A number to which no trunk leads, or that nobody may show a number to, is asked again after this: settings change. */
const AGAIN_MS = 10 * 60_000;
/** A look at the lines is one at all calls of the house. */
const LOOK_MS = 500;

/** By which trunk the leads of campaigns are dialled, and what their calls tell of the number they show. */
export class CampaignTrunks {
  readonly callerIds: CampaignCallerIds;
  readonly #rooms: TrunkRooms;
  /** By lead, until his attempt is over. */
  readonly #taken = new Map<string, Taken>();
  #lookedAt = -Infinity;

  constructor(rooms: TrunkRooms) {
    this.#rooms = rooms;
    this.callerIds = new CampaignCallerIds({ clock: rooms.clock, pools: () => rooms.pools() });
  }

  /** Why a campaign cannot be set so; null: it can. */
  fault(settings: TrunkSettings & Pick<Campaign, 'callerId' | 'callerIds'>): string | null {
    const { book } = this.#rooms;
    const listed = this.#usesOf(settings).map(({ trunk }) => trunk);
    const unknown = [settings.trunk].find((name) => !book.has(name)) ?? listed.find((name) => !book.hasTrunk(name));
    if (unknown === undefined) return this.callerIds.fault(settings);
    const known = book.names().join(', ') || 'none: add one to trunks.yaml';
    return `There is no trunk '${unknown}'; the site has ${known}.`;
  }

  /** Counts the lines anew, for all campaigns at once: what is taken and given back meanwhile is counted as it happens. */
  look(): void {
    const { book, clock } = this.#rooms;
    if (clock.now() - this.#lookedAt < LOOK_MS) return;
    this.#lookedAt = clock.now();
    book.look();
  }

  room(settings: TrunkSettings): TrunkRoom {
    return this.#rooms.book.room(this.#usesOf(settings));
  }

  /** Takes a line and a call start for this lead. What is taken is given back when its call ends, or by `giveBack`. */
  take(
    campaign: Campaign,
    lead: { readonly id: string; readonly number: string },
    refusal: (callerId: string) => string | null = () => null,
  ): Way | NoWay {
    const { book, clock } = this.#rooms;
    const now = clock.now();
    const { number } = lead;
    const choosing = this.#choosing(campaign);
    const order = { ...choosing, number };
    const choice = book.choose(order);
    if (!choice.ok) {
      const because = choice.because.join(' ');
      if (this.room(campaign).launch === 0) return { ok: false, who: 'all', because };
      return { ok: false, who: 'number', because, until: Math.max(now + 1_000, choice.until ?? now + AGAIN_MS) };
    }
    const shown = this.callerIds.choose(campaign, number, refusal);
    if (!shown.ok) return { ok: false, who: 'number', because: shown.because, until: now + AGAIN_MS };
    const { trunk } = choice;
    const { callerId } = shown;
    book.take(order, trunk, now);
    book.hold(lead.id, { trunk, number, at: now });
    const pool = campaign.callerIds;
    this.#taken.set(lead.id, { choosing, at: now, shown: pool ? { pool, callerId } : null });
    return { ok: true, trunk, callerId, at: now };
  }

  /** The lead was not dialled after all. */
  giveBack(leadId: string): void {
    this.#taken.delete(leadId);
    this.#rooms.book.giveBack(leadId);
  }

  /**
   * The lead is about to be dialled. When the trunk fails with him, another one may dial him in the same attempt while
   * `goesOn`: what was asked for the attempt holds for that dial as well.
   */
  dialled(leadId: string, goesOn: () => boolean): void {
    const dial = this.#taken.get(leadId);
    if (dial) this.#taken.set(leadId, { ...dial, goesOn });
  }

  /** The lead is stopped: what is on its way to him goes on, and no other trunk dials him. */
  noOther(leadId: string): void {
    const dial = this.#taken.get(leadId);
    if (dial) this.#taken.set(leadId, { ...dial, goesOn: () => false });
  }

  /** Of which trunks another dial of this lead has the choice; null: there may be none. Only the process that began the attempt knows. */
  another(leadId: string): TrunkChoosing | null {
    const { choosing, at = 0, goesOn } = this.#taken.get(leadId) ?? {};
    const isSoon = this.#rooms.clock.now() - at <= ANOTHER_MS;
    return choosing && isSoon && goesOn?.() === true ? choosing : null;
  }

  /** A campaign's call moved: what it tells of the number it shows. */
  moved({ attempt, deeds }: CallState, before: CallState): void {
    if (attempt?.phase !== 'over' || before.attempt?.phase === 'over') return;
    const { leadId } = attempt;
    const end = deeds.find((deed) => deed.type === 'attempt.end');
    const shown = this.#taken.get(leadId)?.shown;
    this.#taken.delete(leadId);
    if (end && shown) this.callerIds.heard(shown.pool, shown.callerId, end.outcome);
  }

  /** For "why is it not dialling". */
  gate(settings: TrunkSettings) {
    const { book } = this.#rooms;
    const names = [...new Set(this.#usesOf(settings).map(({ trunk }) => trunk))];
    const unknown = names.find((name) => !book.hasTrunk(name));
    const { dead } = this.room(settings);
    return {
      title: titleOf(names),
      fault: unknown === undefined ? null : `There is no trunk ${unknown}: add it to trunks.yaml.`,
      dead: dead.length < names.length ? null : dead.join(' '),
    };
  }

  #choosing(campaign: TrunkSettings & Pick<Campaign, 'id'>): TrunkChoosing {
    const { id: turnsOf, preferTrunk, trunk } = campaign;
    const prefer = preferTrunk ?? this.#rooms.book.group(trunk)?.prefer ?? 'weight';
    return { turnsOf, uses: this.#usesOf(campaign), prefer };
  }

  /** The trunks of a campaign; one that names a single one, or a group, uses that. */
  #usesOf({ trunk, trunks = [] }: TrunkSettings): readonly TrunkUse[] {
    return trunks.length > 0 ? trunks : this.#rooms.book.usesOf(trunk);
  }
}
