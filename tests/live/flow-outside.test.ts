import { expect, test } from 'vitest';
import { longestSilence } from './support/ear.ts';
import { type Listener, listen } from './support/listener.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();

/** No caller is left in silence for longer. */
const LONGEST_SILENCE_MS = 2_000;

test('who calls is asked of a system outside, and what it answers leads the call', async () => {
  const { crm } = house();
  crm.answers({ status: 200, body: { tier: 'vip' } });
  using listener = await listen(house(), '516');
  expect(await listener.path()).toEqual(['greet', 'who', 'known', 'vip', 'end']);
  expect(crm.asked.at(-1)).toBe('/callers/7001');
});

test.each([
  ['does not know him', { status: 404, body: {} }, 'notFound'],
  ['fails', { status: 500, body: {} }, 'error'],
  ['says something that the flow cannot use', { status: 200, body: { tier: 'emperor' } }, 'error'],
])('when that system %s the caller goes on', async (_words, reply, outcome) => {
  house().crm.answers(reply);
  using listener = await listen(house(), '516');
  expect((await listener.left('who')).data.outcome).toBe(outcome);
  expect(await listener.path()).toEqual(['greet', 'who', 'stranger', 'end']);
});

test('when that system is down the caller goes on at once', async () => {
  const { crm } = house();
  await crm.down();
  using listener = await listen(house(), '516');
  const { data } = await listener.left('who');
  expect(data.outcome).toBe('error');
  expect(data.dwellMs).toBeLessThan(1_000);
  expect(await listener.path()).toEqual(['greet', 'who', 'stranger', 'end']);
  await crm.up();
});

test('while that system thinks, music plays; it is given up in time, and nobody hears two seconds of silence', async () => {
  const { crm } = house();
  crm.answers({ status: 200, body: { tier: 'vip' }, afterMs: 4_000 });
  using slow = await listen(house(), '516');
  expect(await slow.path()).toEqual(['greet', 'who', 'known', 'vip', 'end']);
  const thinking = await slow.left('who');
  expect(thinking.data.dwellMs).toBeGreaterThan(3_500);
  expect(musicIn(slow, thinking)).toBeGreaterThan(2_000);
  expect(silenceOf(slow)).toBeLessThan(LONGEST_SILENCE_MS);

  crm.answers({ status: 200, body: { tier: 'vip' }, afterMs: 8_000 });
  using dumb = await listen(house(), '516', '7002');
  expect(await dumb.path()).toEqual(['greet', 'who', 'stranger', 'end']);
  const given = await dumb.left('who');
  expect(given.data.outcome).toBe('timeout');
  expect(given.data.dwellMs).toBeLessThan(6_500);
  expect(silenceOf(dumb)).toBeLessThan(LONGEST_SILENCE_MS);
});

test('a caller waits with music until somebody has decided, by the API; who answers twice is told so', async () => {
  const { api } = house();
  using listener = await listen(house(), '521');
  const { askId, data } = await asked(listener);
  expect(data).toEqual({ order: 'A-17' });
  await until(
    'music',
    () => silenceSince(listener),
    (ms) => ms < 100 && listener.heard() > 100,
    { everyMs: 20 },
  );
  await expect(api.answerAsk(askId, 'perhaps')).rejects.toThrow('422');
  await api.answerAsk(askId, 'approve', { reason: 'broken' });
  await expect(api.answerAsk(askId, 'refuse')).rejects.toThrow(/40[49]/);
  expect(await listener.path()).toEqual(['greet', 'decide', 'approved', 'end']);
  expect(silenceOf(listener)).toBeLessThan(LONGEST_SILENCE_MS);
});

testWhereItCan('keeps its callers while Callwright is away')(
  'a caller for whom somebody decides while Callwright was away is told the decision',
  async () => {
    const { callwright, restart } = house();
    using listener = await listen(house(), '521');
    const { askId } = await asked(listener);
    await callwright.end('SIGKILL');
    await restart();
    await house().api.answerAsk(askId, 'refuse');
    expect(await listener.path()).toEqual(['greet', 'decide', 'refused', 'end']);
  },
);

async function asked(listener: Listener) {
  const facts = await until(
    'the question',
    () => listener.facts().flatMap((fact) => (fact.type === 'flow.asked' ? [fact.data] : [])),
    (found) => found.length > 0,
    { everyMs: 20 },
  );
  const [first] = facts;
  if (!first) throw new Error('no question');
  return first;
}

type Left = Awaited<ReturnType<Listener['left']>>;

/** How much sound came while the node lasted, ms. */
const musicIn = (listener: Listener, { at, data }: Left): number =>
  20 * listener.sounds().filter((sound) => sound > at - data.dwellMs && sound <= at).length;

const silenceSince = (listener: Listener): number => Date.now() - (listener.sounds().at(-1) ?? 0);

/** The longest silence of the whole call, from its answer to its last sound. */
function silenceOf(listener: Listener): number {
  const answered = listener.facts().find(({ type }) => type === 'call.answered')?.at ?? 0;
  return longestSilence(listener.sounds(), answered, listener.sounds().at(-1) ?? Number.POSITIVE_INFINITY);
}
