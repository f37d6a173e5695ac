import type { LoadedFlow } from '../load.ts';
import { DURATIONS } from './field-words.ts';
import { flattened, type FlowOutline, type NodeOutline, outlineOf } from './outline.ts';

/** One thing that becomes different for callers. */
export interface Change {
  /** What changes: a node, or a part of the file as `languages`. */
  readonly where: string;
  readonly text: string;
}

/**
 * What callers notice when flow `a` becomes `b`, in sentences. Comments, order, owner and names of nodes are nothing to
 * them, and so is a value that moves to `defaults`.
 */
export function diffFlows(a: LoadedFlow, b: LoadedFlow): readonly Change[] {
  const [was, is] = [outlineOf(a), outlineOf(b)];
  const renamed = renames(was, is);
  const named = (id: string) => renamed.get(id) ?? id;
  const pairs = [...was.nodes.values()].map((node) => [node, is.nodes.get(named(node.id))] as const);
  const kept = new Set([...was.nodes.keys()].map(named));
  const changes = [
    ...headChanges(was, is, named),
    ...[...is.nodes.values()].filter(({ id }) => !kept.has(id)).map((node) => change(node.id, `is a new ${node.type}`)),
    ...pairs.flatMap(([before, after]) => (after ? nodeChanges(before, after, was, is, named) : [gone(before)])),
    ...pairs.flatMap(([before, after]) =>
      after && isLost(before, after, was, is) ? [change(after.id, 'is reached no more')] : [],
    ),
  ];
  return gathered(changes);
}

export const change = (where: string, text: string): Change => ({ where, text });
const gone = ({ id, type }: NodeOutline) => change(id, `is gone (was a ${type})`);
const isLost = (before: NodeOutline, after: NodeOutline, was: FlowOutline, is: FlowOutline) =>
  was.reached.has(before.id) && !is.reached.has(after.id);

/** Nodes that only bear another name: of the same kind, with the same values and outcomes. */
function renames(was: FlowOutline, is: FlowOutline): ReadonlyMap<string, string> {
  const shape = ({ type, values, ways }: NodeOutline) =>
    JSON.stringify([type, [...values].sort(byKey), [...ways.keys()].sort()]);
  const added = [...is.nodes.values()].filter(({ id }) => !was.nodes.has(id));
  const found = new Map<string, string>();
  for (const node of was.nodes.values()) {
    if (is.nodes.has(node.id)) continue;
    const same = added.filter((other) => shape(other) === shape(node) && ![...found.values()].includes(other.id));
    if (same.length === 1 && same[0]) found.set(node.id, same[0].id);
  }
  return found;
}

const byKey = ([a]: readonly [string, string], [b]: readonly [string, string]) => (a < b ? -1 : 1);

function nodeChanges(
  before: NodeOutline,
  after: NodeOutline,
  was: FlowOutline,
  is: FlowOutline,
  named: (id: string) => string,
): readonly Change[] {
  if (before.type !== after.type) return [change(after.id, `is now a ${after.type} (was a ${before.type})`)];
  const ways = both(before.ways, after.ways).flatMap(([outcome, from, to]) => {
    if (from !== undefined && to !== undefined && (from === null ? null : named(from)) === to) return [];
    const [target, origin] = [to === undefined ? '' : place(to, is), from === undefined ? '' : place(from, was)];
    if (to === undefined) return [`${outcome} is gone (went to ${origin})`];
    return from === undefined
      ? [`${outcome} is new and goes to ${target}`]
      : [`${outcome} now goes to ${target} (was ${origin})`];
  });
  const values = both(before.values, after.values).flatMap(([field, from, to]) =>
    from === to ? [] : [sentence(field, from, to)],
  );
  return [...ways, ...values].map((text) => change(after.id, text));
}

/** `queue billing`: what it is, and its name. */
const place = (id: string | null, { nodes }: FlowOutline) =>
  id === null ? 'the end' : `${nodes.get(id)?.type ?? 'nothing called'} ${id}`;

export function both<T>(
  was: ReadonlyMap<string, T>,
  is: ReadonlyMap<string, T>,
): readonly (readonly [string, T | undefined, T | undefined])[] {
  const keys = new Set([...was.keys(), ...is.keys()]);
  return [...keys].map((key) => [key, was.get(key), is.get(key)] as const);
}

