import { helpFor, type HoursSeen, isClosing, isSwept, type Overflowing, type QueueFigures } from '../acd/policy.ts';
import { type Asked, QueueNeeds } from '../acd/queue-needs.ts';
import type { CallId, EpochMs, QueueName } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { QueueProfile } from '../call/routing.ts';
import { type Calendar, hoursSeen } from '../ivr/calendar.ts';
import type { CallSession } from './call-session.ts';
import { type Asked as AskedOfAll, Lonely } from './queue-warden-lonely.ts';
import type { PromiseCallback } from './queue-warden-promise.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import { insist } from './insist.ts';

/** Queues in which nothing is heard to happen are looked at this often all the same. */
const TICK_MS = 5_000;
/** After a change the figures are looked at this soon, once for all changes until then. */
const SOON_MS = 1_000;
/** Another site that did not answer is tried again for the same call after this. */
const TRY_SITE_AGAIN_MS = 60_000;

export interface WardenRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly calendars: () => ReadonlyMap<string, Calendar>;
  /** Is anybody logged in who could take such a call, now or once it asks for less? */
  readonly isStaffed: (asked: AskedOfAll) => boolean;
  /** Agents logged in who serve the queue, and how long who joins it now will wait, ms; null: nobody knows. */
  readonly standing: (queue: QueueName) => { readonly staffed: number; readonly waitMs: number | null };
  /** How long who joins the queue now and asks for this will wait, ms; null: nobody knows. */
  readonly waitOfNew: (queue: QueueName, asked: Asked) => number | null;
  /** How long this waiting call will wait yet, ms; null: nobody knows. */
  readonly waitOf: (callId: CallId) => number | null;
  readonly serviceLevel: (queue: QueueName) => number | null;
  /** Does this process pair the calls of the queue? Then it tells what happens to the queue. */
  readonly leads: (queue: QueueName) => boolean;
  readonly promise: PromiseCallback;
}

interface Entry {
  readonly id: CallId;
  readonly session: CallSession;
  readonly queue: QueueName;
  readonly asked: Asked;
  timer: (() => void) | null;
  dismissed: boolean;
}

/**
 * Applies the policy of the queues to the calls of this process that wait in them. It looks at figures of queues, not at
 * their calls, until these say that something changes for the calls; a single call's wait has a timer of its own.
 */
export class QueueWarden {
  readonly #rooms: WardenRooms;
  readonly #lonely: Lonely;
  readonly #waiting = new Map<QueueName, Map<CallId, Entry>>();
  readonly #queueOf = new Map<CallId, QueueName>();
  readonly #needs = new Map<QueueName, QueueNeeds<Entry>>();
  /** Of calls that live, when they were last sent to another site; they come back as if they were new. */
  readonly #sentAt = new Map<CallId, EpochMs>();
  readonly #hours = new WeakMap<Calendar, { readonly seen: HoursSeen; readonly until: EpochMs }>();
  readonly #lonelyAt = new Map<QueueName, EpochMs>();
  #next: { readonly at: EpochMs; readonly cancel: () => void } | null = null;
  #stopped = true;

  constructor(rooms: WardenRooms) {
    this.#rooms = rooms;
    this.#lonely = new Lonely();
  }

