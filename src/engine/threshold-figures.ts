import type { AgentLive } from '../acd/agent.ts';
import type { Candidate } from '../acd/queue.ts';
import type { EpochMs, QueueName } from '../call/ids.ts';
import type { QueueProfile } from '../call/routing.ts';
import { hoursAt } from '../ivr/calendar.ts';
import type { Threshold } from '../work/threshold.ts';
import type { Reading } from '../work/threshold-step.ts';
import type { WaitCounts } from '../work/wait-counts.ts';
import type { AbandonmentView } from './ports/abandonment.ts';
import type { FollowUps } from './ports/follow-ups.ts';
import type { Campaign, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Site } from './site.ts';
import { lengthOf, staffFigure } from './threshold-agents.ts';
import { ThresholdWaits } from './threshold-waits.ts';

export interface FigureRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly history: Pick<History, 'campaigns' | 'leadCounts'>;
  readonly followUps: Pick<FollowUps, 'queues'>;
  readonly site: () => Site;
  readonly queues: () => ReadonlyMap<QueueName, QueueProfile>;
  readonly waiting: (queue: QueueName) => readonly { readonly enqueuedAt: EpochMs }[];
  /** How long who joins the queue now will wait, ms; null: nobody knows. */
  readonly estimateMs: (queue: QueueName) => number | null;
  readonly agents: () => readonly Candidate[];
  readonly abandonment: (campaign: Campaign) => Promise<AbandonmentView | null>;
  /** Since when a trunk is down; null: it is not, as far as is known here. */
  readonly trunkDownSince: (trunk: string) => EpochMs | null;
}

/** Figures of a moment, each read once however many rules ask for it. */
interface Look {
  readonly now: EpochMs;
  readonly waits: WaitCounts | null;
  readonly serving: ReadonlyMap<QueueName, readonly AgentLive[]>;
}

const WATCHER = { name: 'thresholds', agentId: null };
const MINUTE_MS = 60_000;
/** What is asked of the database is as old as this at most. */
const DATABASE_AGE_MS = 30_000;

/** Reads the figures that thresholds watch. */
export class ThresholdFigures {
  readonly #rooms: FigureRooms;
  readonly #waits: ThresholdWaits;
  /** What was read of the database, and when. */
  readonly #kept = new WeakMap<Threshold, { readonly at: EpochMs; readonly readings: readonly Reading[] }>();
  readonly #failing = new Set<string>();

  constructor(rooms: FigureRooms) {
    this.#rooms = rooms;
    const { queues, site } = rooms;
    this.#waits = new ThresholdWaits({ ...rooms, queues, shortMs: () => site().kpis.shortAbandonMs });
  }

  /** The readings of each rule; null where they could not be read. */
  async read(rules: Iterable<Threshold>): Promise<ReadonlyMap<string, readonly Reading[] | null>> {
    const asked = [...rules];
    const now = this.#rooms.clock.now();
    const look = { now, waits: await this.#waitsOf(asked, now), serving: this.#serving() };
    const read = new Map<string, readonly Reading[] | null>();
    for (const rule of asked) read.set(rule.name, await this.#readOne(rule, look));
    return read;
  }

  async #readOne(rule: Threshold, look: Look): Promise<readonly Reading[] | null> {
    try {
      const readings = await this.#readings(rule, look);
      this.#failing.delete(rule.name);
      return readings;
    } catch (error) {
      const fields = { err: error, threshold: rule.name };
      if (!this.#failing.has(rule.name)) this.#rooms.log.warn(fields, 'a threshold cannot be watched for the moment');
      this.#failing.add(rule.name);
      return null;
    }
  }

  async #readings(rule: Threshold, look: Look): Promise<readonly Reading[] | null> {
    switch (rule.of) {
      case 'queue':
        return this.#ofQueues(rule, look);
      case 'agent':
        return this.#ofAgents(rule, look);
      case 'trunk':
        return this.#ofTrunks(rule, look);
      case 'campaign':
        return this.#seldom(rule, look, () => this.#ofCampaigns(rule));
      case 'followUps':
        return this.#seldom(rule, look, () => this.#ofOwners(rule, look));
    }
  }

  async #seldom(rule: Threshold, { now }: Look, read: () => Promise<readonly Reading[]>): Promise<readonly Reading[]> {
    const kept = this.#kept.get(rule);
    if (kept && now - kept.at < DATABASE_AGE_MS) return kept.readings;
    const readings = await read();
    this.#kept.set(rule, { at: now, readings });
    return readings;
  }

