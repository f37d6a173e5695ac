import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { type Listener, listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();

const HOUR_MS = 3_600_000;
/** How long the callers of these tests speak. */
const SPEAK_MS = 2_500;
/** Longer than any pause in what is said before the tone. */
const TONE_OVER_MS = 700;

test('what a caller says is kept, with his voice in it', async () => {
  using listener = await listen(house(), '513');
  await speak(listener, 'say');
  expect(await listener.path()).toEqual(['say', 'thanks', 'end']);
  const [recorded] = listener.facts().flatMap((fact) => (fact.type === 'flow.recorded' ? [fact.data] : []));
  const kept = recordings();
  expect(kept).toHaveLength(1);
  const wav = readFileSync(join(folder(), kept[0] ?? ''));
  expect(loudMs(wav)).toBeGreaterThan(0.8 * SPEAK_MS);
  expect(Math.abs(lengthMs(wav) - (recorded?.durationMs ?? 0))).toBeLessThan(200);
  // Whoever sees the folder learns from the name neither the call nor the caller.
  expect(kept[0]).not.toContain(recorded?.recordingId ?? '');
});

test('a caller who says nothing leaves no recording', async () => {
  const before = recordings();
  using listener = await listen(house(), '513');
  await listener.at('say');
  await beeped(listener, 'say');
  await listener.press('#');
  expect((await listener.left('say')).data.outcome).toBe('empty');
  await listener.path();
  expect(recordings()).toEqual(before);
});

test('a message is left, promised an answer, listed, and heard over the API', async () => {
  const { api } = house();
  using listener = await listen(house(), '518');
  const calledAt = Date.now();
  await speak(listener, 'leave');
  await listener.path();
  const [left] = listener.facts().flatMap((fact) => (fact.type === 'voicemail.left' ? [fact.data] : []));
  expect(left).toMatchObject({ box: 'support' });
  const promisedIn = (left?.replyBy ?? 0) - calledAt;
  expect(promisedIn).toBeGreaterThan(4 * HOUR_MS);
  expect(promisedIn).toBeLessThan(4 * HOUR_MS + 15_000);
  const [message] = await api.voicemails('support');
  expect(message).toMatchObject({ box: 'support', ani: '7001', language: 'en', state: 'new', replyBy: left?.replyBy });
  const wav = await api.voicemailAudio(message?.id ?? '');
  expect(loudMs(wav)).toBeGreaterThan(0.8 * SPEAK_MS);
  expect(Math.abs(lengthMs(wav) - (message?.durationMs ?? 0))).toBeLessThan(200);
});

test('a caller who hangs up while he speaks has left his message all the same', async () => {
  const { api } = house();
  const before = (await api.voicemails('support')).length;
  using listener = await listen(house(), '518');
  await beeped(listener, 'leave');
  listener.speak();
  await listener.spoken(SPEAK_MS);
  listener.caller.hangUp();
  await listener.path();
  const messages = await until(
    'the message',
    () => api.voicemails('support'),
    (all) => all.length > before,
  );
  expect(loudMs(await api.voicemailAudio(messages[0]?.id ?? ''))).toBeGreaterThan(0.7 * SPEAK_MS);
});

testWhereItCan('keeps its callers while Callwright is away')(
  'Callwright is killed while a caller speaks: nothing that he says is lost',
  async () => {
    const { callwright, restart } = house();
    const before = recordings();
    using listener = await listen(house(), '513');
    await beeped(listener, 'say');
    listener.speak();
    await callwright.end('SIGKILL');
    await restart();
    await listener.spoken(SPEAK_MS);
    listener.hush();
    await listener.press('#');
    expect(await listener.path()).toEqual(['say', 'thanks', 'end']);
    const [kept = ''] = recordings().filter((name) => !before.includes(name));
    expect(loudMs(readFileSync(join(folder(), kept)))).toBeGreaterThan(SPEAK_MS);
  },
);

const PIN = '739164';
const WRONG = ['284651', '846517', '465172'] as const;

test('three wrong codes end the asking; the right one opens; no code is in journal, log, metrics or Redis', async () => {
  const { api, callwright, redis, journal } = house();
  await api.setPin('K-4711', PIN);
  {
    using listener = await listen(house(), '519');
    for (const [tried, code] of WRONG.entries()) {
      await listener.press(code);
      await checks(listener, tried + 1);
    }
    expect((await listener.left('pin')).data.outcome).toBe('wrong');
    expect(await listener.path()).toEqual(['pin', 'sorry', 'end']);
  }
  {
    using listener = await listen(house(), '519');
    await listener.press(PIN);
    expect(await listener.path()).toEqual(['pin', 'known', 'end']);
  }
  const kept = await contentOf(redis.url);
  expect(kept).toContain('pin.checked');
  const everywhere = [kept, JSON.stringify(journal.all()), callwright.log(), await api.metrics()];
  for (const code of [PIN, ...WRONG]) for (const text of everywhere) expect(text.includes(code)).toBe(false);
  // Nor key by key, in the log of a server that logs everything.
  expect(callwright.log()).not.toMatch(/"digits?":"[0-9]/);
});

const checks = async (listener: Listener, times: number): Promise<void> => {
  await until(
    'the code to be checked',
    () => listener.facts().filter(({ type }) => type === 'pin.checked').length,
    (count) => count >= times,
    { everyMs: 20 },
  );
};

/** Waits for the tone, speaks, and ends with `#`. */
async function speak(listener: Listener, node: string): Promise<void> {
  await beeped(listener, node);
  listener.speak();
  await listener.spoken(SPEAK_MS);
  listener.hush();
  await listener.press('#');
}

/** Waits until what is said before the tone, and the tone, are over. */
async function beeped(listener: Listener, node: string): Promise<void> {
  await listener.at(node);
  await listener.quiet(TONE_OVER_MS);
}

const folder = (): string => join(house().callwright.data, 'recordings');
const recordings = (): readonly string[] => readdirSync(folder()).filter((name) => name.endsWith('.wav'));

const WAV_HEADER = 44;
const SAMPLES_PER_MS = 8;
/** A tenth of full scale; nothing on a line that nobody speaks on is as loud. */
const LOUD = 3_276;

const lengthMs = (wav: Buffer): number => (wav.length - WAV_HEADER) / 2 / SAMPLES_PER_MS;

/** How long somebody is heard in it. */
function loudMs(wav: Buffer): number {
  let loud = 0;
  for (let at = WAV_HEADER; at + 1 < wav.length; at += 2) if (Math.abs(wav.readInt16LE(at)) > LOUD) loud += 1;
  return loud / SAMPLES_PER_MS;
}

/** All that Redis holds, of whatever type, as text. */
async function contentOf(url: string): Promise<string> {
  const redis = new Redis(url);
  try {
    // What is compressed could not be searched.
    await redis.config('SET', 'rdbcompression', 'no');
    const texts: string[] = [];
    for (const key of await redis.keys('*')) texts.push(key, (await redis.dumpBuffer(key))?.toString('latin1') ?? '');
    return texts.join('\n');
  } finally {
    redis.disconnect();
  }
}
