/**
 * Which flow a dialled number starts. Numbers are compared as digits; `+` and separators do not matter, since trunks differ in
 * what they send. A table entry may end in `*` and then matches by prefix; the longest match wins. One that begins with `*` is a
 * code, which only those can dial whom the dialplan lets.
 */
export interface DidRoute {
  readonly number: string;
  readonly flow: string;
}

const digitsOf = (number: string) => number.replace(/[^0-9*#]/g, '');

export function routeDid(routes: readonly DidRoute[], dnis: string): string | null {
  const digits = dnis.replace(/[^0-9]/g, '');
  const dialled = dnis.startsWith('*') ? `*${digits}` : digits;
  let best: { flow: string; length: number } | null = null;
  for (const route of routes) {
    const length = matchLength(digitsOf(route.number), dialled);
    if (length > (best?.length ?? -1)) best = { flow: route.flow, length };
  }
  return best?.flow ?? null;
}

/** Length of the match, an exact one counting half a digit more than a prefix of the same digits; -1 for none. */
function matchLength(pattern: string, dialled: string): number {
  if (pattern.endsWith('*')) {
    const prefix = pattern.slice(0, -1);
    return dialled.startsWith(prefix) ? prefix.length : -1;
  }
  return pattern === dialled ? pattern.length + 0.5 : -1;
}
