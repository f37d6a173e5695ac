import type { Value } from './expression.ts';
import type { Walk } from './flow.ts';
import { fits, type Setting, type Settings } from './scope.ts';
import { assign, callFacts } from './walk.ts';

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
    return decl && value !== null && value !== undefined && fits(decl, value) ? [[name, value] as const] : [];
  });
  if (fitting.length < values.length) return false;
  assign(walk, Object.fromEntries(fitting));
  return true;
}
