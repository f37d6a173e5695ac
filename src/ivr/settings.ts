import type { Value } from './expression.ts';
import type { Walk } from './flow.ts';
import { fits, type Setting, type Settings } from './scope.ts';
import { assign, callFacts } from './walk.ts';

const LONGEST_TEXT = 1_000;

/** Longer than any name, number or word that a call needs; a text that doubles at every turn would fill the memory of all. */
export const isTooLong = (value: unknown): boolean => typeof value === 'string' && value.length > LONGEST_TEXT;

/** What a setting comes to in this call; null when it cannot be told. */
export const settingOf = (walk: Walk, setting: Setting): Value | null =>
  'value' in setting ? setting.value : setting.expression.of(callFacts(walk), walk.state.vars);

/** Sets the variables; false when a value could not be told or is none that its variable may hold, and then none is set. */
export function applySettings(walk: Walk, settings: Settings): boolean {
  const values = Object.entries(settings).map(([name, setting]) => [name, settingOf(walk, setting)] as const);
  return assignAll(walk, values);
}

/** Sets the variables when each may hold its value, else none. */
export function assignAll(walk: Walk, values: readonly (readonly [string, Value | null | undefined])[]): boolean {
  const fitting = values.flatMap(([name, value]) => {
    const decl = walk.flow.vars.get(name);
    const fitting = decl && value !== null && value !== undefined && fits(decl, value) && !isTooLong(value);
    return fitting ? [[name, value] as const] : [];
  });
  if (fitting.length < values.length) return false;
  assign(walk, Object.fromEntries(fitting));
  return true;
}
