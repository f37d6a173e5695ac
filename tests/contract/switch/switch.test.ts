import { describe, expect, it } from 'vitest';
import { CAUSE, verdictOf } from '../../../src/call/cause.ts';
import type { Media } from '../../../src/call/media.ts';
import { because, OK, onEachSwitch } from './on-each.ts';
import { answeredCall, type Does, event, type Far, of, ring, typesOf, unused } from './world.ts';

const ONE: Media = { kind: 'builtin', name: 'digits/1' };
const LONG: readonly Media[] = Array.from({ length: 20 }, () => ONE);
const gone = because('gone');
const refused = because('refused');
const unavailable = because('unavailable');

onEachSwitch('switch', (world, run) => {
  const hangUp = (legId: string, cause = CAUSE.normal) => run({ type: 'hangup', legId, cause });
  const play = (legId: string, media: readonly Media[], playbackId = unused('playback')) =>
    Object.assign(run({ type: 'play', legId, playbackId, media, language: 'en' }), { playbackId });
  const ended = (legId: string) => event(world, 'leg.ended', (one) => one.legId === legId);
  const finished = (id: string) => event(world, 'playback.finished', ({ playbackId }) => playbackId === id);
  const keysOf = (legId: string) =>
    of(world, legId)
      .flatMap((one) => (one.type === 'dtmf.received' ? one.digit : []))
      .join('');
  const noBridge = () => world.until(async () => (await world.port.snapshot())?.bridges.length === 0, 'no bridge left');
  const bridge = async () => {
    const [a, b] = [await answeredCall(world), await answeredCall(world)];
    const bridgeId = unused('bridge');
    expect(await run({ type: 'bridge', bridgeId, legIds: [a.legId, b.legId] })).toEqual(OK);
    return { a, b, bridgeId, legIds: [a.legId, b.legId] };
  };

  describe('originate', () => {
    it('rings, is answered once, and ends once when hung up', async () => {
      const { legId, result } = await ring(world, 'answer-late');
      expect(result).toEqual(OK);
      await event(world, 'leg.answered', (one) => one.legId === legId);
      expect(await hangUp(legId)).toEqual(OK);
      expect((await ended(legId)).cause).toEqual(CAUSE.normal);
      expect(await hangUp(legId)).toEqual(gone);
      expect(await run({ type: 'music.start', legId, class: 'default' })).toEqual(gone);
      await world.pass(600);
      expect(typesOf(world, legId)).toEqual(['leg.ringing', 'leg.answered', 'leg.ended']);
    });

    it.each([
      ['busy', 'busy'],
      ['reject', 'rejected'],
      ['unknown', 'invalid-number'],
      ['congested', 'congestion'],
    ] as const)('tells %s from the others', async (does: Does, verdict) => {
      const { legId, result } = await ring(world, does);
      expect(result).toEqual(OK);
      expect(verdictOf((await ended(legId)).cause, false)).toBe(verdict);
      expect(typesOf(world, legId)).not.toContain('leg.answered');
    });

    it('gives up a ring that is not answered in its time, to the millisecond and not the second', async () => {
      const { legId } = await ring(world, 'ring', 1_500);
      const rung = await event(world, 'leg.ringing', (one) => one.legId === legId);
      const end = await ended(legId);
      expect(verdictOf(end.cause, false)).toBe('no-answer');
      // Each may come to us late; whole seconds would be one or two.
      expect(end.at - rung.at).toBeGreaterThan(1_100);
      expect(end.at - rung.at).toBeLessThan(1_900);
    });

    it('can be cancelled while it rings', async () => {
      const { legId } = await ring(world, 'ring');
      await event(world, 'leg.ringing', (one) => one.legId === legId);
      expect(await hangUp(legId)).toEqual(OK);
      expect(verdictOf((await ended(legId)).cause, false)).toBe('cancelled');
    });

    it('ends the leg also when the switch did not take it', async () => {
      const { legId, result } = await ring(world, 'unregistered');
      expect(result).toEqual(refused);
      expect(verdictOf((await ended(legId)).cause, false)).toBe('unreachable');
      expect(typesOf(world, legId)).toEqual(['leg.ended']);
    });

    it('knows a phone before it is rung, registered or not, and takes no trunk for one', async () => {
      const { port } = world;
      const known = await Promise.all(
        ['nobody', 'nobody-at-all', 'far', '../channels'].map((name) => port.knowsPhone(name)),
      );
      expect(known).toEqual([true, false, false, false]);
      await world.cut();
      expect(await port.knowsPhone('nobody')).toBeNull();
      await world.mend();
      await world.until(async () => (await port.snapshot()) !== null, 'connected again');
    });

    it('takes an id once', async () => {
      const { legId } = await answeredCall(world);
      const to = world.target('answer');
      const again = {
        type: 'originate',
        legId,
        to,
        callerId: null,
        callerName: null,
        ringMs: 1_000,
        callId: 'x',
      } as const;
      expect(await run(again)).toEqual(expect.objectContaining({ ok: false, why: 'exists' }));
      expect(typesOf(world, legId)).not.toContain('leg.ended');
    });

    it('takes no command for a leg that has not answered', async () => {
      const { legId } = await ring(world, 'ring');
      await event(world, 'leg.ringing', (one) => one.legId === legId);
      expect(await play(legId, [ONE])).toEqual(refused);
      expect(await run({ type: 'bridge', bridgeId: unused('bridge'), legIds: [legId] })).toEqual(refused);
      await noBridge();
    });
  });

  describe('an arriving leg', () => {
    it('is offered with what was dialled and by whom, and is answered once', async () => {
      const caller = await world.call('4711', { from: '+358501112222' });
      const [offered] = of(world, caller.legId);
      expect(offered).toMatchObject({ type: 'leg.offered', dnis: '4711', ani: '+358501112222', source: 'world' });
      expect(await run({ type: 'ring', legId: caller.legId })).toEqual(OK);
      expect(await run({ type: 'answer', legId: caller.legId })).toEqual(OK);
      expect(await run({ type: 'answer', legId: caller.legId })).toEqual(OK);
      await event(world, 'leg.answered', (one) => one.legId === caller.legId);
      await caller.hangUp();
      expect(verdictOf((await ended(caller.legId)).cause, true)).toBe('completed');
      expect(typesOf(world, caller.legId)).toEqual(['leg.offered', 'leg.answered', 'leg.ended']);
    });

    it('has no ANI when the number is withheld', async () => {
      const { legId } = await world.call('4712', { from: null });
      expect(of(world, legId)[0]).toMatchObject({ ani: null });
    });

    it('is turned away with the cause that was given', async () => {
      const caller = await world.call('4713');
      expect(await hangUp(caller.legId, CAUSE.congestion)).toEqual(OK);
      await ended(caller.legId);
      await world.until(() => caller.ended() !== null, 'the caller knows');
      expect(verdictOf(caller.ended() ?? CAUSE.unknown, false)).toBe('congestion');
    });

    it('ends when the caller gives up before the answer', async () => {
      const caller = await world.call('4714');
      await run({ type: 'ring', legId: caller.legId });
      await caller.hangUp();
      expect(verdictOf((await ended(caller.legId)).cause, false)).toBe('cancelled');
    });
  });

  describe('play', () => {
    it('plays a list in order and finishes once; a second one waits for the first', async () => {
      const { legId, hears } = await answeredCall(world);
      const first = play(legId, [ONE, ONE, { kind: 'tone', name: 'beep' }]);
      const second = play(legId, [ONE]);
      expect([await first, await second]).toEqual([OK, OK]);
      await world.until(hears, 'a voice');
      await finished(second.playbackId);
      const told = of(world, legId).filter(({ type }) => type === 'playback.finished');
      expect(told).toMatchObject([
        { playbackId: first.playbackId, completed: true },
        { playbackId: second.playbackId, completed: true },
      ]);
    });

    it('is stopped, running or waiting, and finishes as not completed', async () => {
      const { legId } = await answeredCall(world);
      const [running, waiting] = [play(legId, LONG), play(legId, LONG)];
      await Promise.all([running, waiting]);
      for (const { playbackId } of [waiting, running]) expect(await run({ type: 'stop', playbackId })).toEqual(OK);
      for (const { playbackId } of [running, waiting])
        expect(await finished(playbackId)).toMatchObject({ completed: false });
      expect(await run({ type: 'stop', playbackId: running.playbackId })).toEqual(gone);
    });

    it('stops what was asked for just before, however fast', async () => {
      const { legId } = await answeredCall(world);
      const started = play(legId, LONG);
      expect(await run({ type: 'stop', playbackId: started.playbackId })).toEqual(OK);
      expect(await started).toEqual(OK);
      expect(await finished(started.playbackId)).toMatchObject({ completed: false });
    });

    it('goes with the leg, and nothing but the end of the leg is told', async () => {
      const far = await answeredCall(world);
      await Promise.all([play(far.legId, LONG), play(far.legId, LONG)]);
      await far.hangUp();
      await ended(far.legId);
      expect(typesOf(world, far.legId).slice(-2)).toEqual(['leg.answered', 'leg.ended']);
    });

    it('finishes as not completed when there is nothing to be heard', async () => {
      const { legId } = await answeredCall(world);
      const { playbackId } = play(legId, [{ kind: 'file', path: 'no/such/prompt' }]);
      expect(await finished(playbackId)).toMatchObject({ completed: false });
      expect(await play(legId, [])).toEqual(refused);
    });

    it('sounds a tone until it is stopped', async () => {
      const { legId, hears } = await answeredCall(world);
      const { playbackId } = play(legId, [{ kind: 'tone', name: 'ring' }]);
      await world.until(hears, 'a tone');
      await run({ type: 'stop', playbackId });
      await finished(playbackId);
    });
  });

  describe('keys', () => {
    it.each(['rfc4733', 'info'] as const)('come once each (%s)', async (keys) => {
      const caller = await world.call('4720', { keys });
      await run({ type: 'answer', legId: caller.legId });
      await event(world, 'leg.answered', (one) => one.legId === caller.legId);
      await caller.press('1');
      await caller.press('2#');
      await world.until(() => keysOf(caller.legId).length >= 3, 'three keys');
      await world.pass(300);
      expect(keysOf(caller.legId)).toBe('12#');
    });

    it('come during a playback, music and a bridge', async () => {
      const { a, b } = await bridge();
      await a.press('5');
      await world.until(() => keysOf(a.legId) === '5', 'a key in a bridge');
      const c = await answeredCall(world);
      await play(c.legId, LONG);
      await c.press('7');
      await world.until(() => keysOf(c.legId) === '7', 'a key during a playback');
      await run({ type: 'music.start', legId: c.legId, class: 'default' });
      await c.press('8');
      await world.until(() => keysOf(c.legId) === '78', 'a key during music');
      expect(keysOf(b.legId)).toBe('');
    });

    it('are sent to the far end', async () => {
      const far = await answeredCall(world);
      expect(await run({ type: 'dtmf.send', legId: far.legId, digits: '42#' })).toEqual(OK);
      await world.until(() => far.keys() === '42#', 'the keys at the far end');
    });
  });

  describe('music', () => {
    it('plays until it is stopped, and ends for good in a bridge', async () => {
      const [a, b] = [await answeredCall(world), await answeredCall(world)];
      expect(await a.hears()).toBe(false);
      await run({ type: 'music.start', legId: a.legId, class: 'default' });
      await world.until(a.hears, 'music');
      await run({ type: 'music.stop', legId: a.legId });
      await world.until(async () => !(await a.hears()), 'silence');
      await run({ type: 'music.start', legId: a.legId, class: 'default' });
      const bridgeId = unused('bridge');
      await run({ type: 'bridge', bridgeId, legIds: [a.legId, b.legId] });
      await world.until(async () => !(await a.hears()), 'silence in the bridge');
      await run({ type: 'unbridge', bridgeId });
      expect(await a.hears()).toBe(false);
    });
  });

  it('music asked for during a playback follows it by itself', async () => {
    const a = await answeredCall(world);
    const playbackId = unused('playback');
    await run({ type: 'play', legId: a.legId, playbackId, media: [{ kind: 'builtin', name: 'beep' }], language: 'en' });
    expect(await run({ type: 'music.start', legId: a.legId, class: 'default' })).toEqual(OK);
    await finished(playbackId);
    await world.until(a.hears, 'music after the words');
    await run({ type: 'music.stop', legId: a.legId });
    await world.until(async () => !(await a.hears()), 'silence');
  });

  describe('bridge', () => {
    it('lets the legs hear each other, and is idempotent', async () => {
      const { a, b, bridgeId, legIds } = await bridge();
      expect(await run({ type: 'bridge', bridgeId, legIds })).toEqual(OK);
      const seen = (await world.port.snapshot())?.bridges.map((one) => [one.bridgeId, one.legIds.toSorted()]);
      expect(seen).toEqual([[bridgeId, legIds.toSorted()]]);
      await a.speak();
      await world.until(b.hears, 'the other one');
    });

    it('stays when a leg ends, and hangs nobody up when it goes', async () => {
      const { a, b, bridgeId } = await bridge();
      await a.hangUp();
      await ended(a.legId);
      await world.until(
        async () => (await world.port.snapshot())?.bridges[0]?.legIds.join() === b.legId,
        'one leg in the bridge',
      );
      expect(await run({ type: 'unbridge', bridgeId })).toEqual(OK);
      expect(await run({ type: 'unbridge', bridgeId })).toEqual(gone);
      const playback = play(b.legId, [ONE]);
      expect(await playback).toEqual(OK);
      expect(await finished(playback.playbackId)).toMatchObject({ completed: true });
      expect(typesOf(world, b.legId)).not.toContain('leg.ended');
    });

    it('plays to a leg that has only just been let go', async () => {
      for (let turn = 0; turn < 8; turn += 1) {
        const { a, b, bridgeId } = await bridge();
        await b.hangUp();
        await ended(b.legId);
        void run({ type: 'unbridge', bridgeId });
        const playback = play(a.legId, [ONE]);
        expect(await playback).toEqual(OK);
        expect(await finished(playback.playbackId)).toMatchObject({ completed: true });
        await hangUp(a.legId);
      }
    });

    it('leaves nothing behind when a leg is gone', async () => {
      const far = await answeredCall(world);
      const legIds = [far.legId, 'nobody'];
      expect(await run({ type: 'bridge', bridgeId: unused('bridge'), legIds })).toEqual(gone);
      await noBridge();
    });

    it('cuts off what is played, and holds nobody else up meanwhile', async () => {
      const [a, b, other] = [await answeredCall(world), await answeredCall(world), await answeredCall(world)];
      const playback = play(a.legId, LONG);
      await playback;
      const joined = run({ type: 'bridge', bridgeId: unused('bridge'), legIds: [a.legId, b.legId] });
      const asked = performance.now();
      expect(await run({ type: 'music.start', legId: other.legId, class: 'default' })).toEqual(OK);
      expect(performance.now() - asked).toBeLessThan(1_000);
      await world.until(() => typesOf(world, a.legId).includes('playback.finished'), 'the end of the playback');
      expect(await joined).toEqual(OK);
      expect(await finished(playback.playbackId)).toMatchObject({ completed: false });
    });
  });

  describe('commands', () => {
    it('of one leg are carried out in the order they were given', async () => {
      const { legId, hears } = await answeredCall(world);
      const all = Array.from({ length: 10 }, () => [
        run({ type: 'music.start', legId, class: 'default' }),
        run({ type: 'music.stop', legId }),
      ]).flat();
      expect(await Promise.all(all)).toEqual(all.map(() => OK));
      await world.until(async () => !(await hears()), 'silence');
      const last = [run({ type: 'answer', legId }), hangUp(legId), run({ type: 'ring', legId })];
      expect(await Promise.all(last)).toEqual([OK, OK, gone]);
    });

    it('give a leg back to the dialplan, which is then out of reach until it ends', async () => {
      const caller = await world.call('4730');
      const { legId } = caller;
      await run({ type: 'answer', legId });
      await event(world, 'leg.answered', (one) => one.legId === legId);
      expect(await run({ type: 'release', legId, extension: 'parked' })).toEqual(OK);
      await world.until(async () => !(await play(legId, [ONE])).ok, 'out of reach');
      expect(await play(legId, [ONE])).toEqual(gone);
      expect((await world.port.snapshot())?.legs.find((leg) => leg.legId === legId)?.ours).toBe(false);
      await caller.hangUp();
      await ended(legId);
    });

    it('take a time that is known', async () => {
      const { legId } = await answeredCall(world);
      await run({ type: 'answer', legId });
      expect(world.port.latencyP99Ms()).toBeGreaterThan(0);
      expect(world.port.latencyP99Ms()).toBeLessThan(1_000);
    });
  });

  describe('the snapshot', () => {
    it('tells whose every leg is, ringing or answered, and which came by itself', async () => {
      const ringing = await ring(world, 'ring');
      await event(world, 'leg.ringing', (one) => one.legId === ringing.legId);
      const up = await ring(world, 'answer');
      await event(world, 'leg.answered', (one) => one.legId === up.legId);
      const caller = await world.call('4740', { from: '+358501112223' });
      const legs = (await world.port.snapshot())?.legs ?? [];
      const seen = (legId: string) => legs.find((leg) => leg.legId === legId);
      const common = { ours: true, source: 'world' };
      expect(seen(ringing.legId)).toMatchObject({
        ...common,
        callId: ringing.callId,
        state: 'ringing',
        ani: null,
        dnis: '',
      });
      expect(seen(up.legId)).toMatchObject({ ...common, callId: up.callId, state: 'up', ani: null, dnis: '' });
      expect(seen(caller.legId)).toMatchObject({
        ...common,
        callId: null,
        state: 'ringing',
        ani: '+358501112223',
        dnis: '4740',
      });
    });
  });

  describe('a lost connection', () => {
    it('tells nothing until it is back, refuses at once, rings nobody, and loses no call', async () => {
      const [stays, goes] = [await answeredCall(world), await answeredCall(world)];
      const rings = await world.rings();
      const told = world.events.length;
      await world.cut();
      expect(world.events.slice(told).map(({ type }) => type)).toEqual(['switch.disconnected']);
      expect(await world.port.snapshot()).toBeNull();
      expect((await ring(world, 'ring')).result).toEqual(unavailable);
      expect(await play(stays.legId, [ONE])).toEqual(unavailable);
      await goes.hangUp();
      await stays.press('9');
      await world.pass(300);
      expect(await world.rings()).toBeLessThanOrEqual(rings);
      expect(world.events.length).toBe(told + 1);
      await world.mend();
      expect(world.events.at(told + 1)).toMatchObject({ type: 'switch.connected', restarted: false });
      expect((await world.port.snapshot())?.legs.map(({ legId }) => legId)).toEqual([stays.legId]);
      await stays.press('4');
      // The other key takes its time to the switch: where that waits for a core it arrives after the connection is back.
      await world.until(() => keysOf(stays.legId).endsWith('4'), 'a key after the reconnection');
      await stays.hangUp();
      await ended(stays.legId);
      expect(typesOf(world, goes.legId)).not.toContain('leg.ended');
    });

    it('ends, once it is back, what was to be ended meanwhile', async () => {
      const [stays, goes] = [await answeredCall(world), await answeredCall(world)];
      await world.cut();
      expect(await world.port.do({ type: 'hangup', legId: goes.legId, cause: CAUSE.normal })).toEqual(unavailable);
      await world.mend();
      await ended(goes.legId);
      expect((await world.port.snapshot())?.legs.filter(({ ours }) => ours)).toMatchObject([{ legId: stays.legId }]);
      await stays.hangUp();
      await ended(stays.legId);
    });

    it('offers, once it is back, whoever waits in the dialplan, or has turned him away at once', async () => {
      const told = world.events.length;
      await world.cut();
      const caller = await world.dial('4750');
      if (!world.port.capabilities.keepsCallersWhileAway) return turnedAway(caller, told);
      await world.until(caller.hears, 'music in the dialplan');
      await world.mend();
      const offered = await event(world, 'leg.offered', ({ dnis }) => dnis === '4750');
      await world.until(() => typesOf(world, offered.legId).includes('leg.answered'), 'known to be up');
      expect(world.events.slice(told).filter(({ type }) => type === 'leg.offered')).toHaveLength(1);
      return undefined;
    });

    async function turnedAway(caller: Omit<Far, 'legId'>, told: number): Promise<void> {
      await world.until(() => caller.ended() !== null, 'turned away');
      await world.mend();
      await world.call('4751');
      const dialled = world.events.slice(told).flatMap((one) => (one.type === 'leg.offered' ? one.dnis : []));
      expect(dialled).toEqual(['4751']);
    }
  });

  // The last two leave the world changed.

  it('tells a restart of the switch, which ends all calls', async () => {
    await answeredCall(world);
    await world.restart();
    const [lost, back] = world.events.slice(-2);
    expect(lost).toMatchObject({ type: 'switch.disconnected' });
    expect(back).toMatchObject({ type: 'switch.connected', restarted: true });
    expect(await world.port.snapshot()).toEqual({ legs: [], bridges: [] });
    expect((await ring(world, 'busy')).result).toEqual(OK);
  });

  it('is fenced when another process takes the switch over', async () => {
    const { legId, hangUp: goAway } = await answeredCall(world);
    await world.takeOver();
    await event(world, 'switch.fenced');
    expect(await hangUp(legId)).toEqual(unavailable);
    await goAway();
    expect(await world.port.snapshot()).toBeNull();
    const told = world.events.length;
    await world.pass(500);
    expect(world.events.length).toBe(told);
  });
});
