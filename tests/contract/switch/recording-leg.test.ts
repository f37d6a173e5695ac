import { expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import type { Media } from '../../../src/call/media.ts';
import { isLoud, tonesIn } from '../../support/tones.ts';
import { because, OK, onEachSwitch } from './on-each.ts';
import { answeredCall, event, type Far, of, ring, unused } from './world.ts';

const VOICE = 440;
/** Some twelve seconds of speech. */
const LONG: readonly Media[] = Array.from({ length: 20 }, () => ({ kind: 'builtin', name: 'digits/1' }));
const ONE: readonly Media[] = LONG.slice(0, 1);
const MOST_MS = 20_000;

onEachSwitch('recording of what a leg says and hears', (world, run) => {
  const record = (legId: string, maxMs = MOST_MS, recordingId = unused('message')) =>
    Object.assign(run({ type: 'record.leg', legId, recordingId, maxMs }), { recordingId });
  /** Records, for sure; null where the switch does not. */
  const recording = async (far: Far, maxMs?: number) => {
    const asked = record(far.legId, maxMs);
    const { recordsWhatALegHears: does } = world.port.capabilities;
    expect(await asked).toEqual(does ? OK : because('refused'));
    return does ? asked.recordingId : null;
  };
  const play = (far: Far, media: readonly Media[], playbackId = unused('playback')) =>
    Object.assign(run({ type: 'play', legId: far.legId, playbackId, media, language: 'en' }), { playbackId });
  const stop = (recordingId: string) => run({ type: 'record.stop', recordingId });
  const finished = (id: string) => event(world, 'recording.finished', ({ recordingId }) => recordingId === id);
  const said = (id: string) => event(world, 'playback.finished', ({ playbackId }) => playbackId === id);
  const fileOf = async (id: string) => {
    const file = await world.port.recording(id);
    if (!file.ok) throw new Error(file.detail);
    return file.wav;
  };

  it('has what is played and what is said, while it is played', async () => {
    const far = await answeredCall(world);
    const message = play(far, LONG);
    const id = await recording(far);
    expect(await message).toEqual(OK);
    if (id === null) return;
    await world.pass(1_500);
    await far.speak(VOICE);
    await world.pass(1_500);
    expect(await world.port.recording(id)).toEqual(because('unavailable'));
    expect(await stop(id)).toEqual(OK);
    const { legId, outcome, durationMs } = await finished(id);
    expect([legId, outcome]).toEqual([far.legId, 'done']);
    expect(durationMs).toBeGreaterThan(2_000);
    const wav = await fileOf(id);
    // The message alone, then both.
    expect(isLoud(wav.slice(0, 44 + 1_000 * 16))).toBe(true);
    expect(tonesIn(wav, 0, 1_000)).not.toContain(VOICE);
    expect(tonesIn(wav, durationMs - 800, durationMs - 100)).toContain(VOICE);
    expect(await stop(id)).toEqual(because('gone'));
    expect(await far.hears()).toBe(true);
    await run({ type: 'stop', playbackId: message.playbackId });
  });

  it('delays nothing that is played, ends no music, and lets keys through', async () => {
    const far = await answeredCall(world);
    await run({ type: 'music.start', legId: far.legId, class: 'default' });
    await world.until(far.hears, 'music');
    const id = await recording(far);
    await world.pass(500);
    expect(await far.hears()).toBe(true);
    const { playbackId } = play(far, ONE);
    expect((await said(playbackId)).completed).toBe(true);
    await far.press('9');
    await event(world, 'dtmf.received', (one) => one.legId === far.legId && one.digit === '9');
    if (id === null) return;
    expect(of(world, far.legId).some(({ type }) => type === 'recording.finished')).toBe(false);
    await stop(id);
    expect((await finished(id)).outcome).toBe('done');
  });

  it('ends with the leg and keeps what there was, and at its time', async () => {
    const [far, other] = [await answeredCall(world), await answeredCall(world)];
    const { playbackId } = play(far, LONG);
    const id = await recording(far);
    const short = await recording(other, 1_000);
    await world.pass(700);
    await run({ type: 'hangup', legId: far.legId, cause: CAUSE.normal });
    if (id === null || short === null) return;
    expect(await finished(id)).toMatchObject({ legId: far.legId, outcome: 'done' });
    expect(isLoud(await fileOf(id))).toBe(true);
    expect((await finished(short)).durationMs).toBeLessThan(1_600);
    expect(of(world, far.legId).some((one) => one.type === 'playback.finished' && one.playbackId === playbackId)).toBe(
      false,
    );
  });

  it('takes an id once, and no leg that has not answered, is in a bridge, or is gone', async () => {
    const far = await answeredCall(world);
    const { legId: ringing } = await ring(world, 'ring');
    await event(world, 'leg.ringing', (one) => one.legId === ringing);
    expect(await record(ringing)).toEqual(because('refused'));
    const { recordsWhatALegHears: does } = world.port.capabilities;
    expect(await record('nobody')).toEqual(because(does ? 'gone' : 'refused'));
    expect(await record(far.legId, MOST_MS, '../up')).toEqual(because('refused'));
    const id = await recording(far);
    if (id !== null) {
      expect(await record(far.legId, MOST_MS, id)).toEqual(because('exists'));
      await stop(id);
      await finished(id);
      expect(await record(far.legId, MOST_MS, id)).toEqual(because('exists'));
      await world.port.discard(id);
      expect(await world.port.recording(id)).toEqual(because('gone'));
    }
    await run({ type: 'bridge', bridgeId: unused('bridge'), legIds: [far.legId] });
    expect(await record(far.legId)).toEqual(because('refused'));
  });

  it('goes on while nobody is connected, and is stopped by whoever is connected then', async () => {
    const far = await answeredCall(world);
    await far.speak(VOICE);
    const id = await recording(far);
    if (id === null) return;
    await world.pass(500);
    await world.cut();
    await world.pass(500);
    await world.mend();
    expect(await stop(id)).toEqual(OK);
    expect((await finished(id)).durationMs).toBeGreaterThan(800);
    expect(tonesIn(await fileOf(id))).toEqual([VOICE]);
  });
});
