import type { EpochMs } from '../../call/ids.ts';
import type { Site } from '../site.ts';
import type { Activation, ReleaseFile } from './flow-store.ts';
import type { Answer } from './service.ts';

/** A fault, warning or failed test in the files of the flows, as `callwright flow check` prints it. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
  /** One sentence that says what to do; empty when the message says it. */
  readonly hint: string;
}

/** What stands in the folders of flows and prompts, judged as a whole: by every check, and by the flows' own tests. */
export type Draft =
  | {
      readonly ok: true;
      readonly files: readonly ReleaseFile[];
      readonly site: Site;
      readonly warnings: readonly Finding[];
    }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/**
 * Makes releases of files. Guarantees: `read` and `build` always settle and never reject, whatever the files hold; `read`
 * leaves the event loop free while it checks and tests.
 */
export interface ReleaseMaker {
  read(): Promise<Draft>;
  /** A release that was kept, which was checked and tested in its time. Null when it can no longer be read. */
  build(files: readonly ReleaseFile[]): Promise<Site | null>;
  /**
   * Makes the sounds of releases that are in use. A prompt that several have in other words is made in each: for the first of
   * them under its own name; under which names for the others is answered, release by release, as path → path.
   * @throws with a sentence when they cannot be made.
   */
  prepare(
    inUse: readonly { readonly site: Site; readonly files: readonly ReleaseFile[] }[],
  ): Promise<readonly ReadonlyMap<string, string>[]>;
}

export interface ReleaseView {
  readonly id: string;
  readonly madeBy: string;
  readonly madeAt: EpochMs;
  readonly note: string;
  readonly flows: readonly { readonly id: string; readonly version: string; readonly title: string }[];
  /** Share of new calls that take it. */
  readonly percent: number;
  /** Calls in progress that go by it, in this process. */
  readonly calls: number;
}

/** A process of Callwright that leads the calls of a switch, and by which release. */
export interface ReleaseProcess {
  /** Its switch. */
  readonly node: string;
  /** It is the one that answers. */
  readonly self: boolean;
  /** Null: it has not said so yet. */
  readonly release: string | null;
  readonly canary: { readonly release: string; readonly percent: number } | null;
  readonly since: EpochMs | null;
  /** Why it cannot load what was activated last, and runs this on; null: it runs it. */
  readonly fault: string | null;
}

/** What new calls take from now on. */
export interface ReleaseChange {
  readonly release: string;
  readonly canary: { readonly release: string; readonly percent: number } | null;
  readonly action: Activation['action'];
  /** False when that was so already. */
  readonly changed: boolean;
  /** What the change does not reach. */
  readonly notes: readonly string[];
  readonly warnings: readonly Finding[];
}

/** `findings`: the folder has faults, and nothing has changed. */
export type LoadAnswer =
  | Answer<ReleaseChange>
  | {
      readonly ok: false;
      readonly why: 'findings';
      readonly sentence: string;
      readonly findings: readonly Finding[];
    };

/** What the outside may see and ask of the releases. `by` is the name of who asks. One change is made at a time. */
export interface ReleaseDesk {
  /** Newest first. */
  list(): Promise<readonly ReleaseView[]>;
  /** By name of their switch. */
  processes(): Promise<readonly ReleaseProcess[]>;
  /** Checks and tests the server's own folder, and lets all new calls, or `percent` of them, go by it. */
  load(by: string, options: { readonly percent: number | null; readonly note: string }): Promise<LoadAnswer>;
  /** Lets all new calls go by a release that is kept. */
  activate(id: string, by: string): Promise<Answer<ReleaseChange>>;
  /** Ends the canary, or without one goes back to the release before. */
  rollback(by: string): Promise<Answer<ReleaseChange>>;
  /** Lets all new calls go by the canary. */
  promote(by: string): Promise<Answer<ReleaseChange>>;
  cancelCanary(by: string): Promise<Answer<ReleaseChange>>;
}
