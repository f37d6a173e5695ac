import type { Condition, VarType } from './expression.ts';
import type { FlowFile } from './flow-file.ts';
import type { VarDecl } from './flow.ts';
import type { Path, Report } from './problem.ts';

/** An edge of the flow and where it is written. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  readonly path: Path;
}

/** What the building of a node needs from the flow around it. */
export interface Scope {
  readonly file: FlowFile;
  readonly vars: ReadonlyMap<string, VarDecl>;
  readonly report: Report;
  /** Takes down an edge and gives its target back. */
  edge(from: string, to: string, path: Path): string;
  condition(source: string, path: Path): Condition;
}

/** May this variable hold that value? */
export function fits(decl: { readonly type: VarType; readonly values: readonly string[] }, value: unknown): boolean {
  switch (decl.type) {
    case 'enum':
      return typeof value === 'string' && decl.values.includes(value);
    case 'string':
      return typeof value === 'string';
    case 'int':
      return Number.isSafeInteger(value);
    default:
      return typeof value === 'boolean';
  }
}
