import { describe, expect, it } from 'vitest';
import type { QueueProfile } from '../../src/call/routing.ts';
import type { FakeSwitch } from '../support/fake-switch.ts';
import { TONES, tonesIn } from '../support/tones.ts';
import { queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const [CUSTOMER, AGENT, BOSS, CARD] = TONES;
const BY = { kind: 'agent', agentId: 'alice' } as const;
const SUPERVISOR = { kind: 'supervisor', name: 'sue' } as const;

type Mode = QueueProfile['recording']['mode'];

/** A customer and Alice talk, each with a voice, in a queue that is recorded so. */
async function talking(mode: Mode, keepDays = 30, before: (fake: FakeSwitch) => void = () => {}) {
  const queues = new Map(
    ['billing', 'tech'].map((name) => [name, queueProfile(name, { recording: { mode, keepDays } })]),
  );
  const house = await new WalkHouse({ queues }).start();
  before(house.fake);
  await house.ready('alice');
  const caller = await house.callerIn('1');
  const agent = await house.fake.phone('alice').rung();
  await agent.until('bridged');
  caller.say(Infinity, CUSTOMER);
  agent.say(Infinity, AGENT);
  const callId = house.callOf(caller.legId)?.id ?? '';
  const { flowDesk } = house.engine.house;
  return {
    house,
    caller,
    agent,
    callId,
    flowDesk,
    pass: (ms = 2_000) => house.clock.advance(ms),
    record: (verb: Parameters<typeof flowDesk.record>[1], by: Parameters<typeof flowDesk.record>[2] = BY) =>
      house.engine.house.flowDesk.record(callId, verb, by),
    state: () => house.callOf(caller.legId)?.recording,
    /** Ends the call, and tells the voices in each part that was kept. */
    parts: async () => {
      caller.hangUp();
      await caller.until('ended');
      await house.clock.advance(2_000);
      const rows = await house.flows.recordingsOf(callId);
      return rows.map(({ file }) => tonesIn(house.recordings.kept.get(file) ?? new Uint8Array(44)));
    },
  };
}

const heard = (wav: Uint8Array | null) => tonesIn(wav ?? new Uint8Array(44));

describe('a talk of a queue that is always recorded', () => {
  it('is kept with the voices of both, listed at its call, and no more on the switch', async () => {
    const { house, callId, flowDesk, pass, parts } = await talking('always');
    await pass();
    expect(await flowDesk.recordingsOf(callId)).toMatchObject([{ kind: 'talk', queue: 'billing', durationMs: null }]);
    expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
    const [row] = await flowDesk.recordingsOf(callId);
    expect(row).toMatchObject({ id: `${callId}-talk1`, agentId: 'alice' });
    expect(row?.durationMs).toBeGreaterThan(1_900);
    expect(row?.durationMs).toBeLessThan(2_200);
    expect(heard(await flowDesk.recordingAudio(row?.id ?? ''))).toEqual([CUSTOMER, AGENT]);
    expect(await house.fake.recording(row?.id ?? '')).toMatchObject({ why: 'gone' });
    expect(house.eventsOf('recording.stopped')).toMatchObject([{ data: { outcome: 'kept' } }]);
    await house.expectNoLeaks();
  });

  it('cannot be stopped, and is begun already', async () => {
    const { callId, record } = await talking('always');
    expect(await record('stop', SUPERVISOR)).toMatchObject({ ok: false, why: 'conflict' });
    expect(await record('start')).toMatchObject({ value: { state: 'on', id: `${callId}-talk1` } });
  });

  it('has nothing of a pause in it, and goes on in the same part', async () => {
    const { house, caller, pass, record, parts } = await talking('always');
    await pass();
    expect(await record('pause')).toMatchObject({ value: { state: 'paused' } });
    expect(await record('pause')).toMatchObject({ value: { state: 'paused' } });
    caller.say(Infinity, CARD);
    await pass();
    caller.say(Infinity, CUSTOMER);
    expect(await record('resume')).toMatchObject({ value: { state: 'on' } });
    await pass();
    expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
    expect(house.eventsOf('recording.paused')).toMatchObject([{ data: { by: 'alice' } }]);
    expect(house.eventsOf('recording.resumed')).toHaveLength(1);
  });

  it('ends with a pause that nobody took back', async () => {
    const { caller, pass, record, parts, state } = await talking('always');
    await pass();
    await record('pause');
    caller.say(Infinity, CARD);
    await pass();
    expect(state()).toMatchObject({ paused: true, silent: true });
    expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
  });

  it.each(['record.pause', 'all'] as const)(
    'is given up when the switch does not confirm a pause (%s)',
    async (what) => {
      const { house, caller, callId, pass, record, parts } = await talking('always');
      await pass();
      if (what === 'all') house.fake.disconnect();
      else house.fake.deafTo = 'record.pause';
      expect(await record('pause')).toMatchObject({ value: { state: 'paused', id: null } });
      caller.say(Infinity, CARD);
      await pass();
      house.fake.deafTo = null;
      if (what === 'all') house.fake.reconnect();
      await pass();
      caller.say(Infinity, CUSTOMER);
      expect(await record('resume')).toMatchObject({ value: { state: 'on', id: `${callId}-talk2` } });
      await pass();
      expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
      expect(house.eventsOf('recording.stopped').map(({ data }) => data.outcome)).toEqual(['dropped', 'kept']);
      expect(await house.fake.recording(`${callId}-talk1`)).toMatchObject({ why: 'gone' });
      expect(house.recordings.kept.size).toBe(1);
    },
  );

  it('comes back paused when the process died in a pause', async () => {
    const { house, caller, callId, pass, record } = await talking('always');
    await pass();
    await record('pause');
    house.kill();
    caller.say(Infinity, CARD);
    await house.restart();
    await pass();
    expect(house.callOf(caller.legId)?.recording).toMatchObject({ paused: true, part: null });
    caller.hangUp();
    await caller.until('ended');
    await house.clock.advance(90_000);
    const rows = await house.flows.recordingsOf(callId);
    expect(rows.map(({ file }) => tonesIn(house.recordings.kept.get(file) ?? new Uint8Array(44)))).toEqual([
      [CUSTOMER, AGENT],
    ]);
  });

  it('is given up when the process died before the switch had confirmed a pause', async () => {
    const { house, caller, callId, pass, flowDesk } = await talking('always');
    await pass();
    house.fake.deafTo = 'record.pause';
    void flowDesk.record(callId, 'pause', BY);
    await house.clock.runUntil(() => house.callOf(caller.legId)?.recording?.paused === true, 'paused');
    house.kill();
    house.fake.deafTo = null;
    caller.say(Infinity, CARD);
    await house.restart();
    caller.hangUp();
    await caller.until('ended');
    await house.clock.advance(90_000);
    expect(await house.flows.recordingsOf(callId)).toEqual([]);
    expect(house.recordings.kept.size).toBe(0);
  });

  it('is fetched by the next process when this one died', async () => {
    const { house, caller, callId, pass } = await talking('always');
    await pass();
    house.kill();
    await house.clock.advance(1_000);
    caller.hangUp();
    await house.restart();
    await house.clock.advance(90_000);
    expect(await house.flows.recordingsOf(callId)).toMatchObject([{ makingOn: null }]);
    expect(house.recordings.kept.size).toBe(1);
    await house.expectNoLeaks();
  });

  it('goes on in a new part after half an hour', async () => {
    const { house, pass, callId, caller } = await talking('always');
    caller.hush();
    await pass(31 * 60_000);
    expect(await house.flows.recordingsOf(callId)).toMatchObject([
      { id: `${callId}-talk1` },
      { id: `${callId}-talk2` },
    ]);
    expect((await house.flows.recordingsOf(callId))[0]?.durationMs).toBe(30 * 60_000);
  });

  it('has no word of a hold in it', async () => {
    const { house, caller, agent, callId, pass, parts } = await talking('always');
    await pass();
    const session = house.engine.house.board.find(callId);
    session?.post({ type: 'talk', by: BY, verb: { type: 'hold', on: true } });
    await pass(100);
    agent.say(Infinity, CARD);
    await pass();
    agent.say(Infinity, AGENT);
    session?.post({ type: 'talk', by: BY, verb: { type: 'hold', on: false } });
    await caller.until('bridged');
    await pass();
    expect(await parts()).toEqual([
      [CUSTOMER, AGENT],
      [CUSTOMER, AGENT],
    ]);
  });

  it('is erased when its days are over, and on request, with the copy of the switch', async () => {
    const { house, callId, pass, parts, flowDesk } = await talking('always', 3);
    await pass();
    await parts();
    await house.clock.advance(3 * 86_400_000 - 60_000);
    expect(house.recordings.kept.size).toBe(1);
    await house.clock.advance(5 * 60_000);
    expect(house.recordings.kept.size).toBe(0);
    expect(await flowDesk.recordingsOf(callId)).toEqual([]);
    expect(house.eventsOf('recording.erased')).toMatchObject([{ data: { callId, by: 'retention' } }]);
  });

  it('goes on unrecorded when the switch makes no recording of it, which is not asked for twice', async () => {
    const { house, caller, callId, pass } = await talking('always', 30, (switchOf) => {
      switchOf.deafTo = 'record.bridge';
    });
    house.fake.deafTo = null;
    await pass();
    expect(caller.talkingWith).toHaveLength(1);
    expect(house.callOf(caller.legId)?.recording).toMatchObject({ part: null, parts: 1 });
    expect(house.eventsOf('recording.stopped')).toMatchObject([{ data: { outcome: 'dropped' } }]);
    expect(await house.flows.recordingsOf(callId)).toEqual([]);
  });
});

describe('a talk of a queue that is recorded on demand', () => {
  it('is recorded from start to stop', async () => {
    const { caller, pass, record, parts, callId } = await talking('on-demand');
    caller.say(Infinity, CARD);
    await pass();
    caller.say(Infinity, CUSTOMER);
    expect(await record('start', SUPERVISOR)).toMatchObject({ value: { state: 'on', id: `${callId}-talk1` } });
    await pass();
    expect(await record('stop')).toMatchObject({ value: { state: 'off', id: null } });
    caller.say(Infinity, BOSS);
    await pass();
    expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
  });

  it('that was paused first begins when it is resumed', async () => {
    const { record, pass, parts } = await talking('on-demand');
    await record('pause');
    expect(await record('start')).toMatchObject({ value: { state: 'paused', id: null } });
    await pass();
    expect(await record('resume')).toMatchObject({ value: { state: 'on' } });
    await pass();
    expect(await parts()).toEqual([[CUSTOMER, AGENT]]);
  });

  it('is in the hands of those who talk, and of supervisors', async () => {
    const { record } = await talking('on-demand');
    expect(await record('start', { kind: 'agent', agentId: 'bob' })).toMatchObject({ ok: false, why: 'conflict' });
  });
});

describe('a talk of a queue that is never recorded', () => {
  it('is not, and says why', async () => {
    const { record, pass, parts } = await talking('never');
    expect(await record('start')).toMatchObject({
      ok: false,
      sentence: 'Queue billing is never recorded (recording in queues.yaml).',
    });
    expect(await record('pause')).toMatchObject({ value: { state: 'paused' } });
    await pass();
    expect(await parts()).toEqual([]);
  });
});
