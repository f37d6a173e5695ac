import { z } from 'zod';
import { askWorld, RECALL_MS } from '../ask.ts';
import type { Move, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { input, speeches } from '../parts.ts';
import { ask, askAgain, inputSettings, oneKey, prompts, type Question, questioning } from '../question.ts';
import type { NodeScope } from '../scope.ts';
import { keep, setLanguage } from '../walk.ts';
import { key, language as tag, name, shape } from '../words.ts';
import { checkLanguage } from './menu.ts';

const fields = {
  prompt: speeches.prefault('language.choice'),
  options: z.record(key, tag),
  skipIf: shape({ remembered: z.boolean() }).optional(),
  /** Where who presses nothing goes; `default` goes on in the flow's default language. */
  whenSilent: z.union([z.literal('default'), name]).default('default'),
  /** Forgets what was remembered of the caller and remembers nothing of this call. */
  optOut: key.optional(),
  next: name,
  ...input,
};
type File = z.output<z.ZodObject<typeof fields>>;

/** Lets the caller choose the language of the call, once: it is remembered for as long as the flow's `languages` say. */
export const language = kind({
  type: 'language',
  fields,
  outcomes: [],
  fails: false,
  build(file, scope) {
    lintOptions(file, scope);
    const done: Move = { outcome: 'done', to: scope.edge('done', file.next, ['next']) };
    const silent = file.whenSilent === 'default' ? null : scope.edge('silent', file.whenSilent, ['whenSilent']);
    const question: Question = {
      ...prompts(file.prompt, scope),
      input: inputSettings(file, scope),
      shown: 'plain',
      key: oneKey,
      take: (walk, pressed) => (pressed === file.optOut ? forget(walk, question) : choose(walk, file, pressed, done)),
      spent(walk) {
        if (silent !== null) return { outcome: 'silent', to: silent };
        setLanguage(walk, walk.flow.languages.default);
        return done;
      },
    };
    const keyed = questioning(() => question);
    return {
      ...keyed,
      stages: [...keyed.stages, 'asking'],
      enter(walk) {
        if (file.skipIf?.remembered !== true) return ask(walk, question);
        return askWorld(walk, { request: { kind: 'recall', what: MEMORY }, timeoutMs: RECALL_MS, filler: [] });
      },
      answered(walk, outcome, data) {
        const remembered = outcome === 'ok' ? data : walk.world.customer?.language;
        const known = walk.flow.languages.supported.find((supported) => supported === remembered);
        if (known === undefined) return ask(walk, question);
        setLanguage(walk, known);
        return done;
      },
    };
  },
});

/** What a caller's language is remembered as, over all flows. */
const MEMORY = 'language';

function choose(walk: Walk, { options }: File, pressed: string, done: Move): Move | 'wrong' {
  const chosen = options[pressed];
  if (chosen === undefined) return 'wrong';
  setLanguage(walk, chosen);
  const { rememberMs } = walk.flow.languages;
  if (rememberMs !== null && walk.state.local['optedOut'] !== true) {
    walk.commands.push({ type: 'remember', what: MEMORY, value: chosen, until: walk.now + rememberMs });
  }
  return done;
}

/** Once; after that the key means nothing, or one held down would ask for ever. */
function forget(walk: Walk, question: Question): Move | 'wrong' | null {
  if (walk.state.local['optedOut'] === true) return 'wrong';
  keep(walk, { optedOut: true });
  walk.commands.push({ type: 'remember', what: MEMORY, value: null, until: walk.now });
  return askAgain(walk, question);
}

function lintOptions({ options, optOut, skipIf }: File, scope: NodeScope): void {
  const pressed = Object.entries(options);
  if (pressed.length === 0) scope.report('no-keys', ['options'], 'There is no language to choose.', 'Name one a key.');
  for (const [digit, chosen] of pressed) checkLanguage(chosen, ['options', digit], scope);
  if (optOut !== undefined && Object.hasOwn(options, optOut)) {
    scope.report('wrong-value', ['optOut'], `The key \`${optOut}\` chooses a language.`, 'Use a key of its own.');
  }
  if (skipIf?.remembered === true && scope.flow.file.languages.remember === undefined) {
    const cure = 'Add `remember: 90d` to `languages` at the top of the file.';
    scope.report('missing-field', ['skipIf'], 'The flow remembers no language.', cure);
  }
}
