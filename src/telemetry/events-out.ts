import type { EventArchive } from '../engine/ports/event-archive.ts';
import type { GroupStanding } from '../engine/ports/event-groups.ts';
import type { LiveStore } from '../engine/ports/live-store.ts';
import type { Clock, Log } from '../engine/ports/time.ts';
import type { Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';
import type { Instruments } from './instruments.ts';

/** How events leave the house: the archive, the groups of consumers, the webhooks. Times are ms. */
export interface EventsOut {
  readonly archiveLagMs: number;
  readonly groups: readonly GroupStanding[];
  readonly webhooks: {
    readonly well: number;
    readonly failing: number;
    readonly off: number;
    readonly parked: number;
    readonly dead: number;
    readonly lagMs: number;
  };
}

interface WatchRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'read' | 'groups'>;
  readonly archive: Pick<EventArchive, 'end'>;
  readonly books: Pick<WebhookBooks, 'all' | 'counts'>;
}

/** The stores are asked this often, and never by a scrape. */
const EVERY_MS = 10_000;
/** Groups with a label of their own, those with most to do first. */
const MOST_GROUPS = 10;

/** Looks from time to time how events leave the house, so that a scrape asks no store. */
export class EventsOutWatch {
  last: EventsOut | null = null;
  readonly #rooms: WatchRooms;
  #alarm: (() => void) | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(rooms: WatchRooms) {
    this.#rooms = rooms;
  }

  start(): void {
    if (this.#stopped) return;
    this.#round = this.#look();
    void this.#round.then(() => {
      const { clock } = this.#rooms;
      if (!this.#stopped) this.#alarm = clock.at(clock.now() + EVERY_MS, () => this.start());
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#alarm?.();
    await this.#round;
  }

  async #look(): Promise<void> {
    const { live, archive, books, log } = this.#rooms;
    try {
      const [end, groups, webhooks] = await Promise.all([archive.end(), live.groups.standings(), books.all()]);
      const counts = await Promise.all(webhooks.map(({ id }) => books.counts(id)));
      const on = webhooks.filter(({ isOn }) => isOn);
      const lags = await Promise.all(on.map(({ cursor }) => this.#ageAfter(cursor)));
      this.last = {
        archiveLagMs: await this.#ageAfter(end),
        groups,
        webhooks: {
          ...standings(webhooks),
          parked: sum(counts.map(({ parked }) => parked)),
          dead: sum(counts.map(({ dead }) => dead)),
          lagMs: Math.max(0, ...lags),
        },
      };
    } catch (error) {
      // Whether the stores are there is told by other metrics; what is shown stays as it was.
      log.debug({ err: error }, 'how events leave the house cannot be seen for the moment');
    }
  }

  /** Age of the first event after the cursor, ms; 0: there is none. */
  async #ageAfter(cursor: string | null): Promise<number> {
    const [next] = await this.#rooms.live.read(cursor, 1);
    return next ? Math.max(0, this.#rooms.clock.now() - next.event.at) : 0;
  }
}

function standings(webhooks: readonly Webhook[]): Pick<EventsOut['webhooks'], 'well' | 'failing' | 'off'> {
  const off = webhooks.filter(({ isOn }) => !isOn).length;
  const failing = webhooks.filter(({ isOn, failingSince }) => isOn && failingSince !== null).length;
  return { off, failing, well: webhooks.length - off - failing };
}

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);

/** Writes it into the metrics. */
export function showEventsOut(set: Instruments, { archiveLagMs, groups, webhooks }: EventsOut): void {
  set.set('callwright_archive_lag_seconds', {}, archiveLagMs / 1_000);
  set.set('callwright_webhook_lag_seconds', {}, webhooks.lagMs / 1_000);
  for (const state of ['well', 'failing', 'off'] as const) set.set('callwright_webhooks', { state }, webhooks[state]);
  for (const state of ['parked', 'dead'] as const) set.set('callwright_webhook_events', { state }, webhooks[state]);
  set.clear('callwright_event_group_events');
  const sorted = groups.toSorted((a, b) => b.waiting + b.taken + b.dead - (a.waiting + a.taken + a.dead));
  for (const { group, ...counts } of sorted.slice(0, MOST_GROUPS)) showGroup(set, group, counts);
  const rest = sorted.slice(MOST_GROUPS);
  if (rest.length === 0) return;
  const all = (state: 'waiting' | 'taken' | 'dead') => sum(rest.map((each) => each[state]));
  showGroup(set, 'other', { waiting: all('waiting'), taken: all('taken'), dead: all('dead') });
}

function showGroup(set: Instruments, group: string, counts: Omit<GroupStanding, 'group'>): void {
  for (const state of ['waiting', 'taken', 'dead'] as const)
    set.set('callwright_event_group_events', { group, state }, counts[state]);
}
