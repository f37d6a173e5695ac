import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  Lexer,
  type Node,
  type Pair,
  parseDocument,
  Scalar,
  visit,
  type YAMLMap,
} from 'yaml';
import { flowFile } from '../flow-file.ts';
import { KINDS } from '../nodes/index.ts';
import { isError, type Problem } from '../problem.ts';
import { readYaml } from '../source.ts';

export type Formatted =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Lines longer than this are broken where a list or map in brackets can be. */
const WIDTH = 120;

/**
 * A flow or site file in its canonical form: fields in one order, two spaces, keys and numbers in double quotes. Comments,
 * blank lines and the order of nodes stay, and so does the meaning: a flow is the same flow afterwards.
 */
export function formatYaml(text: string, file: string): Formatted {
  const reading = readYaml(text, file);
  // Keys without quotes are what this mends.
  const left = reading.ok ? [] : reading.problems.filter((problem) => isError(problem) && problem.code !== 'yaml-key');
  if (left.length > 0) return { ok: false, problems: left };
  const document = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false });
  quote(document);
  if (!hasAliases(document)) order(document);
  unfold(document);
  const written = tightened(document.toString({ lineWidth: 0, indent: 2, singleQuote: false }));
  const again = readYaml(written, file);
  return again.ok ? { ok: true, text: written } : { ok: false, problems: again.problems };
}

/** Numbers and keys are texts, and look like it. */
function quote(document: Document): void {
  visit(document, {
    Pair(_key, { key }) {
      if (isScalar(key)) quoteKey(key);
    },
    Scalar(_key, scalar, path) {
      if (NUMBERS.test(pathOf(path))) asText(scalar);
      const { value, type } = scalar;
      if (typeof value !== 'string' || type === Scalar.BLOCK_LITERAL || type === Scalar.BLOCK_FOLDED) return;
      if (/^\+?[0-9*#]+$/.test(value)) scalar.type = Scalar.QUOTE_DOUBLE;
    },
  });
}

/** Where a telephone number or a key stands, even when it was written without quotes; a number elsewhere may be meant as one. */
const NUMBERS =
  /^(dids|nodes\.[^.]+\.(to|end|optOut|digits\.end|confirm\.(accept|reject)Key|offerCallback\.key)|tests\.steps\.press)$/;

/** The keys that lead there; places in lists are left out. */
const pathOf = (path: readonly unknown[]) =>
  path.flatMap((step) => (isPair(step) && isScalar(step.key) ? [String(step.key.value)] : [])).join('.');

function quoteKey(key: Scalar): void {
  if (typeof key.value === 'string' || key.value === null) return;
  key.value = key.source ?? JSON.stringify(key.value);
  key.type = Scalar.QUOTE_DOUBLE;
}

function asText(scalar: Scalar): void {
  if (typeof scalar.value !== 'number' || scalar.source === undefined) return;
  scalar.value = scalar.source;
  scalar.type = Scalar.QUOTE_DOUBLE;
}

function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, { Alias: () => ((found = true), visit.BREAK) });
  return found;
}

/** Fields of a flow and of its nodes stand in the order of the schema, and where a node leads to stands last. */
function order(document: Document): void {
  const root = document.contents;
  if (!isMap<Node, Node>(root) || !root.has('nodes') || !root.has('version')) return;
  sort(root, Object.keys(flowFile.shape));
  const nodes = root.get('nodes');
  if (!isMap<Node, Node>(nodes)) return;
  for (const { value } of nodes.items) {
    if (!isMap<Node, Node>(value)) continue;
    const fields = FIELDS.get(String(value.get('type'))) ?? ['type'];
    sort(value, [...fields.filter((field) => !LAST.includes(field)), ...LAST]);
  }
}

const LAST: readonly string[] = ['go', 'else', 'next', 'outcomes'];

const FIELDS: ReadonlyMap<string, readonly string[]> = new Map(
  KINDS.map(({ type, schema }) => [type, 'shape' in schema ? Object.keys(Object(schema.shape)) : []]),
);

function sort(map: YAMLMap<Node, Node>, fields: readonly string[]): void {
  const place = ({ key }: Pair<Node, Node>) => {
    const at = fields.indexOf(isScalar(key) ? String(key.value) : '');
    return at < 0 ? fields.length : at;
  };
  const sorted = map.items.toSorted((a, b) => place(a) - place(b));
  const [was, is] = [map.items[0], sorted[0]];
  // What stands above the first field belongs to it, unless it heads the whole file.
  if (was && is && was !== is && map.commentBefore && !map.has('version')) {
    was.key.commentBefore = map.commentBefore;
    map.commentBefore = null;
  }
  if (was && is && was !== is && is.key.spaceBefore) {
    [was.key.spaceBefore, is.key.spaceBefore] = [true, false];
  }
  map.items = sorted;
}

/** Brackets that do not fit into a line, or have comments in them, become lines of their own. */
function unfold(document: Document): void {
  visit(document, {
    Collection(_key, node, path) {
      if (!node.flow || node.items.length === 0) return;
      const parent = path.at(-1);
      const before = isPair(parent) && isScalar(parent.key) ? String(parent.key.value).length + 4 : 2;
      const indent = (path.filter(isCollection).length - 1) * 2;
      if (indent + before + widthOf(node) > WIDTH || hasComments(node)) node.flow = false;
    },
  });
}

/** `[a, b]` without spaces inside the brackets, which the library has for lists and maps alike. */
function tightened(text: string): string {
  const parts = [...new Lexer().lex(text)];
  const kept = parts.filter((part, i) => part !== ' ' || !(parts[i - 1] === '[' || isClosed(parts, i)));
  return kept.filter((part) => !MARKERS.has(part)).join('');
}

/** Does a list end after this space, in the line it stands in? */
const isClosed = (parts: readonly string[], i: number) => parts[i + 1] === ']' && !/^\n?$/.test(parts[i - 1] ?? '');

/** What the lexer puts between the parts of the text: begin of a document, of a plain scalar, of a flow line, end. */
const MARKERS = new Set(['\u{FEFF}', '\u0002', '\u001f', '\u0018', '\u0003']);

/** Of a value as it would stand in one line. */
function widthOf(node: unknown): number {
  if (isPair(node)) return widthOf(node.key) + 2 + widthOf(node.value);
  if (isCollection(node)) return 4 + node.items.reduce<number>((sum, item) => sum + widthOf(item) + 2, -2);
  if (isAlias(node)) return node.source.length + 1;
  if (!isScalar(node)) return 0;
  return String(node.value).length + (node.type === Scalar.PLAIN || node.type === undefined ? 0 : 2);
}

function hasComments(collection: Node): boolean {
  let found = false;
  visit(collection, {
    Node(_key, node) {
      if (node === collection || (!node.comment && !node.commentBefore)) return undefined;
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}
