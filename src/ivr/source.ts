import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLParseError,
} from 'yaml';
import type { Code } from './codes.ts';
import type { Path, Problem, Where } from './problem.ts';
import { yamlWords } from './yaml-words.ts';

/** A YAML file as plain data, which still knows where everything stands in the text. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** A problem at what `path` leads to. */
  problem(code: Code, path: Path, message: string, cure: string, where?: Where): Problem;
}

export type Reading =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Far above any file that people write, and low enough that a hostile one is refused within a second. */
const MOST = { characters: 128 * 1024, depth: 24, aliases: 64, told: 20 };

/**
 * Reads one YAML document in the core schema: unique keys that are texts, no tags, bounded in size, depth and aliases,
 * and no key that JavaScript gives a meaning of its own (`__proto__`, `constructor` …). `most` characters, where the usual
 * limit is too low for what the file is.
 */
export function readYaml(text: string, file: string, most = MOST.characters): Reading {
  const unreadable = refuseText(text, file, most);
  if (unreadable) return { ok: false, problems: [unreadable] };

  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false, // refuseNodes sees to it; the parser would compare each key with each
  });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const faults = [...firstOf(document.errors), ...document.warnings].slice(0, MOST.told).map((error) => ({
    ...place(error.pos[0]),
    code: error.code === 'RESOURCE_EXHAUSTION' ? ('file-unreadable' as const) : ('yaml-syntax' as const),
    ...(error.code === 'RESOURCE_EXHAUSTION'
      ? { message: TOO_DEEP, cure: 'Nest less deeply.' }
      : yamlWords(error.code, error.message)),
  }));
  if (faults.length > 0) return { ok: false, problems: faults };

  const refused = refuseNodes(document).map(({ offset, ...told }) => ({ ...place(offset), ...told }));
  if (refused.length > 0) return { ok: false, problems: refused };
  return {
    ok: true,
    source: {
      file,
      data: document.toJS({ maxAliasCount: -1 }), // counted above
      problem: (code, path, message, cure, where = 0) => ({
        ...place(offsetOf(document, path, where)),
        code,
        message,
        cure,
      }),
    },
  };
}

const TOO_DEEP = 'The file is nested too deeply.';

/** The parser stumbles over one slip again and again: only where it does so first is worth looking at. */
const firstOf = (errors: readonly YAMLParseError[]): readonly YAMLParseError[] =>
  errors.toSorted((a, b) => a.pos[0] - b.pos[0]).slice(0, 1);

function refuseText(text: string, file: string, most: number): Problem | null {
  const at = (offset: number, message: string, cure: string, code: Code = 'file-unreadable'): Problem => {
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { file, line: before.length, column, code, message, cure };
  };
  if (text.length > most) {
    return at(0, `The file is longer than ${most / 1024} KiB.`, 'Split it into several files.');
  }
  const deep = tooDeep(text);
  if (deep !== null) return at(deep, TOO_DEEP, 'Nest less deeply.');
  // oxlint-disable-next-line no-control-regex
  const strange = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffd]/);
  if (strange >= 0) return at(strange, 'The file holds bytes that are no text.', 'Save it as UTF-8.');
  const mark = text.indexOf('\ufeff', 1);
  if (mark > 0) return at(mark, 'An invisible mark (BOM) stands here.', 'Delete it, or type the word again.');
  const merge = text.search(/^(?:<{7}|>{7}) /m);
  if (merge >= 0) return at(merge, 'A merge left its marks here.', 'Keep one of the two versions.', 'yaml-syntax');
  const second = secondDocument(text);
  const { message, cure } = yamlWords('MULTIPLE_DOCS', '');
  return second === null ? null : at(second, message, cure, 'yaml-syntax');
}

