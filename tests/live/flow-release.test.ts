import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Listener, listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();

const change = (file: string, write: (text: string) => string): void => {
  const path = join(house().site, file);
  writeFileSync(path, write(readFileSync(path, 'utf8')));
};

test('a calendar is forced by a load: the next caller hears that it is closed; one step back, and it is open', async () => {
  const { api } = house();
  expect(await opening()).toBe('open');
  change('site/calendars/office.yaml', (text) => `${text}forced: true\n`);
  expect(await opening()).toBe('open');
  const loaded = await api.loadFlows();
  expect(loaded).toMatchObject({ action: 'load', changed: true });
  expect(await opening()).toBe('forced');
  await api.rollBack();
  expect(await opening()).toBe('open');
  change('site/calendars/office.yaml', (text) => text.replace('forced: true\n', ''));
});

async function opening(): Promise<string> {
  using listener = await listen(house(), '517');
  const { data } = await listener.left('hours');
  await listener.path();
  return data.outcome;
}

testWhereItCan('keeps its callers while Callwright is away')(
  'a load under a call: it ends by the release it began with, also after a crash; new callers hear the new words',
  async () => {
    const { api, restart, callwright } = house();
    using old = await listen(house(), '520', '7001');
    await old.at('ask');
    change('flows/edition.yaml', (text) =>
      text.replace('edition: first', 'edition: second').replace('"First."', '"Second, revised and much enlarged."'),
    );
    const { release } = await api.loadFlows();
    expect(await busy()).toEqual([expect.objectContaining({ percent: 0, calls: 1 })]);
    using young = await listen(house(), '520', '7002');
    await young.at('ask');
    expect(await busy()).toEqual([
      expect.objectContaining({ id: release, percent: 100, calls: 1 }),
      expect.objectContaining({ percent: 0, calls: 1 }),
    ]);

    await callwright.end('SIGKILL');
    await restart();
    await old.press('1');
    await young.press('1');
    await Promise.all([old.path(), young.path()]);
    expect([editionOf(old), editionOf(young)]).toEqual(['first', 'second']);
    expect(await lastWordsMs(young)).toBeGreaterThan((await lastWordsMs(old)) + 500);
    using newest = await listen(house(), '520', '7003');
    await newest.press('1');
    await newest.path();
    expect(editionOf(newest)).toBe('second');
  },
);

/** Releases that calls go by, newest first. */
const busy = async () => (await house().api.releases()).filter(({ calls }) => calls > 0);

const editionOf = (listener: Listener): unknown =>
  listener.facts().flatMap((fact) => (fact.type === 'flow.emitted' ? [fact.data.data['edition']] : []))[0];

/** How long the words at the end of the call were heard. */
async function lastWordsMs(listener: Listener): Promise<number> {
  const { at, data } = await listener.left('words');
  const heard = listener.sounds().filter((sound) => sound > at - data.dwellMs && sound <= at);
  return (heard.at(-1) ?? 0) - (heard[0] ?? 0);
}

test('files with faults are refused with their places, and nothing changes', async () => {
  const { api } = house();
  const before = await api.releases();
  change('flows/edition.yaml', (text) => text.replace('next: words', 'next: nowhere'));
  await expect(api.loadFlows()).rejects.toThrow(/dangling-target/);
  expect(await api.releases()).toEqual(before);
  using listener = await listen(house(), '520');
  await listener.press('1');
  expect(await listener.path()).toEqual(['ask', 'told', 'words', 'end']);
});
