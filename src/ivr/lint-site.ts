import type { FlowNode, Reference } from './flow.ts';
import type { LoadedFlow } from './load.ts';
import { type Problem, suggest } from './problem.ts';
import type { Source } from './source.ts';

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
    return [
      source.problem(
        'duplicate-id',
        ['id'],
        `The flow \`${flow.id}\` is also in ${other}.`,
        'Give one of them another id.',
      ),
    ];
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
      return [source.problem('did-twice', ['dids', index], message, 'Let each number lead to one flow.')];
    }),
  );
}

function unknownNames({ flow, source }: LoadedFlow, names: SiteNames): readonly Problem[] {
  const languages = flow.languages.supported.flatMap((language, i) => {
    if (names.prompts.has(language)) return [];
    const cure = suggest(language, names.prompts.keys());
    const message = `There is no language \`${language}\`.`;
    return [source.problem('unknown-language', ['languages', 'supported', i], message, cure)];
  });
  const nodes = [...flow.nodes.values()].flatMap((node) => [
    ...node.refers.flatMap((reference) => unknownReference(reference, names, source)),
    ...missingPrompts(node, { flow, source }, names),
  ]);
  return [...languages, ...nodes];
}

function unknownReference({ what, name, path }: Reference, names: SiteNames, source: Source): readonly Problem[] {
  const known = { queue: names.queues, calendar: names.calendars, trunk: names.trunks }[what as 'queue'] as
    | ReadonlySet<string>
    | undefined;
  if (!known || known.has(name)) return [];
  return [source.problem(`unknown-${what as 'queue'}`, path, `There is no ${what} \`${name}\`.`, suggest(name, known))];
}

function missingPrompts(node: FlowNode, { flow, source }: LoadedFlow, { prompts }: SiteNames): readonly Problem[] {
  const everywhere = new Set([...prompts.values()].flatMap((words) => [...words]));
  return node.says.flatMap(({ speech, path }) =>
    speech.flatMap((item) => {
      if (!('prompt' in item) || flow.prompts.has(item.prompt)) return [];
      const { prompt } = item;
      const missing = flow.languages.supported.filter((tag) => prompts.has(tag) && !prompts.get(tag)?.has(prompt));
      if (missing.length === 0) return [];
      if (!everywhere.has(prompt)) {
        return [
          source.problem('unknown-prompt', path, `There is no prompt \`${prompt}\`.`, suggest(prompt, everywhere)),
        ];
      }
      const message = `The prompt \`${prompt}\` has no words in ${missing.join(', ')}.`;
      return [source.problem('prompt-missing', path, message, `Add it to sounds/${missing[0]}/prompts.yaml.`)];
    }),
  );
}
