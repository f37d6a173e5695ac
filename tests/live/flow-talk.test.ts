import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Sayable, say } from '../../src/call/say/index.ts';
import { soundsFolder } from '../../src/cli/sounds.ts';
import { readSettings } from '../../src/config/settings.ts';
import { SOUNDS } from './support/callwright.ts';
import { longestSilence } from './support/ear.ts';
import { type Listener, listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';

const house = useHouse();

/** What the nodes of the flow `sayings` say. */
const SAYINGS: Readonly<Record<string, Sayable>> = {
  number: { kind: 'number', value: 4327 },
  money: { kind: 'money', minor: 1995, currency: 'EUR' },
  date: { kind: 'date', value: '2026-12-24' },
  digits: { kind: 'digits', value: '90210' },
};

test('a number, a sum, a date and digits are heard from the first word to the last', async () => {
  using listener = await listen(house(), '510');
  expect(await listener.path()).toEqual([...Object.keys(SAYINGS), 'end']);
  for (const [node, sayable] of Object.entries(SAYINGS)) {
    const { at, data } = await listener.left(node);
    const lengthMs = spokenMs(sayable);
    const heard = listener.sounds().filter((sound) => sound > at - data.dwellMs && sound <= at);
    const lastedMs = (heard.at(-1) ?? 0) - (heard[0] ?? 0);
    expect(lastedMs, node).toBeGreaterThan(0.85 * lengthMs - 100);
    expect(lastedMs, node).toBeLessThan(1.15 * lengthMs + 100);
    expect(longestSilence(heard, at - data.dwellMs, at), node).toBeLessThan(600);
  }
});

/** 8,000 samples of 16 bit a second after a header of 44 bytes. */
function spokenMs(sayable: Sayable): number {
  const reading = readSettings({ CALLWRIGHT_SOUNDS: SOUNDS });
  if (!reading.ok) throw new Error(reading.problems.join('\n'));
  const folder = soundsFolder({ settings: reading.settings, env: process.env });
  const files = (say('en', sayable) ?? []).map((atom) => readFileSync(join(folder, 'en', `${atom}.wav`)));
  return files.reduce((sum, wav) => sum + (wav.length - 44) / 16, 0);
}

test('a menu is said again, led back from, and left for the first one', async () => {
  using listener = await listen(house(), '511');
  await listener.press('1');
  await listener.at('floor');
  await listener.press('9');
  await listener.press('1');
  await listener.at('room');
  await listener.press('*');
  await listener.at('floor', 2);
  await listener.press('1');
  await listener.at('room', 2);
  await listener.press('#');
  await listener.at('hall', 2);
  await listener.press('2');
  expect(await listener.path()).toEqual(['hall', 'floor', 'room', 'floor', 'room', 'hall', 'end']);
});

test('keys pressed ahead of three menus are all counted', async () => {
  using listener = await listen(house(), '511');
  await listener.press('11#2');
  expect(await listener.path()).toEqual(['hall', 'floor', 'room', 'hall', 'end']);
});

test('a number is read back, refused, keyed again and taken; its digits stay with the call', async () => {
  using listener = await listen(house(), '512');
  const heard = () => listener.facts().filter(({ type }) => type === 'flow.input.received').length;
  await listener.press('1234#');
  await listener.press('2');
  await listener.press('567890');
  await listener.press('1');
  expect(await listener.path()).toEqual(['ask', 'known', 'right', 'end']);
  expect(heard()).toBe(4);
  expect(JSON.stringify(listener.facts())).not.toMatch(/1234|567890/);
});

test('a number refused twice is given up', async () => {
  using listener = await listen(house(), '512');
  for (const keys of ['1234#', '2', '4321#', '2']) await listener.press(keys);
  expect((await listener.left('ask')).data.outcome).toBe('cancelled');
  expect(await listener.path()).toEqual(['ask', 'end']);
});

test('the language is asked for once: the second call is spoken to in it, until the caller has it forgotten', async () => {
  expect(await tongueOf('514', '2')).toEqual({ languages: ['sv'], asked: 1 });
  expect(await tongueOf('514', '')).toEqual({ languages: ['sv'], asked: 0 });
  // Another number is somebody else.
  expect(await tongueOf('514', '1', '7002')).toEqual({ languages: [], asked: 1 });
  expect(await tongueOf('515', '92')).toEqual({ languages: ['sv'], asked: 2 });
  expect(await tongueOf('514', '1')).toEqual({ languages: [], asked: 1 });
  expect(await tongueOf('514', '')).toEqual({ languages: [], asked: 0 });
});

/** Calls and presses these keys; answers what the call was switched to, and how often a key was taken. */
async function tongueOf(to: string, keys: string, from = '7001') {
  using listener: Listener = await listen(house(), to, from);
  for (const key of keys) await listener.press(key);
  await listener.path();
  const facts = listener.facts();
  return {
    languages: facts.flatMap((fact) => (fact.type === 'call.language.set' ? [fact.data.language] : [])),
    asked: facts.filter(({ type }) => type === 'flow.input.received').length,
  };
}
