import { z } from 'zod';
import type { CallId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { QueueProfile } from '../call/routing.ts';
import type { SwitchCommand } from '../call/switch.ts';
import { insist } from './insist.ts';
import type { Activation, FlowStore, Release, ReleaseFile } from './ports/flow-store.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Draft, Finding, ReleaseMaker } from './ports/releases.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import { releaseId, releaseOf, type Running, sameRunning } from './releases-choice.ts';
import type { Site } from './site.ts';

export interface ReleaseRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: LiveStore;
  readonly recorder: Recorder;
  readonly flows: FlowStore;
  readonly maker: ReleaseMaker;
  /** The releases that calls in progress go by. */
  readonly inCalls: () => readonly string[];
  /** Others run than before: who waits may be served by other rules. */
  readonly changed: () => void;
}

/** A release ready to lead calls. */
export interface Built {
  readonly id: string;
  readonly files: readonly ReleaseFile[];
  readonly site: Site;
}

export type GoodDraft = Extract<Draft, { ok: true }>;

/** A release cannot lead calls here. */
class ReleaseFault extends Error {
  override readonly name = 'ReleaseFault';
}

/**
 * The releases that lead calls: one for new calls, perhaps a canary for a share of them, and those that earlier calls go on
 * by. A change is written down first and then takes effect by one assignment; what is wrong changes nothing.
 */
export class Releases {
  readonly #rooms: ReleaseRooms;
  #running: Running = { release: '', canary: null };
  readonly #built = new Map<string, Built>();
  #queues: ReadonlyMap<string, QueueProfile> = new Map();
  #started: readonly ReleaseFile[] = [];
  /** Sounds that a release has under other names than its own. */
  #sounds: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map();
  /** Of calls that the store holds and nobody has taken up yet. */
  #early: readonly string[] = [];
  /** Changes come one after the other, those of other processes too. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(rooms: ReleaseRooms) {
    this.#rooms = rooms;
  }

  get running(): Running {
    return this.#running;
  }

  /** What new calls take, but for a canary. */
  get current(): Built {
    return this.#of(this.#running.release);
  }

  /** The files that the process started with; those of the house are in force until its end. */
  get started(): readonly ReleaseFile[] {
    return this.#started;
  }

  /** The queues of every release in use; where two have one, that of the current counts for all. */
  get queues(): ReadonlyMap<string, QueueProfile> {
    return this.#queues;
  }

  /** The release that a new call takes and keeps. */
  forCall(callId: CallId): Built {
    return this.#of(releaseOf(callId, this.#running));
  }

  /** What a call goes by. One whose release cannot be had any more goes by the current one. */
  site(release: string): Site {
    return (this.#built.get(release) ?? this.current).site;
  }

  /** What a call tells the switch, with the words of its own release. */
  voiced(command: SwitchCommand, release: string): SwitchCommand {
    const names = this.#sounds.get(this.#built.has(release) ? release : this.#running.release);
    if (command.type !== 'play' || !names || names.size === 0) return command;
    const media = command.media.map((one) =>
      one.kind === 'file' ? { ...one, path: names.get(one.path) ?? one.path } : one,
    );
    return { ...command, media };
  }

  /**
   * Finds out what runs: the last activation, or the folder when its content is new and good. Reads back what calls in
   * progress go by. What another version of Callwright made and this one cannot read is left to the processes that can.
   *
   * @throws ReleaseFault when there is neither.
   */
  async open(draft: Draft): Promise<void> {
    const { flows } = this.#rooms;
    const [last] = await flows.activations(1);
    if (draft.ok) this.#keep({ id: releaseId(draft.files), files: draft.files, site: draft.site });
    else await this.refuse('start', draft.findings, last?.release ?? '');
    const isNew = draft.ok && (!last || (await flows.release(releaseId(draft.files))) === null);
    const kept = isNew || !last ? null : await this.#readBack(last);
    for (const id of await this.#inStoredCalls()) {
      if (!(await this.find(id)))
        this.#rooms.log.warn({ release: id }, 'calls go on by the release that runs: theirs is gone');
    }
    if (kept) await this.#resume(kept);
    else if (draft.ok && isNew) await this.#begin(draft);
    else if (draft.ok) await this.#resume({ release: releaseId(draft.files), canary: null });
    else throw new ReleaseFault('No release of the flows can be run: mend the flow files and start again.');
    this.#started = draft.ok ? draft.files : this.current.files;
  }

  /** A release that is ready or kept; null when it is neither, or can no longer be read. */
  async find(id: string): Promise<Built | null> {
    const ready = this.#built.get(id);
    if (ready) return ready;
    const kept = await this.#rooms.flows.release(id);
    const site = kept && (await this.#rooms.maker.build(kept.files));
    if (!site) return null;
    const built = { id, files: kept.files, site };
    this.#keep(built);
    return built;
  }

  /** Writes a good draft down, so that it can be run now and gone back to later. */
  async introduce({ files, site }: GoodDraft, by: string, note: string): Promise<Built> {
    const { flows, clock } = this.#rooms;
    const release: Release = {
      id: releaseId(files),
      files,
      flows: [...site.flows.values()].map(({ id, version, title }) => ({ id, version, title })),
      madeBy: by,
      madeAt: clock.now(),
      note,
    };
    await flows.saveRelease(release);
    const built = { id: release.id, files, site };
    this.#keep(built);
    return built;
  }

  /** Makes the sounds, writes the change down, and lets new calls go by it. */
  run(change: Omit<Activation, 'at'>): Promise<void> {
    return this.#inTurn(() => this.#run(change));
  }

  /**
   * Goes by what was activated last, whichever process did so.
   *
   * @throws when it cannot be had here; what ran runs on then.
   */
  follow(): Promise<void> {
    return this.#inTurn(async () => {
      const [last] = await this.#rooms.flows.activations(1);
      if (!last || sameRunning(last, this.#running)) return;
      await this.#prepare(last);
      this.#swap(last);
      this.#rooms.changed();
    });
  }

  async #run(change: Omit<Activation, 'at'>): Promise<void> {
    const { flows, clock } = this.#rooms;
    await this.#prepare(change);
    await flows.activate({ ...change, at: clock.now() });
    this.#swap(change);
    this.#rooms.changed();
    const { canary, action, by } = change;
    const release = action === 'canary' && canary ? canary.release : change.release;
    this.#journal({ type: 'flows.loaded', data: { release, by, action, percent: canary?.percent ?? null } });
  }

  /** Tells that files were not good enough; nothing changes. */
  async refuse(by: string, findings: readonly Finding[], running = this.#running.release): Promise<void> {
    const faults = findings.filter(({ severity }) => severity === 'error');
    const [worst] = faults;
    const at = worst ? `${worst.file}:${worst.line}:${worst.column} ${worst.code}` : '';
    const first = worst ? `${at} ${worst.message}` : '';
    // A fault in a list of customers names one by his number.
    const pii = { message: worst?.message ?? '' };
    this.#rooms.log.error(
      { by, running, faults: faults.length, first: at, pii },
      'flow files refused; what ran runs on',
    );
    this.#journal({ type: 'flows.refused', data: { by, running, faults: faults.length, first } });
  }

