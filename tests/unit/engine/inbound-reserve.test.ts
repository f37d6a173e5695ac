import { expect, it } from 'vitest';
import { type AgentLive, newAgent } from '../../../src/acd/agent-live.ts';
import { InboundReserve } from '../../../src/engine/inbound-reserve.ts';
import { Recorder } from '../../../src/engine/recorder.ts';
import { createMemoryLive } from '../../support/memory-live-store.ts';
import { silent } from '../../support/silent.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';
import { agentProfile, queueProfile } from '../../support/site.ts';

const MINUTE = 60_000;

/** A queue whose calls take three minutes, and three blended agents, of whom two have a call of that queue each. */
function reserveFor(queue: string) {
  const clock = new SimulatedClock();
  const queues = new Map([['support', queueProfile('support', { reserve: true })]]);
  const busy = (id: string): Partial<AgentLive> => {
    const lastCall = { callId: id, queue, endedAt: null, disposition: null };
    return { state: 'talking', callId: id, lastCall };
  };
  const agents = ['a', 'b', 'c'].map((id) => ({
    profile: agentProfile(id, { queues: ['support'] }),
    live: { ...newAgent(id, clock.now()), status: 'ready', ...(id === 'c' ? {} : busy(id)) } as AgentLive,
  }));
  const reserve = new InboundReserve({
    clock,
    log: silent,
    live: createMemoryLive(() => clock.now()).connect(),
    recorder: new Recorder(clock, silent),
    queues: () => queues,
    agents: () => agents,
    handleMs: () => 3 * MINUTE,
    serviceLevel: () => null,
    isCampaign: () => false,
  });
  return { reserve, clock };
}

/** One call in 12 minutes: one agent in four is busy with them, and two are needed. */
const CALMLY = 12 * MINUTE;

it('counts calls from before its start, and takes talks that another process dialled for what they are', () => {
  for (const [queue, held] of [
    ['support', []],
    ['campaign:1', ['c']],
  ] as const) {
    const { reserve, clock } = reserveFor(queue);
    for (let ago = 4 * CALMLY; ago >= 0; ago -= CALMLY) {
      reserve.see({ what: 'came', queue: 'support', at: clock.now() - ago });
    }
    expect([...reserve.held()]).toEqual(held);
    expect(reserve.heldFor('support')).toBe(held.length);
  }
});
