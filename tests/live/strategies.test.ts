import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { STRATEGIES, type Strategy } from '../../src/call/routing.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import type { Phone, PhoneStory } from './support/phone.ts';
import { until } from './support/until.ts';

const house = useHouse();
const QUEUES = STRATEGIES.map((strategy) => `by-${strategy}`);
const numberOf = (strategy: Strategy): string => String(601 + STRATEGIES.indexOf(strategy));

/** Each can do more than the one before. The list of the site begins with the first. */
const STAFF = [
  { id: 'amy', phone: '1001', skills: { 'lang:en': 2 }, weight: 0.01 },
  { id: 'ben', phone: '1002', skills: { 'lang:en': 5 }, weight: 0.01 },
  { id: 'cat', phone: '1003', skills: { 'lang:en': 9 }, weight: 100 },
] as const;
type Agent = (typeof STAFF)[number]['id'];

beforeAll(async () => {
  const { site, api } = house();
  const queue = '{ title: By, ring: 5s, wrapUp: 0s, announce: { every: 45s, position: false } }';
  const extra = STRATEGIES.map((strategy) => `by-${strategy}: ${queue.replace('{', `{ strategy: ${strategy},`)}`);
  writeFileSync(join(site, 'site/queues.yaml'), extra.join('\n'), { flag: 'a' });
  writeFileSync(join(site, 'flows/strategies.yaml'), flow());
  await api.loadFlows();
  for (const agent of STAFF) await api.saveAgent({ ...agent, name: agent.id, queues: QUEUES, campaigns: [] });
});

/** One number for each queue; everybody asks for a little skill. */
function flow(): string {
  const wait = (queue: string) =>
    `  ${queue}: { type: queue, queue: ${queue}, require: [{ skill: "lang:en", level: 1 }], outcomes: { answeredEnd: end, timeout: end, full: end, noAgents: end, closed: end } }`;
  const cases = STRATEGIES.map((strategy) => `{ when: call.to == "${numberOf(strategy)}", go: by-${strategy} }`);
  return `version: ivr/v1
id: strategies
title: Strategies
dids: [${STRATEGIES.map((strategy) => `"${numberOf(strategy)}"`).join(', ')}]
languages: { default: en, supported: [en] }
defaults: { onError: end }
start: which
nodes:
  which: { type: switch, cases: [${cases.join(', ')}], else: end }
${QUEUES.map(wait).join('\n')}
  end: { type: hangup }
`;
}

async function plugIn(stories: Partial<Readonly<Record<Agent, PhoneStory>>> = {}): Promise<readonly Phone[]> {
  const story = (id: Agent) => stories[id] ?? { answerAfterMs: 20 };
  return Promise.all(STAFF.map(({ id, phone }) => house().phone(phone, story(id))));
}

/** Somebody calls; answers who gets him, and hangs up for him. */
async function serve(strategy: Strategy) {
  const { call, journal } = house();
  const since = journal.mark();
  const caller = await call({ to: numberOf(strategy), from: '7001' });
  const [connected] = await journal.until('call.connected', { since });
  const over = async () => {
    caller.hangUp();
    const ofCall = ({ data }: { data: { state: string; callId: string | null } }) => data.state === 'idle';
    await journal.until('agent.state.changed', {
      since,
      fits: (event) => ofCall(event) && event.data.agentId === connected.data.agentId,
    });
  };
  return { agentId: connected.data.agentId, callId: callOf(connected), over };
}

/** They come back from a break, so that they have been idle for less long than anybody else. */
async function takeABreak(...agents: readonly Agent[]): Promise<void> {
  const { api } = house();
  for (const id of agents) await api.setStatus(id, 'not-ready');
  for (const id of agents) await api.setStatus(id, 'ready');
}

/** The only one who is free takes a call. */
async function serveBy(agent: Agent, strategy: Strategy) {
  await house().api.setStatus(agent, 'ready');
  const served = await serve(strategy);
  expect(served.agentId).toBe(agent);
  await house().api.setStatus(agent, 'not-ready');
  return served;
}

/** Above what one or two short calls come to: a thousandth of the half hour that is remembered is 1.8 s of talk. */
const BUSY = 0.002;

/**
 * The same for every strategy, so that each of them finds somebody else:
 *
 * - last offered a call: amy, then ben, then cat
 * - calls: one of ben, two of amy, three of cat
 * - talked: ben for a moment, amy and cat for seconds
 * - idle for longest: cat, then amy, then ben
 */
async function haveAHistory(strategy: Strategy): Promise<void> {
  const { api, ready } = house();
  await ready('amy', 'ben', 'cat');
  for (const { id } of STAFF) await api.setStatus(id, 'not-ready');
  for (const id of ['amy', 'cat', 'cat'] as const) await (await serveBy(id, strategy)).over();
  const long = [await serveBy('amy', strategy)];
  await (await serveBy('ben', strategy)).over();
  long.push(await serveBy('cat', strategy));
  for (const { agentId } of long) {
    const seen = () => api.agent(agentId);
    await until(`${agentId} to be busier than ben`, seen, ({ occupancy }) => (occupancy ?? 0) >= BUSY);
  }
  for (const { over } of long) await over();
  await takeABreak('cat', 'amy', 'ben');
}

test.each<[Strategy, readonly Agent[]]>([
  ['longest-idle', ['cat', 'amy']],
  ['round-robin', ['amy', 'ben']],
  ['least-occupied', ['ben', 'ben']],
  ['fewest-calls', ['ben', 'amy']], // two calls each now, and amy has been idle for longer
  ['linear', ['amy', 'amy']],
  ['random', ['cat', 'cat']], // but once in some thousand times, by the weights
])('%s', async (strategy, gets) => {
  await plugIn();
  await haveAHistory(strategy);
  const got: string[] = [];
  for (const _ of gets) {
    const { agentId, over } = await serve(strategy);
    got.push(agentId);
    await over();
  }
  expect(got).toEqual(gets);
});

test.each<[Strategy, readonly Agent[], readonly Agent[]]>([
  ['most-skilled', ['amy', 'ben', 'cat'], ['cat', 'ben', 'amy']],
  ['least-skilled', ['cat', 'ben', 'amy'], ['amy', 'ben', 'cat']],
])('%s', async (strategy, order, gets) => {
  await plugIn();
  await house().ready(...order);
  const got: string[] = [];
  for (const _ of gets) got.push((await serve(strategy)).agentId);
  expect(got).toEqual(gets);
});

test('ring-several: all phones ring, one is answered, the others stop', async () => {
  const { ready, journal, api } = house();
  const [amy, ben, cat] = await plugIn({ amy: {}, ben: { answerAfterMs: 400 }, cat: {} });
  await ready('amy', 'ben', 'cat');
  const since = journal.mark();
  const { agentId } = await serve('ring-several');
  expect(agentId).toBe('ben');
  await Promise.all([amy?.until('cancelled'), cat?.until('cancelled')]);
  expect([amy, ben, cat].map((phone) => phone?.count('ringing'))).toEqual([1, 1, 1]);
  expect(journal.of('call.assigned', since).map(({ data }) => data.agentIds)).toEqual([['amy', 'ben', 'cat']]);
  const failed = await journal.until('call.offer.failed', { since, times: 2 });
  expect(new Set(failed.map(({ data }) => `${data.agentId} ${data.verdict}`))).toEqual(
    new Set(['amy cancelled', 'cat cancelled']),
  );
  // That the offer is over is written down first, and then he is set free.
  const amyNow = await until(
    'amy to be free',
    () => api.agent('amy'),
    ({ state }) => state === 'idle',
  );
  expect(amyNow).toMatchObject({ status: 'ready', missed: 0 });
});
