import type { Json } from '../call/request.ts';

/** Where in a JSON answer a value stands: names of members and positions in lists. */
export type JsonPath = readonly (string | number)[];

const STEP = /\.([A-Za-z_][A-Za-z0-9_-]{0,63})|\[(0|[1-9][0-9]{0,3})\]/y;
const MOST_STEPS = 16;

/**
 * Reads the part of JSONPath (RFC 9535) that names one place: `$`, `.name` and `[0]`. Null for anything else: what could
 * find several values or none in a list is no value of a variable.
 */
export function parseJsonPath(text: string): JsonPath | null {
  if (!text.startsWith('$')) return null;
  const path: (string | number)[] = [];
  for (let at = 1; at < text.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const [, name, index] = STEP.exec(text) ?? [];
    const step = name ?? (index === undefined ? undefined : Number(index));
    if (step === undefined || path.length === MOST_STEPS) return null;
    path.push(step);
  }
  return path;
}

/** What stands there; undefined when nothing does. Sees a value's own members only, never those of its prototype. */
export function valueAt(json: Json, path: JsonPath): Json | undefined {
  let here: Json | undefined = json;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    if (Array.isArray(here) !== (typeof step === 'number')) return undefined;
    here = (here as { readonly [key: string]: Json })[step];
  }
  return here;
}
