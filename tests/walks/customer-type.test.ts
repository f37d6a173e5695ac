import { expect, it } from 'vitest';
import type { WebAnswer } from '../../src/engine/ports/web.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

/** A lookup tells the type of the caller, and the queue credits 300 s to one of them. */
const NODES = `
  first:
    type: lookup
    request: { url: "\${env.CRM_URL}/callers/\${call.from}" }
    timeout: 1500ms
    save: { tier: $.tier }
    outcomes: { ok: desk, notFound: desk, timeout: desk, error: desk }
  desk:
    type: queue
    queue: billing
    customerType: "\${tier}"
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye }`;

const CREDIT = 300;

const tier = (name: string): WebAnswer => ({ outcome: 'ok', status: 200, body: { tier: name } });
const PLAIN = tier('standard');

async function open() {
  const queues = new Map([['billing', queueProfile('billing', { priorities: { vip: CREDIT }, maxWaitMs: 3_600_000 })]]);
  const house = await new FlowHouse(NODES, { queues, agents: [agentProfile('alice')] }).start();
  house.fake.phone('alice', answers(1_000, 3_000));
  return house;
}

/** Somebody of whom the system outside answers that, and who waits then. */
async function waits(house: FlowHouse, from: string, answer: WebAnswer) {
  house.web.answer = answer;
  const caller = house.caller(from);
  await house.clock.runUntil(() => house.callOf(caller.legId)?.phase === 'queued', `${from} in the queue`);
  return caller;
}

it.each([
  ['a VIP, by less than his credit', tier('vip'), CREDIT - 1, true],
  ['no VIP, by more than his credit', tier('vip'), CREDIT + 1, false],
  ['nobody whom the system knows as plain', PLAIN, 1, false],
  ['nobody whom it does not know', { outcome: 'notFound' } as const, 1, false],
])('a plain caller is overtaken by %s, who came so much later', async (_whom, answer, seconds, overtakes) => {
  const house = await open();
  const early = await waits(house, '+358501000001', PLAIN);
  await house.clock.advance(seconds * 1_000);
  const late = await waits(house, '+358501000002', answer);
  const [first, second] = house.eventsOf('call.queued').map(({ at }) => at);
  expect((second ?? 0) - (first ?? 0)).toBe(seconds * 1_000);
  await house.ready('alice');
  await (overtakes ? late : early).until('bridged');
  expect((overtakes ? early : late).talkingWith).toEqual([]);
  await (overtakes ? early : late).until('bridged');
  await house.expectNoLeaks();
  expect(house.web.asked).toHaveLength(2);
});
