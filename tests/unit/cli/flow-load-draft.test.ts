import { describe, expect, it } from 'vitest';
import { readDraft, siteFrom } from '../../../src/cli/flow/draft.ts';
import { releaseMaker } from '../../../src/cli/release-maker.ts';
import { loadSite } from '../../../src/config/site/load.ts';
import type { ExtraPrompt } from '../../../src/local/prompt-words.ts';
import { smallSite } from './flow-sim-house.ts';

const foldersOf = (site: string) => ({ flows: `${site}/flows`, sounds: `${site}/sounds` });
const read = (change: Record<string, string | null> = {}) => readDraft(foldersOf(smallSite(change)));

const sum = ({ user, system }: NodeJS.CpuUsage) => (user + system) / 1_000;

/** The most work that was done between two turns of the event loop, in ms: not the time, which other programs take, too. */
class Turns {
  #longest = 0;
  #last = process.cpuUsage();
  readonly #beat = setInterval(() => this.#turn(), 1);

  end(): number {
    clearInterval(this.#beat);
    this.#turn();
    return this.#longest;
  }

  #turn(): void {
    this.#longest = Math.max(this.#longest, sum(process.cpuUsage(this.#last)));
    this.#last = process.cpuUsage();
  }
}

const WRONG = `flow: desk
tests:
  - { name: wrong, steps: [{ press: "2" }], expect: { reaches: desk } }
`;

describe('a folder of flows', () => {
  it('that is good is a draft with all its files, tests among them', async () => {
    const draft = await read();
    if (!draft.ok) throw new Error(JSON.stringify(draft.findings));
    expect(draft.files.map(({ path }) => path).sort()).toEqual([
      'desk.test.yaml',
      'desk.yaml',
      'site/queues.yaml',
      'sounds/en/prompts.yaml',
    ]);
    expect([...draft.site.flows.keys()]).toEqual(['desk']);
  });

  it.each<[string, Record<string, string | null>, object]>([
    ['has a fault', { 'flows/site/queues.yaml': '{}\n' }, { file: 'desk.yaml', line: 18, code: 'unknown-queue' }],
    ['fails its tests', { 'flows/desk.test.yaml': WRONG }, { file: 'desk.test.yaml', line: 3, code: 'test-failed' }],
    ['has a test of nothing', { 'flows/x.test.yaml': 'flow: x\ntests: [{ name: a }]\n' }, { code: 'test-file' }],
    ['has no YAML in it', { 'flows/desk.yaml': ':\n  - [' }, { file: 'desk.yaml', severity: 'error' }],
  ])('that %s is none, and it is said where', async (_what, change, finding) => {
    const draft = await read(change);
    expect(draft.ok).toBe(false);
    if (!draft.ok) expect(draft.findings).toContainEqual(expect.objectContaining(finding));
  });

  it('that is not there is a finding, not a crash', async () => {
    const draft = await readDraft({ flows: '/nowhere/flows', sounds: '/nowhere/sounds' });
    expect(draft).toMatchObject({
      ok: false,
      findings: [{ severity: 'error', message: expect.stringContaining('ENOENT') }],
    });
  });

  it('is judged beside the event loop', async () => {
    let turns = 0;
    const beat = setInterval(() => (turns += 1), 1);
    await read();
    clearInterval(beat);
    expect(turns).toBeGreaterThan(5);
  });
});

describe('a list of ten thousand customers', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => `"+35840${1_000_000 + i}": { type: vip, priority: 60 }\n`);
  const folders = foldersOf(smallSite({ 'flows/site/customers.yaml': rows.join('') }));

  it('is read apart, and the loop goes on meanwhile, when it is loaded and when it is gone back to', async () => {
    const turns = new Turns();
    const draft = await readDraft(folders);
    if (!draft.ok) throw new Error(JSON.stringify(draft.findings));
    const again = await siteFrom(draft.files);
    const longest = turns.end();

    const before = process.cpuUsage();
    const here = loadSite(
      draft.files.filter(({ path }) => !path.includes('.test.')),
      '2026-11-22',
    );
    const inOneGo = sum(process.cpuUsage(before));
    expect([...(again?.customers ?? [])]).toEqual(here.ok && [...(here.site.customers ?? [])]);
    expect([...(draft.site.customers ?? [])]).toEqual([...(again?.customers ?? [])]);
    expect(longest).toBeLessThan(inOneGo / 4);
  });

  it('that names a language which the site does not speak makes no site', async () => {
    const some = rows.slice(0, 500).join('');
    const languages = { path: 'site/languages.yaml', text: 'en: { title: English }\n' };
    const made = (text: string) => siteFrom([{ path: 'site/customers.yaml', text }, languages]);
    expect(await made(`${some}"+3589*": { language: fi }\n`)).toBeNull();
    expect((await made(`${some}"+3589*": { language: en }\n`))?.customers?.size).toBe(501);
  });
});

describe('releases made of files', () => {
  const OWN = `version: ivr/v1
id: desk
title: A small desk
owner: desk@example.org
dids: ["+358401234567"]
languages: { default: en, supported: [en] }
prompts: { closing: { tts: { en: "Goodbye." } } }
start: greet
nodes:
  greet: { type: play, prompt: [welcome, closing], next: bye }
  bye: { type: hangup }
`;

  it('can be built again, and each says its own words', async () => {
    const said: ExtraPrompt[][] = [];
    const site = smallSite({ 'flows/desk.yaml': OWN, 'flows/desk.test.yaml': null });
    const maker = releaseMaker(foldersOf(site), async (words) => said.push([...words]));
    const later = await maker.read();
    const older = await read();
    if (!later.ok || !older.ok) throw new Error(JSON.stringify([later, older]));
    expect((await maker.build(older.files))?.flows.get('desk')?.nodes.size).toBe(4);
    const changed = {
      ...older,
      files: [{ path: 'sounds/en/prompts.yaml', text: 'welcome: "Hello."\ngone: "Gone."\n' }],
    };
    const [none, names] = await maker.prepare([later, changed]);
    const other = names?.get('en/welcome') ?? '';
    expect([none?.size, names?.size]).toEqual([0, 1]);
    expect(other).toMatch(/^en\/welcome\.[0-9a-f]{8}$/u);
    const last = new Map(said[0]?.map(({ path, words }) => [path, words]));
    expect(Object.fromEntries(last)).toMatchObject({
      'en/desk.closing': 'Goodbye.',
      'en/welcome': 'Welcome to our small desk.',
      'en/gone': 'Gone.',
      [other]: 'Hello.',
    });
  });

  it('are not built of files that no longer hold together', async () => {
    const maker = releaseMaker(foldersOf(smallSite()), async () => undefined);
    expect(await maker.build([{ path: 'desk.yaml', text: 'version: ivr/v0' }])).toBeNull();
  });
});
