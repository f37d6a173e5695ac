import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadSite, type SiteFile, type SiteReading } from '../../../src/config/site/load.ts';
import { readSiteFile, readSiteFiles } from '../../../src/config/site/read.ts';
import { CODES } from '../../../src/ivr/codes.ts';
import { type FlowReading, parseFlow } from '../../../src/ivr/load.ts';
import { type Problem, printProblem, severityOf } from '../../../src/ivr/problem.ts';
import { parseTests } from '../../../src/ivr/sim/read-tests.ts';
import { simWorld } from '../../../src/ivr/sim/world.ts';

/**
 * Bad files, each a good one of `_site` with a mistake that people make. Comments at the top say where the file stands in
 * its site (`as`), which site that is, and what is to be found; what cannot bear comments has them in a file beside it.
 */
const CORPUS = resolve(import.meta.dirname, '../../corpus');
const TODAY = '2026-11-22';

interface Case {
  readonly code: string;
  readonly path: string;
  readonly as: string;
  readonly site: string;
  /** `line:column severity code`, in files other than the bad one with that file before it. */
  readonly expected: readonly string[];
}

const foldersIn = (folder: string) => readdirSync(folder).filter((name) => /^[a-z]/.test(name));

const CASES: readonly Case[] = foldersIn(CORPUS).flatMap((code) =>
  foldersIn(join(CORPUS, code))
    .filter((name) => !name.endsWith('.expect'))
    .map((name) => caseOf(code, name)),
);

function caseOf(code: string, name: string): Case {
  const path = join(code, name);
  const beside = join(CORPUS, `${path}.expect`);
  const text = readFileSync(existsSync(beside) ? beside : join(CORPUS, path), 'utf8');
  const said = [...text.matchAll(/^# (as|site|expect): (.+)$/gm)].map(([, word, value = '']) => ({ word, value }));
  const one = (wanted: string, otherwise: string) => said.find(({ word }) => word === wanted)?.value ?? otherwise;
  const expected = said.filter(({ word }) => word === 'expect').map(({ value }) => value);
  return { code, path, as: one('as', name), site: one('site', 'house'), expected };
}

const siteFolder = (site: string, part: 'flows' | 'sounds') => join(CORPUS, '_site', site, part);
const sites = new Map<string, Promise<readonly SiteFile[]>>();

function filesOf(site: string): Promise<readonly SiteFile[]> {
  const files = sites.get(site) ?? readSiteFiles(siteFolder(site, 'flows'), siteFolder(site, 'sounds'));
  sites.set(site, files);
  return files;
}

/** The good flows around a bad file are the same each time. */
const parsed = new Map<string, FlowReading>();
function parseOnce(text: string, file: string): FlowReading {
  const key = `${file}\n${text}`;
  const reading = parsed.get(key) ?? parseFlow(text, file);
  parsed.set(key, reading);
  return reading;
}

const goodSite = async (site: string): Promise<SiteReading> =>
  loadSite(await filesOf(site), TODAY, { parse: parseOnce });

/** What `flow check` finds in the site when the bad file stands in it, and `flow test` in a test file. */
async function findingsIn({ path, as, site }: Case): Promise<readonly Problem[]> {
  const file = as.endsWith('.wav') ? await recording(path, as) : await readSiteFile(CORPUS, path);
  if (as.endsWith('.test.yaml')) return testFindings(file, as, site);
  const bad: SiteFile =
    'text' in file ? { path: as, text: file.text } : { path: as, fault: { ...file.fault, file: as } };
  const others = (await filesOf(site)).filter((other) => other.path !== as);
  return loadSite([...others, bad], TODAY, { parse: parseOnce }).problems;
}

async function recording(path: string, as: string): Promise<SiteFile> {
  const files = await readSiteFiles(siteFolder('house', 'flows'), join(CORPUS, 'audio-format'));
  return files.find((file) => file.path === `sounds/${basename(path)}`) ?? { path: as, text: '' };
}

async function testFindings(file: SiteFile, as: string, site: string): Promise<readonly Problem[]> {
  const loaded = await goodSite(site);
  if (!loaded.ok || !('text' in file)) throw new Error(`${as}: the site or the file cannot be read`);
  const reading = parseTests(file.text, as, simWorld(loaded.site, new Map()));
  return reading.ok ? [] : reading.problems;
}

const shown = (problem: Problem, as: string): string => {
  const { file, line, column, code } = problem;
  return `${file === as ? '' : `${file}:`}${line}:${column} ${severityOf(problem)} ${code}`;
};

/** A sentence that says what is wrong and one that mends it, both ours and not those of a library. */
const isPlain = ({ message, cure }: Problem) =>
  [message, cure].every(
    (text) => /^[^a-z\s].*[.?]$/.test(text) && !/undefined|NaN|\[object|Invalid|received/.test(text),
  );

describe('the corpus of bad files', () => {
  it.each([...new Set(CASES.map(({ site }) => site))])('begins from the site %s, which has no fault', async (site) => {
    expect((await goodSite(site)).problems.map(printProblem)).toEqual([]);
  });

  it.each(CASES)('$path', async (bad) => {
    const problems = await findingsIn(bad);
    expect(problems.map((problem) => shown(problem, bad.as))).toEqual(bad.expected);
    expect(problems.map(({ code }) => code)).toContain(bad.code);
    expect(problems.filter((problem) => !isPlain(problem)).map(printProblem)).toEqual([]);
  });

  it('holds at least 300 files', () => expect(CASES.length).toBeGreaterThanOrEqual(300));

  it('holds at least four files for every code', () => {
    const count = (code: string) => CASES.filter((bad) => bad.code === code).length;
    const thin = Object.keys(CODES).filter((code) => count(code) < 4);
    expect(thin).toEqual([]);
  });
});
