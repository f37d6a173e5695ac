import { createHash } from 'node:crypto';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { SwitchCommand, SwitchResult } from '../../src/call/switch.ts';
import { EngineEvidenceDesk } from '../../src/engine/evidence-desk.ts';
import { answers, rings } from '../support/fake-party.ts';
import { PLAYED_HZ } from '../support/fake-sound.ts';
import { agentProfile } from '../support/site.ts';
import { testSigner } from '../support/test-signer.ts';
import { TONES, tonesIn } from '../support/tones.ts';
import { campaignIn } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const NUMBER = '+358401234599';
const [VOICE] = TONES;
const DAYS = 365;
const DAY_MS = 86_400_000;
const MESSAGE = { prompt: 'autumn.sorry', says: ['name'], marketing: false } as const;
/** The only agent lets his phone ring for so long that nobody comes. */
const AGENT = agentProfile('alice');

interface Ways {
  readonly days?: number;
  readonly before?: (house: WalkHouse) => void;
}

/** Somebody answers and has no agent: he hears the message now. */
async function abandoned({ days = DAYS, before = () => {} }: Ways = {}) {
  const house = await new WalkHouse({ agents: [AGENT] }).start();
  house.fake.number(NUMBER, answers(3_000));
  house.fake.phone(AGENT.phone, rings);
  await house.ready(AGENT.id);
  before(house);
  const message = days === 0 ? MESSAGE : { ...MESSAGE, recordingDays: days };
  const id = await campaignIn(house, [NUMBER], { message });
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.eventsOf('call.abandoned').length === 1);
  await house.clock.advance(1);
  const [{ subject, at } = { subject: '', at: 0 }] = house.eventsOf('call.abandoned');
  const callId = subject.slice('call/'.length);
  const { party } = house.fake.number(NUMBER);
  const over = async () => {
    await house.clock.runUntil(() => house.eventsOf('call.ended').length === 1, 'the call to be over');
    await house.clock.advance(2_000);
  };
  return { house, id, callId, party, at, over };
}

type Made = Awaited<ReturnType<typeof abandoned>>;

/** Files of the evidence pack. */
async function packOf({ house, id }: Made): Promise<ReadonlyMap<string, string>> {
  const desk = new EngineEvidenceDesk({
    clock: house.clock,
    history: house.history,
    keeper: house.engine.house.evidence,
    signer: testSigner(),
    heard: (campaign) => house.engine.house.amd.learn(campaign),
    profiles: () => house.engine.house.releases.current.site.profiles ?? new Map<string, never>(),
  });
  const query = { campaignId: id, from: 0, until: Number.MAX_SAFE_INTEGER, withNumbers: false, by: 'Maria' };
  const pack = await desk.pack(query);
  if (!pack.ok) throw new Error(pack.sentence);
  const files = new Map<string, string>();
  for await (const { name, text } of pack.value) files.set(name, (files.get(name) ?? '') + text);
  return files;
}

async function abandonedRow(made: Made): Promise<Record<string, string>> {
  const [row = {}]: Record<string, string>[] = parse((await packOf(made)).get('abandoned.csv') ?? '', {
    columns: true,
    bom: true,
  });
  return row;
}

const soundOf = (row: Record<string, string>) =>
  ['recording', 'recording ms', 'recording outcome', 'recording SHA-256'].map((column) => row[column]);

