import { expect, it } from 'vitest';
import { releaseId } from '../../src/engine/releases-choice.ts';
import type { Site } from '../../src/engine/site.ts';
import { parseFlow } from '../../src/ivr/load.ts';
import { labProfile, testProfiles } from '../support/lab-profile.ts';
import { ENTRY, queueProfile, testSite } from '../support/site.ts';
import { WalkHouse } from './house.ts';

/** A flow that says its name, asks for a key and says its name once more. */
function siteOf(name: string, more: Partial<Site> = {}): Site {
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
    keys: { "1": again, "2": line }
    outcomes: { noInput: bye, invalid: bye }
  again: { type: play, prompt: again.${name}, next: ask }
  line:
    type: queue
    queue: ${name === 'b' ? 'fresh' : 'billing'}
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
  bye: { type: hangup }
`,
    'support.yaml',
  );
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return testSite({ flows: new Map([[read.flow.id, read.flow]]), ...more });
}

const fresh = new Map(['billing', 'tech', 'fresh'].map((name) => [name, queueProfile(name)]));
const FIRST = siteOf('a');
const SECOND = siteOf('b', { queues: fresh });
const THIRD = siteOf('c');
const ALL = { percent: null, note: '' };

async function houseOf(site = FIRST) {
  return new WalkHouse(site).start();
}

async function hears(house: WalkHouse, prompt: string) {
  const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
  await caller.until('hearing', prompt);
  return caller;
}

/** Percent of new calls that hear that release. */
async function share(house: WalkHouse, name: string, calls = 20): Promise<number> {
  let heard = 0;
  for (let n = 0; n < calls; n += 1) {
    const caller = house.fake.call({ from: '+358501112223', to: ENTRY });
    await caller.until('hearing');
    if (JSON.stringify(caller.hearing).includes(`hello.${name}`)) heard += 1;
    caller.hangUp();
    await caller.until('ended');
  }
  return (heard * 100) / calls;
}

const running = async (house: WalkHouse) =>
  Object.fromEntries((await house.service.releases.list()).map(({ id, percent }) => [id, percent]));

it('a call goes on by the release that it began with, new calls take the new one', async () => {
  const house = await houseOf();
  const early = await hears(house, 'hello.a');
  house.folder.holds('b', SECOND);
  expect(await house.service.releases.load('ci', ALL)).toMatchObject({
    ok: true,
    value: { changed: true, action: 'load' },
  });
  const late = await hears(house, 'hello.b');
  early.press('1');
  await early.until('hearing', 'again.a');
  late.press('1');
  await late.until('hearing', 'again.b');
  expect((await house.service.releases.list()).map(({ calls }) => calls)).toEqual([1, 1]);
  for (const caller of [early, late]) caller.hangUp();
  await house.expectNoLeaks();
});

it('tells the compliance profiles that it brought, as soon as it is loaded', async () => {
  const house = await houseOf();
  const lab = labProfile();
  const mine = { ...lab, name: 'mine', id: 'mine@2', version: 2 };
  house.folder.holds('b', siteOf('b', { queues: fresh, profiles: testProfiles(mine) }));
  expect(house.service.profiles().has('mine')).toBe(false);
  await house.service.releases.load('ci', ALL);
  expect(house.service.profiles().get('mine')).toBe(mine);
  await house.expectNoLeaks();
});

it('and it does so after a restart, too', async () => {
  const house = await houseOf();
  const early = await hears(house, 'hello.a');
  house.folder.holds('b', SECOND);
  await house.service.releases.load('ci', ALL);
  house.kill();
  await house.restart();
  early.press('1');
  await early.until('hearing', 'again.a');
  expect(house.folder.prepared.at(-1)).toEqual(['b', 'first']);
  const late = await hears(house, 'hello.b');
  for (const caller of [early, late]) caller.hangUp();
  await house.expectNoLeaks();
});

it('goes by the release that runs when its own can no longer be read', async () => {
  const house = await houseOf();
  const early = await hears(house, 'hello.a');
  house.folder.holds('b', SECOND);
  await house.service.releases.load('ci', ALL);
  house.folder.sites.delete('first');
  house.kill();
  await house.restart();
  early.press('1');
  await early.until('hearing', 'again.b');
  expect(house.warnings).toEqual(['calls go on by the release that runs: theirs is gone']);
});

it('a call hears the words of its own release where another says the same prompt otherwise', async () => {
  const house = await houseOf();
  const early = await hears(house, 'hello.a');
  house.folder.otherwise = new Map([['en/again.a', 'en/again.a.0a1b2c3d']]);
  house.folder.holds('b', SECOND);
  await house.service.releases.load('ci', ALL);
  early.press('1');
  await early.until('hearing', 'again.a.0a1b2c3d');
  house.kill();
  await house.restart();
  early.press('1');
  await early.until('hearing', 'again.a.0a1b2c3d');
  early.hangUp();
  await house.expectNoLeaks();
});

it('waits in a queue that only the new release has', async () => {
  const house = await houseOf();
  house.folder.holds('b', SECOND);
  await house.service.releases.load('ci', ALL);
  const caller = await hears(house, 'hello.b');
  caller.press('2');
  await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'queued', 'in the queue');
  expect(house.service.queues().map(({ profile, waiting }) => [profile.name, waiting])).toContainEqual(['fresh', 1]);
  caller.hangUp();
  await house.expectNoLeaks();
});

it('bad files change nothing and say why', async () => {
  const house = await houseOf();
  const before = await running(house);
  const findings = house.folder.breaks();
  expect(await house.service.releases.load('ci', ALL)).toMatchObject({ ok: false, why: 'findings', findings });
  expect(await running(house)).toEqual(before);
  expect(house.eventsOf('flows.refused')).toMatchObject([
    {
      subject: 'flows',
      data: { by: 'ci', faults: 1, first: 'support.yaml:7:3 unknown-queue There is no queue `bilings`.' },
    },
  ]);
  // What is wrong may name a customer by his number: in the log only its place is.
  const [line] = house.logged.filter((each) => each.startsWith('flow files refused'));
  expect(line).toContain('"first":"support.yaml:7:3 unknown-queue","pii":{');
  await hears(house, 'hello.a');
});

it('sounds that cannot be made change nothing either', async () => {
  const house = await houseOf();
  const before = await running(house);
  house.folder.holds('b', SECOND);
  house.folder.fault = Object.assign(new Error('Mend espeak-ng.'), { name: 'LocalFault' });
  const answer = await house.service.releases.load('ci', ALL);
  expect(answer).toMatchObject({ ok: false, why: 'conflict', sentence: expect.stringContaining('Mend espeak-ng.') });
  expect(await running(house)).toMatchObject(before);
  await hears(house, 'hello.a');
});

it('a canary leads its share of new calls, also after a restart, until it is promoted', async () => {
  const house = await houseOf();
  house.folder.holds('b', SECOND);
  expect(await house.service.releases.load('ci', { percent: 30, note: 'try' })).toMatchObject({
    ok: true,
    value: { action: 'canary', canary: { percent: 30 } },
  });
  expect(Object.values(await running(house)).toSorted((a, b) => a - b)).toEqual([30, 70]);
  expect(Math.abs((await share(house, 'b', 400)) - 30)).toBeLessThan(8);
  house.kill();
  await house.restart();
  expect(Math.abs((await share(house, 'b', 400)) - 30)).toBeLessThan(8);
  await house.service.releases.promote('ci');
  expect(await share(house, 'b')).toBe(100);
  expect(house.eventsOf('flows.loaded').map(({ data }) => [data.action, data.percent])).toEqual([
    ['load', null],
    ['canary', 30],
    ['promote', null],
  ]);
});

it('one command ends a canary or goes back, step by step', async () => {
  const house = await houseOf();
  const { releases } = house.service;
  house.folder.holds('b', SECOND);
  await releases.load('ci', ALL);
  house.folder.holds('c', THIRD);
  await releases.load('ci', { percent: 50, note: '' });
  expect(await releases.rollback('eve')).toMatchObject({ ok: true });
  expect(await share(house, 'b')).toBe(100);
  await releases.load('ci', ALL);
  expect(await share(house, 'c')).toBe(100);
  await releases.rollback('eve');
  expect(await share(house, 'b')).toBe(100);
  await releases.rollback('eve');
  expect(await share(house, 'a')).toBe(100);
  expect(await releases.rollback('eve')).toMatchObject({ ok: false, why: 'conflict' });
  house.kill();
  await house.restart();
  expect(await share(house, 'a')).toBe(100);
});

it('starts with the last good release when the folder is bad, and with the folder when it is new and good', async () => {
  const house = await houseOf();
  house.folder.breaks();
  house.kill();
  await house.restart();
  await hears(house, 'hello.a');
  expect(house.eventsOf('flows.refused')).toMatchObject([{ data: { by: 'start', faults: 1 } }]);
  house.folder.holds('c', THIRD);
  house.kill();
  await house.restart();
  await hears(house, 'hello.c');
  expect(house.eventsOf('flows.loaded').at(-1)).toMatchObject({ data: { by: 'start', action: 'load' } });
});

it('does not start when the folder is bad and nothing ever ran', async () => {
  const house = new WalkHouse(FIRST);
  house.folder.breaks();
  await expect(house.start()).rejects.toThrow('mend the flow files');
});

it('runs a kept release by its id, and none that is not kept', async () => {
  const house = await houseOf();
  house.folder.holds('b', SECOND);
  await house.service.releases.load('ci', ALL);
  const first = releaseId([{ path: 'support.yaml', text: 'first' }]);
  expect(await house.service.releases.activate('000000000000', 'ci')).toMatchObject({ ok: false, why: 'not-found' });
  expect(await house.service.releases.activate(first, 'ci')).toMatchObject({ ok: true, value: { release: first } });
  await hears(house, 'hello.a');
});

it('tells that agents need a restart, and that what runs already is not loaded again', async () => {
  const house = await houseOf();
  house.folder.agents = 'one more';
  house.folder.holds('first', FIRST);
  const answer = await house.service.releases.load('ci', ALL);
  expect(answer).toMatchObject({
    ok: true,
    value: { changed: false, notes: [expect.stringMatching(/agents.*restart/u)] },
  });
  expect(await house.service.releases.load('ci', { percent: 10, note: '' })).toMatchObject({
    ok: false,
    why: 'conflict',
  });
});

it('makes one change at a time', async () => {
  const house = await houseOf();
  house.folder.holds('b', SECOND);
  const answers = await Promise.all([house.service.releases.load('ci', ALL), house.service.releases.load('eve', ALL)]);
  expect(answers).toMatchObject([{ ok: true }, { ok: false, why: 'conflict' }]);
});
