import type { z } from 'zod';
import { check } from '../check.ts';
import { expressionsOver } from '../expression.ts';
import { type FlowFile, flowFile } from '../flow-file.ts';
import type { FlowNode } from '../flow.ts';
import type { LoadedFlow } from '../load.ts';
import { KINDS } from '../nodes/index.ts';
import { inputSettings } from '../question.ts';
import { NodeScope } from '../scope.ts';

/** What callers meet in a node: where it leads by which outcome, and every value that it goes by. */
export interface NodeOutline {
  readonly id: string;
  readonly type: string;
  /** Outcome, as people read it → node, or null for the end of the call. */
  readonly ways: ReadonlyMap<string, string | null>;
  /** Field, with dots → value. Times in milliseconds, what is said as one text. */
  readonly values: ReadonlyMap<string, string>;
}

export interface FlowOutline {
  readonly file: FlowFile;
  readonly nodes: ReadonlyMap<string, NodeOutline>;
  /** Nodes that a call can come to. */
  readonly reached: ReadonlySet<string>;
}

/** A flow as callers meet it, with all defaults filled in: what is written otherwise but means the same is the same here. */
export function outlineOf({ flow, source }: LoadedFlow): FlowOutline {
  const checked = check<z.output<typeof flowFile>>(flowFile, source);
  if (!checked.ok) throw new Error(`${flow.id} was loaded and has not its shape`);
  const file: FlowFile = checked.value;
  const nodes = [...flow.nodes.values()].map((node): [string, NodeOutline] => [node.id, nodeOutline(node, file)]);
  return { file, nodes: new Map(nodes), reached: reachedFrom(flow.start, new Map(nodes)) };
}

function nodeOutline({ id, type, exits }: FlowNode, file: FlowFile): NodeOutline {
  const written = { ...file.nodes[id] };
  const edges = new Set(exits.map(({ path }) => path.slice(2).join('.')));
  const ways = exits.map(({ outcome, to, path }) => [conditionAt(written, path.slice(2)) ?? outcome, to] as const);
  const filled = new Map(flattened({ ...written, ...inputOf(written, file) }, ''));
  const values = [...filled].filter(([field]) => field !== 'type' && !edges.has(field) && !IS_CASE.test(field));
  return { id, type, ways: new Map(ways), values: new Map(values) };
}

/** Conditions and shares are told as the ways that they are. */
const IS_CASE = /^(cases\.\d+\.when|shares\.\d+\.percent)$/;

function conditionAt(written: object, path: readonly (string | number)[]): string | null {
  if (path[0] !== 'cases' && path[0] !== 'shares') return null;
  const around = path.slice(0, -1).reduce<unknown>((inner, step) => Reflect.get(Object(inner), step), written);
  const { when, percent } = Object(around) as { when?: unknown; percent?: unknown };
  if (typeof when === 'string') return `when ${when}`;
  return typeof percent === 'number' ? `share ${Number(path[1]) + 1} of ${percent} %` : null;
}

/** What a node that asks goes by, wherever it is written. */
function inputOf(written: object, file: FlowFile): object {
  if (!ASKING.has(String(Reflect.get(written, 'type')))) return {};
  const scope = new NodeScope('', { file, vars: new Map(), expressions: expressionsOver(new Map()), report: () => {} });
  const { timeoutMs, interDigitMs, retries, bargeIn } = inputSettings(written, scope);
  return { timeout: timeoutMs, interDigit: interDigitMs, retries, bargeIn };
}

const ASKING: ReadonlySet<string> = new Set(
  KINDS.filter(({ schema }) => 'shape' in schema && 'interDigit' in Object(schema.shape)).map(({ type }) => type),
);

/** Values by the path that leads to them; a speech is one value, whatever it is made of. */
export function flattened(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return [[path, `${value}`]];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    if (value.every(isSaid)) return value.length === 0 ? [] : [[path, value.map(saidAs).join(', ')]];
    return value.flatMap((item: unknown, i) => flattened(item, `${path}.${i}`));
  }
  return Object.entries(value).flatMap(([key, inner]) => flattened(inner, path === '' ? key : `${path}.${key}`));
}

const isSaid = (item: unknown): boolean =>
  typeof item === 'string' || (typeof item === 'object' && item !== null && 'say' in item);

const saidAs = (item: unknown): string => {
  if (typeof item === 'string') return item;
  const { say, of } = Object(item) as { say: string; of: string };
  return `${of} as ${say}`;
};

function reachedFrom(start: string, nodes: ReadonlyMap<string, NodeOutline>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    for (const to of nodes.get(id)?.ways.values() ?? []) if (to !== null) open.push(to);
  }
  return reached;
}