describe('the recording of an abandoned call', () => {
  it('holds the message and what he said, is kept for its days, and stands in the evidence with its hash', async () => {
    const made = await abandoned();
    const { house, callId, party, at, over } = made;
    party.say(Infinity, VOICE);
    await over();
    const { flowDesk } = house.engine.house;
    const [row, ...others] = await flowDesk.recordingsOf(callId);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ id: `${callId}-message1`, kind: 'message', agentId: null });
    expect(row?.queue).toBe(`campaign:${made.id}`);
    expect((row?.keepUntil ?? 0) - (row?.recordedAt ?? 0)).toBe(DAYS * DAY_MS);
    expect(row?.recordedAt).toBe(at);
    const wav = (await flowDesk.recordingAudio(row?.id ?? '')) ?? new Uint8Array(44);
    // From the first moment of the message to the end of the line.
    expect(tonesIn(wav, 0, 500)).toEqual([VOICE, PLAYED_HZ]);
    const [ended] = house.eventsOf('attempt.ended');
    expect(Math.abs((row?.durationMs ?? 0) - ((ended?.at ?? 0) - at))).toBeLessThan(20);
    expect(house.eventsOf('recording.stopped')).toMatchObject([{ data: { outcome: 'kept' } }]);
    const sha256 = createHash('sha256').update(wav).digest('hex');
    expect(house.eventsOf('recording.kept')).toMatchObject([{ data: { recordingId: row?.id, callId, sha256 } }]);
    expect(soundOf(await abandonedRow(made))).toEqual([row?.id, String(row?.durationMs), 'kept', sha256]);
    expect([...(await packOf(made)).keys()].filter((name) => name.endsWith('.wav'))).toEqual([]);
    expect(await house.fake.recording(row?.id ?? '')).toMatchObject({ why: 'gone' });
    await house.service.setAgentStatus(AGENT.id, 'not-ready', 'lunch');
    await house.expectNoLeaks();
  });

  it('is not made where the campaign does not ask for it', async () => {
    const made = await abandoned({ days: 0 });
    await made.over();
    expect(await made.house.engine.house.flowDesk.recordingsOf(made.callId)).toEqual([]);
    expect(made.house.eventsOf('recording.started')).toEqual([]);
    expect(soundOf(await abandonedRow(made))).toEqual(['', '', 'not recorded', '']);
  });

  it('goes on over the key that opts out, which works at once', async () => {
    const made = await abandoned();
    const { house, callId, party, over } = made;
    party.press('9');
    await house.clock.runUntil(() => party.hearing?.includes('campaign.opted-out') === true, 'the answer to the key');
    expect(house.engine.house.dnc.keeper.hits(NUMBER, null)).toMatchObject([{ kind: 'number', source: 'caller' }]);
    await over();
    const [row, ...others] = await house.engine.house.flowDesk.recordingsOf(callId);
    expect(others).toEqual([]);
    const wav = (await house.engine.house.flowDesk.recordingAudio(row?.id ?? '')) ?? new Uint8Array(44);
    expect(tonesIn(wav, (row?.durationMs ?? 0) - 500)).toEqual([PLAYED_HZ]);
  });

  it('ends when he hangs up on the message, and is asked for once', async () => {
    const made = await abandoned();
    await made.house.clock.advance(500);
    made.party.hangUp();
    await made.over();
    expect(made.house.eventsOf('recording.started')).toHaveLength(1);
    const [, ms, outcome] = soundOf(await abandonedRow(made));
    expect([Number(ms) > 450 && Number(ms) < 600, outcome]).toEqual([true, 'kept']);
  });

  it('says in the evidence when and by whom it was erased, and still its hash', async () => {
    const made = await abandoned();
    await made.over();
    const { flowDesk } = made.house.engine.house;
    const before = soundOf(await abandonedRow(made));
    expect(await flowDesk.eraseRecording(before[0] ?? '', 'anna')).toBe(true);
    await made.house.clock.advance(2_000);
    const after = soundOf(await abandonedRow(made));
    expect(after[2]).toMatch(/^erased 20\d\d-.* by anna$/);
    expect([after[0], after[1], after[3]]).toEqual([before[0], before[1], before[3]]);
    expect(await flowDesk.recordingAudio(before[0] ?? '')).toBeNull();
  });

  it('is erased when its days are over', async () => {
    const made = await abandoned({ days: 1 });
    await made.over();
    await made.house.clock.advance(DAY_MS + 120_000);
    expect(soundOf(await abandonedRow(made))[2]).toMatch(/by retention$/);
  });

  it('is in two parts when the process dies meanwhile, and both are kept', async () => {
    const made = await abandoned();
    const { house, callId } = made;
    house.kill();
    await house.restart();
    await made.over();
    const rows = await house.engine.house.flowDesk.recordingsOf(callId);
    expect(rows.map(({ id }) => id)).toEqual([1, 2].map((part) => `${callId}-message${part}`));
    const [ids, , outcomes, hashes] = soundOf(await abandonedRow(made));
    expect([ids, outcomes]).toEqual([rows.map(({ id }) => id).join('; '), 'kept; kept']);
    expect(hashes?.split('; ').every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });
});

