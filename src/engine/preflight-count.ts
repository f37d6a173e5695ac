import { setImmediate as breathe } from 'node:timers/promises';
import type { EpochMs } from '../call/ids.ts';
import { zoneWindow } from '../dialer/compliance/hours.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { Judgement } from './preflight-judge.ts';
import type { Preflight, Skipped, SkipReason } from './ports/preflight.ts';

export const HOUR_MS = 3_600_000;
const HOURS = 7 * 24;
const ZONES_SHOWN = 20;

/** Leads of persons who may be in the same zones, by the hour from which on they may be dialled but for the hours. */
interface Group {
  readonly zones: readonly string[];
  readonly from: Uint32Array;
  leads: number;
}

/** Counts leads of any number in the memory of a few: by reason, and by zones and hour. */
export class PreflightCount {
  readonly #now: EpochMs;
  readonly #words: (reason: SkipReason) => string;
  readonly #skipped = new Map<SkipReason, { leads: number; until: EpochMs | null }>();
  readonly #groups = new Map<string, Group>();
  readonly #left: number[] = [];
  #free = 0;
  #later = 0;
  #never = 0;

  /** @param words why a lead is skipped, as its manager reads it */
  constructor(now: EpochMs, words: (reason: SkipReason) => string) {
    this.#now = now;
    this.#words = words;
  }

  /** `left`: attempts that the lead may have yet. */
  add({ reason, until, from, zones }: Judgement, left: number): void {
    if (reason === null) this.#free += 1;
    else if (from === null && reason !== 'in-dial') this.#never += 1;
    else this.#later += 1;
    if (reason !== null) this.#skip(reason, until);
    if (from === null) return;
    const hour = hourOf(from, this.#now);
    if (hour >= HOURS) return;
    const group = this.#group(zones);
    group.leads += 1;
    group.from[hour] = (group.from[hour] ?? 0) + 1;
    const tries = Math.max(1, left);
    this.#left[tries] = (this.#left[tries] ?? 0) + 1;
  }

  get leads(): Pick<Preflight['leads'], 'now' | 'later' | 'never'> {
    return { now: this.#free, later: this.#later, never: this.#never };
  }

  get skipped(): readonly Skipped[] {
    return [...this.#skipped]
      .map(([reason, { leads, until }]) => ({ reason, leads, until, text: this.#words(reason) }))
      .toSorted((a, b) => b.leads - a.leads);
  }

  /**
   * Dials that the leads of the next seven days will take, retries included, where so great a share of the dials ends a lead; and
   * one standard deviation of that, as each lead is done by chance.
   */
  dials(ends: number): { readonly likely: number; readonly sd: number } {
    let [likely, variance] = [0, 0];
    for (const [tries, leads = 0] of this.#left.entries()) {
      const { mean, square } = triesOf(tries, ends);
      likely += leads * mean;
      variance += leads * (square - mean ** 2);
    }
    return { likely, sd: Math.sqrt(variance) };
  }

  /** How many leads may be dialled in each hour of the next seven days, and where their persons are. */
  async byHour({ hours }: ComplianceProfile): Promise<Pick<Preflight, 'hours' | 'zones'>> {
    const clocks = new Map<string, readonly boolean[]>();
    // The week of a zone costs some ms to work out: calls are served between two.
    for (const zone of new Set([...this.#groups.values()].flatMap((group) => group.zones))) {
      clocks.set(zone, openHours(hours, zone, this.#now));
      await breathe();
    }
    const sums = Array.from({ length: HOURS }, () => 0);
    const zones = [...this.#groups.values()].map((group) => {
      const isOpen = (hour: number) => group.zones.every((zone) => clocks.get(zone)?.[hour]);
      let come = 0;
      for (let hour = 0; hour < HOURS; hour += 1) {
        come += group.from[hour] ?? 0;
        if (isOpen(hour)) sums[hour] = (sums[hour] ?? 0) + come;
      }
      return { zones: group.zones, leads: group.leads, open: isOpen(0) };
    });
    const starts = sums.map((leads, hour) => ({ at: startOf(hour, this.#now), leads }));
    return { hours: starts, zones: zones.toSorted((x, y) => y.leads - x.leads).slice(0, ZONES_SHOWN) };
  }

  #skip(reason: SkipReason, until: EpochMs | null): void {
    const known = this.#skipped.get(reason) ?? { leads: 0, until };
    const sooner = until === null || known.until === null ? (until ?? known.until) : Math.min(until, known.until);
    this.#skipped.set(reason, { leads: known.leads + 1, until: sooner });
  }

  #group(zones: readonly string[]): Group {
    const key = zones.join(' ');
    const group = this.#groups.get(key) ?? { zones, from: new Uint32Array(HOURS), leads: 0 };
    this.#groups.set(key, group);
    return group;
  }
}

/** Of a lead that is dialled until a dial ends it, or so often: how often on average, and the mean of its square. */
function triesOf(most: number, ends: number) {
  let [mean, square, still] = [0, 0, 1];
  for (let tries = 1; tries <= most; tries += 1) {
    mean += still;
    square += (2 * tries - 1) * still;
    still *= 1 - ends;
  }
  return { mean, square };
}

/** Hours are full ones of UTC, the first from now on. */
const startOf = (hour: number, now: EpochMs): EpochMs =>
  hour === 0 ? now : (Math.floor(now / HOUR_MS) + hour) * HOUR_MS;

/** The first hour at whose beginning it is that time. */
const hourOf = (at: EpochMs, now: EpochMs): number =>
  at <= now ? 0 : Math.ceil(at / HOUR_MS) - Math.floor(now / HOUR_MS);

/** Whether it is an hour to call in the zone when each of the hours begins. */
function openHours(hours: ComplianceProfile['hours'], zone: string, now: EpochMs): readonly boolean[] {
  const open: boolean[] = [];
  let window = zoneWindow(hours, zone, now);
  for (let hour = 0; hour < HOURS; hour += 1) {
    const at = startOf(hour, now);
    if (at >= window.until) window = zoneWindow(hours, zone, at);
    open.push(window.open);
  }
  return open;
}
