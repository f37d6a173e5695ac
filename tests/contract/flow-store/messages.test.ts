import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type FlowStore, KEPT } from '../../../src/engine/ports/flow-store.ts';
import { pinTry } from '../../../src/ivr/pin-guard.ts';
import { HOSTILE } from './hostile.ts';
import {
  activationOf,
  CALLER,
  callbackIds,
  callbackOf,
  DAY,
  fresh,
  idsOf,
  NOW,
  releaseOf,
  voicemailIds,
  recordingOf,
  voicemailOf,
  waiting,
} from './samples.ts';
import { STORES, type Store } from './stores.ts';

describe.each(STORES)('the messages of the flow store in %s', (_, start) => {
  let store: Store;
  let flows: FlowStore;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    flows = await store.fresh();
  });
  afterAll(() => store.stop());

  describe('voicemail', () => {
    it('keeps each as it came, once', async () => {
      const promised = voicemailOf(1, { ani: null, replyBy: NOW + DAY });
      expect(await flows.depositVoicemail(promised, 2)).toBe('stored');
      expect(await flows.depositVoicemail(voicemailOf(2), 2)).toBe('stored');
      expect(await flows.depositVoicemail({ ...promised, box: 'other', file: 'x' }, 2)).toBe('stored');
      expect(await flows.depositVoicemail(promised, 0)).toBe('stored');
      expect(await flows.voicemail(promised.id)).toEqual(fresh(promised));
      expect(await flows.voicemail('call-9')).toBeNull();
      expect(idsOf(await flows.voicemails({ limit: 9 }))).toEqual(voicemailIds(2, 1));
    });

    it('is full when so many are not done, box by box', async () => {
      const results = [];
      for (const n of [1, 2, 3]) results.push(await flows.depositVoicemail(voicemailOf(n), 2));
      expect(results).toEqual(['stored', 'stored', 'full']);
      expect(await flows.voicemail(voicemailOf(3).id)).toBeNull();
      expect(await flows.depositVoicemail(voicemailOf(4, { box: 'other' }), 2)).toBe('stored');
      await flows.moveVoicemail(voicemailOf(1).id, 'heard', 'anna', NOW);
      expect(await flows.depositVoicemail(voicemailOf(3), 2)).toBe('full');
      expect([await flows.openVoicemails('sales'), await flows.openVoicemails('none')]).toEqual([2, 0]);
      await flows.moveVoicemail(voicemailOf(1).id, 'done', 'anna', NOW);
      expect(await flows.depositVoicemail(voicemailOf(3), 2)).toBe('stored');
    });

    it('takes no message too many, however many callers end at once', async () => {
      const others = (await store.second()) ?? flows;
      const deposits = Array.from({ length: 24 }, (_deposit, n) =>
        (n % 2 ? others : flows).depositVoicemail(voicemailOf(n % 12), 5),
      );
      const results = await Promise.all(deposits);
      expect(results.filter((result) => result === 'stored')).toHaveLength(10);
      expect(await flows.voicemails({ limit: 99 })).toHaveLength(5);
    });

    it('moves from state to state and says who moved it', async () => {
      await flows.depositVoicemail(voicemailOf(1), 9);
      const heard = { ...fresh(voicemailOf(1)), state: 'heard', by: 'anna', movedAt: NOW + 9 };
      expect(await flows.moveVoicemail(voicemailOf(1).id, 'heard', 'anna', NOW + 9)).toEqual(heard);
      expect(await flows.voicemail(voicemailOf(1).id)).toEqual(heard);
      expect(await flows.moveVoicemail(voicemailOf(1).id, 'new', 'ben', NOW + 10)).toMatchObject({ state: 'new' });
      expect(await flows.moveVoicemail('call-9', 'done', 'anna', NOW)).toBeNull();
    });

    it('lists by box and state, newest first, page by page', async () => {
      for (const n of [1, 2, 3, 4]) await flows.depositVoicemail(voicemailOf(n, { box: n % 2 ? 'sales' : 'care' }), 9);
      await flows.depositVoicemail(voicemailOf(5, { recordedAt: NOW + 4 }), 9);
      await flows.moveVoicemail(voicemailOf(3).id, 'done', 'anna', NOW);
      expect(idsOf(await flows.voicemails({ limit: 9 }))).toEqual(voicemailIds(5, 4, 3, 2, 1));
      expect(idsOf(await flows.voicemails({ box: 'care', limit: 9 }))).toEqual(voicemailIds(4, 2));
      expect(idsOf(await flows.voicemails({ box: 'sales', state: 'new', limit: 9 }))).toEqual(voicemailIds(5, 1));
      expect(idsOf(await flows.voicemails({ state: 'done', limit: 9 }))).toEqual(voicemailIds(3));
      const [, last] = await flows.voicemails({ limit: 2 });
      const next = { limit: 2, before: last?.id ?? '' };
      expect(idsOf(await flows.voicemails(next))).toEqual(voicemailIds(3, 2));
      expect(idsOf(await flows.voicemails({ ...next, box: 'sales' }))).toEqual(voicemailIds(3, 1));
      expect(await flows.voicemails({ limit: 9, before: 'call-9' })).toEqual([]);
    });

    it('lists what was done long ago, for its recording and then its row to go', async () => {
      for (const n of [1, 2, 3]) await flows.depositVoicemail(voicemailOf(n), 9);
      await flows.moveVoicemail(voicemailOf(1).id, 'done', 'anna', NOW);
      await flows.moveVoicemail(voicemailOf(2).id, 'done', 'anna', NOW + 1);
      expect(idsOf(await flows.voicemails({ state: 'done', movedBefore: NOW + 1, limit: 9 }))).toEqual(voicemailIds(1));
      expect(idsOf(await flows.voicemails({ movedBefore: NOW + DAY, limit: 9 }))).toEqual(voicemailIds(2, 1));
      expect(await flows.removeVoicemail(voicemailOf(1).id)).toBe(true);
      expect(await flows.removeVoicemail(voicemailOf(1).id)).toBe(false);
      expect(await flows.voicemail(voicemailOf(1).id)).toBeNull();
      expect(await flows.markAlerted(voicemailOf(1).id)).toBe(false);
    });

    it('tells of a late answer once, the longest overdue first', async () => {
      const due = [NOW + 30, NOW + 10, NOW + 20, null, NOW + 5, NOW + 90];
      for (const [n, replyBy] of due.entries()) await flows.depositVoicemail(voicemailOf(n, { replyBy }), 9);
      await flows.moveVoicemail(voicemailOf(4).id, 'done', 'anna', NOW);
      await flows.moveVoicemail(voicemailOf(2).id, 'heard', 'anna', NOW);
      expect(await flows.overdueVoicemails(NOW + 10, 9)).toEqual([]);
      expect(idsOf(await flows.overdueVoicemails(NOW + 31, 9))).toEqual(voicemailIds(1, 2, 0));
      expect(idsOf(await flows.overdueVoicemails(NOW + 31, 1))).toEqual(voicemailIds(1));
      const marks = await Promise.all(Array.from({ length: 6 }, () => flows.markAlerted(voicemailOf(1).id)));
      expect(marks.filter(Boolean)).toHaveLength(1);
      expect(idsOf(await flows.overdueVoicemails(NOW + 31, 9))).toEqual(voicemailIds(2, 0));
      expect(await flows.markAlerted('call-9')).toBe(false);
    });
  });

  describe('callbacks', () => {
    it('keeps each as it was asked for, once, the soonest due first', async () => {
      const kept = callbackOf(1, { keepPlaceFrom: NOW - 5 });
      for (const callback of [callbackOf(3), kept, { ...kept, number: '1' }, callbackOf(2, { queue: 'care' })]) {
        expect(await flows.requestCallback(callback, 1_000)).toBe(callback.id);
      }
      const all = await flows.callbacks({ limit: 9 });
      expect(idsOf(all)).toEqual(callbackIds(1, 2, 3));
      expect(all[0]).toEqual(waiting(kept));
      expect(await flows.callback(kept.id)).toEqual(waiting(kept));
      expect(idsOf(await flows.callbacks({ after: kept.id, limit: 9 }))).toEqual(callbackIds(2, 3));
      expect(await flows.callbacks({ after: 'call-9', limit: 9 })).toEqual([]);
      expect(idsOf(await flows.callbacks({ queue: 'sales', limit: 9 }))).toEqual(callbackIds(1, 3));
      expect(idsOf(await flows.callbacks({ limit: 1 }))).toEqual(callbackIds(1));
    });

    it('has no more waiting in a queue than it may, however many ask at once', async () => {
      const others = (await store.second()) ?? flows;
      const asked = Array.from({ length: 24 }, (_asked, n) =>
        (n % 2 ? others : flows).requestCallback(callbackOf(n % 12), 5),
      );
      expect((await Promise.all(asked)).filter((answer) => answer !== null)).toHaveLength(10);
      expect(await flows.callbacks({ limit: 99 })).toHaveLength(5);
      expect(await flows.requestCallback(callbackOf(99, { queue: 'care' }), 5)).toBe(callbackOf(99).id);
    });

    it('has a number waiting once in a queue, however often it is given', async () => {
      const first = callbackOf(1);
      for (const n of [1, 2, 3]) {
        expect(await flows.requestCallback(callbackOf(n, { number: first.number }), 1)).toBe(first.id);
      }
      expect(await flows.requestCallback(callbackOf(4, { number: first.number, queue: 'care' }), 1)).toBe(
        callbackOf(4).id,
      );
      expect(idsOf(await flows.callbacks({ limit: 9 }))).toEqual(callbackIds(1, 4));
      await flows.closeCallback(first.id, 'done', NOW, 'anna');
      await flows.requestCallback(callbackOf(5, { number: first.number }), 1);
      expect(idsOf(await flows.callbacks({ state: 'waiting', limit: 9 }))).toEqual(callbackIds(4, 5));
    });

    it('closes once', async () => {
      for (const n of [1, 2]) await flows.requestCallback(callbackOf(n), 1_000);
      const { id } = callbackOf(1);
      expect(await flows.closeCallback(id, 'done', NOW, 'anna')).toBe(true);
      expect(await flows.closeCallback(id, 'cancelled', NOW, 'anna')).toBe(false);
      expect(await flows.closeCallback('call-9', 'done', NOW, 'anna')).toBe(false);
      await flows.requestCallback(callbackOf(1), 1_000);
      expect(idsOf(await flows.callbacks({ state: 'done', limit: 9 }))).toEqual(callbackIds(1));
      expect(idsOf(await flows.callbacks({ queue: 'sales', state: 'waiting', limit: 9 }))).toEqual(callbackIds(2));
    });

    it('trims those closed, or due and left, long ago', async () => {
      for (const n of [1, 2, 3]) await flows.requestCallback(callbackOf(n), 1_000);
      await flows.closeCallback(callbackOf(1).id, 'done', NOW + 9, 'anna');
      await flows.closeCallback(callbackOf(2).id, 'cancelled', NOW, 'anna');
      await flows.trim(NOW + 2 + KEPT.callbackMs);
      expect(idsOf(await flows.callbacks({ limit: 9 }))).toEqual(callbackIds(1, 3));
      await flows.trim(NOW + 3 + KEPT.callbackMs);
      expect(idsOf(await flows.callbacks({ limit: 9 }))).toEqual(callbackIds(1));
      await flows.trim(NOW + 9 + KEPT.callbackMs);
      expect(await flows.callbacks({ limit: 9 })).toEqual([]);
    });
  });

  it('lists at most 200, and at least one, whatever is asked for', async () => {
    for (let n = 0; n < 201; n += 1) await flows.requestCallback(callbackOf(n), 1_000);
    expect(await flows.callbacks({ limit: 100_000 })).toHaveLength(200);
    expect(await flows.callbacks({ limit: -1 })).toHaveLength(1);
  });

  it('keeps a recording once, until it is removed', async () => {
    const kept = recordingOf('call-1-rec1');
    for (const file of ['f00d', 'other']) await flows.saveRecording({ ...kept, file });
    expect(await flows.recording('call-1-rec1')).toEqual(kept);
    expect(await flows.recording('call-1-rec2')).toBeNull();
    expect(await flows.removeRecording('call-1-rec1')).toBe(true);
    expect(await flows.removeRecording('call-1-rec1')).toBe(false);
    expect(await flows.recording('call-1-rec1')).toBeNull();
  });

  it('tells recordings of a call, those a switch still has, and those whose time is over', async () => {
    const talk = { kind: 'talk', queue: 'billing', agentId: 'alice', makingOn: 'asterisk-1' } as const;
    await flows.saveRecording(recordingOf('b', { ...talk, recordedAt: NOW + 2, keepUntil: NOW + 10 }));
    await flows.saveRecording(recordingOf('a', { ...talk, recordedAt: NOW + 1, keepUntil: NOW + 20 }));
    await flows.saveRecording(recordingOf('c', { callId: 'call-2', keepUntil: NOW + 5 }));
    const ids = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);
    expect(ids(await flows.recordingsOf('call-1'))).toEqual(['a', 'b']);
    expect(ids(await flows.recordingsOf('call-3'))).toEqual([]);
    expect(ids(await flows.recordingsMadeOn('asterisk-1', 9))).toEqual(['a', 'b']);
    expect(ids(await flows.recordingsMadeOn('asterisk-1', 1))).toEqual(['a']);
    expect(ids(await flows.recordingsMadeOn('asterisk-2', 9))).toEqual([]);
    await flows.keptRecording('a', 1_500);
    await flows.keptRecording('never', 1);
    expect(ids(await flows.recordingsMadeOn('asterisk-1', 9))).toEqual(['b']);
    expect(await flows.recording('a')).toMatchObject({ ...talk, makingOn: null, durationMs: 1_500 });
    expect(ids(await flows.dueRecordings(NOW + 5, 9))).toEqual([]);
    expect(ids(await flows.dueRecordings(NOW + 11, 9))).toEqual(['c', 'b']);
    expect(ids(await flows.dueRecordings(NOW + 99, 2))).toEqual(['c', 'b']);
  });

  it('knows the legs outside as they were written last, until two days have passed', async () => {
    const legs = [1, 2].map((n) => ({ id: `leg-${n}`, begunAt: NOW + n, talkedMs: 0, askedBy: 'agent:alice' }));
    for (const leg of legs) await flows.saveOutsideLeg(leg);
    await flows.saveOutsideLeg({ id: 'leg-2', begunAt: NOW + 2, talkedMs: 60_000, askedBy: 'agent:alice' });
    expect(await flows.outsideLegs(NOW + 1)).toEqual([
      { id: 'leg-2', begunAt: NOW + 2, talkedMs: 60_000, askedBy: 'agent:alice' },
    ]);
    expect(await flows.outsideLegs(NOW)).toHaveLength(2);
    await flows.trim(NOW + 1 + KEPT.outsideLegMs);
    expect(idsOf(await flows.outsideLegs(0))).toEqual(['leg-2']);
  });

  describe('hostile strings', () => {
    it('are two hundred', () => {
      expect(new Set(HOSTILE).size).toBe(200);
    });

    it('find nothing, and break nothing', async () => {
      for (const text of HOSTILE) {
        const found = [
          await flows.release(text),
          await flows.recall(text, text, NOW),
          (await flows.forget(text, text)) || null,
          (await flows.forget(text, null)) || null,
          (await flows.removePin(text)) || null,
          await flows.pinHash(text),
          await flows.voicemail(text),
          await flows.moveVoicemail(text, 'done', text, NOW),
          (await flows.markAlerted(text)) || null,
          await flows.recording(text),
          (await flows.removeRecording(text)) || null,
          (await flows.voicemails({ box: text, limit: 9 }))[0] ?? null,
          (await flows.voicemails({ before: text, limit: 9 }))[0] ?? null,
          (await flows.callbacks({ queue: text, limit: 9 }))[0] ?? null,
          (await flows.closeCallback(text, 'done', NOW, text)) || null,
          await flows.callback(text),
          await flows.changeCallback(text, { dueBy: NOW }),
          await flows.withdrawCallback(text, text, text, NOW),
          (await flows.holdErrand('callback', text, text, NOW, NOW + 1)) || null,
          (await flows.holdErrand('voicemail', text, text, NOW, NOW + 1)) || null,
          (await flows.tryErrand('callback', text, text, 1)) || null,
          (await flows.dueVoicemails([text], NOW, 9))[0] ?? null,
        ];
        expect(found.filter((each) => each !== null)).toEqual([]);
      }
    });

    it('are names like any other, each its own', async () => {
      for (const [n, text] of HOSTILE.entries()) {
        await flows.remember(text, text, String(n), NOW + 1);
        await flows.setPin(text, String(n));
        expect(
          await flows.depositVoicemail(voicemailOf(n, { id: text, box: text, ani: text, language: text }), 1),
        ).toBe('stored');
        await flows.saveRecording(
          recordingOf(text, { callId: text, recordedAt: n, file: text, queue: text, agentId: text }),
        );
        await flows.requestCallback(callbackOf(n, { id: text, queue: text, number: text }), 1_000);
      }
      for (const [n, text] of HOSTILE.entries()) {
        expect(await flows.recall(text, text, NOW)).toBe(String(n));
        expect(await flows.pinHash(text)).toBe(String(n));
        expect(await flows.tryPin(text, (row) => pinTry(row, true, NOW))).toBe('ok');
        expect(await flows.voicemails({ box: text, limit: 9 })).toMatchObject([{ recordedAt: NOW + n }]);
        expect(await flows.callbacks({ queue: text, limit: 9 })).toMatchObject([{ dueBy: NOW + n }]);
        expect(await flows.recording(text)).toMatchObject({ recordedAt: n });
        expect(await flows.recordingsOf(text)).toMatchObject([{ recordedAt: n }]);
        expect(await flows.forget(text, null)).toBe(1);
      }
    });

    it('are kept as values too', async () => {
      for (const text of HOSTILE) {
        await flows.remember(CALLER, 'topic', text, NOW + 1);
        expect(await flows.recall(CALLER, 'topic', NOW)).toHaveLength(text.length);
        await flows.saveRelease(releaseOf(text, { note: text, madeBy: text, files: [{ path: text, text }] }));
        expect((await flows.release(text))?.files).toEqual([{ path: text, text }]);
        await flows.activate(activationOf(text, { by: text }));
      }
      expect(await flows.activations(200)).toHaveLength(200);
    });
  });
});
