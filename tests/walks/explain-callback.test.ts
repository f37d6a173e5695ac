import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/engine/ports/explain.ts';
import { answers, busy } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { callbackNodes, FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const MINUTE_MS = 60_000;

/** Everything that is said, in one text. */
const said = (explanation: Explanation | null): string =>
  [explanation?.headline, ...(explanation?.lines ?? []).flatMap(({ text, details }) => [text, ...details])].join('\n');

/** A house in which a caller was promised a callback; nobody is ready yet. */
async function promised() {
  const callbacks = { tries: 2, retryAfterMs: 5 * MINUTE_MS, ringMs: 15_000, trunk: null };
  const agents = [agentProfile('alice', { name: 'Alice Virtanen', queues: ['billing'] })];
  const queues = new Map([['billing', queueProfile('billing', { callbacks })]]);
  const house = await new FlowHouse(callbackNodes('1h'), { agents, queues }).start();
  house.fake.phone('alice', answers(1_000));
  await house.takeCallback();
  const [row] = await house.flows.callbacks({ limit: 1 });
  if (!row) throw new Error('no callback');
  const why = (id: string) => house.engine.house.explainer.explainCall(id);
  return { house, id: row.id, callId: row.callId, why };
}

describe('a promised callback', () => {
  it('that waits says so, of the call and by its own id, and who could make it', async () => {
    const { house, id, callId, why } = await promised();
    await house.clock.advance(10 * MINUTE_MS);
    const call = await why(callId);
    expect(call?.headline).toMatch(
      /^A callback was promised in billing\. The callback waits and is due in 49 min; the customer has not been rung yet\.$/u,
    );
    expect(said(call)).toContain('Asked to be called back; while asked for the number nobody is rung.');
    expect(said(call)).toContain(`Was promised callback ${id} in billing, keeping its place.`);
    expect(said(call)).toContain(`More: callwright explain call ${id}`);
    const own = await why(id);
    expect(own).toMatchObject({ of: 'callback', id });
    expect(own?.headline).toMatch(/^A promised callback\. Has waited 10 min in billing, number 1, /u);
    expect(said(own)).toContain('Alice Virtanen is logged out');
    await house.service.setAgentStatus('alice', 'ready', null);
    await house.expectNoLeaks();
  });

  it('that was made says by whom and when, with its tries and why it went to that agent', async () => {
    const { house, id, callId, why } = await promised();
    const line = house.fake.number(CALLER, busy);
    await house.ready('alice');
    await house.clock.runUntil(() => house.eventsOf('callback.failed').length === 1, 'a try');
    expect((await why(id))?.headline).toMatch(/the customer was rung 1 time, and its turn comes again in 5 min\.$/u);
    line.behaviour = answers(2_000, 30_000);
    await house.clock.runUntil(() => house.eventsOf('callback.answered').length === 1, 'they talk');
    await house.expectNoLeaks();
    const made = /^A callback was promised in billing\. Alice Virtanen called back after 5 min.*\.$/u;
    expect((await why(callId))?.headline).toMatch(made);
    const own = await why(id);
    expect(own?.headline).toMatch(made);
    const told = said(own);
    expect(told).toContain('The customer was not reached (busy); there will be another.');
    expect(told).toContain('The customer is rung for Alice Virtanen, try 2.');
    expect(told).toMatch(/By longest-idle: Alice Virtanen/u);
    expect(told).toMatch(/The customer answered after 2 s and talks|The customer answered after 2 s of ringing/u);
    expect(told).toMatch(/Alice Virtanen talked for \d+ s; the customer ended it\./u);
  });

  it.each(['cancelled', 'withdrawn', 'expired'] as const)('that is %s says so', async (end) => {
    const { house, id, why } = await promised();
    await house.clock.advance(2 * MINUTE_MS);
    if (end === 'cancelled') await house.engine.house.callbackDesk.cancelCallback(id, 'olli');
    if (end === 'expired') await house.clock.advance(61 * MINUTE_MS);
    if (end === 'withdrawn') {
      const back = house.caller(CALLER);
      await back.until('hearing', 'queue.returned');
      back.hangUp();
    }
    await house.expectNoLeaks();
    const sentences = {
      cancelled: /The callback was called off by olli after 2 min/u,
      withdrawn: /The caller rang again after 2 min.*, and had the place in the queue \(call-\d+\)\./u,
      expired: /Nobody called back in time, which was 1 h; the customer was never rung\./u,
    };
    expect((await why(id))?.headline).toMatch(sentences[end]);
  });

  it('of another id is not known', async () => {
    const { house, why } = await promised();
    expect(await why('call-none-r2')).toBeNull();
    await house.service.setAgentStatus('alice', 'ready', null);
    await house.expectNoLeaks();
  });
});