  #ofQueues(rule: Threshold, look: Look): readonly Reading[] | null {
    if (rule.window !== null && look.waits === null) return null;
    const queues = [...this.#rooms.queues().values()].filter(({ name }) => isOf(rule, name));
    return queues.map((queue) => enough(rule, { name: queue.name, ...this.#ofQueue(rule, queue, look) }));
  }

  #ofQueue(rule: Threshold, queue: QueueProfile, { now, waits, serving }: Look): Omit<Reading, 'name'> {
    const { waiting, estimateMs } = this.#rooms;
    switch (rule.figure) {
      case 'serviceLevel':
        return waits?.serviceLevel(queue.name, this.#beginOf(rule, queue, now)) ?? { value: null, sample: 0 };
      case 'abandonment':
        return waits?.abandonment(queue.name, this.#beginOf(rule, queue, now)) ?? { value: null, sample: 0 };
      case 'longestWait':
        return {
          value: waiting(queue.name).reduce((most, { enqueuedAt }) => Math.max(most, now - enqueuedAt), 0),
          sample: null,
        };
      case 'estimatedWait':
        return { value: estimateMs(queue.name), sample: null };
      case 'waiting':
        return { value: waiting(queue.name).length, sample: null };
      case 'occupancy':
        return staffFigure(rule.figure, serving.get(queue.name) ?? [], now);
      default:
        return this.#isOpen(queue, now)
          ? staffFigure(rule.figure, serving.get(queue.name) ?? [], now)
          : { value: null, sample: null };
    }
  }

  #ofAgents(rule: Threshold, { now }: Look): readonly Reading[] {
    const teams = this.#rooms.site().followUps?.teams;
    const members = rule.teams && new Set([...rule.teams].flatMap((team) => teams?.get(team)?.members ?? []));
    const agents = this.#rooms.agents().filter(({ live: { id } }) => isOf(rule, id) && (members?.has(id) ?? true));
    return agents.map((agent) => ({ name: agent.live.id, value: lengthOf(agent, rule, now), sample: null }));
  }

  #ofTrunks(rule: Threshold, { now }: Look): readonly Reading[] {
    const { site, trunkDownSince } = this.#rooms;
    const trunks = [...site().trunks.keys()].filter((name) => isOf(rule, name));
    return trunks.map((name) => {
      const since = trunkDownSince(name);
      return { name, value: since === null ? 0 : Math.max(0, now - since), sample: null };
    });
  }

  async #ofCampaigns(rule: Threshold): Promise<readonly Reading[]> {
    const running = (await this.#rooms.history.campaigns()).filter(({ status }) => status === 'running');
    const watched = running.filter(({ id, name }) => isOf(rule, id, name));
    return Promise.all(
      watched.map(async (campaign) => {
        const reading = await this.#ofCampaign(rule, campaign);
        return enough(rule, { name: campaign.id, label: campaign.name, ...reading });
      }),
    );
  }

  async #ofCampaign({ figure }: Threshold, campaign: Campaign): Promise<Omit<Reading, 'name'>> {
    if (figure === 'leadsLeft') {
      const { pending, leased } = await this.#rooms.history.leadCounts(campaign.id);
      return { value: pending + leased, sample: null };
    }
    const limits = (await this.#rooms.abandonment(campaign))?.limits ?? [];
    const limit = limits.find(({ binds }) => binds) ?? limits[0];
    if (!limit) return { value: null, sample: 0 };
    return { value: figure === 'capUsed' ? limit.rate / limit.cap : limit.rate, sample: Math.floor(limit.of) };
  }

  /** Also of owners who have nothing open, so that what is raised of them is cleared in its time. */
  async #ofOwners(rule: Threshold, { now }: Look): Promise<readonly Reading[]> {
    const { followUps, site, queues, agents } = this.#rooms;
    const { teams, departments } = site().followUps ?? {};
    const known = [
      ...[...(teams?.keys() ?? [])].map((id) => `team:${id}`),
      ...[...(departments?.keys() ?? [])].map((id) => `department:${id}`),
      ...[...queues().keys()].map((id) => `queue:${id}`),
      ...agents().map(({ live: { id } }) => `agent:${id}`),
    ];
    const values = new Map(known.map((name) => [name, 0]));
    for (const { owner, open, overdue, oldestAt } of await followUps.queues(WATCHER)) {
      const { [rule.figure]: value = 0 }: Record<string, number> = { open, overdue, age: Math.max(0, now - oldestAt) };
      values.set(`${owner.kind}:${owner.id}`, value);
    }
    const watched = [...values].filter(([name]) => isOf(rule, name, name.slice(name.indexOf(':') + 1)));
    return watched.map(([name, value]) => ({ name, value, sample: null }));
  }

  /** Read as far back as the longest window reaches; null: not yet. */
  async #waitsOf(rules: readonly Threshold[], now: EpochMs): Promise<WaitCounts | null> {
    const queues = [...this.#rooms.queues().values()];
    const windowed = rules.filter(({ window }) => window !== null);
    const begins = windowed.flatMap((rule) => queues.map((queue) => this.#beginOf(rule, queue, now)));
    if (begins.length === 0) return null;
    try {
      return await this.#waits.since(begins.reduce((a, b) => Math.min(a, b)));
    } catch (error) {
      this.#rooms.log.warn({ err: error }, 'the journal cannot be read: what thresholds count from it is not watched');
      return null;
    }
  }

  /** When the window of a rule begins: some time ago, or at midnight where the queue is. */
  #beginOf({ window }: Threshold, { calendar }: QueueProfile, now: EpochMs): EpochMs {
    if (window !== 'day') return now - (window ?? 0);
    const zone = this.#rooms.site().calendars.get(calendar ?? '')?.timezone ?? 'UTC';
    return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).startOfDay().epochMilliseconds;
  }

  #isOpen({ calendar: name }: QueueProfile, now: EpochMs): boolean {
    const calendar = this.#rooms.site().calendars.get(name ?? '');
    return !calendar || hoursAt(calendar, now - (now % MINUTE_MS)) === 'open';
  }

  #serving(): ReadonlyMap<QueueName, readonly AgentLive[]> {
    const serving = new Map<QueueName, AgentLive[]>();
    for (const { live, profile } of this.#rooms.agents()) {
      for (const queue of live.changed?.queues ?? profile.queues) {
        const agents = serving.get(queue);
        if (agents) agents.push(live);
        else serving.set(queue, [live]);
      }
    }
    return serving;
  }
}

/** Is it one that the rule is for, by any of the words it goes by? */
function isOf({ names, except }: Threshold, ...words: readonly string[]): boolean {
  return !words.some((word) => except.has(word)) && (names === 'all' || words.some((word) => names.has(word)));
}

/** Counted from too few there is no figure. */
function enough({ atLeast }: Threshold, reading: Reading): Reading {
  return reading.sample !== null && reading.sample < atLeast ? { ...reading, value: null } : reading;
}