  start(): void {
    this.#stopped = false;
    this.#lookAt(this.#rooms.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#next?.cancel();
    this.#next = null;
    for (const calls of this.#waiting.values()) for (const { timer } of calls.values()) timer?.();
  }

  /** Agents or queues changed. */
  kick(): void {
    if (!this.#stopped) this.#lookAt(this.#rooms.clock.now() + SOON_MS);
  }

  /** A call moved: it waits now, or waits no more. */
  follow(session: CallSession): void {
    const { id, phase, visit, attempt, errand } = session.state;
    const waits = (phase === 'queued' || phase === 'offering') && visit !== null && !attempt && !errand;
    const queue = waits && this.#rooms.queues().has(visit.request.queue) ? visit.request.queue : null;
    if (phase === 'ended') this.#sentAt.delete(id);
    const before = this.#queueOf.get(id) ?? null;
    if (before === queue) return;
    if (before !== null) this.#forget(before, id);
    if (queue === null || !visit) return;
    this.#queueOf.set(id, queue);
    const entry: Entry = { id, session, queue, asked: visit.request, timer: null, dismissed: false };
    this.#needsOf(queue).join(entry);
    const calls = this.#waiting.get(queue) ?? new Map<CallId, Entry>();
    this.#waiting.set(queue, calls.set(id, entry));
    this.#help(entry);
    this.kick();
  }

  /** Which entries of its `overflow` are in force, for all its calls or for those that ask for something. */
  overflowing(queue: QueueName): Overflowing {
    return this.#needs.get(queue)?.inForce ?? [];
  }

  #needsOf(queue: QueueName): QueueNeeds<Entry> {
    const needs = this.#needs.get(queue) ?? new QueueNeeds();
    this.#needs.set(queue, needs);
    return needs;
  }

  #forget(queue: QueueName, id: CallId): void {
    const calls = this.#waiting.get(queue);
    const entry = calls?.get(id);
    if (entry) this.#needsOf(queue).leave(entry);
    entry?.timer?.();
    calls?.delete(id);
    this.#queueOf.delete(id);
  }

  #lookAt(at: EpochMs): void {
    if (this.#next && this.#next.at <= at) return;
    this.#next?.cancel();
    this.#next = { at, cancel: this.#rooms.clock.at(at, () => this.#look()) };
  }

  #look(): void {
    this.#next = null;
    if (this.#stopped) return;
    for (const profile of this.#rooms.queues().values()) {
      try {
        this.#judge(profile);
      } catch (error) {
        this.#rooms.log.error({ err: error, queue: profile.name }, 'the policy of a queue failed; its callers wait on');
      }
    }
    this.#lookAt(this.#rooms.clock.now() + TICK_MS);
  }

