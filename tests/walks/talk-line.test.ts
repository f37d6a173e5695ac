import { describe, expect, it } from 'vitest';
import type { MonitorMode } from '../../src/engine/call/talk-verbs.ts';
import { TalkHouse, TONE } from './talk-house.ts';

/** Alice talks with a caller, and Dave, who serves the same queue, sits on a line at his own phone. */
async function besideLine() {
  const house = new TalkHouse();
  const caller = await house.talking();
  await house.service.floor.logIn('dave', { seat: { kind: 'line', to: null }, status: 'ready', reason: null });
  await house.clock.runUntil(() => house.agent('dave').status === 'ready', 'dave on his line');
  const line = house.phone('dave');
  const callId = house.only.id;
  const watch = async (mode: MonitorMode) => {
    const answer = await house.service.talk.supervise(callId, 'sue', { type: 'monitor', mode, phone: 'dave' });
    expect(answer).toMatchObject({ ok: true });
    await house.clock.advance(1_001);
  };
  const stop = async () => {
    await house.service.talk.supervise(callId, 'sue', { type: 'unmonitor' });
    await house.clock.advance(1);
    expect(house.hears(line)).toEqual([]);
  };
  /** Dave's line serves a call as if nothing had been, and is the only one that was ever rung. */
  const servesNext = async (next: Awaited<ReturnType<TalkHouse['callerIn']>>) => {
    await next.until('bridged');
    next.say(Infinity, TONE.outside);
    expect(house.hears(line)).toEqual([TONE.outside]);
    expect(house.hears(next)).toEqual([TONE.dave]);
    expect(house.fake.phone('dave').parties).toHaveLength(1);
    next.hangUp();
    await house.clock.runUntil(() => house.agent('dave').state === 'idle', 'dave idle');
    await house.service.setAgentStatus('dave', 'logged-out', null);
    await line.until('ended');
  };
  /** The talk ends under him: he has his line back, with music, and takes the next call on it. */
  const endsAndServes = async () => {
    await house.service.setAgentStatus('alice', 'not-ready', null);
    caller.hangUp();
    await line.until('hearing', 'music:default');
    expect(house.hears(line)).toEqual([]);
    await servesNext(await house.callerIn('1', '+358501119999'));
    await house.goHome(caller);
  };
  return { house, caller, line, callId, watch, stop, servesNext, endsAndServes };
}

describe('an agent on a line', () => {
  it('who listens is in that call, is offered no other, and has his line back afterwards', async () => {
    const { house, caller, line, callId, watch, stop, servesNext } = await besideLine();
    await watch('listen');
    expect(house.agent('dave')).toMatchObject({ state: 'talking', callId });
    expect(house.only.guests).toMatchObject([{ role: 'listen', phase: 'in', agentId: 'dave', legId: line.legId }]);
    expect(house.hears(line)).toEqual([TONE.caller, TONE.alice]);
    expect(house.hears(caller)).toEqual([TONE.alice]);
    const other = await house.callerIn('1', '+358501119999');
    await house.clock.advance(10_000);
    expect(other.talkingWith).toEqual([]);
    await watch('whisper');
    expect(house.hears(house.phone('alice'))).toEqual([TONE.caller, TONE.dave]);
    await stop();
    expect(house.hears(house.phone('alice'))).toEqual([TONE.caller]);
    await servesNext(other);
    await house.goHome(caller);
  });

  it('who takes over leads the call on his line', async () => {
    const { house, caller, line, callId, watch, endsAndServes } = await besideLine();
    await watch('take-over');
    expect(house.agent('dave')).toMatchObject({ state: 'talking', callId });
    expect(house.service.talk.view('dave')).toMatchObject({ ok: true, value: { callId, part: 'leader' } });
    expect(house.agent('alice').state).toBe('wrap-up');
    expect(house.hears(caller)).toEqual([TONE.dave]);
    expect(line.heard.at(-1)).toBe('tone:beep');
    await endsAndServes();
  });

  it('who listens when the talk ends has his line back', async () => {
    const { watch, endsAndServes } = await besideLine();
    await watch('whisper');
    await endsAndServes();
  });

  it('who muted himself is heard by the next caller', async () => {
    const { house, caller, watch, endsAndServes } = await besideLine();
    await watch('take-over');
    await house.act('dave', { type: 'mute', on: true });
    expect(house.hears(caller)).toEqual([]);
    await endsAndServes();
  });

  it('listens on after a crash, and has his line back', async () => {
    const { house, caller, line, callId, watch, stop, servesNext } = await besideLine();
    await watch('listen');
    house.kill();
    await house.restart();
    await house.clock.advance(100);
    expect(house.agent('dave')).toMatchObject({ state: 'talking', callId, seat: { kind: 'line', phase: 'up' } });
    expect(house.hears(line)).toEqual([TONE.caller, TONE.alice]);
    await stop();
    await servesNext(await house.callerIn('1', '+358501119999'));
    await house.goHome(caller);
  });
});
