import type { Language } from '../call/ids.ts';
import type { Media } from '../call/media.ts';
import { type Sayable, say } from '../call/say/index.ts';
import type { Value } from './expression.ts';
import type { Speech, SpeechItem, Walk } from './flow.ts';
import { answer, arm, newId } from './walk.ts';

/** Longer than anything that is said in one go; a switch that never tells the end does not keep a caller waiting for ever. */
const LONGEST_SPEECH_MS = 180_000;

/** Begins to speak; false when there is nothing to say, or nobody to hear it. */
export function speak(walk: Walk, speech: Speech): boolean {
  const { state } = walk;
  const media = state.gone ? [] : speech.flatMap((item) => mediaOf(walk, item));
  if (media.length === 0) return false;
  answer(walk);
  state.playbackId = newId(walk, 'p');
  state.stage = 'speaking';
  walk.commands.push({ type: 'play', playbackId: state.playbackId, media, language: state.language });
  arm(walk, 'stuck', walk.now + LONGEST_SPEECH_MS);
  return true;
}

function mediaOf(walk: Walk, item: SpeechItem): readonly Media[] {
  if ('prompt' in item) return promptIn(walk, ownPrompt(walk, item.prompt));
  const what = 'sayable' in item ? item.sayable : sayableOf(item, walk.state.vars[item.of]);
  return what === null ? [] : spoken(walk, what);
}

/** Words written in the flow itself go before the site's. */
const ownPrompt = ({ flow }: Walk, prompt: string) => (flow.prompts.has(prompt) ? `${flow.id}.${prompt}` : prompt);

const languagesToTry = ({ state, flow }: Walk): readonly Language[] => [
  ...new Set([state.language, flow.languages.default]),
];

/** A prompt without sound in the call's language is said in the flow's default language, and told of. */
function promptIn(walk: Walk, prompt: string): readonly Media[] {
  const { world, state, flow } = walk;
  const language = languagesToTry(walk).find((tried) => world.prompts.get(tried)?.has(prompt));
  if (language !== state.language) {
    const data = { flow: flow.id, node: state.nodeId, prompt, language: state.language };
    walk.facts.push({ type: 'flow.prompt.missing', data });
  }
  return language === undefined ? [] : [{ kind: 'file', path: `${language}/${prompt}` }];
}

function spoken(walk: Walk, what: Sayable): readonly Media[] {
  for (const language of languagesToTry(walk)) {
    const atoms = say(language, what);
    if (atoms) return atoms.map((atom): Media => ({ kind: 'file', path: `${language}/${atom}` }));
  }
  return [];
}

/** What is to be said of a variable's value; null when it has none that can be said. */
function sayableOf(item: Extract<SpeechItem, { say: unknown }>, value: Value | undefined): Sayable | null {
  if (item.say === 'number') return typeof value === 'number' ? { kind: 'number', value } : null;
  if (item.say === 'money') {
    return typeof value === 'number' ? { kind: 'money', minor: value, currency: item.currency ?? '' } : null;
  }
  return typeof value === 'string' && value !== '' ? { kind: item.say, value } : null;
}
