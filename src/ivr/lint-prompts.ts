import { SAY_LANGUAGES } from '../call/say/index.ts';
import type { Flow, SpeechItem } from './flow.ts';
import type { SiteNames } from './lint-site.ts';
import type { LoadedFlow } from './load.ts';
import { type Path, type Problem, suggest } from './problem.ts';
import type { Source } from './source.ts';

/** Prompts without words: everywhere, or in one of the languages that the flow supports. */
export function lintPrompts({ flow, source }: LoadedFlow, { prompts, languages }: SiteNames): readonly Problem[] {
  const own = [...flow.prompts].flatMap(([prompt, words]) => {
    const missing = flow.languages.supported.filter((tag) => !Object.hasOwn(words, tag));
    return missing.length === 0
      ? []
      : [wordless(prompt, missing, ['prompts', prompt], 'Add them to its `tts`.', source)];
  });
  const site = prompts && { prompts, known: languages ?? new Set(prompts.keys()) };
  const said = [...flow.nodes.values()].flatMap(({ says }) =>
    says.flatMap(({ speech, path }) =>
      speech.flatMap(
        (item) =>
          ('prompt' in item ? site && unsaid(item.prompt, path, flow, site, source) : mute(item, path, flow, source)) ??
          [],
      ),
    ),
  );
  return [...own, ...said];
}

function wordless(prompt: string, missing: readonly string[], path: Path, cure: string, source: Source): Problem {
  const message = `The prompt \`${prompt}\` has no words in ${missing.join(', ')}.`;
  return source.problem('prompt-missing', path, message, cure, 'key');
}

interface Sounds {
  readonly prompts: ReadonlyMap<string, ReadonlySet<string>>;
  /** Languages of the site; what is said in others is a fault of the language alone. */
  readonly known: ReadonlySet<string>;
}

function unsaid(prompt: string, path: Path, flow: Flow, sounds: Sounds, source: Source): readonly Problem[] {
  if (flow.prompts.has(prompt)) return [];
  const missing = flow.languages.supported.filter(
    (tag) => sounds.known.has(tag) && sounds.prompts.get(tag)?.has(prompt) !== true,
  );
  if (missing.length === 0) return [];
  const everywhere = new Set([...sounds.prompts.values()].flatMap((words) => [...words]));
  if (everywhere.has(prompt)) {
    const cure = `Add it to sounds/${missing[0]}/prompts.yaml.`;
    const message = `The prompt \`${prompt}\` has no words in ${missing.join(', ')}.`;
    return [source.problem('prompt-missing', path, message, cure)];
  }
  const cure = suggest(prompt, [...everywhere, ...flow.prompts.keys()]);
  return [source.problem('unknown-prompt', path, `There is no prompt \`${prompt}\`.`, cure)];
}

/** Numbers, dates and money are said by a grammar for each language. */
function mute(
  item: Exclude<SpeechItem, { prompt: string }>,
  path: Path,
  flow: Flow,
  source: Source,
): readonly Problem[] {
  const missing = flow.languages.supported.filter((tag) => !SAY_LANGUAGES.includes(tag));
  if (missing.length === 0 || !('say' in item)) return [];
  const message = `A ${item.say === 'digits' ? 'row of digits' : item.say} cannot be said in ${missing.join(', ')}.`;
  return [source.problem('prompt-missing', path, message, 'Say it in words of a prompt, or leave the language out.')];
}
