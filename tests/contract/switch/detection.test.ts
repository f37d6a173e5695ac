import { expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import type { Detection, SwitchDetection } from '../../../src/call/detection.ts';
import { because, OK, onEachSwitch } from './on-each.ts';
import { answeredCall, event, of, typesOf, unused, unusedNumber } from './world.ts';

const settings: SwitchDetection = {
  initialSilenceMs: 1_500,
  greetingMs: 1_200,
  afterGreetingSilenceMs: 700,
  totalMs: 4_000,
  shortestWordMs: 100,
  betweenWordsMs: 50,
  mostWords: 3,
  loudness: 256,
  longestWordMs: 5_000,
};
const bySwitch: Detection = { kind: 'switch', settings };

onEachSwitch('who picks up', (world, run) => {
  const pickedUp = async (detect: Detection) => {
    const [legId, callerId] = [unused('leg'), unusedNumber()];
    const to = world.target('answer');
    const order = { legId, to, callerId, callerName: null, ringMs: 10_000, callId: unused('call'), detect } as const;
    expect(await run({ type: 'originate', ...order })).toEqual(OK);
    await event(world, 'leg.answered', (one) => one.legId === legId);
    return world.far(callerId, legId);
  };
  const found = (legId: string) => event(world, 'leg.detected', (one) => one.legId === legId);
  const ended = (legId: string) => event(world, 'leg.ended', (one) => one.legId === legId);
  const stops = (legId: string) => of(world, legId).filter(({ type }) => type === 'talk.stopped');

  it('takes who says a word and waits for a person, and gives the leg back', async () => {
    const { legId, speak, hush } = await pickedUp(bySwitch);
    await speak();
    await world.pass(400);
    await hush();
    expect(await found(legId)).toMatchObject({ result: 'human', cause: 'pause-after-greeting' });
    const media = [{ kind: 'builtin', name: 'beep' }] as const;
    expect(await run({ type: 'play', legId, playbackId: unused('playback'), media, language: 'en' })).toEqual(OK);
    expect(await run({ type: 'hangup', legId, cause: CAUSE.normal })).toEqual(OK);
    await ended(legId);
    expect(typesOf(world, legId).filter((type) => type === 'leg.answered' || type === 'leg.detected')).toEqual([
      'leg.answered',
      'leg.detected',
    ]);
  });

  it('takes who speaks on and on for a machine, before the words are over', async () => {
    const { legId, speak } = await pickedUp(bySwitch);
    await speak();
    const finding = await found(legId);
    expect(finding).toMatchObject({ result: 'machine', cause: 'long-greeting' });
    expect(finding.tookMs).toBeGreaterThan(1_000);
    expect(finding.tookMs).toBeLessThan(3_000);
  });

  it('says of who says nothing that it was silence that it went by', async () => {
    const { legId, hush } = await pickedUp(bySwitch);
    await hush();
    const finding = await found(legId);
    expect(finding).toMatchObject({ result: 'machine', cause: 'initial-silence' });
    expect(finding.tookMs).toBeGreaterThan(1_200);
  });

  it('takes nothing but a hang-up while it listens, and tells that end once', async () => {
    const { legId, hush } = await pickedUp(bySwitch);
    await hush();
    await world.pass(300);
    expect(await run({ type: 'music.start', legId, class: 'default' })).toMatchObject({ ok: false });
    expect(await run({ type: 'hangup', legId, cause: CAUSE.normal })).toEqual(OK);
    await ended(legId);
    await world.pass(700);
    expect(typesOf(world, legId).slice(-2)).toEqual(['leg.answered', 'leg.ended']);
  });

  it('tells the end of who hangs up while it listens', async () => {
    const { legId, hush, hangUp } = await pickedUp(bySwitch);
    await hush();
    await world.pass(300);
    await hangUp();
    expect((await ended(legId)).cause.q850).toBe(16);
    await world.pass(700);
    expect(typesOf(world, legId).slice(-2)).toEqual(['leg.answered', 'leg.ended']);
  });

  it('keeps a leg that is listened to over a lost connection', async () => {
    const { legId, hush } = await pickedUp({ kind: 'switch', settings: { ...settings, initialSilenceMs: 2_500 } });
    await hush();
    await world.pass(300);
    await world.cut();
    await world.mend();
    expect((await world.port.snapshot())?.legs).toMatchObject([{ legId, state: 'up', ours: true }]);
    await found(legId);
    expect(await run({ type: 'hangup', legId, cause: CAUSE.normal })).toEqual(OK);
    await ended(legId);
  });

  it('tells when who picked up speaks, and for how long', async () => {
    const { legId, speak, hush } = await pickedUp({ kind: 'own', quietMs: 200 });
    await hush();
    await speak();
    await world.pass(600);
    await hush();
    await world.until(() => stops(legId).length === 1, 'silence');
    await speak();
    await world.pass(1_200);
    await hush();
    await world.until(() => stops(legId).length === 2, 'silence again');
    const talk = of(world, legId).filter(({ type }) => type.startsWith('talk.'));
    expect(talk.map(({ type }) => type)).toEqual(['talk.started', 'talk.stopped', 'talk.started', 'talk.stopped']);
    const [short = 0, long = 0] = talk.flatMap((one) => (one.type === 'talk.stopped' ? one.durationMs : []));
    expect(short).toBeGreaterThan(400);
    expect(short).toBeLessThan(1_000);
    expect(long - short).toBeGreaterThan(300);
  });

  it('tells of talk only while it is asked to', async () => {
    const { legId, speak, hush } = await answeredCall(world);
    const watch = (on: boolean, quietMs = 200) => run({ type: 'talk.watch', legId, on, quietMs });
    expect(await watch(true, 0)).toEqual(because('refused'));
    expect(await watch(true)).toEqual(OK);
    await speak();
    await world.until(() => typesOf(world, legId).includes('talk.started'), 'talk');
    await hush();
    await world.until(() => stops(legId).length === 1, 'silence');
    expect(await watch(false)).toEqual(OK);
    const known = of(world, legId).length;
    await speak();
    await world.pass(500);
    expect(of(world, legId)).toHaveLength(known);
    expect(await run({ type: 'hangup', legId, cause: CAUSE.normal })).toEqual(OK);
    await ended(legId);
    expect(await watch(true)).toEqual(because('gone'));
  });
});
