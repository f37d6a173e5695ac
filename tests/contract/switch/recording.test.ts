import { expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import type { Media } from '../../../src/call/media.ts';
import type { SwitchCommand } from '../../../src/call/switch.ts';
import { because, OK, onEachSwitch } from './on-each.ts';
import { answeredCall, event, of, ring, typesOf, unused } from './world.ts';

const LONG: readonly Media[] = Array.from({ length: 20 }, () => ({ kind: 'builtin', name: 'digits/1' }));
const HEADER_BYTES = 44;

type Limits = Partial<Pick<Extract<SwitchCommand, { type: 'record' }>, 'maxMs' | 'silenceMs' | 'beep'>>;

onEachSwitch('recording', (world, run) => {
  const record = (legId: string, limits: Limits = {}, recordingId = unused('recording')) =>
    Object.assign(run({ type: 'record', legId, recordingId, maxMs: 20_000, silenceMs: 0, beep: false, ...limits }), {
      recordingId,
    });
  /** Records, for sure. */
  const recording = async (legId: string, limits: Limits = {}) => {
    const asked = record(legId, limits);
    expect(await asked).toEqual(OK);
    return asked.recordingId;
  };
  const stop = (recordingId: string) => run({ type: 'record.stop', recordingId });
  const finished = (id: string) => event(world, 'recording.finished', ({ recordingId }) => recordingId === id);
  const times = (id: string) =>
    world.events.filter((one) => one.type === 'recording.finished' && one.recordingId === id).length;
  const fileOf = async (id: string): Promise<Buffer> => {
    const file = await world.port.recording(id);
    if (!file.ok) throw new Error(file.detail);
    return Buffer.from(file.wav);
  };
  const loudestOf = (wav: Buffer): number => {
    let loudest = 0;
    for (let at = HEADER_BYTES; at + 1 < wav.length; at += 2)
      loudest = Math.max(loudest, Math.abs(wav.readInt16LE(at)));
    return loudest;
  };
  const keysOf = (legId: string) => of(world, legId).flatMap((one) => (one.type === 'dtmf.received' ? one.digit : []));

  it('keeps what is said until it is stopped, as WAV of 16 bit and 8 kHz', async () => {
    const far = await answeredCall(world);
    await far.speak();
    const id = await recording(far.legId);
    await world.pass(1_000);
    expect(await world.port.recording(id)).toEqual(because('unavailable'));
    expect(await stop(id)).toEqual(OK);
    const { durationMs, outcome } = await finished(id);
    expect(outcome).toBe('done');
    expect(durationMs).toBeGreaterThan(700);
    expect(durationMs).toBeLessThan(1_500);
    const wav = await fileOf(id);
    expect(wav.toString('latin1', 0, 4) + wav.toString('latin1', 8, 16)).toBe('RIFFWAVEfmt ');
    const format = [wav.readUInt16LE(20), wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)];
    expect(format).toEqual([1, 1, 8_000, 16]);
    expect(wav.length).toBe(HEADER_BYTES + durationMs * 16);
    expect(loudestOf(wav)).toBeGreaterThan(500);
    expect(await stop(id)).toEqual(because('gone'));
    expect(times(id)).toBe(1);
  });

  it('ends by itself when its time is over, and also on a phone that sends nothing', async () => {
    const [loud, mute] = [await answeredCall(world), await answeredCall(world)];
    await loud.speak();
    const limits = { maxMs: 1_500 };
    const [a, b] = [await recording(loud.legId, limits), await recording(mute.legId, limits)];
    const { durationMs } = await finished(a);
    expect(durationMs).toBeGreaterThan(1_000);
    expect(durationMs).toBeLessThan(2_000);
    expect((await finished(b)).outcome).toBe('done');
    expect(loudestOf(await fileOf(b))).toBe(0);
  });

  it('ends after a silence, most of which is not in it', async () => {
    const far = await answeredCall(world);
    await far.speak();
    const id = await recording(far.legId, { silenceMs: 1_000 });
    await world.pass(1_500);
    expect(times(id)).toBe(0);
    await far.hush();
    const { durationMs } = await finished(id);
    expect(durationMs).toBeGreaterThan(1_200);
    expect(durationMs).toBeLessThan(2_200);
    expect(loudestOf(await fileOf(id))).toBeGreaterThan(500);
  });

  it.each(['sends silence', 'sends nothing'])('is nobody’s word on a phone that %s', async (what) => {
    const far = await answeredCall(world);
    if (what === 'sends silence') await far.hush();
    const began = of(world, far.legId).at(-1)?.at ?? 0;
    const id = await recording(far.legId, { silenceMs: 1_000 });
    const { durationMs, outcome, at } = await finished(id);
    expect(outcome).toBe('done');
    expect(durationMs).toBeLessThanOrEqual(300);
    expect(at - began).toBeLessThan(6_000);
  });

  it('keeps what was said before a hang-up, and says so before the leg has ended', async () => {
    const far = await answeredCall(world);
    await far.speak();
    const id = await recording(far.legId, { silenceMs: 2_000 });
    await world.pass(800);
    await far.hangUp();
    await event(world, 'leg.ended', ({ legId }) => legId === far.legId);
    expect(typesOf(world, far.legId).slice(-2)).toEqual(['recording.finished', 'leg.ended']);
    const { durationMs, outcome } = await finished(id);
    expect(outcome).toBe('done');
    expect(durationMs).toBeGreaterThan(400);
    expect(loudestOf(await fileOf(id))).toBeGreaterThan(500);
  });

  it('lets keys through, which do not end it', async () => {
    const far = await answeredCall(world);
    const id = await recording(far.legId);
    await far.press('5#');
    await world.until(() => keysOf(far.legId).join('') === '5#', 'two keys');
    expect(times(id)).toBe(0);
    await stop(id);
    await finished(id);
  });

  it('takes an id once, until it is discarded', async () => {
    const far = await answeredCall(world);
    const id = await recording(far.legId);
    expect(await record(far.legId, {}, id)).toEqual(because('exists'));
    expect(await world.port.recording(id)).toEqual(because('unavailable'));
    await stop(id);
    await finished(id);
    expect(await record(far.legId, {}, id)).toEqual(because('exists'));
    expect(times(id)).toBe(1);
    await world.port.discard(id);
    expect(await record(far.legId, { maxMs: 500 }, id)).toEqual(OK);
    await world.until(() => times(id) === 2, 'the second one');
  });

  it.each(['../up', 'a/b', 'a%2fb', 'a.wav', '', 'x'.repeat(65)])('takes no name like "%s"', async (id) => {
    const far = await answeredCall(world);
    expect(await record(far.legId, {}, id)).toEqual(because('refused'));
    expect(await world.port.recording(id)).toEqual(because('gone'));
    await world.port.discard(id);
  });

  it('takes no leg that has not answered, or is gone', async () => {
    const { legId } = await ring(world, 'ring');
    await event(world, 'leg.ringing', (one) => one.legId === legId);
    const early = record(legId);
    expect(await early).toEqual(because('refused'));
    await run({ type: 'hangup', legId, cause: CAUSE.normal });
    await event(world, 'leg.ended', (one) => one.legId === legId);
    const late = record(legId);
    expect(await late).toEqual(because('gone'));
    expect([times(early.recordingId), times(late.recordingId)]).toEqual([0, 0]);
    expect(await world.port.recording(early.recordingId)).toEqual(because('gone'));
    expect(await stop(late.recordingId)).toEqual(because('gone'));
  });

  it('answers an arriving leg', async () => {
    const { legId } = await world.call('4760');
    const id = await recording(legId, { maxMs: 500 });
    await event(world, 'leg.answered', (one) => one.legId === legId);
    await finished(id);
  });

  it('begins when the playback before it has ended, and is over at once when it was stopped before', async () => {
    const far = await answeredCall(world);
    const playbackId = unused('playback');
    await run({ type: 'play', legId: far.legId, playbackId, media: LONG, language: 'en' });
    const [first, second] = [await recording(far.legId), await recording(far.legId, { maxMs: 500 })];
    expect(await stop(first)).toEqual(OK);
    await world.until(far.hears, 'the playback goes on');
    await run({ type: 'stop', playbackId });
    const { at } = await finished(first);
    const { at: stoppedAt } = await event(world, 'playback.finished', (one) => one.playbackId === playbackId);
    expect(at - stoppedAt).toBeLessThan(1_000);
    await finished(second);
    const told = of(world, far.legId).flatMap((one) =>
      one.type === 'playback.finished' || one.type === 'recording.finished' ? one.type : [],
    );
    expect(told.toSorted()).toEqual(['playback.finished', 'recording.finished', 'recording.finished']);
    expect([times(first), times(second)]).toEqual([1, 1]);
  });

  it('is paused, where the switch can do that for one leg', async () => {
    const far = await answeredCall(world);
    await far.speak();
    const id = await recording(far.legId);
    await world.pass(300);
    const paused = await run({ type: 'record.pause', recordingId: id, on: true });
    expect(paused).toEqual(world.port.capabilities.pausesRecordingOfOneLeg ? OK : because('refused'));
    if (paused.ok) await world.pass(1_500);
    await stop(id);
    expect((await finished(id)).durationMs).toBeLessThan(1_200);
  });

  it('ends music', async () => {
    const far = await answeredCall(world);
    await run({ type: 'music.start', legId: far.legId, class: 'default' });
    await world.until(far.hears, 'music');
    const id = await recording(far.legId);
    await world.until(async () => !(await far.hears()), 'silence');
    await stop(id);
    await finished(id);
  });

  it('ends, and is kept, when its leg is bridged; one of a bridged leg fails', async () => {
    const [a, b] = [await answeredCall(world), await answeredCall(world)];
    await a.speak();
    const id = await recording(a.legId);
    await world.pass(500);
    const bridgeId = unused('bridge');
    expect(await run({ type: 'bridge', bridgeId, legIds: [a.legId, b.legId] })).toEqual(OK);
    expect(await finished(id)).toMatchObject({ outcome: 'done' });
    expect((await fileOf(id)).length).toBeGreaterThan(HEADER_BYTES);
    const none = await recording(a.legId);
    expect(await finished(none)).toMatchObject({ outcome: 'failed', durationMs: 0 });
    expect(await world.port.recording(none)).toEqual(because('gone'));
    await world.until(b.hears, 'still bridged');
  });

  it('is gone when discarded, once or twice, over or going on', async () => {
    const far = await answeredCall(world);
    const over = await recording(far.legId, { maxMs: 500 });
    await finished(over);
    await world.port.discard(over);
    await world.port.discard(over);
    expect(await world.port.recording(over)).toEqual(because('gone'));
    const going = await recording(far.legId);
    await world.port.discard(going);
    await finished(going);
    await world.until(async () => !(await world.port.recording(going)).ok, 'gone');
    await world.port.discard('never-was');
    expect(await run({ type: 'music.start', legId: far.legId, class: 'default' })).toEqual(OK);
  });

  it('goes on while nobody is connected, and is fetched whole when it is over', async () => {
    const [goes, stays, forgotten] = [await answeredCall(world), await answeredCall(world), await answeredCall(world)];
    for (const far of [goes, stays, forgotten]) await far.speak();
    const [a, b] = [await recording(goes.legId), await recording(stays.legId)];
    const c = await recording(forgotten.legId, { maxMs: 300 });
    await finished(c);
    await world.cut();
    expect(await world.port.recording(a)).toEqual(because('unavailable'));
    await world.port.discard(c);
    await goes.hangUp();
    await world.pass(500);
    await world.mend();
    expect(loudestOf(await fileOf(a))).toBeGreaterThan(500);
    expect(times(a)).toBe(0);
    expect(await world.port.recording(b)).toEqual(because('unavailable'));
    expect(await stop(b)).toEqual(OK);
    expect(await finished(b)).toMatchObject({ outcome: 'done' });
    expect(loudestOf(await fileOf(b))).toBeGreaterThan(500);
    await world.until(async () => !(await world.port.recording(c)).ok, 'discarded');
    expect(await world.port.recording(c)).toEqual(because('gone'));
  });
});
