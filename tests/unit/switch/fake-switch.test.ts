import { describe, expect, it } from 'vitest';
import type { SwitchCommand, SwitchEvent } from '../../../src/call/switch.ts';
import { answers } from '../../support/fake-party.ts';
import { FakeSwitch } from '../../support/fake-switch.ts';
import { SimulatedClock } from '../../support/simulated-clock.ts';

const say = (legId: string, path: string): SwitchCommand => ({
  type: 'play',
  legId,
  playbackId: `p-${path}`,
  media: [{ kind: 'file', path }],
  language: 'en',
});

async function world() {
  const clock = new SimulatedClock();
  const fake = new FakeSwitch({ clock });
  const events: SwitchEvent[] = [];
  await fake.start((event) => events.push(event));
  return { clock, fake, events };
}

/** The contract suite holds the fake to the port; here are the telephones around it. */
describe('the world of the fake switch', () => {
  it('walks a call with a caller and an agent', async () => {
    const { fake, events } = await world();
    const phone = fake.phone('1001', answers(3_000, 60_000));
    const caller = fake.call({ from: '+358401', to: '100' });
    await fake.do({ type: 'answer', legId: caller.legId });
    await fake.do(say(caller.legId, 'welcome'));
    await caller.until('hearing', 'welcome');
    caller.press('12');
    await caller.until('silent');
    const to = { kind: 'phone', name: '1001' } as const;
    const ring = {
      type: 'originate',
      legId: 'agent',
      to,
      callerId: null,
      callerName: null,
      ringMs: 20_000,
      callId: 'c',
    } as const;
    await fake.do(ring);
    const agent = await phone.rung();
    await agent.until('up');
    await fake.do({ type: 'bridge', bridgeId: 'b', legIds: [caller.legId, 'agent'] });
    await caller.until('bridged');
    expect(caller.talkingWith).toEqual(['agent']);
    await agent.until('ended');
    await caller.until('alone');
    caller.hangUp();
    expect(fake.leaks()).toEqual(['b']);
    await fake.do({ type: 'unbridge', bridgeId: 'b' });
    expect(fake.leaks()).toEqual([]);
    expect(caller.heard).toEqual(['file:welcome']);
    expect(events.flatMap((event) => (event.type === 'dtmf.received' ? event.digit : []))).toEqual(['1', '2']);
  });

  it('keeps its calls over the death of a controller, and tells the next one by the snapshot', async () => {
    const { fake } = await world();
    const caller = fake.call({ from: null, to: '100' });
    await fake.stop();
    const heard: string[] = [];
    await fake.start(({ type }) => heard.push(type));
    expect((await fake.snapshot())?.legs).toMatchObject([{ legId: caller.legId, ours: true }]);
    await Promise.resolve();
    expect(heard).toEqual(['switch.connected']);
  });

  it('says what it waited for in vain', async () => {
    const { fake } = await world();
    const caller = fake.call({ from: null, to: '100' });
    await expect(caller.until('hearing', 'welcome')).rejects.toThrow(/it never came to: fake-1 hearing welcome/);
  });
});

describe('simulated clock', () => {
  it('runs timers at their own time, in order, and what they start before the next', async () => {
    const clock = new SimulatedClock(0);
    const log: string[] = [];
    clock.at(20, () => log.push(`b@${clock.now()}`));
    clock.at(10, () => {
      log.push(`a@${clock.now()}`);
      clock.at(15, () => log.push(`c@${clock.now()}`));
      void Promise.resolve().then(() => log.push('after a'));
    });
    clock.at(12, () => log.push('never'))();
    await clock.advance(30);
    expect(log).toEqual(['a@10', 'after a', 'c@15', 'b@20']);
    expect([clock.now(), clock.pending]).toEqual([30, 0]);
  });
});
