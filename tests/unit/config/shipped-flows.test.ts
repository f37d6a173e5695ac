import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedSite } from '../../../src/config/site/load.ts';
import { readSite } from '../../../src/config/site/read.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import { percentOf } from '../../../src/ivr/sim/coverage.ts';
import { parseTests } from '../../../src/ivr/sim/read-tests.ts';
import { runTests } from '../../../src/ivr/sim/run-tests.ts';
import { simWorld } from '../../../src/ivr/sim/world.ts';
import { promptsIn } from '../../../src/local/prompt-words.ts';

const root = resolve(import.meta.dirname, '../../..');
const [flows, sounds] = [join(root, 'ivr-flows'), join(root, 'sounds')];
/** The day on which the shipped files were last held against the calendar. */
const TODAY = '2026-11-22';
const EVERYBODYS = ['en', 'fi', 'hu', 'pl', 'sv', 'zh'];

let site: LoadedSite;
beforeAll(async () => {
  const reading = await readSite(flows, sounds, TODAY);
  expect(reading.problems.map(printProblem)).toEqual([]);
  if (!reading.ok) throw new Error('the shipped site has faults');
  site = reading.site;
});

const testFiles = (await readdir(flows)).filter((name) => name.endsWith('.test.yaml'));

describe('the shipped flows', () => {
  it('have tests, each of them', () => {
    expect(testFiles.map((name) => name.replace('.test.yaml', '')).toSorted()).toEqual(
      [...site.flows.keys()].toSorted(),
    );
  });

  it.each(testFiles)('do what %s says, and nothing is left untried', async (name) => {
    const prompts = await promptsIn(sounds, []);
    const heard = prompts.map(({ path, parts }) => [path, { parts, lengthMs: null }] as const);
    const world = simWorld(site, new Map(heard));
    const tests = parseTests(await readFile(join(flows, name), 'utf8'), name, world);
    if (!tests.ok) throw new Error(tests.problems.map(printProblem).join('\n'));
    const { results, coverage } = runTests(world, [tests]);
    const told = results.flatMap(({ failures }) => failures.map(({ line, message }) => `${name}:${line} ${message}`));
    expect(told).toEqual([]);
    const own = coverage.find(({ flow }) => flow === tests.file.flow);
    expect(own?.nodes.missing).toEqual([]);
    expect(own && percentOf(own.edges)).toBeGreaterThanOrEqual(90);
    expect(Math.max(...results.map(({ longestSilenceMs }) => longestSilenceMs))).toBeLessThanOrEqual(2_000);
  });

  it('are reached by these numbers', () => {
    const routes = Map.groupBy(site.routes, ({ flow }) => flow);
    const numbers = Object.fromEntries([...routes].map(([flow, all]) => [flow, all.map(({ number }) => number)]));
    expect(numbers).toEqual({
      'agent-desk': ['*11', '*12', '*13', '*14', '*15', '*16', '*17', '*18', '*19'],
      'main-support': ['+358401234567', '+46812345678', '100', '+358401234560'],
      'echo-hello': ['+358401234568', '101'],
      returns: ['+358401234570', '102'],
      collections: ['+358401234571', '103'],
      'appointment-reminder': ['104'],
    });
  });

  it('speak six languages, but for the echo', () => {
    for (const { id, languages } of site.flows.values()) {
      expect(languages.supported.toSorted(), id).toEqual(id === 'echo-hello' ? ['en'] : EVERYBODYS);
    }
  });

  it('have somebody qualified for every topic in every language', () => {
    for (const [queue, topic] of [
      ['support', 'tech'],
      ['billing', 'billing'],
    ] as const) {
      for (const language of EVERYBODYS) {
        const able = site.agents.filter(
          ({ queues, skills }) =>
            queues.includes(queue) && (skills[`lang:${language}`] ?? 0) >= 3 && (skills[`topic:${topic}`] ?? 0) >= 3,
        );
        expect(able.length, `${topic} in ${language}`).toBeGreaterThan(0);
      }
    }
  });
});
