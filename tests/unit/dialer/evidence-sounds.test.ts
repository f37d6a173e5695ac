import { describe, expect, it } from 'vitest';
import type { Fact, JournalEvent } from '../../../src/call/journal.ts';
import { callFrom, type EvidenceCall } from '../../../src/dialer/evidence.ts';
import { campaignOf, isOfCall } from '../../../src/dialer/evidence-facts.ts';
import { SOUND_COLUMNS, soundCells, soundsOf } from '../../../src/dialer/evidence-sounds.ts';

const T0 = Date.UTC(2026, 10, 22, 12);
const QUEUE = 'campaign:c1';
const ID = 'call-1-message1';

const events = (subject: string, facts: readonly Fact[]): JournalEvent[] =>
  facts.map((fact, index) => ({ ...fact, subject, seq: index + 1, at: T0 + index * 1_000 }));

const about = { campaignId: 'c1', leadId: 'l1', attemptId: 'a1' };
const DIALLED: Fact = {
  type: 'attempt.started',
  data: { ...about, number: '+358401234567', trunk: 'public', callerId: '+358400000009' },
};
const ABANDONED: Fact = { type: 'call.abandoned', data: { queue: QUEUE, waitedMs: 1_850, while: 'waiting' } };
const started = (recordingId = ID, queue = QUEUE): Fact => ({
  type: 'recording.started',
  data: { recordingId, queue, agentId: null },
});
const stopped = (outcome: 'kept' | 'dropped', recordingId = ID): Fact => ({
  type: 'recording.stopped',
  data: { recordingId, outcome },
});
const kept = (recordingId = ID, sha256 = 'ab12'): Fact => ({
  type: 'recording.kept',
  data: { recordingId, callId: 'call-1', queue: QUEUE, durationMs: 8_400, sha256 },
});
const erased = (recordingId = ID): Fact => ({
  type: 'recording.erased',
  data: { recordingId, callId: 'call-1', queue: QUEUE, by: 'retention' },
});

const callOf = (...facts: readonly Fact[]): EvidenceCall => {
  const call = callFrom(events('call/call-1', [DIALLED, ...facts]));
  if (!call) throw new Error('no call');
  return call;
};
const cells = (call: EvidenceCall, ...files: readonly Fact[]) =>
  soundCells(call, soundsOf(events(`recording/${ID}`, files)));

describe('the sound of an abandoned call in its row', () => {
  const over = callOf(ABANDONED, started(), stopped('kept'));

  it('has a cell for each column, whatever is known', () => {
    for (const call of [callOf(), callOf(ABANDONED), over]) expect(cells(call)).toHaveLength(SOUND_COLUMNS.length);
  });

  it.each([
    ['of somebody who left before the message, nothing', callOf(), [], [null, null, null, null]],
    ['that nobody asked for one', callOf(ABANDONED), [], [null, null, 'not recorded', null]],
    ['that it goes on', callOf(ABANDONED, started()), [], [ID, '–', 'being recorded', '–']],
    ['that the switch still has it', over, [], [ID, '–', 'recorded, not fetched from the switch', '–']],
    [
      'that none was made',
      callOf(ABANDONED, started(), stopped('dropped')),
      [],
      [ID, '–', 'none: the switch made no recording', '–'],
    ],
    ['its length and hash', over, [kept()], [ID, '8400', 'kept', 'ab12']],
    [
      'who erased it when, and its hash',
      over,
      [erased(), kept()],
      [ID, '8400', 'erased 2026-11-22T12:00:00.000Z by retention', 'ab12'],
    ],
  ])('tells %s', (_what, call, files, row) => {
    expect(cells(call, ...files)).toEqual(row);
  });

  it('has the parts of an outage in order, each with its own', () => {
    const [one, two] = [ID, 'call-1-message2'];
    const call = callOf(ABANDONED, started(one), stopped('kept', one), started(two), stopped('dropped', two));
    expect(cells(call, kept(one))).toEqual([
      `${one}; ${two}`,
      '8400; –',
      'kept; none: the switch made no recording',
      'ab12; –',
    ]);
  });

  it('has no talk of a queue that a flow led to', () => {
    expect(callOf(started('call-1-talk1', 'billing')).recordings).toEqual([]);
  });
});

describe('the books of evidence', () => {
  it('keep what became of the files of a campaign, and of no queue’s', () => {
    const [file, gone] = events(`recording/${ID}`, [kept(), erased()]);
    const [talk] = events('recording/x', [{ ...kept(), data: { ...kept().data, queue: 'billing' } } as Fact]);
    expect([file, gone, talk].map((event) => event && campaignOf(event))).toEqual(['c1', 'c1', null]);
    expect(isOfCall('recording.started') && isOfCall('recording.stopped')).toBe(true);
  });
});
