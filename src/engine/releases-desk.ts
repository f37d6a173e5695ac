import type { Activation, FlowStore } from './ports/flow-store.ts';
import type {
  Finding,
  LoadAnswer,
  ReleaseChange,
  ReleaseDesk,
  ReleaseMaker,
  ReleaseProcess,
  ReleaseView,
} from './ports/releases.ts';
import type { Answer } from './ports/service.ts';
import type { Log } from './ports/time.ts';
import { changedOfTheHouse, releaseBefore, releaseId, sameRunning } from './releases-choice.ts';
import type { ReleaseFollower } from './releases-follower.ts';
import type { GoodDraft, Releases } from './releases.ts';

interface DeskRooms {
  readonly log: Log;
  readonly flows: FlowStore;
  readonly maker: ReleaseMaker;
  readonly releases: Releases;
  readonly follower: Pick<ReleaseFollower, 'look' | 'idle' | 'processes'>;
  /** The releases that calls in progress go by. */
  readonly inCalls: () => readonly string[];
}

type Change = Pick<Activation, 'action' | 'release' | 'canary'>;
type Order = Answer<ReleaseChange>;

/** As many as are listed, and as far as the way back is remembered. */
const MOST = 200;

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

/** Changes of what runs, one at a time, each by somebody. */
export class EngineReleaseDesk implements ReleaseDesk {
  readonly #rooms: DeskRooms;
  #busy = false;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
  }

  async list(): Promise<readonly ReleaseView[]> {
    const { flows, releases, inCalls } = this.#rooms;
    const { release, canary } = releases.running;
    const held = inCalls();
    const share = (id: string) => {
      if (id === canary?.release) return canary.percent;
      return id === release ? 100 - (canary?.percent ?? 0) : 0;
    };
    return (await flows.releases(MOST)).map((kept) => ({
      ...kept,
      percent: share(kept.id),
      calls: held.filter((id) => id === kept.id).length,
    }));
  }

  processes(): Promise<readonly ReleaseProcess[]> {
    return this.#rooms.follower.processes();
  }

  load(by: string, { percent, note }: { readonly percent: number | null; readonly note: string }): Promise<LoadAnswer> {
    return this.#alone(async () => {
      const draft = await this.#rooms.maker.read();
      if (draft.ok) return this.#loadGood(draft, by, percent, note);
      await this.#rooms.releases.refuse(by, draft.findings);
      return { ok: false, why: 'findings', sentence: refusal(draft.findings), findings: draft.findings } as const;
    });
  }

  activate(id: string, by: string): Promise<Order> {
    return this.#alone(async () => {
      if (!(await this.#rooms.releases.find(id))) return no('not-found', `No release ${id} is kept that can be run.`);
      return this.#change({ action: 'load', release: id, canary: null }, by);
    });
  }

  rollback(by: string): Promise<Order> {
    return this.#alone(async () => {
      const { flows, releases } = this.#rooms;
      if (releases.running.canary) return this.#endCanary(by, 'rollback');
      const before = releaseBefore(await flows.activations(MOST));
      if (before === null) return no('conflict', 'There is no release before this one.');
      if (!(await releases.find(before)))
        return no('conflict', `The release before, ${before}, can no longer be read.`);
      return this.#change({ action: 'rollback', release: before, canary: null }, by);
    });
  }

  promote(by: string): Promise<Order> {
    return this.#alone(async () => {
      const { canary } = this.#rooms.releases.running;
      if (!canary) return no('conflict', 'There is no canary to promote.');
      return this.#change({ action: 'promote', release: canary.release, canary: null }, by);
    });
  }

  cancelCanary(by: string): Promise<Order> {
    return this.#alone(async () => {
      if (!this.#rooms.releases.running.canary) return no('conflict', 'There is no canary to cancel.');
      return this.#endCanary(by, 'cancel');
    });
  }

  #endCanary(by: string, action: 'cancel' | 'rollback'): Promise<Order> {
    return this.#change({ action, release: this.#rooms.releases.running.release, canary: null }, by);
  }

  async #loadGood(draft: GoodDraft, by: string, percent: number | null, note: string): Promise<LoadAnswer> {
    const { releases } = this.#rooms;
    const { release } = releases.running;
    const id = releaseId(draft.files);
    if (id === release && percent !== null)
      return no('conflict', `Release ${id} leads all calls; it can be no canary.`);
    const notes = notesOf(changedOfTheHouse(releases.started, draft.files));
    await releases.introduce(draft, by, note);
    const change: Change =
      percent === null
        ? { action: 'load', release: id, canary: null }
        : { action: 'canary', release, canary: { release: id, percent } };
    return this.#change(change, by, { notes, warnings: draft.warnings });
  }

  async #change(
    change: Change,
    by: string,
    more: Pick<ReleaseChange, 'notes' | 'warnings'> = { notes: [], warnings: [] },
  ): Promise<Order> {
    const { flows, releases } = this.#rooms;
    const [last] = await flows.activations(1);
    // Where this process is behind, what it runs is not what the others run.
    const changed = !sameRunning(releases.running, change) || !last || !sameRunning(last, change);
    if (changed) await releases.run({ ...change, by });
    return { ok: true, value: { ...change, changed, ...more } };
  }

  /** A store that is away or sounds that cannot be made change nothing. */
  async #alone<T>(task: () => Promise<T>): Promise<T | ReturnType<typeof no>> {
    if (this.#busy) return no('conflict', 'Another change of the flows is under way; try again when it is done.');
    this.#busy = true;
    try {
      // Another process may have changed it a moment ago: it is changed from what it is now.
      this.#rooms.follower.look();
      await this.#rooms.follower.idle();
      return await task();
    } catch (error) {
      this.#rooms.log.error({ err: error }, 'change of the flows failed; what ran runs on');
      const told = error instanceof Error && error.name.endsWith('Fault') ? error.message : 'The log has the fault.';
      return no('conflict', `It could not be done, and nothing has changed. ${told}`);
    } finally {
      this.#busy = false;
    }
  }
}

const notesOf = (files: readonly string[]) =>
  files.map((file) => `${file} has changed: agents and trunks are read at a start, so restart Callwright for it.`);

function refusal(findings: readonly Finding[]): string {
  const faults = findings.filter(({ severity }) => severity === 'error').length;
  return `The flow files have ${faults === 1 ? '1 fault' : `${faults} faults`}; what ran runs on.`;
}
