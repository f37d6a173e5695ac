import type { Destinations } from '../call/destinations.ts';
import { lintCalls } from './lint-calls.ts';
import { lintNotice } from './lint-notice.ts';
import { lintNumbers } from './lint-numbers.ts';
import { lintPeople } from './lint-people.ts';
import { lintPrompts } from './lint-prompts.ts';
import { lintReferences } from './lint-references.ts';
import type { LoadedFlow } from './load.ts';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';

/**
 * What a site gives its flows to refer to. Null: the file that defines it is broken, so that nothing can be said about
 * who refers to it.
 */
export interface SiteNames {
  readonly queues: ReadonlySet<string> | null;
  /** Queues whose callers are recorded whether or not anybody asks for it: there, or where the queue overflows to. */
  readonly recorded: ReadonlySet<string>;
  readonly calendars: ReadonlySet<string> | null;
  readonly trunks: ReadonlySet<string> | null;
  readonly boxes: ReadonlySet<string> | null;
  /** Who can own what is promised. */
  readonly owners: Readonly<Record<'agent' | 'team' | 'department', ReadonlySet<string> | null>>;
  readonly skills: KnownSkills | null;
  readonly languages: ReadonlySet<string> | null;
  /** Prompt names per language. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>> | null;
  readonly destinations: Destinations | null;
  /** May a lookup ask this address, as far as can be told from its spelling? */
  readonly mayAsk: (url: string) => boolean;
  /** `site/numbers.yaml`. */
  readonly numbers: NumberTable | null;
  /** Every flow file could be read; else what flows say of each other cannot be judged. */
  readonly allFlows: boolean;
}

interface KnownSkills {
  readonly names: ReadonlySet<string>;
  /** From `site/skills.yaml`. Otherwise a skill is known because an agent has it, and more may come through the API. */
  readonly listed: boolean;
}

export interface NumberTable {
  readonly flows: ReadonlyMap<string, string>;
  /** Null without such a file. */
  readonly source: Source | null;
}

/** Faults that show only when flows and site files are seen together. `today` is a date, as 2026-12-25. */
export function lintSite(flows: readonly LoadedFlow[], names: SiteNames, today: string): readonly Problem[] {
  return [
    ...sameIds(flows),
    ...lintNumbers(flows, names),
    ...lintCalls(flows, names),
    ...lintPeople(flows, names),
    ...lintNotice(flows, names),
    ...flows.flatMap((loaded) => [
      ...lintReferences(loaded, names),
      ...lintPrompts(loaded, names),
      ...passedReview(loaded, today),
    ]),
  ];
}

function sameIds(flows: readonly LoadedFlow[]): readonly Problem[] {
  const first = new Map<string, string>();
  return flows.flatMap(({ flow, source }) => {
    const other = first.get(flow.id);
    first.set(flow.id, other ?? flow.file);
    if (other === undefined) return [];
    const message = `The flow \`${flow.id}\` is also in ${other}.`;
    return [source.problem('duplicate-id', ['id'], message, 'Give one of them another id.')];
  });
}

function passedReview({ flow, source }: LoadedFlow, today: string): readonly Problem[] {
  const { reviewBy } = flow;
  if (reviewBy === null || reviewBy >= today) return [];
  const cure = 'Read the flow once more with its owner, then set a later date.';
  return [source.problem('review-passed', ['reviewBy'], `The flow was to be reviewed by ${reviewBy}.`, cure)];
}
