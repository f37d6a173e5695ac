import { z } from 'zod';
import type { Json } from '../call/request.ts';
import type { Value } from './expression.ts';
import type { VarDecl, Walk } from './flow.ts';
import { type JsonPath, parseJsonPath, valueAt } from './json-path.ts';
import type { Path } from './problem.ts';
import { type NodeScope, VAR_TYPES } from './scope.ts';
import { assignAll, isTooLong } from './settings.ts';
import { fillInValue } from './template.ts';
import { fault, varName } from './words.ts';

/** What a flow sends to other systems, and what it keeps of their answers. */

const fieldName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, {
  error: fault('A field is named by letters, digits, `_` and `-`.', 'Write it like `customerId`.'),
});
/** Fields that are sent; a text may hold `${…}`, and one that is `${variable}` alone sends the value as it is. */
export const payload = z.record(fieldName, z.union([z.string().max(1_000), z.int(), z.boolean()]));

/** `leaves` false: sensitive variables may be sent too. */
export function payloadOf(
  file: z.output<typeof payload>,
  path: Path,
  scope: NodeScope,
  leaves = true,
): (walk: Walk) => Readonly<Record<string, Value>> {
  const fields = Object.entries(file).map(([name, written]) => {
    if (typeof written !== 'string') return [name, () => written] as const;
    const template = scope.template(written, [...path, name], VAR_TYPES, undefined, leaves);
    return [name, (walk: Walk) => fillInValue(walk, template)] as const;
  });
  return (walk) => Object.fromEntries(fields.map(([name, valueIn]) => [name, valueIn(walk)]));
}

/** `save: { variable: $.path }`. */
export const saves = z.record(varName, z.string().max(200));
export type Saves = readonly { readonly name: string; readonly path: JsonPath }[];

/** `after`: the outcomes on which the variables are set. */
export function savesOf(file: z.output<typeof saves>, after: readonly string[], scope: NodeScope): Saves {
  return Object.entries(file).map(([name, text]) => {
    const here = ['save', name];
    for (const outcome of after) scope.write(name, here, VAR_TYPES, outcome);
    const path = parseJsonPath(text);
    if (!path) {
      const cure = 'Write it like `$.customer.id` or `$.orders[0].state`.';
      scope.report('bad-template', here, `\`${text}\` names no place in an answer.`, cure);
    }
    return { name, path: path ?? [] };
  });
}

/**
 * Keeps what the answer holds: what is missing or null leaves its variable as it was. False, and nothing kept, when a
 * value is none that its variable may hold.
 */
export function keepOf(walk: Walk, wanted: Saves, answer: Json): boolean {
  const found = wanted.flatMap(({ name, path }) => {
    const json = valueAt(answer, path) ?? null;
    return json === null ? [] : [[name, converted(walk.flow.vars.get(name), json)] as const];
  });
  return assignAll(walk, found);
}

/** Systems write ids as numbers and counts as texts; beyond that a value is what it is. Null when it does not fit. */
function converted(decl: VarDecl | undefined, json: Json): Value | null {
  switch (decl?.type) {
    case 'string':
    case 'enum':
      if (typeof json === 'number') return String(json);
      return typeof json === 'string' && !isTooLong(json) ? json : null;
    case 'int':
      if (typeof json === 'string' && /^-?[0-9]{1,15}$/.test(json)) return Number(json);
      return typeof json === 'number' ? json : null;
    default:
      return typeof json === 'boolean' ? json : null;
  }
}