  #judge(profile: QueueProfile): void {
    const { clock } = this.#rooms;
    const now = clock.now();
    const figures = this.#figures(profile, now);
    if (profile.overflow.length > 0) this.#overflow(profile, figures, now);
    if (profile.leaveWhenNoAgentsMs !== null) this.#leaveLonely(profile, profile.leaveWhenNoAgentsMs, now);
    if (figures.hours && isClosing(figures.hours, now)) this.#sweep(profile, figures.hours, now);
  }

  #sweep(profile: QueueProfile, hours: HoursSeen, now: EpochMs): void {
    for (const entry of this.#waiting.get(profile.name)?.values() ?? []) {
      const waitMs = hours.open ? this.#rooms.waitOf(entry.session.id) : null;
      if (isSwept(profile, hours, waitMs, now)) void this.#dismiss(entry, profile);
    }
  }

  #figures(profile: QueueProfile, now: EpochMs): QueueFigures {
    const { calendars, standing, serviceLevel } = this.#rooms;
    const stands = standing(profile.name);
    const hours = this.#hoursOf(calendars().get(profile.calendar ?? ''), now);
    const asked = profile.overflow.some(({ when }) => when.estimateOverMs !== undefined);
    return {
      staffed: stands.staffed,
      estimateMs: asked ? stands.waitMs : null,
      serviceLevel: serviceLevel(profile.name),
      hours,
    };
  }

  /** Looked up once for as long as they stay the same. */
  #hoursOf(calendar: Calendar | undefined, now: EpochMs): HoursSeen | null {
    if (!calendar) return null;
    const known = this.#hours.get(calendar);
    if (known && now < known.until) return known.seen;
    const seen = hoursSeen(calendar, now);
    if (seen) this.#hours.set(calendar, { seen, until: seen.changesAt ?? now + TICK_MS });
    return seen;
  }

  #overflow(profile: QueueProfile, figures: QueueFigures, now: EpochMs): void {
    const { name, overflow } = profile;
    const needs = this.#needsOf(name);
    const before = needs.inForce;
    const concerned = needs.judge(overflow, figures, (asked) => this.#rooms.waitOfNew(name, asked), now);
    const after = needs.inForce;
    const changed = overflow.flatMap(({ to }, at) => {
      const [was, is] = [before[at] ?? null, after[at] ?? null];
      if ((was === null) === (is === null)) return [];
      const because = is?.because ?? was?.because ?? 'estimate';
      return [{ queue: name, to: 'queue' in to ? to.queue : to.number, on: is !== null, because }];
    });
    if (changed.length > 0 && this.#rooms.leads(name)) {
      this.#journal(
        name,
        changed.map((data) => ({ type: 'queue.overflowing', data })),
      );
    }
    const sites = overflow.some(({ to }) => 'number' in to);
    for (const entry of sites ? (this.#waiting.get(name)?.values() ?? []) : concerned) this.#help(entry);
  }

  /** Tells a call who helps with it now, and looks again when its wait alone changes that. */
  #help(entry: Entry): void {
    const { clock, queues } = this.#rooms;
    const { session, queue } = entry;
    const { visit, phase } = session.state;
    const overflow = queues().get(queue)?.overflow ?? [];
    entry.timer?.();
    entry.timer = null;
    if (!visit || overflow.length === 0) return;
    const now = clock.now();
    const { also, sites, nextAfterMs } = helpFor(overflow, this.#needsOf(queue).of(entry), now - visit.enqueuedAt);
    if (also.join() !== (visit.also ?? []).join()) session.post({ type: 'policy', order: { do: 'help', also } });
    if (nextAfterMs !== null) entry.timer = clock.at(visit.enqueuedAt + nextAfterMs, () => this.#help(entry));
    const [site] = sites;
    if (!site || phase !== 'queued' || now - (this.#sentAt.get(session.id) ?? -Infinity) < TRY_SITE_AGAIN_MS) return;
    this.#sentAt.set(session.id, now);
    session.post({ type: 'policy', order: { do: 'send', ...site } });
  }

  /** Looks at the needs of all who wait, so not at every change. */
  #leaveLonely(profile: QueueProfile, leaveMs: number, now: EpochMs): void {
    if (now - (this.#lonelyAt.get(profile.name) ?? -Infinity) < TICK_MS) return;
    this.#lonelyAt.set(profile.name, now);
    const entries = this.#waiting.get(profile.name) ?? new Map<CallId, Entry>();
    const calls = [...entries.values()].map(({ session }) => session.state);
    for (const id of this.#lonely.since({ queue: profile.name, calls, leaveMs, now }, this.#rooms.isStaffed)) {
      entries.get(id)?.session.post({ type: 'policy', order: { do: 'leave' } });
    }
  }

  /** The callback is written down before it is promised. */
  async #dismiss(entry: Entry, profile: QueueProfile): Promise<void> {
    const { session } = entry;
    if (entry.dismissed || session.state.phase !== 'queued') return;
    entry.dismissed = true;
    const calendar = this.#rooms.calendars().get(profile.calendar ?? '');
    const isBack = session.state.visit?.back !== undefined;
    const wanted = profile.closing.callback && !isBack && calendar;
    const callback = wanted ? await this.#rooms.promise(session.state, profile, calendar) : null;
    session.post({ type: 'policy', order: { do: 'dismiss', callback } });
    await session.idle();
    // A phone began to ring meanwhile: should nobody answer it, he is told then.
    entry.dismissed = false;
  }

  #journal(queue: QueueName, facts: readonly Fact[]): void {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`queue/${queue}`, facts);
    recorder.tell(events);
    void insist(this.#rooms, 'change of a queue', () => live.append(events));
  }
}
