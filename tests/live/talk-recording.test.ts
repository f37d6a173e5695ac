import { expect, test } from 'vitest';
import { hasTone, TONES, tonesIn } from '../support/tones.ts';
import { type Ear, openEar } from './support/ear.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { until } from './support/until.ts';
import { testWhereItCan } from './support/switch-under-test.ts';

const house = useHouse();
const [CUSTOMER, AGENT, , CARD] = TONES;
/** The higher tones of a telephone's keys, Hz. */
const KEYS = [1_209, 1_336, 1_477];

/** So long a sound comes to this ear from now on. */
async function hears(ear: Ear, ms: number): Promise<void> {
  const before = ear.heard();
  await until(
    'a voice',
    () => ear.heard() - before,
    (packets) => packets * 20 >= ms,
    { everyMs: 20 },
  );
}

test('a talk is kept with both voices and without the card that was read in a pause, until it is erased', async () => {
  const { phone, ready, call, journal, api, pbx } = house();
  const [ear, agentEar] = [await openEar(), await openEar()];
  await phone('1005', { answerAfterMs: 100, earPort: agentEar.port });
  await ready('eve');
  const since = journal.mark();
  const caller = await call({ to: '501', from: '7001', earPort: ear.port });
  const [started] = await journal.until('recording.started', { since });
  const callId = callOf(started);
  ear.speak(CUSTOMER);
  await hears(agentEar, 300);
  agentEar.speak(AGENT);
  await hears(ear, 1_000);

  expect(await api.recordTalk(callId, 'pause')).toMatchObject({ state: 'paused' });
  ear.speak(CARD);
  await hears(agentEar, 700);
  ear.hush();
  await ear.press('4111');
  ear.speak(CUSTOMER);
  await hears(agentEar, 300);
  expect(await api.recordTalk(callId, 'resume')).toMatchObject({ state: 'on' });
  await hears(agentEar, 1_000);
  caller.hangUp();

  const [part] = await until(
    'the recording to be kept',
    () => api.recordings(callId),
    ([one]) => one?.durationMs != null,
  );
  expect(part).toMatchObject({ id: started.data.recordingId, kind: 'talk', queue: 'desk', agentId: 'eve' });
  expect(part?.durationMs).toBeGreaterThan(1_800);
  const wav = await api.recordingAudio(part?.id ?? '');
  expect(tonesIn(wav)).toEqual([CUSTOMER, AGENT]);
  expect(hasTone(wav, [CUSTOMER])).toBe(true);
  expect(hasTone(wav, [CARD])).toBe(false);
  expect(hasTone(wav, KEYS)).toBe(false);
  expect(await pbx.recordings()).toEqual([]);

  await api.record(callId);
  await api.eraseRecording(part?.id ?? '');
  expect(await api.recordings(callId)).toEqual([]);
  await expect(api.recordingAudio(part?.id ?? '')).rejects.toThrow('404');
  const [erased] = await journal.until('recording.erased', { since });
  expect(erased.data).toMatchObject({ callId });
  ear.close();
  agentEar.close();
});

testWhereItCan('keeps its callers while Callwright is away')(
  'a process that dies in a pause leaves nothing of the card, and the next one records again when told to',
  async () => {
    const { phone, ready, call, journal, callwright, restart } = house();
    const [ear, agentEar] = [await openEar(), await openEar()];
    await phone('1005', { answerAfterMs: 100, earPort: agentEar.port });
    await ready('eve');
    const since = journal.mark();
    const caller = await call({ to: '501', from: '7002', earPort: ear.port });
    const [started] = await journal.until('recording.started', { since });
    const callId = callOf(started);
    ear.speak(CUSTOMER);
    await hears(agentEar, 300);
    agentEar.speak(AGENT);
    await hears(ear, 500);
    await house().api.recordTalk(callId, 'pause');
    await callwright.end('SIGKILL');
    ear.speak(CARD);
    await hears(agentEar, 700);
    await restart();
    const { api } = house();
    await journal.until('call.adopted', { since });
    await hears(agentEar, 300);
    ear.speak(CUSTOMER);
    await hears(agentEar, 300);
    expect(await api.recordTalk(callId, 'resume')).toMatchObject({ state: 'on' });
    await hears(agentEar, 700);
    caller.hangUp();
    const parts = await until(
      'both parts to be kept',
      () => api.recordings(callId),
      (all) => all.length === 2 && all.every(({ durationMs }) => durationMs !== null),
    );
    for (const { id } of parts) {
      const wav = await api.recordingAudio(id);
      expect(tonesIn(wav)).toEqual([CUSTOMER, AGENT]);
      expect(hasTone(wav, [CARD])).toBe(false);
    }
    ear.close();
    agentEar.close();
  },
);
