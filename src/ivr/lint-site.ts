import type { FlowNode, Speech } from './flow.ts';
import type { LoadedFlow } from './load.ts';
import { type Path, type Problem, suggest } from './problem.ts';

/** The names that a site gives its flows to refer to. */
export interface SiteNames {
  readonly queues: ReadonlySet<string>;
  readonly calendars: ReadonlySet<string>;
  readonly trunks: ReadonlySet<string>;
  /** Prompt names per language. */
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Faults that show only when flows and site files are seen together. */
export function lintSite(flows: readonly LoadedFlow[], names: SiteNames): readonly Problem[] {
  return [...sameIds(flows), ...sharedDids(flows), ...flows.flatMap((loaded) => unknownNames(loaded, names))];
}

function sameIds(flows: readonly LoadedFlow[]): readonly Problem[] {
  const first = new Map<string, string>();
  return flows.flatMap(({ flow, source }) => {
    const other = first.get(flow.id);
    first.set(flow.id, other ?? flow.file);
    if (other === undefined) return [];
    return [source.problem(['id'], `The flow \`${flow.id}\` is also in ${other}.`, 'Give one of them another id.')];
  });
}

/** Numbers are compared by their digits, as routing compares them. */
function sharedDids(flows: readonly LoadedFlow[]): readonly Problem[] {
  const first = new Map<string, string>();
  return flows.flatMap(({ flow, source }) =>
    flow.dids.flatMap((did, index) => {
      const digits = did.replace('+', '');
      const other = first.get(digits);
      first.set(digits, other ?? flow.id);
      if (other === undefined) return [];
      const message = `The number ${did} already leads to the flow \`${other}\`.`;
      return [source.problem(['dids', index], message, 'Let each number lead to one flow.')];
    }),
  );
}

function unknownNames({ flow, source }: LoadedFlow, names: SiteNames): readonly Problem[] {
  const problems: Problem[] = [];
  const known = (what: string, word: string, words: ReadonlySet<string>, path: Path) => {
    if (!words.has(word)) problems.push(source.problem(path, `There is no ${what} \`${word}\`.`, suggest(word, words)));
  };
  flow.languages.supported.forEach((language, i) => {
    known('language', language, new Set(names.prompts.keys()), ['languages', 'supported', i]);
  });
  for (const node of flow.nodes.values()) {
    const path = ['nodes', node.id];
    if (node.type === 'queue') known('queue', node.queue, names.queues, [...path, 'queue']);
    if (node.type === 'hours') known('calendar', node.calendar, names.calendars, [...path, 'calendar']);
    if (node.type === 'transfer' && node.to.kind === 'number') {
      known('trunk', node.to.trunk, names.trunks, [...path, 'trunk']);
    }
    for (const prompt of promptsOf(node)) {
      problems.push(...missingPrompt(prompt, flow.languages.supported, names, [...path, 'prompt'], source));
    }
  }
  return problems;
}

function missingPrompt(
  prompt: string,
  languages: readonly string[],
  { prompts }: SiteNames,
  path: Path,
  source: LoadedFlow['source'],
): readonly Problem[] {
  const missing = languages.filter((language) => prompts.has(language) && !prompts.get(language)?.has(prompt));
  if (missing.length === 0) return [];
  const everywhere = new Set([...prompts.values()].flatMap((words) => [...words]));
  return [
    everywhere.has(prompt)
      ? source.problem(
          path,
          `The prompt \`${prompt}\` has no words in ${missing.join(', ')}.`,
          `Add it to sounds/${missing[0]}/prompts.yaml.`,
        )
      : source.problem(path, `There is no prompt \`${prompt}\`.`, suggest(prompt, everywhere)),
  ];
}

function promptsOf(node: FlowNode): readonly string[] {
  if (node.type === 'play') return promptsIn(node.speech);
  if (node.type !== 'menu' && node.type !== 'collect') return [];
  const { first, again, invalid } = node.prompts;
  return [...new Set([...promptsIn(first), ...promptsIn(again), ...promptsIn(invalid)])];
}

const promptsIn = (speech: Speech) => speech.flatMap((item) => ('prompt' in item ? [item.prompt] : []));