/** Where a second document begins. `---` in the first column never stands for anything else (YAML 1.2, 9.1.2). */
function secondDocument(text: string): number | null {
  let first = true;
  for (const { index } of text.matchAll(/^---(?=\s|$)/gm)) {
    // Only comments and directives may come before the one document.
    if (!first || /^\ufeff?[^\s#%]|^[ \t]+[^\s#]/m.test(text.slice(0, index))) return index;
    first = false;
  }
  return null;
}

/** Where more brackets stand open than any file needs: the parser takes seconds to fail on thousands. */
function tooDeep(text: string): number | null {
  let open = 0;
  for (const { 0: bracket, index } of text.matchAll(/[[\]{}]/g)) {
    open = Math.max(0, open + (bracket === '[' || bracket === '{' ? 1 : -1));
    if (open > MOST.depth * 4) return index;
  }
  return null;
}

interface Refusal {
  readonly offset: number;
  readonly code: Code;
  readonly message: string;
  readonly cure: string;
}

function refuseNodes(document: Document): readonly Refusal[] {
  const refusals: Refusal[] = [];
  let aliases = 0;
  visit(document, {
    Node(_key, node, ancestors) {
      const offset = node.range?.[0] ?? 0;
      if (ancestors.length > MOST.depth && ancestors.filter(isCollection).length > MOST.depth) {
        refusals.push({ offset, code: 'file-unreadable', message: TOO_DEEP, cure: 'Nest less deeply.' });
        return visit.BREAK;
      }
      if (isMap<Node>(node)) refusals.push(...refuseKeys(node));
      if (!isAlias(node)) return undefined;
      aliases += 1;
      const message = aliases > MOST.aliases ? `More than ${MOST.aliases} aliases.` : aliasFault(node, document);
      if (message === null) return undefined;
      refusals.push({ offset, code: 'yaml-alias', message, cure: 'Write the value out.' });
      return visit.BREAK;
    },
  });
  return refusals.slice(0, MOST.told);
}

function refuseKeys(map: YAMLMap<Node>): readonly Refusal[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }): readonly Refusal[] => {
    const offset = key.range?.[0] ?? 0;
    const value = isScalar(key) ? key.value : null;
    if (typeof value !== 'string') {
      const shown = isScalar(key) ? String(key.source) : '…';
      return [
        { offset, code: 'yaml-key', message: `The key ${shown} is not a text.`, cure: `Put it in quotes: "${shown}".` },
      ];
    }
    if (value in Object.prototype) {
      return [{ offset, code: 'yaml-key', message: `The key \`${value}\` is reserved.`, cure: 'Choose another name.' }];
    }
    if (seen.has(value))
      return [{ offset, code: 'yaml-duplicate', message: `\`${value}\` is given twice.`, cure: 'Remove one.' }];
    seen.add(value);
    return [];
  });
}

/** Aliases of aliases multiply, and one that holds itself has no end: an alias may stand for plain things only. */
function aliasFault(alias: Alias, document: Document): string | null {
  const meant = alias.resolve(document);
  if (!meant) return `\`*${alias.source}\` names no \`&${alias.source}\` above it.`;
  const inside: Alias[] = [];
  visit(meant, { Alias: (_key, node) => (inside.push(node), undefined) });
  if (inside.includes(alias)) return `\`*${alias.source}\` stands within what it names.`;
  return inside.length > 0 ? 'An alias may not stand for another alias.' : null;
}

/** A text stands where it stands; a map or list is pointed at by its key; what is missing, by what should hold it. */
function offsetOf(document: Document, path: Path, where: Where): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const [index, step] of path.entries()) {
    const inner: Node | null | undefined = isAlias(node) ? node.resolve(document) : node;
    let key: Node | null = null;
    if (isMap<Node, Node>(inner)) {
      const pair = pairsOf(inner).get(String(step));
      if (!pair) return offset;
      [key, node] = [pair.key, pair.value];
    } else if (isSeq<Node>(inner) && typeof step === 'number' && inner.items[step]) {
      node = inner.items[step];
    } else {
      return offset;
    }
    const last = index === path.length - 1 && where === 'key';
    const shown: Node | null = isScalar(node) && node.value !== null && !last ? node : (key ?? node);
    offset = shown?.range?.[0] ?? offset;
  }
  return offset + (isScalar(node) && where !== 'key' ? intoScalar(node.type, where) : 0);
}

/** Maps by their keys, made once each: a file of thousands of nodes may have a fault in every one. */
const INDEX = new WeakMap<YAMLMap<Node, Node>, ReadonlyMap<string, Pair<Node, Node>>>();

function pairsOf(map: YAMLMap<Node, Node>): ReadonlyMap<string, Pair<Node, Node>> {
  const known = INDEX.get(map);
  if (known) return known;
  const pairs = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
  INDEX.set(map, pairs);
  return pairs;
}

function intoScalar(type: string | undefined, into: number): number {
  if (type === 'PLAIN') return into;
  return type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE' ? into + Math.sign(into) : 0;
}
