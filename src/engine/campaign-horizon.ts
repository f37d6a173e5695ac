import type { EpochMs } from '../call/ids.ts';
import type { WindowKind } from '../dialer/compliance/profile.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import { zoneWindow } from '../dialer/compliance/hours.ts';
import type { DialerState } from '../dialer/pacing/index.ts';
import { runPassed } from '../dialer/run-left.ts';
import type { CampaignPulse } from './campaign-pulse.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Clock, Log } from './ports/time.ts';

interface HorizonRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly history: Pick<History, 'leadCounts'>;
}

/** The window of the profile that binds. */
interface Window {
  readonly limit: { readonly window: WindowKind };
  readonly endsAt: EpochMs;
}

interface Seen {
  readonly campaign: Campaign;
  readonly profile: ComplianceProfile | null;
  readonly totals: DialerState['totals'];
  readonly window: Window | null;
  readonly pace: CampaignPulse['pace']['pace'];
}

/** The leads are counted again after this. */
const AGAIN_MS = 60_000;
/** A run of which nothing is known yet. */
const DAY_HOURS = 8;
const HOUR_MS = 3_600_000;

/** Windows that end on a day; the others move on with the calendar, or last as long as the campaign. */
const ENDS: ReadonlySet<WindowKind> = new Set(['day', 'calendar-month', 'campaign-30-days']);

/** How far a campaign's run has come, by its leads, its pace and the hours of its profile. */
export class CampaignHorizon {
  readonly #rooms: HorizonRooms;
  #leads: { readonly left: number; readonly done: number } | null = null;
  #askedAt = -Infinity;
  #open: { readonly of: string; readonly at: EpochMs; readonly ms: number } | null = null;
  #passed: number | null = null;

  constructor(rooms: HorizonRooms) {
    this.#rooms = rooms;
  }

  /** Before each decision; the books are asked once a minute. */
  look({ campaign, profile, totals, window, pace }: Seen): void {
    this.#count(campaign);
    if (!this.#leads) return;
    const ms = pace.reduce((sum, piece) => sum + piece.ms, 0);
    const dials = pace.reduce((sum, piece) => sum + piece.dials, 0);
    const perMs = ms === 0 || dials === 0 ? null : dials / ms;
    const { maxAttempts } = campaign;
    this.#passed = runPassed({ totals, leads: this.#leads, maxAttempts, perMs, openMs: this.#openMs(profile, window) });
  }

  /** The length that a run has of which so much is over `elapsedMs` after its beginning, hours. */
  hours(elapsedMs: number): number {
    const elapsed = Math.max(1, elapsedMs) / HOUR_MS;
    return this.#passed === null ? elapsed + DAY_HOURS : elapsed / this.#passed;
  }

  #count({ id }: Campaign): void {
    const { clock, history, log } = this.#rooms;
    const now = clock.now();
    if (now - this.#askedAt < AGAIN_MS) return;
    this.#askedAt = now;
    history.leadCounts(id).then(
      ({ pending, leased, done }) => {
        this.#leads = { left: pending + leased, done };
      },
      (error: unknown) => log.warn({ err: error, campaignId: id }, 'leads not counted: pacing goes by the last count'),
    );
  }

  /** Worked out once a minute: a month has some sixty windows. */
  #openMs(profile: ComplianceProfile | null, window: Window | null): number {
    if (!profile || !window || !ENDS.has(window.limit.window)) return Infinity;
    const now = this.#rooms.clock.now();
    const of = `${profile.id} ${window.endsAt}`;
    if (this.#open?.of !== of || now - this.#open.at >= AGAIN_MS)
      this.#open = { of, at: now, ms: openBetween(profile, now, window.endsAt) };
    return Math.max(0, this.#open.ms - (now - this.#open.at));
  }
}

/** Hours of calling in the zone of the profile; where there are none, whoever is dialled lives elsewhere: all of the time. */
function openBetween({ hours, abandonment }: ComplianceProfile, from: EpochMs, until: EpochMs): number {
  let open = 0;
  for (let at = from; at < until; ) {
    const window = zoneWindow(hours, abandonment.zone.value, at);
    const end = Math.min(window.until, until);
    if (window.open) open += end - at;
    at = end;
  }
  return open === 0 ? Math.max(0, until - from) : open;
}
