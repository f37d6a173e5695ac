import { expect, it } from 'vitest';
import { releaseId } from '../../src/engine/releases-choice.ts';
import type { Site } from '../../src/engine/site.ts';
import { parseFlow } from '../../src/ivr/load.ts';
import { FlowFolder } from '../support/flow-folder.ts';
import { ENTRY, testSite } from '../support/site.ts';
import { WalkHouse } from './house.ts';

/** A flow that says its name, and after a key says it once more. */
function siteOf(name: string): Site {
  const read = parseFlow(
    `
version: ivr/v1
id: support
title: Support line of the tests
owner: telephony@example.org
dids: ["+${ENTRY}"]
languages: { default: en, supported: [en] }
defaults: { onError: bye }
start: ask
nodes:
  ask:
    type: menu
    prompt: hello.${name}
    timeout: 60s
    keys: { "1": again }
    outcomes: { noInput: bye, invalid: bye }
  again: { type: play, prompt: again.${name}, next: ask }
  bye: { type: hangup }
`,
    'support.yaml',
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return testSite({ flows: new Map([[read.flow.id, read.flow]]) });
}

const [A, B, C] = ['a', 'b', 'c'].map(siteOf) as [Site, Site, Site];
const idOf = (text: string) => releaseId([{ path: 'support.yaml', text }]);
const ALL = { percent: null, note: '' };

/** Two processes with a folder each; both have read the release that is called `first`. */
async function two() {
  const first = new WalkHouse(A);
  const folder = new FlowFolder(first.folder.sites.get('first') ?? A);
  const second = new WalkHouse(A, { house: first, node: 'fake-2', folder });
  await first.start();
  await second.start();
  await settle(first, second);
  return { first, second };
}

async function settle(...houses: readonly WalkHouse[]) {
  for (let turn = 0; turn < 3; turn += 1) for (const house of houses) await house.engine.idle();
}

/** Loads what the folder holds from now on; both processes can read it, unless it is only for one. */
async function load(
  by: WalkHouse,
  name: string,
  site: Site,
  others: readonly WalkHouse[],
  percent: number | null = null,
) {
  by.folder.holds(name, site);
  for (const { folder } of others) folder.sites.set(name, site);
  const answer = await by.service.releases.load('ci', { ...ALL, percent });
  await settle(by, ...others);
  return answer;
}

async function hears(house: WalkHouse, prompt: string) {
  const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
  await caller.until('hearing', prompt);
  caller.hangUp();
  await caller.until('ended');
}

const runs = async (house: WalkHouse) =>
  Object.fromEntries(
    (await house.service.releases.processes()).map(({ node, self, release, fault }) => [
      `${node}${self ? '*' : ''}`,
      fault === null ? release : `${release}: ${fault}`,
    ]),
  );

it('what one process loads all load, and each says what every one runs', async () => {
  const { first, second } = await two();
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('first'), 'fake-2': idOf('first') });
  await load(first, 'b', B, [second]);
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('b'), 'fake-2': idOf('b') });
  expect(await runs(second)).toEqual({ 'fake-1': idOf('b'), 'fake-2*': idOf('b') });
  await hears(second, 'hello.b');
  expect(second.folder.prepared.at(-1)).toContain('b');
  // It is one change, made by one.
  expect([...first.eventsOf('flows.loaded'), ...second.eventsOf('flows.loaded')]).toHaveLength(2);
});

it('a call keeps its release when another process loads one', async () => {
  const { first, second } = await two();
  const early = second.fake.call({ from: '+358501112223', to: ENTRY });
  await early.until('hearing', 'hello.a');
  await load(first, 'b', B, [second]);
  await hears(second, 'hello.b');
  early.press('1');
  await early.until('hearing', 'again.a');
  early.hangUp();
  await second.expectNoLeaks();
});

it('a canary, its promotion and the way back are those of all, whoever is asked', async () => {
  const { first, second } = await two();
  await load(first, 'b', B, [second], 40);
  expect((await second.service.releases.processes()).map(({ canary }) => canary)).toEqual([
    { release: idOf('b'), percent: 40 },
    { release: idOf('b'), percent: 40 },
  ]);
  expect(await second.service.releases.promote('eve')).toMatchObject({ ok: true, value: { release: idOf('b') } });
  await settle(first, second);
  await hears(first, 'hello.b');
  expect(await second.service.releases.rollback('eve')).toMatchObject({ ok: true, value: { release: idOf('first') } });
  await settle(first, second);
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('first'), 'fake-2': idOf('first') });
});

it('who cannot read it says so once, keeps what it ran, and takes the next that it can', async () => {
  const { first, second } = await two();
  await load(first, 'b', B, []);
  await settle(second);
  const fault = `Release ${idOf('b')} cannot be read by this version of Callwright: run the one that made it, or load again.`;
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('b'), 'fake-2': `${idOf('first')}: ${fault}` });
  expect(await runs(second)).toEqual({ 'fake-1': idOf('b'), 'fake-2*': `${idOf('first')}: ${fault}` });
  await second.clock.advance(120_000);
  expect(second.eventsOf('flows.behind')).toMatchObject([
    { subject: 'switch/fake-2', data: { node: 'fake-2', running: idOf('first'), why: fault } },
  ]);
  await hears(first, 'hello.b');
  await load(first, 'c', C, [second]);
  expect(await runs(second)).toEqual({ 'fake-1': idOf('c'), 'fake-2*': idOf('c') });
  await hears(second, 'hello.c');
});

it('sounds that could not be made are tried again, and then it is no longer behind', async () => {
  const { first, second } = await two();
  second.folder.fault = Object.assign(new Error('Mend espeak-ng.'), { name: 'LocalFault' });
  await load(first, 'b', B, [second]);
  expect(await runs(first)).toMatchObject({ 'fake-2': `${idOf('first')}: Mend espeak-ng.` });
  second.folder.fault = null;
  await second.clock.advance(11_000);
  await settle(first, second);
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('b'), 'fake-2': idOf('b') });
});

it('who is asked to go back to what it still runs takes the others back', async () => {
  const { first, second } = await two();
  await load(first, 'b', B, []);
  await settle(second);
  expect(await second.service.releases.rollback('eve')).toMatchObject({ ok: true, value: { changed: true } });
  await settle(first, second);
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('first'), 'fake-2': idOf('first') });
});

it('what was said while nobody listened is taken when news may have been lost', async () => {
  const { first, second } = await two();
  first.refuses = 'tell';
  await load(first, 'b', B, [second]);
  first.refuses = '';
  expect(await runs(second)).toMatchObject({ 'fake-2*': idOf('first') });
  await second.clock.advance(60_000);
  await settle(first, second);
  expect(await runs(second)).toMatchObject({ 'fake-2*': idOf('b') });
});

it('a process that starts behind leaves the others alone, and one that is gone is no longer listed', async () => {
  const { first, second } = await two();
  await load(first, 'b', B, []);
  second.kill();
  await second.restart();
  await settle(first, second);
  expect(await runs(first)).toMatchObject({ 'fake-1*': idOf('b'), 'fake-2': expect.stringContaining(idOf('first')) });
  second.kill();
  await first.clock.advance(6_000);
  expect(await runs(first)).toEqual({ 'fake-1*': idOf('b') });
});
