import type { EventArchive } from '../engine/ports/event-archive.ts';
import type { GroupStanding } from '../engine/ports/event-groups.ts';
import type { AnyOwner, Backlog } from '../engine/ports/follow-ups.ts';
import type { LiveStore } from '../engine/ports/live-store.ts';
import type { Clock } from '../engine/ports/time.ts';
import type { Webhook, WebhookBooks } from '../engine/ports/webhooks.ts';
import type { Instruments } from './instruments.ts';

/** How events leave the house: the archive, the groups of consumers, the webhooks; and what was promised. Times are ms. */
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
  /** What each owner has before him. */
  readonly owed: readonly Pick<Backlog<AnyOwner>, 'owner' | 'open' | 'overdue'>[];
}

interface WatchRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly live: Pick<LiveStore, 'read' | 'groups'>;
  readonly archive: Pick<EventArchive, 'end'>;
  readonly books: Pick<WebhookBooks, 'all' | 'counts'>;
  readonly owed: () => Promise<EventsOut['owed']>;
}

/** Groups with a label of their own, those with most to do first. */
const MOST_GROUPS = 10;

/** What was seen at the last look, so that a scrape asks no store. Who looks, and how often, is said by who joins the rooms. */
export class EventsOutWatch {
  last: EventsOut | null = null;
  readonly #rooms: WatchRooms;

  constructor(rooms: WatchRooms) {
    this.#rooms = rooms;
  }

  /** @throws what a store threw; what is shown stays as it was then */
  async look(): Promise<void> {
    const { live, archive, books, owed } = this.#rooms;
    const [end, groups, webhooks, promised] = await Promise.all([
      archive.end(),
      live.groups.standings(),
      books.all(),
      owed(),
    ]);
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
      owed: promised,
    };
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
export function showEventsOut(set: Instruments, { archiveLagMs, groups, webhooks, owed }: EventsOut): void {
  showOwed(set, owed);
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

const OWNERS = ['agent', 'team', 'department', 'queue'] as const satisfies readonly AnyOwner['kind'][];

function showOwed(set: Instruments, owed: EventsOut['owed']): void {
  for (const owner of OWNERS) {
    const own = owed.filter(({ owner: { kind } }) => kind === owner);
    set.set('callwright_follow_ups', { owner, state: 'open' }, sum(own.map(({ open }) => open)));
    set.set('callwright_follow_ups', { owner, state: 'overdue' }, sum(own.map(({ overdue }) => overdue)));
  }
}

function showGroup(set: Instruments, group: string, counts: Omit<GroupStanding, 'group'>): void {
  for (const state of ['waiting', 'taken', 'dead'] as const)
    set.set('callwright_event_group_events', { group, state }, counts[state]);
}
