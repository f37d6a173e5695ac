import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { soundsFolder } from '../../src/cli/sounds.ts';
import { placeOf } from '../support/sound-match.ts';
import { TONES, tonesIn } from '../support/tones.ts';
import { SOUNDS } from './support/callwright.ts';
import { openEar } from './support/ear.ts';
import { callOf } from './support/journal.ts';
import { useHouse } from './support/live.ts';
import { testWhereItCan } from './support/switch-under-test.ts';
import { until } from './support/until.ts';

/** What an abandoned person hears, over real SIP and RTP, held against the recording that is to prove it. */
const house = useHouse();
const [PERSON, OTHER] = ['+358401299011', '+358401299012'] as const;
const MESSAGE = 'queue.comfort';
const [VOICE] = TONES;
/** Of its words some may be spoilt by a gap of a frame each, when the switch waits for the processor. */
const MOST = 0.5;
/** Of the beginning of the message so much may be missing. */
const LOST_MS = 250;

/** As the switch plays it. */
const promptOf = (name: string): Buffer =>
  readFileSync(join(soundsFolder({ settings: { CALLWRIGHT_SOUNDS: SOUNDS }, env: process.env }), 'en', `${name}.wav`));

async function abandonedRow(campaignId: string): Promise<Record<string, string>> {
  const { callwright, adminToken } = house();
  const reply = await fetch(`${callwright.apiUrl}/v1/campaigns/${campaignId}/evidence`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  const pieces = (await reply.text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly name: string; readonly text: string });
  const text = pieces.flatMap((piece) => (piece.name === 'abandoned.csv' ? [piece.text] : [])).join('');
  const [row = {}]: Record<string, string>[] = parse(text, { columns: true, bom: true });
  return row;
}

/** Somebody answers, has no agent, and hears the first of the message. */
async function abandoned(number: string) {
  const { phone, ready, journal, api } = house();
  const ear = await openEar();
  await phone('1003', { answerAfterMs: 200, earPort: ear.port });
  await phone('1005', { answerAfterMs: 60_000 });
  await ready('eve');
  const since = journal.mark();
  const { campaign } = await api.createCampaign({
    name: 'Heard',
    mode: 'progressive',
    trunk: 'ear',
    profile: 'lab',
    callerId: '+358401234567',
    language: 'en',
    ringMs: 5_000,
    maxAttempts: 1,
    connectDeadlineMs: 1_500,
    message: { prompt: MESSAGE, says: [], marketing: false, recordingDays: 30 },
  });
  await api.importLeads(campaign.id, `number\n${number}`);
  await api.command(campaign.id, 'start');

  const [gaveUp] = await journal.until('call.abandoned', { since });
  const callId = callOf(gaveUp);
  await until(
    'the message to begin',
    () => ear.heard(),
    (packets) => packets > 0,
    { everyMs: 10 },
  );
  expect((ear.sounds()[0] ?? 0) - gaveUp.at).toBeLessThan(500);
  return { ear, since, campaign, callId };
}

testWhereItCan('records what a leg hears')(
  'who met nobody can be shown to have heard the message, said something, and opted out',
  async () => {
    const { journal, api } = house();
    const { ear, since, campaign, callId } = await abandoned(PERSON);
    await journal.until('attempt.apologised', { since });
    ear.speak(VOICE);
    await pause(600);
    ear.hush();
    await ear.press('9');
    await journal.until('attempt.opted-out', { since });
    const [kept] = await journal.until('recording.kept', { since, withinMs: 20_000 });

    const [part, ...others] = await api.recordings(callId);
    expect(others).toEqual([]);
    expect(part).toMatchObject({ id: kept.data.recordingId, kind: 'message', queue: `campaign:${campaign.id}` });
    const wav = await api.recordingAudio(part?.id ?? '');
    const message = placeOf(promptOf(MESSAGE), wav);
    const answer = placeOf(promptOf('campaign.opted-out'), wav);
    expect(Math.min(message.share, answer.share), JSON.stringify({ message, answer })).toBeGreaterThanOrEqual(MOST);
    // It holds the message from its beginning, but for a moment.
    expect(Math.abs(message.beginsMs)).toBeLessThan(LOST_MS);
    expect(answer.beginsMs).toBeGreaterThan(message.beginsMs + 1_000);
    expect(tonesIn(wav, answer.beginsMs - 700, answer.beginsMs + 100)).toContain(VOICE);

    const sha256 = createHash('sha256').update(wav).digest('hex');
    const row = await abandonedRow(campaign.id);
    expect([row['recording'], row['recording ms'], row['recording outcome'], row['recording SHA-256']]).toEqual([
      part?.id,
      String(part?.durationMs),
      'kept',
      sha256,
    ]);
    expect(await house().pbx.recordings()).toEqual([]);
    ear.close();
  },
);

testWhereItCan('keeps its callers while Callwright is away')(
  'when Callwright dies in the message it is said again, and both parts are kept',
  async () => {
    const { ear, since, callId } = await abandoned(OTHER);
    await house().callwright.end('SIGKILL');
    await house().restart();
    const { journal, api } = house();
    const [said] = await journal.until('attempt.apologised', { since, withinMs: 20_000 });
    expect(said.data.whole).toBe(true);
    await journal.until('recording.kept', { since, times: 2, withinMs: 20_000 });
    const parts = await api.recordings(callId);
    expect(parts.map(({ kind }) => kind)).toEqual(['message', 'message']);
    for (const { id } of parts) {
      const place = placeOf(promptOf(MESSAGE), await api.recordingAudio(id));
      expect(place.share, JSON.stringify(place)).toBeGreaterThanOrEqual(MOST);
    }
    expect(await house().pbx.recordings()).toEqual([]);
    ear.close();
  },
);
