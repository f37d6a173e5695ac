import { styleText } from 'node:util';
import type { Code, Severity } from '../../ivr/codes.ts';
import type { Finding as AnyFinding } from '../../engine/ports/releases.ts';
import { type Problem, severityOf } from '../../ivr/problem.ts';

/** A problem as commands print it for programs. */
export interface Finding {
  /** As one would type it here. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly severity: Severity;
  readonly code: Code;
  readonly message: string;
  readonly hint: string;
}

/** `shown` turns the path that a problem bears into one that can be typed. */
export const findingOf = (problem: Problem, shown: (file: string) => string = String): Finding => {
  const { file, line, column, code, message, cure } = problem;
  return { file: shown(file), line, column, severity: severityOf(problem), code, message, hint: cure };
};

/** More than anybody reads; programs get all of them. */
const MOST_PRINTED = 1_000;

/** `file:line:column severity code message`, as compilers print it; under each what mends it; at last how many there are. */
export function linesOf(findings: readonly AnyFinding[]): readonly string[] {
  const printed = findings.slice(0, MOST_PRINTED).flatMap((finding) => [lineOf(finding), `    ${finding.hint}`]);
  const more = findings.length - MOST_PRINTED;
  return [...printed, ...(more > 0 ? [`… and ${more} more`] : []), countOf(findings)];
}

function lineOf({ file, line, column, severity, code, message }: AnyFinding): string {
  const grave = styled(severity === 'error' ? 'red' : 'yellow', severity);
  return `${styled('bold', `${file}:${line}:${column}`)} ${grave} ${code} ${message}`;
}

/** Colours only where somebody looks at them. */
const styled = (style: 'red' | 'yellow' | 'bold', text: string): string =>
  styleText(style, text, { stream: process.stdout, validateStream: true });

function countOf(findings: readonly AnyFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const counts = [counted(errors, 'error'), counted(findings.length - errors, 'warning')];
  return counts.filter((count) => count !== null).join(', ') || 'fine: no findings';
}

const counted = (count: number, what: string): string | null =>
  count === 0 ? null : `${count} ${what}${count === 1 ? '' : 's'}`;