  /** A canary that cannot be read any more is given up; without its release there is nothing to go on with. */
  async #readBack({ release, canary }: Activation): Promise<Running | null> {
    if (!(await this.find(release))) {
      this.#rooms.log.error({ release }, 'the release that ran last cannot be read any more');
      return null;
    }
    return { release, canary: canary && (await this.find(canary.release)) ? canary : null };
  }

  async #begin(draft: GoodDraft): Promise<void> {
    const { id } = await this.introduce(draft, 'start', '');
    await this.run({ by: 'start', action: 'load', release: id, canary: null });
  }

  async #resume(running: Running): Promise<void> {
    await this.#prepare(running);
    this.#swap(running);
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async #prepare({ release, canary }: Running): Promise<void> {
    for (const id of [release, canary?.release ?? release]) if (!(await this.find(id))) throw unreadable(id);
    const wanted = new Set([release, canary?.release ?? release, ...this.#built.keys()]);
    const inUse = [...wanted].flatMap((id) => this.#built.get(id) ?? []);
    const sounds = await this.#rooms.maker.prepare(inUse);
    this.#sounds = new Map(inUse.map(({ id }, at) => [id, sounds[at] ?? new Map()]));
  }

  #swap({ release, canary }: Running): void {
    this.#running = { release, canary };
    const inUse = new Set([release, canary?.release ?? release, ...this.#rooms.inCalls(), ...this.#early]);
    this.#early = [];
    for (const id of this.#built.keys()) if (!inUse.has(id)) this.#built.delete(id);
    const sites = [...this.#built.values()].map(({ site }) => site);
    this.#queues = new Map(
      [...sites, this.site(canary?.release ?? ''), this.current.site].flatMap(({ queues }) => [...queues]),
    );
  }

  async #inStoredCalls(): Promise<readonly string[]> {
    const stored = await this.#rooms.live.loadCalls();
    const releases = stored.map(({ body }) => STORED.safeParse(body).data?.release ?? '');
    this.#early = [...new Set(releases)].filter((id) => id !== '');
    return this.#early;
  }

  #keep(built: Built): void {
    this.#built.set(built.id, built);
  }

  #of(id: string): Built {
    const built = this.#built.get(id);
    if (!built) throw new Error(`release ${id} runs and is not there`);
    return built;
  }

  #journal(fact: Fact): void {
    const { recorder, live } = this.#rooms;
    const events = recorder.events('flows', [fact]);
    recorder.tell(events);
    void insist(this.#rooms, 'change of the flows', () => live.append(events));
  }
}

const unreadable = (id: string) =>
  new ReleaseFault(
    `Release ${id} cannot be read by this version of Callwright: run the one that made it, or load again.`,
  );

const STORED = z.object({ release: z.string() });