describe('a message over an outage', () => {
  it.each([
    [
      'the process dies',
      async (house: WalkHouse) => {
        house.kill();
        await house.restart();
      },
    ],
    [
      'the connection breaks, and once more',
      async ({ clock, fake }: WalkHouse) => {
        for (const again of [false, true]) {
          if (again) await clock.advance(300);
          fake.disconnect();
          await clock.advance(100);
          fake.reconnect();
        }
      },
    ],
  ])('is said anew, to its end, and nobody waits in silence: %s', async (_what, outage) => {
    const { house, party } = await abandoned();
    await house.clock.advance(300);
    await outage(house);
    await house.clock.runUntil(() => party.hearing?.includes('autumn.sorry') === true, 'the message again');
    const again = house.clock.now();
    await house.clock.runUntil(() => house.eventsOf('call.ended').length === 1, 'the call to be over');
    expect(house.clock.now() - again).toBeLessThan(15_000);
    expect(house.eventsOf('attempt.apologised')).toMatchObject([{ data: { whole: true } }]);
    expect(house.eventsOf('attempt.ended')).toMatchObject([{ data: { outcome: 'abandoned' } }]);
  });

  it.each([
    ['after it', 2_500, false],
    ['after his key', 300, true],
  ])('ends within seconds when it dies %s', async (_when, ms, presses) => {
    const { house, party } = await abandoned();
    await house.clock.advance(ms);
    if (presses) party.press('9');
    await house.clock.advance(10);
    house.kill();
    await house.restart();
    const from = house.clock.now();
    await house.clock.runUntil(() => house.eventsOf('call.ended').length === 1, 'the call to be over');
    expect(house.clock.now() - from).toBeLessThan(10_000);
    expect(house.eventsOf('attempt.opted-out')).toHaveLength(presses ? 1 : 0);
    expect(party.heard.filter((name) => name.includes('autumn.sorry'))).toHaveLength(1);
  });
});

describe('a recording that cannot begin', () => {
  const refused: SwitchResult = { ok: false, why: 'refused', detail: 'no' };
  const unavailable: SwitchResult = { ok: false, why: 'unavailable', detail: 'no answer' };
  /** What the switch says to it, when it says anything. */
  const replies: readonly (readonly [string, () => Promise<SwitchResult>])[] = [
    ['refuses', () => Promise.resolve(refused)],
    ['does not answer in time', () => Promise.resolve(unavailable)],
    ['says nothing at all', () => new Promise(() => {})],
  ];

  it.each(replies)('leaves the message and its key as they are when the switch %s', async (_what, reply) => {
    const asked: string[] = [];
    const before = ({ fake }: WalkHouse) => {
      const carryOut = fake.do.bind(fake);
      fake.do = (command: SwitchCommand) => {
        if (command.type !== 'record.leg') return carryOut(command);
        asked.push(command.recordingId);
        return reply();
      };
    };
    const [made, plain] = [await abandoned({ before }), await abandoned({ days: 0 })];
    for (const { party } of [made, plain]) expect(party.hearing).toContain('autumn.sorry');
    made.party.press('9');
    await made.over();
    await plain.over();
    const beganIn = ({ house, at }: Made) => at - (house.eventsOf('call.answered')[0]?.at ?? 0);
    expect(beganIn(made)).toBe(beganIn(plain));
    expect(made.house.eventsOf('attempt.opted-out')).toHaveLength(1);
    expect(made.party.heard.join()).toContain('campaign.opted-out');
    expect(asked).toHaveLength(1);
    const [, ms, outcome, hash] = soundOf(await abandonedRow(made));
    expect([ms, hash]).toEqual(['–', '–']);
    expect(outcome).not.toBe('kept');
  });

  it('tells of it in the journal and in the evidence when the switch refuses', async () => {
    const before = ({ fake }: WalkHouse) => {
      fake.deafTo = 'record.leg';
    };
    const made = await abandoned({ before });
    await made.over();
    expect(made.house.eventsOf('attempt.apologised')).toMatchObject([{ data: { whole: true } }]);
    expect(made.house.eventsOf('recording.stopped')).toMatchObject([{ data: { outcome: 'dropped' } }]);
    expect(soundOf(await abandonedRow(made))).toEqual([
      `${made.callId}-message1`,
      '–',
      'none: the switch made no recording',
      '–',
    ]);
    expect(await made.house.engine.house.flowDesk.recordingsOf(made.callId)).toEqual([]);
  });

  it('is written down late, and kept, when the database refuses its row', async () => {
    const made = await abandoned({ before: (house) => void (house.refuses = 'saveRecording') });
    expect(made.party.hearing).toContain('autumn.sorry');
    await made.house.clock.advance(1_500);
    made.house.refuses = '';
    await made.over();
    await made.house.clock.advance(120_000);
    expect(soundOf(await abandonedRow(made))[2]).toBe('kept');
  });
});
