import { z } from 'zod';
import type { Language } from '../../call/ids.ts';
import type { Move, Walk } from '../flow.ts';
import { kind } from '../kind.ts';
import { input, settings, speeches } from '../parts.ts';
import { suggest } from '../problem.ts';
import { ask, askAgain, inputSettings, prompts, type Question, questioning } from '../question.ts';
import type { NodeScope, Settings } from '../scope.ts';
import { applySettings } from '../settings.ts';
import { leave, setLanguage } from '../walk.ts';
import { keys, language, name, shape } from '../words.ts';

/** Words that stand for a place instead of a node; no node may bear them. */
export const PLACES = ['repeat', 'back', 'top'] as const;

interface KeyAction {
  readonly set: Settings;
  readonly language: Language | null;
  readonly go: string;
}

const action = z.union([name, shape({ set: settings.default({}), language: language.optional(), go: name })]);

/** Asks for one of several keys, each of which leads somewhere. */
export const menu = kind({
  type: 'menu',
  fields: { prompt: speeches, keys: z.record(keys, action), ...input },
  outcomes: ['noInput', 'invalid'],
  fails: true,
  build(file, scope) {
    scope.failure(file.outcomes);
    scope.outcomes(file.outcomes, ['noInput', 'invalid']);
    const actions = new Map(Object.entries(file.keys).map(([key, written]) => [key, keyAction(key, written, scope)]));
    lintKeys([...actions.keys()], scope);
    const question: Question = {
      ...prompts(file.prompt, scope),
      input: inputSettings(file, scope),
      shown: 'plain',
      key(digits, key) {
        const pressed = digits + key;
        const longer = [...actions.keys()].some((known) => known.length > pressed.length && known.startsWith(pressed));
        return { digits: pressed, done: !longer };
      },
      take: (walk, pressed) => act(walk, question, pressed, actions.get(pressed)),
      spent: (_walk, why) => leave(scope.exits, why),
    };
    return {
      ...questioning(() => question),
      enter(walk) {
        if (walk.state.menus.at(-1) !== scope.id) walk.state.menus = [...walk.state.menus, scope.id].slice(-MOST_MENUS);
        return ask(walk, question);
      },
    };
  },
});

/** Menus that `back` can lead through. */
const MOST_MENUS = 20;

function keyAction(key: string, written: z.output<typeof action>, scope: NodeScope): KeyAction {
  const path = ['keys', key];
  const full = typeof written === 'string' ? { set: {}, go: written, language: undefined } : written;
  const target = typeof written === 'string' ? path : [...path, 'go'];
  if (full.language !== undefined) checkLanguage(full.language, [...path, 'language'], scope);
  if (!isPlace(full.go)) scope.edge(`key ${key}`, full.go, target);
  return {
    set: scope.settings(full.set, [...path, 'set'], `key ${key}`),
    language: full.language ?? null,
    go: full.go,
  };
}

const isPlace = (go: string) => PLACES.some((place) => place === go);

export function checkLanguage(tag: string, path: readonly (string | number)[], scope: NodeScope): void {
  const { supported } = scope.flow.file.languages;
  if (supported.includes(tag)) return;
  const message = `The flow does not support the language \`${tag}\`.`;
  scope.report('unknown-language', path, message, suggest(tag, supported));
}

function lintKeys(pressed: readonly string[], scope: NodeScope): void {
  if (pressed.length === 0) scope.report('no-keys', ['keys'], 'The menu has no keys.', 'Give it at least one.');
  for (const key of pressed) {
    const longer = pressed.find((other) => other !== key && other.startsWith(key));
    if (longer === undefined) continue;
    const message = `\`${key}\` is also the beginning of \`${longer}\`, so who presses it has to wait.`;
    scope.report('ambiguous-keys', ['keys', key], message, 'Give each option a key that begins no other.', 'key');
  }
}

function act(walk: Walk, question: Question, pressed: string, action: KeyAction | undefined): Move | 'wrong' | null {
  if (!action) return 'wrong';
  applySettings(walk, action.set);
  if (action.language !== null) setLanguage(walk, action.language);
  switch (action.go) {
    case 'repeat':
      return repeat(walk, question);
    case 'back':
    case 'top':
      return { outcome: action.go, to: placeOf(walk, action.go) };
    default:
      return { outcome: `key ${pressed}`, to: action.go };
  }
}

function repeat(walk: Walk, question: Question): Move | null {
  walk.state.steps += 1;
  if (walk.state.steps >= walk.flow.maxSteps) return { outcome: 'repeat', to: walk.state.nodeId }; // over the budget by going in again
  return askAgain(walk, question);
}

/** The menu before this one, or the first; where there is none, this one again. */
function placeOf({ state }: Walk, place: 'back' | 'top'): string {
  const [first = state.nodeId] = state.menus;
  if (place === 'top') {
    state.menus = [];
    return first;
  }
  const before = state.menus.at(-2) ?? state.nodeId;
  state.menus = state.menus.slice(0, -1);
  return before;
}
