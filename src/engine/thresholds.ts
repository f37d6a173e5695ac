import type { ThresholdFact } from '../call/threshold-facts.ts';
import type { Thresholds } from '../work/threshold.ts';
import { type AllWatched, alarmOf, judge, type Watched, watchedSchema } from '../work/threshold-judge.ts';
import type { Reading } from '../work/threshold-step.ts';
import type { Alarms, AlarmView } from './ports/alarms.ts';
import { Looks } from './looks.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

const LOOK_MS = 5_000;
/** Of several processes one watches; another goes on after this when it has died. */
const LEASE = 'thresholds';
const LEASE_MS = 30_000;

interface WatchRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly recorder: Recorder;
  readonly live: Pick<LiveStore, 'lease' | 'releaseLease' | 'saveAlarms' | 'loadAlarms'>;
  /** Name of this process in leases. */
  readonly owner: string;
  /** Of the release in force. */
  readonly rules: () => Thresholds;
  /** The readings of each rule; null where they could not be read. */
  readonly read: (rules: Thresholds) => Promise<ReadonlyMap<string, readonly Reading[] | null>>;
}

/**
 * Looks at the figures that the site has watched, and tells when one becomes an alarm and when it is none any more. What it knows is
 * written down before it is told, so that whoever goes on neither tells an alarm again nor forgets to clear it.
 */
export class ThresholdWatch implements Alarms {
  readonly #rooms: WatchRooms;
  /** Null: to be read first. */
  #watched: AllWatched | null = null;
  readonly #looks: Looks;

  constructor(rooms: WatchRooms) {
    this.#rooms = rooms;
    const { clock, log } = rooms;
    const failing = 'thresholds are not watched for the moment; alarms stay as they are';
    this.#looks = new Looks({ clock, log, everyMs: LOOK_MS, look: () => this.#look(), failing });
  }

  start(): void {
    this.#looks.start();
  }

  async stop(): Promise<void> {
    await this.#looks.stop();
    const { live, owner } = this.#rooms;
    await live.releaseLease(LEASE, owner).catch(() => undefined);
  }

  async alarms(): Promise<readonly AlarmView[]> {
    const now = this.#rooms.clock.now();
    const all = [...(await this.#load()).values()].map((each) => alarmOf(each, now)).filter((alarm) => alarm !== null);
    const isAlarm = ({ severity }: AlarmView) => (severity === 'alarm' ? 0 : 1);
    return all.sort((a, b) => isAlarm(a) - isAlarm(b) || a.raisedAt - b.raisedAt);
  }

  async #look(): Promise<void> {
    const { live, owner } = this.#rooms;
    try {
      const { mine } = await live.lease(LEASE, owner, LEASE_MS);
      // Another process writes meanwhile: what is known here grows old.
      if (!mine) this.#watched = null;
      else await this.#judge();
    } catch (error) {
      this.#watched = null;
      throw error;
    }
  }

  async #judge(): Promise<void> {
    const { clock, live, owner, recorder, rules } = this.#rooms;
    const before = this.#watched ?? (await this.#load());
    const asked = rules();
    const read = await this.#rooms.read(asked);
    if (this.#looks.isStopped) return;
    const { watched, changes, facts } = judge(asked, before, read, clock.now());
    this.#watched = before;
    if (changes.size === 0) return;
    const events = facts.flatMap((fact) => recorder.events(`threshold/${fact.data.threshold}`, [fact]));
    const isSaved = await live.saveAlarms({ lease: LEASE, owner }, changes, events);
    this.#watched = isSaved ? watched : null;
    if (!isSaved) return;
    recorder.tell(events);
    for (const fact of facts) this.#say(fact);
  }

  #say({ type, data: { threshold, severity, of, name, value, words } }: ThresholdFact): void {
    const { log } = this.#rooms;
    const fields = { threshold, severity, of, name, value };
    if (type === 'threshold.cleared') log.info(fields, words);
    else log.warn(fields, words);
  }

  /** What is stored; what another version of Callwright wrote and this one cannot read is watched anew. */
  async #load(): Promise<AllWatched> {
    const known: [string, Watched][] = [];
    for (const [key, body] of await this.#rooms.live.loadAlarms()) {
      const read = watchedSchema.safeParse(body);
      if (read.success) known.push([key, read.data]);
    }
    return new Map(known);
  }
}
