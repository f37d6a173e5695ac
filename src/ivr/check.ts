import type { z } from 'zod';
import type { Code } from './codes.ts';
import { type Path, type Problem, suggest } from './problem.ts';
import type { Source } from './source.ts';
import { TIME_MUST } from './words.ts';

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Holds a file against its schema; every fault is told with its place in the text. */
export function check<T>(schema: z.ZodType<T>, source: Source): Checked<T> {
  const result = schema.safeParse(source.data, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  return {
    ok: false,
    problems: result.error.issues.slice(0, MOST_TOLD).flatMap((issue) => problemsOf(issue, [], source)),
  };
}

type Issue = z.core.$ZodIssue;

/** A file with more faults than this is of another kind. */
const MOST_TOLD = 100;

function problemsOf(issue: Issue, above: readonly PropertyKey[], source: Source): readonly Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return nearestBranch(issue.errors).flatMap((inner) => problemsOf(inner, path, source));
  }
  const keys = path.map((step) => (typeof step === 'number' ? step : String(step)));
  if (issue.code === 'unrecognized_keys') return unknownKeys(issue, keys, source);
  const [message = '', cure = ''] = sentence(issue, keys).split('\n');
  return [source.problem(codeOf(issue), keys, message, cure, issue.code === 'invalid_key' ? 'key' : 0)];
}

function unknownKeys(issue: z.core.$ZodIssueUnrecognizedKeys, path: Path, source: Source): readonly Problem[] {
  const known = issue.message.split(' ');
  return issue.keys
    .slice(0, MOST_TOLD)
    .map((key) =>
      source.problem('unknown-field', [...path, key], `\`${key}\` is not known here.`, wayOut(key, known), 'key'),
    );
}

/** Some languages for flows say `on` where this one says `outcomes`. */
const wayOut = (key: string, known: readonly string[]): string =>
  key === 'on' && known.includes('outcomes') ? 'Write `outcomes:`.' : suggest(key, known);

function codeOf(issue: Issue): Code {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || issue.input === null ? 'missing-field' : 'wrong-type';
    case 'invalid_union':
      return 'unknown-node-type';
    case 'too_small':
    case 'too_big':
      return 'out-of-range';
    default:
      return 'wrong-value';
  }
}

/** Of several allowed forms, the one that was probably meant: the one whose faults lie deepest, then the fewest. */
function nearestBranch(branches: readonly Issue[][]): readonly Issue[] {
  return (
    branches.toSorted((a, b) => wrongKind(a) - wrongKind(b) || depth(b) - depth(a) || a.length - b.length)[0] ?? []
  );
}

function sentence(issue: Issue, path: readonly (string | number)[]): string {
  const key = path.at(-1) ?? 'file';
  if (issue.message.startsWith(TIME_MUST)) return `\`${key}\` must${issue.message.slice(TIME_MUST.length)}`;
  if (issue.message.includes('\n')) return issue.message;
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === null && path.length > 0) return `\`${key}\` is empty.\nWrite its value after the colon.`;
      return issue.input === undefined || issue.input === null
        ? `\`${key}\` is missing.\nAdd it here.`
        : `\`${key}\` must be ${article(issue.expected)}.\n${way(issue.expected, issue.input)}`;
    case 'invalid_value':
      return `\`${key}\` must be one of ${issue.values.join(', ')}.\n${meant(issue)}`;
    case 'invalid_union':
      return `This type is not known.\nUse one of ${('options' in issue ? issue.options : undefined)?.join(', ')}.`;
    case 'invalid_key':
      return issue.issues[0]?.message ?? issue.message;
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'int' && issue.origin !== 'number') {
        return `\`${key}\` is empty.\nPut something in.`;
      }
      return `\`${key}\` must be at least ${issue.minimum}${count(issue.origin)}.\nGive more.`;
    case 'too_big':
      return `\`${key}\` must be at most ${issue.maximum}${count(issue.origin)}.\nGive less.`;
    default:
      return `\`${key}\` is not right: ${issue.message}.\nMend it.`;
  }
}

function meant({ input, values }: z.core.$ZodIssueInvalidValue): string {
  const near = typeof input === 'string' ? suggest(input, values.map(String)) : '';
  return near.startsWith('Did') ? near : 'Choose one of these.';
}

const article = (expected: string) =>
  ({
    string: 'a text',
    object: 'a map',
    record: 'a map',
    array: 'a list',
    boolean: 'true or false',
    int: 'a whole number',
  })[expected] ?? `a ${expected}`;

/** How a value of that type is written. */
function way(expected: string, given: unknown): string {
  switch (expected) {
    case 'string':
      return typeof given === 'number' ? 'Put it in quotes.' : 'Write a text.';
    case 'array':
      return 'Write it as a list, like `[one, two]`.';
    case 'boolean':
      return 'Write true or false, without quotes.';
    case 'int':
    case 'number':
      return 'Write digits alone, without quotes or unit.';
    default:
      return 'Write it as a map, like `{ key: value }`.';
  }
}

const count = (origin: string) => (origin === 'string' ? ' characters long' : origin === 'array' ? ' long' : '');

const depth = (branch: readonly Issue[]) => Math.max(0, ...branch.map((issue) => issue.path.length));
const wrongKind = (branch: readonly Issue[]) =>
  branch.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0) ? 1 : 0;
