import type { EpochMs } from '../call/ids.ts';
import type { TrunkRoom } from '../dialer/trunk-choice.ts';
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
}

export type NoWay =
  /** Nobody of the campaign can be dialled now. */
  | { readonly ok: false; readonly who: 'all'; readonly because: string }
  /** Only this number cannot, until then. */
  | { readonly ok: false; readonly who: 'number'; readonly because: string; readonly until: EpochMs };

/** A number to which no trunk leads, or that nobody may show a number to, is asked again after this: settings change. */
const AGAIN_MS = 10 * 60_000;
/** A look at the lines is one at all calls of the house. */
const LOOK_MS = 500;

/** By which trunk the leads of campaigns are dialled, and what their calls tell of it and of the number they show. */
export class CampaignTrunks {
  readonly callerIds: CampaignCallerIds;
  readonly #rooms: TrunkRooms;
  /** Pool and number shown, by lead. */
  readonly #shown = new Map<string, { readonly pool: string; readonly callerId: string }>();

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
    const prefer = campaign.preferTrunk ?? book.group(campaign.trunk)?.prefer ?? 'weight';
    const order = { turnsOf: campaign.id, number, uses: this.#usesOf(campaign), prefer };
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
    if (campaign.callerIds) this.#shown.set(lead.id, { pool: campaign.callerIds, callerId });
    return { ok: true, trunk, callerId };
  }

  /** The lead was not dialled after all. */
  giveBack(leadId: string): void {
    this.#shown.delete(leadId);
    this.#rooms.book.giveBack(leadId);
  }

  /** A campaign's call moved: what it tells of its trunk and of the number it shows. */
  moved({ attempt, source, dnis, startedAt: began, deeds }: CallState, before: CallState): void {
    const { book } = this.#rooms;
    if (!attempt || !before.attempt || before.attempt.phase === attempt.phase) return;
    const { leadId } = attempt;
    const held = book.held(leadId);
    const about = { number: held?.number ?? dnis, startedAt: held?.at ?? began };
    if (attempt.phase !== 'over') return book.hear(source, { type: 'alive', ...about });
    const end = deeds.find((deed) => deed.type === 'attempt.end');
    const shown = this.#shown.get(leadId);
    book.letGo(leadId);
    this.#shown.delete(leadId);
    if (!end) return;
    const { outcome, sip } = end;
    if (shown) this.callerIds.heard(shown.pool, shown.callerId, outcome);
    book.hear(source, { type: 'ended', ...about, outcome, sip });
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

  /** The trunks of a campaign; one that names a single one, or a group, uses that. */
  #usesOf({ trunk, trunks = [] }: TrunkSettings): readonly TrunkUse[] {
    return trunks.length > 0 ? trunks : this.#rooms.book.usesOf(trunk);
  }
}
