import type { ReleaseFile } from '../../src/engine/ports/flow-store.ts';
import type { Draft, Finding, ReleaseMaker } from '../../src/engine/ports/releases.ts';
import type { Site } from '../../src/engine/site.ts';

/** A folder of flows that holds one site at a time, each known by a name which is the text of its only file. */
export class FlowFolder implements ReleaseMaker {
  draft: Draft;
  /** Kept releases that can still be read. */
  readonly sites = new Map<string, Site>();
  /** Which sites had their sounds made, at each call. */
  readonly prepared: string[][] = [];
  /** Sounds that all but the first release have under other names. */
  otherwise: ReadonlyMap<string, string> = new Map();
  fault: Error | null = null;
  agents = 'as at the start';

  constructor(site: Site) {
    this.draft = this.holds('first', site);
  }

  holds(name: string, site: Site): Draft {
    this.sites.set(name, site);
    const files = [
      { path: 'support.yaml', text: name },
      { path: 'site/agents.yaml', text: this.agents },
    ];
    this.draft = { ok: true, files, site, warnings: [] };
    return this.draft;
  }

  breaks(): readonly Finding[] {
    const place = { file: 'support.yaml', line: 7, column: 3, severity: 'error' as const };
    const findings = [
      { ...place, code: 'unknown-queue', message: 'There is no queue `bilings`.', hint: 'Did you mean `billing`?' },
    ];
    this.draft = { ok: false, findings };
    return findings;
  }

  read = async () => this.draft;
  build = async (files: readonly ReleaseFile[]) => this.sites.get(nameOf(files)) ?? null;
  prepare: ReleaseMaker['prepare'] = async (inUse) => {
    if (this.fault) throw this.fault;
    this.prepared.push(inUse.map(({ files }) => nameOf(files)));
    return inUse.map((_, at) => (at === 0 ? new Map() : this.otherwise));
  };
}

const nameOf = (files: readonly ReleaseFile[]) => files.find(({ path }) => path === 'support.yaml')?.text ?? '';