const WORDS: Readonly<Record<string, (to: string, from: string) => string>> = {
  timeout: (to, from) => `waits ${to} for an answer (was ${from})`,
  interDigit: (to, from) => `waits ${to} for the next key (was ${from})`,
  'retries.noInput': (to, from) => `asks ${to} more times after silence (was ${from})`,
  'retries.invalid': (to, from) => `asks ${to} more times after a wrong answer (was ${from})`,
  prompt: (to, from) => `says ${to} (was ${from})`,
  'prompt.first': (to, from) => `says ${to} (was ${from})`,
  'prompt.again': (to, from) => `says ${to} when it asks again (was ${from})`,
  'prompt.invalid': (to, from) => `says ${to} after a wrong answer (was ${from})`,
};

/** What becomes of one value. */
export function sentence(field: string, from: string | undefined, to: string | undefined): string {
  const shown = (value: string | undefined) =>
    value === undefined ? 'nothing' : value === '' ? 'empty' : withUnit(field, value);
  if (field === 'bargeIn') return to === 'false' ? 'a key no longer stops the prompt' : 'a key now stops the prompt';
  const words = WORDS[field];
  if (words) return words(shown(to), shown(from));
  const key = /^keys\.([^.]+)(?:\.go)?$/.exec(field)?.[1];
  const name = key === undefined ? field : `key ${key}`;
  if (from === undefined) return `${name} is now ${shown(to)}`;
  return to === undefined ? `${name} is gone (was ${shown(from)})` : `${name} is now ${shown(to)} (was ${shown(from)})`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/** `max` of digits counts them, that of a recording is a time. */
const isDuration = (field: string) => DURATIONS.has(field.split('.').at(-1) ?? '') && !field.endsWith('digits.max');

/** A length of time in its largest whole unit, all else as it is. */
function withUnit(field: string, value: string): string {
  const ms = Number(value);
  if (!isDuration(field) || value === '' || !Number.isSafeInteger(ms)) return value;
  const [unit, size] = UNITS.find(([, size]) => ms >= size && ms % size === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}

function headChanges(was: FlowOutline, is: FlowOutline, named: (id: string) => string): readonly Change[] {
  const numbers = both(asMap(was.file.dids), asMap(is.file.dids)).flatMap(([number, from, to]) => {
    if (from !== undefined && to !== undefined) return [];
    return [change('numbers', to === undefined ? `${number} leads here no more` : `${number} now leads here`)];
  });
  const start =
    named(was.file.start) === is.file.start
      ? []
      : [change('start', `calls now begin at ${place(is.file.start, is)} (was ${place(was.file.start, was)})`)];
  const parts = (['languages', 'vars', 'takes', 'gives', 'limits'] as const).flatMap((part) =>
    both(new Map(flattened(was.file[part], '')), new Map(flattened(is.file[part], ''))).flatMap(([field, from, to]) =>
      from === to ? [] : [change(part, sentence(field || 'the list', from, to))],
    ),
  );
  return [...numbers, ...start, ...parts, ...promptChanges(was, is)];
}

const asMap = (list: readonly string[]) => new Map(list.map((item) => [item, item]));

/** Words that are said otherwise; which node says them shows elsewhere. */
function promptChanges(was: FlowOutline, is: FlowOutline): readonly Change[] {
  const words = ({ file }: FlowOutline) =>
    new Map(
      Object.entries(file.prompts).flatMap(([prompt, { tts }]) =>
        Object.entries(tts).map(([language, text]) => [`${prompt} in ${language}`, text] as const),
      ),
    );
  return wordChanges(words(was), words(is));
}

/** `words`: `<prompt> in <language>` → what is said. */
export const wordChanges = (was: ReadonlyMap<string, string>, is: ReadonlyMap<string, string>): readonly Change[] =>
  both(was, is).flatMap(([prompt, from, to]) => {
    if (from === to) return [];
    if (to === undefined) return [change('prompts', `${prompt} is gone (was “${from}”)`)];
    return [
      change(
        'prompts',
        from === undefined ? `${prompt} is new: “${to}”` : `${prompt} now says “${to}” (was “${from}”)`,
      ),
    ];
  });

/** The same change in several places is said once, so that a new default is one line. */
function gathered(changes: readonly Change[]): readonly Change[] {
  return [...Map.groupBy(changes, ({ text }) => text)].map(([text, same]) =>
    change(same.map(({ where }) => where).join(', '), text),
  );
}
