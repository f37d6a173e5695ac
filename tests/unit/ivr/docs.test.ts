import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadSite } from '../../../src/config/site/load.ts';
import { readSiteFiles } from '../../../src/config/site/read.ts';
import { KINDS } from '../../../src/ivr/nodes/index.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { parseTests } from '../../../src/ivr/sim/read-tests.ts';
import { runTests } from '../../../src/ivr/sim/run-tests.ts';
import { type SimWorld, simWorld } from '../../../src/ivr/sim/world.ts';
import { promptsIn } from '../../../src/local/prompt-words.ts';
import { fieldsOf, type Page, readPage } from './doc-pages.ts';

const root = resolve(import.meta.dirname, '../../..');
const docs = join(root, 'docs/flow');
const TODAY = '2026-11-22';
/** Pages besides those of the kinds. */
const OTHERS = ['README', 'the-file'];

const pages = new Map<string, Page>();
let world: SimWorld;
/** What `flow check` finds when the examples lie among the shipped flows. */
let findings: readonly string[];

beforeAll(async () => {
  for (const name of await readdir(docs)) {
    const page = name.replace(/\.md$/, '');
    pages.set(page, readPage(await textOf(page)));
  }
  const shipped = await readSiteFiles(join(root, 'ivr-flows'), join(root, 'sounds'));
  const examples = [...pages].flatMap(([name, page]) => {
    const [text] = page.examples;
    return text === undefined ? [] : [{ path: `${name}.md`, text }];
  });
  const reading = loadSite([...shipped, ...examples], TODAY);
  findings = reading.problems.map(printProblem);
  if (!reading.ok) throw new Error(findings.join('\n'));
  const prompts = await promptsIn(join(root, 'sounds'), []);
  world = simWorld(reading.site, new Map(prompts.map(({ path, parts }) => [path, { parts, lengthMs: null }])));
});

const textOf = (name: string) => readFile(join(docs, `${name}.md`), 'utf8');
const anchorsIn = (text: string) =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
const page = (name: string): Page => pages.get(name) ?? { fields: [], outcomes: [], examples: [] };

it('there is a page for each kind of node, and no other', () => {
  expect([...pages.keys()].toSorted()).toEqual([...KINDS.map(({ type }) => type), ...OTHERS].toSorted());
});

describe.each(KINDS.map((kind) => [kind.type, kind] as const))('the page of %s', (type, kind) => {
  it('names the fields that there are', () => {
    const known = fieldsOf(kind);
    const told = page(type).fields.flatMap(({ names }) => names);
    expect(told.filter((name) => !known.some((field) => field.name === name))).toEqual([]);
    expect(known.filter(({ name, parent }) => !parent && !told.includes(name)).map(({ name }) => name)).toEqual([]);
    expect(new Set(told).size).toBe(told.length);
  });

  it('says which are required, and the defaults of the others', () => {
    const known = new Map(fieldsOf(kind).map((field) => [field.name, field]));
    for (const { names, last } of page(type).fields) {
      const field = known.get(names[0] ?? '');
      if (!field || NEEDED_BY_LINT.has(`${type}.${field.name}`)) continue;
      expect(last === 'required', field.name).toBe(field.required);
      if (typeof field.default === 'string') expect(last, field.name).toContain(`\`${field.default}\``);
      if (typeof field.default === 'number' || typeof field.default === 'boolean') {
        expect(last.replaceAll('`', ''), field.name).toMatch(new RegExp(`^${field.default}\\b`));
      }
    }
  });

  it('names the outcomes that there are', () => {
    const told = page(type).outcomes.flatMap(({ names }) => names);
    expect(told.toSorted()).toEqual([...kind.outcomes].toSorted());
  });

  it('has an example with tests that hold', () => {
    const [, tests = ''] = page(type).examples;
    const told = findings.filter((finding) => finding.startsWith(`${type}.md:`));
    expect(told).toEqual([]);
    expect(failuresOf(tests, type)).toEqual([]);
  });
});

/** The schema lets it out, so that a better sentence can ask for it. */
const NEEDED_BY_LINT = new Set(['lookup.timeout']);

describe('the other pages', () => {
  it.each(OTHERS)('%s: its example is sound, and its tests hold', (name) => {
    expect(findings.filter((finding) => finding.startsWith(`${name}.md:`))).toEqual([]);
    expect(failuresOf(page(name).examples[1] ?? '', name)).toEqual([]);
  });

  it('lead to places that are there', async () => {
    for (const name of pages.keys()) {
      const links = [...(await textOf(name)).matchAll(/\]\((?!https:)([^)#]+)#?([^)]*)\)/g)];
      for (const [link, to = '', anchor = ''] of links) {
        const file = resolve(docs, to);
        expect(existsSync(file), `${name} ${link}`).toBe(true);
        if (anchor !== '') expect(anchorsIn(await readFile(file, 'utf8')), `${name} ${link}`).toContain(anchor);
      }
    }
  });

  it('are short: a page of a node has fewer than 80 lines', async () => {
    for (const { type } of KINDS) {
      expect((await textOf(type)).split('\n').length, type).toBeLessThan(80);
    }
  });
});

function failuresOf(text: string, name: string): readonly string[] {
  const tests = parseTests(text, `${name}.test.yaml`, world);
  if (!tests.ok) return tests.problems.map(printProblem);
  const { results, uncovered } = runTests(world, [tests]);
  return [...results.flatMap(({ failures }) => failures), ...uncovered].map(
    ({ line, message }) => `${line} ${message}`,
  );
}
