import { describe, expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import { tonesIn } from '../../support/tones.ts';
import { because, OK, onEachSwitch } from './on-each.ts';
import { answeredCall, event, type Far, ring, typesOf, unused } from './world.ts';

/** Voices of the customer, the agent, the supervisor. */
const [CUSTOMER, AGENT, BOSS] = [440, 620, 1_050] as const;

onEachSwitch('talk', (world, run) => {
  const hears = (far: Far, ...tones: readonly number[]) =>
    world.until(
      async () => (await far.tones()).join() === tones.join(),
      `${far.legId} to hear ${tones.join() || 'nobody'}`,
    );
  const mute = (legId: string, on: boolean) => run({ type: 'mute', legId, on });
  const monitor = (boss: Far, target: Far, mode: 'listen' | 'whisper') =>
    run({ type: 'monitor', legId: boss.legId, target: target.legId, mode });
  const stopMonitor = (boss: Far) => run({ type: 'monitor.stop', legId: boss.legId });
  const ended = (legId: string) => event(world, 'leg.ended', (one) => one.legId === legId);

  /** A customer and an agent in a bridge, each with a voice. */
  const talk = async () => {
    const [customer, agent] = [await answeredCall(world), await answeredCall(world)];
    const bridgeId = unused('bridge');
    expect(await run({ type: 'bridge', bridgeId, legIds: [customer.legId, agent.legId] })).toEqual(OK);
    await customer.speak(CUSTOMER);
    await agent.speak(AGENT);
    await hears(customer, AGENT);
    return { customer, agent, bridgeId };
  };
  const supervised = async (mode: 'listen' | 'whisper') => {
    const [made, boss] = [await talk(), await answeredCall(world)];
    await boss.speak(BOSS);
    expect(await monitor(boss, made.agent, mode)).toEqual(OK);
    return { ...made, boss };
  };

  describe('part', () => {
    it('takes one leg out, which stays up in silence; the others go on', async () => {
      const { customer, agent, bridgeId } = await talk();
      expect(await run({ type: 'part', bridgeId, legId: customer.legId })).toEqual(OK);
      await hears(customer);
      await hears(agent);
      expect((await world.port.snapshot())?.bridges).toEqual([{ bridgeId, legIds: [agent.legId] }]);
      await run({ type: 'music.start', legId: customer.legId, class: 'default' });
      await world.until(customer.hears, 'music for who was put on hold');
      expect(await run({ type: 'bridge', bridgeId, legIds: [customer.legId] })).toEqual(OK);
      await hears(agent, CUSTOMER);
      await hears(customer, AGENT);
    });

    it('is over when the leg is not in that bridge, or one of them is gone', async () => {
      const { customer, agent, bridgeId } = await talk();
      expect(await run({ type: 'part', bridgeId, legId: agent.legId })).toEqual(OK);
      expect(await run({ type: 'part', bridgeId, legId: agent.legId })).toEqual(because('gone'));
      expect(await run({ type: 'part', bridgeId: 'never', legId: customer.legId })).toEqual(because('gone'));
      expect(await run({ type: 'part', bridgeId, legId: 'nobody' })).toEqual(because('gone'));
    });
  });

  describe('mute', () => {
    it('lets nobody hear a leg that goes on hearing, until it is taken back; twice is once', async () => {
      const { customer, agent, bridgeId } = await talk();
      expect([await mute(agent.legId, true), await mute(agent.legId, true)]).toEqual([OK, OK]);
      await hears(customer);
      await hears(agent, CUSTOMER);
      await run({ type: 'part', bridgeId, legId: agent.legId });
      await run({ type: 'bridge', bridgeId, legIds: [agent.legId] });
      await hears(agent, CUSTOMER);
      await hears(customer);
      expect([await mute(agent.legId, false), await mute(agent.legId, false)]).toEqual([OK, OK]);
      await hears(customer, AGENT);
    });

    it('is refused for who has not answered, and over for who is gone', async () => {
      const { legId } = await ring(world, 'ring');
      await event(world, 'leg.ringing', (one) => one.legId === legId);
      expect(await mute(legId, true)).toEqual(because('refused'));
      expect(await mute('nobody', true)).toEqual(because('gone'));
    });
  });

  describe('monitor', () => {
    it('listens: he hears both and nobody hears him', async () => {
      const { customer, agent, boss } = await supervised('listen');
      await hears(boss, CUSTOMER, AGENT);
      await hears(agent, CUSTOMER);
      await hears(customer, AGENT);
    });

    it('whispers: the target alone hears him, and he hears both', async () => {
      const { customer, agent, boss } = await supervised('whisper');
      await hears(boss, CUSTOMER, AGENT);
      await hears(agent, CUSTOMER, BOSS);
      await hears(customer, AGENT);
    });

    it('whispers also to who is alone, as while a customer holds, and when they are joined again', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('whisper');
      await run({ type: 'part', bridgeId, legId: customer.legId });
      await hears(agent, BOSS);
      await hears(boss, AGENT);
      await hears(customer);
      const other = unused('bridge');
      await run({ type: 'bridge', bridgeId: other, legIds: [agent.legId] });
      await run({ type: 'unbridge', bridgeId });
      await hears(agent, BOSS);
      await run({ type: 'bridge', bridgeId: other, legIds: [customer.legId] });
      await hears(agent, CUSTOMER, BOSS);
      await hears(customer, AGENT);
    });

    it('goes on when a recording of the same talk begins and ends', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('whisper');
      const recordingId = unused('talk');
      await run({ type: 'record.bridge', bridgeId, legId: customer.legId, recordingId, maxMs: 20_000 });
      await hears(boss, CUSTOMER, AGENT);
      await run({ type: 'record.stop', recordingId });
      await event(world, 'recording.finished', (one) => one.recordingId === recordingId);
      await hears(boss, CUSTOMER, AGENT);
      await hears(agent, CUSTOMER, BOSS);
    });

    it('changes to and fro, and ends, with nothing left of it', async () => {
      const { customer, agent, boss } = await supervised('listen');
      expect(await monitor(boss, agent, 'listen')).toEqual(OK);
      expect(await monitor(boss, agent, 'whisper')).toEqual(OK);
      await hears(agent, CUSTOMER, BOSS);
      expect(await monitor(boss, agent, 'listen')).toEqual(OK);
      await hears(agent, CUSTOMER);
      await hears(boss, CUSTOMER, AGENT);
      expect(await stopMonitor(boss)).toEqual(OK);
      expect(await stopMonitor(boss)).toEqual(OK);
      await hears(boss);
      await hears(customer, AGENT);
      expect(await monitor(boss, customer, 'listen')).toEqual(OK);
      await hears(boss, CUSTOMER, AGENT);
    });

    it('is told of nowhere: no leg, no bridge, no event', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('whisper');
      const told = world.events.length;
      await hears(agent, CUSTOMER, BOSS);
      const held = await world.port.snapshot();
      expect(held?.legs.map(({ legId }) => legId).toSorted()).toEqual(
        [customer, agent, boss].map(({ legId }) => legId).toSorted(),
      );
      expect(held?.bridges.map((one) => one.bridgeId)).toEqual([bridgeId]);
      expect(world.events.slice(told)).toEqual([]);
    });

    it('goes with the target from bridge to bridge', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('listen');
      await run({ type: 'part', bridgeId, legId: customer.legId });
      await hears(boss, AGENT);
      const other = unused('bridge');
      await run({ type: 'bridge', bridgeId: other, legIds: [agent.legId, customer.legId] });
      await hears(boss, CUSTOMER, AGENT);
    });

    it('ends when the one who listens is bridged: he is one of them then', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('whisper');
      expect(await run({ type: 'bridge', bridgeId, legIds: [boss.legId] })).toEqual(OK);
      await hears(customer, AGENT, BOSS);
      await hears(agent, CUSTOMER, BOSS);
      await hears(boss, CUSTOMER, AGENT);
      expect(await monitor(boss, agent, 'listen')).toEqual(OK);
      await hears(customer, AGENT);
      await hears(boss, CUSTOMER, AGENT);
    });

    it.each(['target', 'listener'] as const)('ends when the %s hangs up, and the other stays up', async (who) => {
      const { agent, boss } = await supervised('listen');
      const [goes, stays] = who === 'target' ? [agent, boss] : [boss, agent];
      await goes.hangUp();
      await ended(goes.legId);
      const held = async () => (await world.port.snapshot())?.legs.some(({ legId }) => legId === stays.legId);
      expect(await held()).toBe(true);
      await run({ type: 'music.start', legId: stays.legId, class: 'default' });
      if (who === 'target') await world.until(stays.hears, 'music');
      expect(typesOf(world, stays.legId)).not.toContain('leg.ended');
      const [next] = [await talk()];
      if (who === 'target') {
        expect(await monitor(boss, next.agent, 'listen')).toEqual(OK);
        await hears(boss, CUSTOMER, AGENT);
      }
    });

    it('goes on while nobody is connected, and is ended by whoever comes back', async () => {
      const { customer, agent, boss } = await supervised('whisper');
      await world.cut();
      await world.mend();
      await hears(agent, CUSTOMER, BOSS);
      expect(await stopMonitor(boss)).toEqual(OK);
      await hears(agent, CUSTOMER);
      await hears(customer, AGENT);
    });

    it('leaves nothing when a leg ended while nobody was connected', async () => {
      const { agent, boss } = await supervised('whisper');
      const other = await supervised('listen');
      await world.cut();
      await agent.hangUp();
      await other.boss.hangUp();
      await world.mend();
      expect(await stopMonitor(boss)).toEqual(OK);
      expect(await run({ type: 'hangup', legId: boss.legId, cause: CAUSE.normal })).toEqual(OK);
    });

    it('is refused for who has not answered, and over for who is gone', async () => {
      const { agent } = await talk();
      const rung = await ring(world, 'ring');
      await event(world, 'leg.ringing', (one) => one.legId === rung.legId);
      const listens = (legId: string, target: string) => run({ type: 'monitor', legId, target, mode: 'listen' });
      expect(await listens(rung.legId, agent.legId)).toEqual(because('refused'));
      expect(await listens(agent.legId, rung.legId)).toEqual(because('refused'));
      expect(await listens('nobody', agent.legId)).toEqual(because('gone'));
      expect(await listens(agent.legId, 'nobody')).toEqual(because('gone'));
      expect(await run({ type: 'monitor.stop', legId: 'nobody' })).toEqual(because('gone'));
    });
  });

  describe('record.bridge', () => {
    const record = (bridgeId: string, far: Far, maxMs = 20_000, recordingId = unused('talk')) =>
      Object.assign(run({ type: 'record.bridge', bridgeId, legId: far.legId, recordingId, maxMs }), { recordingId });
    const recording = async (bridgeId: string, far: Far, maxMs?: number) => {
      const asked = record(bridgeId, far, maxMs);
      expect(await asked).toEqual(OK);
      return asked.recordingId;
    };
    const stop = (recordingId: string) => run({ type: 'record.stop', recordingId });
    const pause = (recordingId: string, on: boolean) => run({ type: 'record.pause', recordingId, on });
    const finished = (id: string) => event(world, 'recording.finished', ({ recordingId }) => recordingId === id);
    const fileOf = async (id: string) => {
      const file = await world.port.recording(id);
      if (!file.ok) throw new Error(file.detail);
      return file.wav;
    };

    it('keeps the voices of all, told of by the leg that was named', async () => {
      const { customer, bridgeId } = await talk();
      const id = await recording(bridgeId, customer);
      await world.pass(1_000);
      expect(await world.port.recording(id)).toEqual(because('unavailable'));
      expect(await stop(id)).toEqual(OK);
      const { legId, durationMs, outcome } = await finished(id);
      expect([legId, outcome]).toEqual([customer.legId, 'done']);
      expect(durationMs).toBeGreaterThan(700);
      expect(durationMs).toBeLessThan(1_600);
      expect(tonesIn(await fileOf(id))).toEqual([CUSTOMER, AGENT]);
      expect(await stop(id)).toEqual(because('gone'));
    });

    it('has neither a whisper in it nor who is muted', async () => {
      const { customer, agent, boss, bridgeId } = await supervised('whisper');
      await hears(agent, CUSTOMER, BOSS);
      await mute(customer.legId, true);
      await hears(agent, BOSS);
      const id = await recording(bridgeId, customer);
      await world.pass(800);
      await stop(id);
      await finished(id);
      expect(tonesIn(await fileOf(id))).toEqual([AGENT]);
      expect(await stopMonitor(boss)).toEqual(OK);
    });

    it('writes nothing while it is paused, however often that is asked', async () => {
      const { customer, bridgeId, agent } = await talk();
      const id = await recording(bridgeId, customer);
      await world.pass(700);
      expect([await pause(id, true), await pause(id, true)]).toEqual([OK, OK]);
      // The card's number: a voice that was not there before.
      await customer.speak(1_750);
      await hears(agent, 1_750);
      await world.pass(1_000);
      await customer.speak(CUSTOMER);
      await hears(agent, CUSTOMER);
      expect([await pause(id, false), await pause(id, false)]).toEqual([OK, OK]);
      await world.pass(700);
      await stop(id);
      const { durationMs } = await finished(id);
      expect(durationMs).toBeGreaterThan(1_000);
      expect(durationMs).toBeLessThan(2_200);
      const wav = await fileOf(id);
      expect(tonesIn(wav)).toEqual([CUSTOMER, AGENT]);
      for (let at = 0; at + 100 < durationMs; at += 100) expect(tonesIn(wav, at, at + 100)).not.toContain(1_750);
      expect(await pause(id, true)).toEqual(because('gone'));
    });

    it('can be paused in the moment of its beginning', async () => {
      const { customer, bridgeId } = await talk();
      const asked = record(bridgeId, customer);
      const paused = pause(asked.recordingId, true);
      expect([await asked, await paused]).toEqual([OK, OK]);
      await world.pass(1_000);
      await stop(asked.recordingId);
      // What was recorded until it was told of the pause, which it may be a moment later.
      expect((await finished(asked.recordingId)).durationMs).toBeLessThan(500);
    });

    it('ends at its time, once', async () => {
      const { customer, bridgeId } = await talk();
      const id = await recording(bridgeId, customer, 600);
      const { durationMs } = await finished(id);
      expect(durationMs).toBeGreaterThan(300);
      expect(durationMs).toBeLessThan(1_200);
      await world.pass(500);
      expect(world.events.filter((one) => one.type === 'recording.finished' && one.recordingId === id)).toHaveLength(1);
    });

    it('goes on when one leaves, and ends when all have or the bridge does', async () => {
      const { customer, agent, bridgeId } = await talk();
      const id = await recording(bridgeId, customer);
      await customer.hangUp();
      await ended(customer.legId);
      await world.pass(300);
      expect(await world.port.recording(id)).toEqual(because('unavailable'));
      await agent.hangUp();
      expect(await finished(id)).toMatchObject({ legId: customer.legId, outcome: 'done' });
      const other = await talk();
      const second = await recording(other.bridgeId, other.customer);
      await world.pass(300);
      expect(await run({ type: 'unbridge', bridgeId: other.bridgeId })).toEqual(OK);
      expect(await finished(second)).toMatchObject({ outcome: 'done' });
    });

    it('takes an id once, and no bridge that is gone', async () => {
      const { customer, bridgeId } = await talk();
      const id = await recording(bridgeId, customer);
      expect(await record(bridgeId, customer, 1_000, id)).toEqual(because('exists'));
      await stop(id);
      await finished(id);
      expect(await record(bridgeId, customer, 1_000, id)).toEqual(because('exists'));
      await world.port.discard(id);
      expect(await record('never', customer)).toEqual(because('gone'));
      expect(await record(bridgeId, customer, 1_000, '../up')).toEqual(because('refused'));
      expect(await pause('never', true)).toEqual(because('gone'));
    });

    it('goes on and stays paused while nobody is connected', async () => {
      const { customer, agent, bridgeId } = await talk();
      const [open, shut] = [await recording(bridgeId, customer), await recording(bridgeId, customer)];
      await world.pass(500);
      expect(await pause(shut, true)).toEqual(OK);
      await world.cut();
      expect(await pause(open, true)).toEqual(because('unavailable'));
      await customer.speak(1_750);
      await hears(agent, 1_750);
      await world.pass(500);
      await world.mend();
      expect(await pause(shut, true)).toEqual(OK);
      for (const id of [open, shut]) {
        expect(await stop(id)).toEqual(OK);
        await finished(id);
      }
      expect(tonesIn(await fileOf(open))).toContain(1_750);
      expect(tonesIn(await fileOf(shut))).not.toContain(1_750);
    });

    it('is ended and forgotten when it is discarded', async () => {
      const { customer, bridgeId } = await talk();
      const id = await recording(bridgeId, customer);
      await world.port.discard(id);
      await finished(id);
      await world.until(async () => !(await world.port.recording(id)).ok, 'gone');
      expect(await world.port.recording(id)).toEqual(because('gone'));
    });
  });
});
