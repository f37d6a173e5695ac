import type { Value } from './expression.ts';
import type { Walk } from './flow.ts';
import type { Setting, Settings } from './scope.ts';
import { assign, callFacts } from './walk.ts';

/** What a setting comes to in this call; null when it cannot be told. */
export const settingOf = (walk: Walk, setting: Setting): Value | null =>
  'value' in setting ? setting.value : setting.expression.of(callFacts(walk), walk.state.vars);

/** Sets the variables; false when a value could not be told, and then none is set. */
export function applySettings(walk: Walk, settings: Settings): boolean {
  const values = Object.entries(settings).map(([name, setting]) => [name, settingOf(walk, setting)] as const);
  const told = values.flatMap(([name, value]) => (value === null ? [] : [[name, value] as const]));
  if (told.length < values.length) return false;
  assign(walk, Object.fromEntries(told));
  return true;
}
