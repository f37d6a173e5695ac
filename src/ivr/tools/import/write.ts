import { Document, isPair, isScalar, visit } from 'yaml';
import { formatYaml } from '../format.ts';
import { BYE, type Draft, type Lost, type Need, type NodeDraft, slug } from './draft.ts';

/** A flow that was made of a menu of another system, and what its author must know. */
interface Imported {
  readonly id: string;
  readonly text: string;
}

export type ImportResult =
  | {
      readonly ok: true;
      readonly flows: readonly Imported[];
      readonly lost: readonly Lost[];
      /** Prompts to be recorded or written, with the sound files they were. */
      readonly sounds: ReadonlyMap<string, string>;
      readonly needs: Draft['needs'];
    }
  | { readonly ok: false; readonly line: number; readonly why: string };

/** A menu that calls may begin in. */
export interface Root {
  readonly node: string;
  readonly title: string;
}

/** One flow for each menu that no other leads to; what only menus in a circle lead to begins with the first of them. */
export function written(draft: Draft, menus: readonly Root[], from: string): ImportResult {
  const roots: Root[] = [];
  draft.lost.sort((a, b) => a.line - b.line);
  const inside = () => new Set(roots.flatMap(({ node }) => [...reachable(draft, node)]));
  const led = new Set(
    menus.flatMap(({ node }) => [...targets(draft.nodes.get(node))].flatMap((to) => [...reachable(draft, to)])),
  );
  for (const menu of menus) if (!led.has(menu.node)) roots.push(menu);
  for (const menu of menus) if (!inside().has(menu.node)) roots.push(menu);
  const flows = roots.map((root) => flowOf(draft, root, from));
  return { ok: true, flows, lost: draft.lost, sounds: draft.sounds, needs: draft.needs };
}

/** The nodes that one leads to, wherever in it their names stand. */
function targets(node: NodeDraft | undefined): ReadonlySet<string> {
  const { keys = {}, outcomes = {}, next, cases = [] } = Object(node) as Record<string, object | string | undefined>;
  return new Set(
    [...Object.values(keys), ...Object.values(outcomes), ...Object.values(cases), next].filter(
      (to) => typeof to === 'string',
    ),
  );
}

function reachable({ nodes }: Draft, start: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [start];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    if (reached.has(id) || !nodes.has(id)) continue;
    reached.add(id);
    open.push(...targets(nodes.get(id)));
  }
  return reached;
}

const FILE: Readonly<Record<Need, string>> = {
  queue: 'site/queues.yaml',
  trunk: 'site/trunks.yaml',
  box: 'site/boxes.yaml',
  calendar: 'site/calendars/<name>.yaml',
};

function flowOf(draft: Draft, { node, title }: Root, from: string): Imported {
  const id = slug(title) || 'imported';
  const inside = new Set([...reachable(draft, node), BYE]);
  const nodes = [...inside].filter((name) => name !== BYE).map((name) => [name, draft.nodes.get(name)] as const);
  const said = JSON.stringify(nodes.map(([, one]) => one));
  const prompts = [...draft.words].filter(([prompt]) => said.includes(JSON.stringify(prompt)));
  const file = {
    version: 'ivr/v1',
    id,
    title,
    languages: { default: 'en', supported: ['en'] },
    defaults: { noInput: BYE, invalid: BYE, onError: BYE },
    ...(prompts.length > 0 && { prompts: Object.fromEntries(prompts.map(([name, en]) => [name, { tts: { en } }])) }),
    start: node,
    nodes: { ...Object.fromEntries(nodes), [BYE]: draft.nodes.get(BYE) },
  };
  const text = header(draft, said, from) + folded(file);
  const formatted = formatYaml(text, `${id}.yaml`);
  if (!formatted.ok) throw new Error(`the import of ${id} wrote no YAML`);
  return { id, text: formatted.text };
}

/** Small maps and lists stand in one line, as people write them. */
function folded(file: object): string {
  const document = new Document(file, { version: '1.2' });
  visit(document, {
    Collection(_key, node, path) {
      const parent = path.at(-1);
      const field = isPair(parent) && isScalar(parent.key) ? String(parent.key.value) : '';
      const isShort = JSON.stringify(node.toJSON()).length < 90;
      node.flow = isShort && path.length > 1 && !['nodes', 'keys', 'prompts'].includes(field);
    },
  });
  return document.toString({ lineWidth: 0 });
}

function header(draft: Draft, said: string, from: string): string {
  const recorded = [...draft.sounds].filter(([prompt]) => said.includes(JSON.stringify(prompt)));
  const needed = draft.needs.filter(({ name }) => said.includes(JSON.stringify(name)));
  const lines = [
    `Imported from ${from}.`,
    ...list(
      'Not carried over',
      draft.lost.map(({ line, what, why }) => `line ${line}: ${what}: ${why}`),
    ),
    ...list(
      'Prompts to record as sounds/en/<prompt>.wav, or to write in sounds/en/prompts.yaml',
      recorded.map(([prompt, file]) => `${prompt} (was ${file})`),
    ),
    ...list(
      'To be defined',
      needed.map(({ need, name, why }) => `${need} ${name} in ${FILE[need]}: ${why}`),
    ),
  ];
  return `${lines.map((line) => `# ${plain(line)}`).join('\n')}\n\n`;
}

const list = (title: string, items: readonly string[]) =>
  items.length === 0 ? [] : [`${title}:`, ...items.map((item) => `- ${item}`)];

/** Nothing of the other file may end the comment that it stands in. */
const plain = (text: string) => text.replace(/[\p{Cc}\u2028\u2029\ufffd\ufeff]+/gu, ' ').slice(0, 300);
