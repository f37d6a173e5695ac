import { type Code, CODES, type Severity } from './codes.ts';

/** What is wrong in a file that people wrote, where, and what mends it. Lines and columns count from 1. */
export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: Code;
  readonly message: string;
  /** One sentence that says what to do. */
  readonly cure: string;
}

/** Takes down a problem at a place in the file, given as the keys that lead there. */
export type Report = (code: Code, path: Path, message: string, cure: string, where?: Where) => void;

/** Which part of what a path leads to: characters into a one-line text, or the key before it. */
export type Where = number | 'key';

/** Keys and list positions from the root of a file, e.g. `['nodes', 'main-menu', 'keys', '1']`. */
export type Path = readonly (string | number)[];

export const severityOf = ({ code }: Pick<Problem, 'code'>): Severity => CODES[code].severity;
export const isError = (problem: Problem): boolean => severityOf(problem) === 'error';

/** One line a problem, the way compilers print them, so that editors can jump there. */
export function printProblem(problem: Problem): string {
  const { file, line, column, code, message, cure } = problem;
  return `${file}:${line}:${column} ${severityOf(problem)} ${code} ${message} ${cure}`;
}

/** In file order, and each said once. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((problem) => [printProblem(problem), problem]));
  return [...once.values()].sort(
    (a, b) =>
      a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column || a.message.localeCompare(b.message),
  );
}

/** `Did you mean `billing`?` when a known word is near, else the words there are. */
export function suggest(word: string, known: Iterable<string>): string {
  const words = [...known];
  const near = worthComparing(word, words)
    .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= nearness(candidate.length))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near) return `Did you mean \`${near.candidate}\`?`;
  if (words.length === 0) return 'None is defined yet.';
  const more = words.length - MOST_SHOWN;
  return `Known: ${words.slice(0, MOST_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}.`;
}

const MOST_SHOWN = 12;
/** A file full of wrong names must not take minutes. */
const MOST_COMPARED = 30;

/** Edits that a slip of the hand makes in a word of this length. */
const nearness = (length: number) => Math.max(1, Math.ceil(length / 3));

/** A cheap look before the exact one: words about as long that begin or end alike. */
function worthComparing(word: string, words: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const candidate of words) {
    if (Math.abs(candidate.length - word.length) > nearness(candidate.length)) continue;
    if (candidate[0] !== word[0] && candidate.at(-1) !== word.at(-1)) continue;
    if (found.push(candidate) >= MOST_COMPARED) break;
  }
  return found;
}

/** Fewest edits that turn one word into the other, two exchanged neighbours counting as one (Damerau 1964). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const cost = (i: number, j: number) => rows[i]?.[j] ?? Number.POSITIVE_INFINITY;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const change = cost(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const exchanged = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? cost(i - 2, j - 2) + 1 : change;
      row.push(Math.min(change, exchanged, cost(i - 1, j) + 1, cost(i, j - 1) + 1));
    }
  }
  return cost(a.length, b.length);
}
