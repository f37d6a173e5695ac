import type { ReleaseChange, ReleaseDesk, ReleaseProcess, ReleaseView } from '../../src/engine/ports/releases.ts';

const KEPT: ReleaseView = {
  id: 'a1b2c3d4e5f6',
  madeBy: 'ci',
  madeAt: 1_000,
  note: 'autumn menu',
  flows: [{ id: 'main-support', version: 'a1b2c3', title: 'Support' }],
  percent: 100,
  calls: 2,
};

const PROCESSES: readonly ReleaseProcess[] = [
  { node: 'helsinki', self: true, release: KEPT.id, canary: null, since: 1_000, fault: null },
  {
    node: 'oulu',
    self: false,
    release: '0a0b0c0d0e0f',
    canary: null,
    since: 0,
    fault: 'Release a1b2c3d4e5f6 cannot be read.',
  },
  { node: 'turku', self: false, release: null, canary: null, since: null, fault: null },
];

const FINDING = {
  file: 'main-support.yaml',
  line: 7,
  column: 3,
  severity: 'error',
  code: 'unknown-queue',
  message: 'There is no queue `bilings`.',
  hint: 'Did you mean `billing`?',
} as const;

/** One release, and a folder that is good or not. */
export class FakeReleases implements ReleaseDesk {
  readonly asked: string[] = [];
  folderIsGood = true;
  /** The others take what is loaded when they were looked at so often. */
  takenAfterLooks = Infinity;

  list = async () => [KEPT];
  processes = async () => {
    this.takenAfterLooks -= 1;
    if (this.takenAfterLooks > 0) return PROCESSES;
    return PROCESSES.map((one) => ({ ...one, release: KEPT.id, since: 1_000, fault: null }));
  };
  load: ReleaseDesk['load'] = async (by, { percent, note }) => {
    this.asked.push(`load by ${by}, ${percent} %, ${note}`);
    if (!this.folderIsGood)
      return { ok: false, why: 'findings', sentence: 'The flow files have 1 fault.', findings: [FINDING] };
    return {
      ok: true,
      value: change({ notes: ['site/trunks.yaml has changed.'], warnings: [{ ...FINDING, severity: 'warning' }] }),
    };
  };
  activate: ReleaseDesk['activate'] = async (id, by) => {
    this.asked.push(`activate ${id} by ${by}`);
    if (id !== KEPT.id) return { ok: false, why: 'not-found', sentence: 'No such release is kept.' };
    return { ok: true, value: change({}) };
  };
  rollback = async (by: string) => this.#change(`rollback by ${by}`, 'rollback');
  promote = async (by: string) => this.#change(`promote by ${by}`, 'promote');
  cancelCanary: ReleaseDesk['cancelCanary'] = async (by) => {
    this.asked.push(`cancel by ${by}`);
    return { ok: false, why: 'conflict', sentence: 'There is no canary to cancel.' };
  };

  #change(asked: string, action: ReleaseChange['action']) {
    this.asked.push(asked);
    return { ok: true, value: change({ action }) } as const;
  }
}

const change = (more: Partial<ReleaseChange>): ReleaseChange => ({
  release: KEPT.id,
  canary: null,
  action: 'load',
  changed: true,
  notes: [],
  warnings: [],
  ...more,
});
