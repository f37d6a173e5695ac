import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The import table of the house (README, "The house"): who may import whom. `self` is always allowed. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  call: [],
  ivr: ['call'],
  acd: ['call'],
  dialer: ['call'],
  work: ['call'],
  engine: ['call', 'ivr', 'acd', 'dialer', 'work'],
  // Files are judged by the very rules that the doors go by.
  config: [
    'call',
    'ivr',
    'acd/queue',
    'acd/strategy',
    'engine/ports',
    'engine/site',
    'local/wav',
    'web/allow-list',
    'web/guard',
  ],
  switch: ['call', 'engine/ports'],
  store: ['call', 'engine/ports'],
  events: ['call', 'engine/ports'],
  http: ['call', 'engine/ports', 'events'],
  telemetry: ['call', 'engine/ports'],
  web: ['call', 'engine/ports'],
  edge: ['call', 'engine/ports'],
  local: ['call'],
  // `main`, `cli` and `system` join the rooms.
};

/** Rooms that think: no clock, no chance, no I/O, no waiting. A content hash (`node:crypto`) is arithmetic. */
export const DECISION_ROOMS = ['call', 'ivr', 'acd', 'dialer', 'work', 'engine/call', 'edge/decide'] as const;

const IMPURE: readonly (readonly [string, RegExp])[] = [
  ['reads the clock', /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.|\bTemporal\.Now\b|\bhrtime\b/],
  ['throws dice', /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b|\bcrypto\./],
  ['touches the process', /\bprocess\.|\bconsole\./],
  ['waits', /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|\bqueueMicrotask\b/],
  ['does I/O', /\bfrom 'node:(?!crypto')|\bfetch\(|\brequire\(|\bimport\(/],
];

export interface Breach {
  readonly file: string;
  readonly problem: string;
}

export interface SourceFile {
  /** Path below `src`, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export function sourceFiles(src: string): SourceFile[] {
  return globSync('**/*.{ts,tsx}', { cwd: src }).map((path) => ({ path, text: readFileSync(join(src, path), 'utf8') }));
}

/** Comments and strings may say `await`; code may not. */
const codeOf = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|[^:'"`])\/\/.*$/gm, '$1');

export function impurities(files: readonly SourceFile[]): Breach[] {
  const inside = files.filter(({ path }) => DECISION_ROOMS.some((room) => path.startsWith(`${room}/`)));
  return inside.flatMap(({ path, text }) => {
    const code = codeOf(text);
    const found = IMPURE.filter(([, pattern]) => pattern.test(code));
    return found.map(([problem, pattern]) => ({ file: path, problem: `${problem}: ${pattern.exec(code)?.[0]}` }));
  });
}

const roomOf = (path: string) => path.split('/')[0] ?? '';

export function boundaryBreaches(files: readonly SourceFile[]): Breach[] {
  return files.flatMap(({ path, text }) => {
    const allowed = MAY_IMPORT[roomOf(path)];
    if (!allowed) return [];
    return importsOf(path, text)
      .filter((target) => roomOf(target) !== roomOf(path) && !allowed.some((room) => within(target, room)))
      .map((target) => ({ file: path, problem: `imports ${target}` }));
  });
}

const within = (target: string, room: string) => target.startsWith(`${room}/`) || target === `${room}.ts`;

/** Relative imports of a file, as paths below `src`. */
function importsOf(path: string, text: string): string[] {
  const from = [...codeOf(text).matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((found) => found[1] ?? '');
  return from.map((target) => relative('/', resolve('/', dirname(path), target)));
}
