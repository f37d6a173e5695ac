import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FlowStore } from '../../../src/engine/ports/flow-store.ts';
import { CALLER, callbackIds, callbackOf, idsOf, NOW, voicemailIds, voicemailOf, waiting } from './samples.ts';
import { STORES, type Store } from './stores.ts';

const LATER = NOW + 60_000;

describe.each(STORES)('the errands of the flow store in %s', (_, start) => {
  let store: Store;
  let flows: FlowStore;

  beforeAll(async () => {
    store = await start();
  });
  beforeEach(async () => {
    flows = await store.fresh();
  });
  afterAll(() => store.stop());

  const asked = async (n: number, change: Parameters<typeof callbackOf>[1] = {}) => {
    const id = await flows.requestCallback(callbackOf(n, change), 1_000);
    return id ?? 'none';
  };

  it('are due in the order of their places, the kept ones by their old place', async () => {
    await asked(1, { requestedAt: NOW - 10 });
    await asked(2, { requestedAt: NOW - 30 });
    await asked(3, { requestedAt: NOW - 5, keepPlaceFrom: NOW - 20 });
    expect(idsOf(await flows.dueCallbacks(NOW, 9))).toEqual(callbackIds(2, 3, 1));
    expect(idsOf(await flows.dueCallbacks(NOW, 2))).toEqual(callbackIds(2, 3));
  });

  it('of a box are due when an answer was promised, the soonest first', async () => {
    const promised = [
      voicemailOf(1, { replyBy: LATER }),
      voicemailOf(2),
      voicemailOf(3, { replyBy: NOW - 1 }),
      voicemailOf(4, { replyBy: NOW, box: 'care' }),
    ];
    for (const message of promised) await flows.depositVoicemail(message, 9);
    expect(idsOf(await flows.dueVoicemails(['sales', 'care'], NOW, 9))).toEqual(voicemailIds(3, 4, 1));
    expect(idsOf(await flows.dueVoicemails(['sales'], NOW, 9))).toEqual(voicemailIds(3, 1));
    expect(await flows.dueVoicemails([], NOW, 9)).toEqual([]);
    await flows.moveVoicemail(voicemailOf(3).id, 'done', 'anna', NOW);
    await flows.moveVoicemail(voicemailOf(1).id, 'heard', 'anna', NOW);
    expect(idsOf(await flows.dueVoicemails(['sales'], NOW, 9))).toEqual(voicemailIds(1));
  });

  it('are held by one call at a time, however many ask at once, until it lets go or its time is over', async () => {
    const id = await asked(1);
    const others = (await store.second()) ?? flows;
    const calls = Array.from({ length: 12 }, (_call, n) => `call-${n}`);
    const held = await Promise.all(
      calls.map((call, n) => (n % 2 ? others : flows).holdErrand('callback', id, call, NOW, LATER)),
    );
    expect(held.filter(Boolean)).toHaveLength(1);
    const holder = calls[held.indexOf(true)] ?? '';
    expect(await flows.dueCallbacks(NOW, 9)).toEqual([]);
    expect(await flows.holdErrand('callback', id, holder, NOW, LATER + 9)).toBe(true);
    expect(await flows.holdErrand('callback', id, 'call-99', LATER + 8, LATER + 99)).toBe(false);
    expect(await flows.holdErrand('callback', id, 'call-99', LATER + 9, LATER + 99)).toBe(true);
    expect(await flows.tryErrand('callback', id, holder, 1)).toBe(false);
    await flows.putOffErrand('callback', id, holder, NOW);
    expect(await flows.tryErrand('callback', id, 'call-99', 2)).toBe(true);
    await flows.putOffErrand('callback', id, 'call-99', LATER + 50);
    expect(await flows.callback(id)).toMatchObject({ tries: 2, notBefore: LATER + 50 });
    expect(await flows.dueCallbacks(LATER + 49, 9)).toEqual([]);
    expect(idsOf(await flows.dueCallbacks(LATER + 50, 9))).toEqual([id]);
  });

  it('are told by whom they are held, as long as they are', async () => {
    const id = await asked(1);
    const message = voicemailOf(1, { replyBy: NOW });
    await flows.depositVoicemail(message, 9);
    for (const [kind, errand] of [
      ['callback', id],
      ['voicemail', message.id],
    ] as const) {
      expect(await flows.errandHolder(kind, errand, NOW)).toBeNull();
      await flows.holdErrand(kind, errand, 'call-7', NOW, LATER);
      expect(await flows.errandHolder(kind, errand, LATER - 1)).toBe('call-7');
      expect(await flows.errandHolder(kind, errand, LATER)).toBeNull();
      await flows.putOffErrand(kind, errand, 'call-7', NOW);
      expect(await flows.errandHolder(kind, errand, NOW)).toBeNull();
    }
    expect(await flows.errandHolder('voicemail', 'none', NOW)).toBeNull();
  });

  it('that are closed are held and tried by nobody', async () => {
    const id = await asked(1);
    const message = voicemailOf(1, { replyBy: NOW });
    await flows.depositVoicemail(message, 9);
    for (const kind of ['callback', 'voicemail'] as const) {
      const errand = kind === 'callback' ? id : message.id;
      expect(await flows.holdErrand(kind, errand, 'call-1', NOW, LATER)).toBe(true);
      expect(await flows.tryErrand(kind, errand, 'call-1', 1)).toBe(true);
      if (kind === 'callback') await flows.closeCallback(id, 'cancelled', NOW, 'anna');
      else await flows.moveVoicemail(message.id, 'done', 'anna', NOW);
      expect(await flows.tryErrand(kind, errand, 'call-1', 2)).toBe(false);
      expect(await flows.holdErrand(kind, errand, 'call-1', NOW, LATER)).toBe(false);
    }
    expect([await flows.dueCallbacks(LATER, 9), await flows.dueVoicemails(['sales'], LATER, 9)]).toEqual([[], []]);
    expect(await flows.voicemail(message.id)).toMatchObject({ tries: 1, state: 'done' });
    expect(await flows.callback(id)).toMatchObject({ tries: 1, state: 'cancelled', closedAt: NOW, closedBy: 'anna' });
  });

  it('change their times while they wait', async () => {
    const id = await asked(1);
    const changed = { ...waiting(callbackOf(1)), dueBy: LATER, notBefore: LATER - 9 };
    expect(await flows.changeCallback(id, { dueBy: LATER, notBefore: LATER - 9 })).toEqual(changed);
    expect(await flows.changeCallback(id, {})).toEqual(changed);
    // Whoever has it in hand knows the old times.
    await flows.holdErrand('callback', id, 'call-1', NOW, LATER);
    await flows.putOffErrand('callback', id, 'call-1', NOW + 1);
    expect(await flows.callback(id)).toEqual(changed);
    await flows.closeCallback(id, 'expired', NOW, '');
    expect(await flows.changeCallback(id, { dueBy: NOW })).toBeNull();
  });

  it('are taken back by the caller who rings again, in that queue, once, and told to the same call again', async () => {
    const id = await asked(1, { number: CALLER, keepPlaceFrom: NOW - 9 });
    await asked(2, { number: CALLER, queue: 'care' });
    expect(await flows.withdrawCallback('sales', '+35850', 'call-7', NOW)).toBeNull();
    expect(await flows.withdrawCallback('none', CALLER, 'call-7', NOW)).toBeNull();
    const back = await flows.withdrawCallback('sales', CALLER, 'call-7', NOW);
    expect(back).toMatchObject({ id, state: 'withdrawn', keepPlaceFrom: NOW - 9, closedBy: 'call-7' });
    expect(await flows.withdrawCallback('sales', CALLER, 'call-7', NOW + 1)).toEqual(back);
    expect(await flows.withdrawCallback('sales', CALLER, 'call-8', NOW + 1)).toBeNull();
    expect(await flows.closeCallback(id, 'done', NOW, 'anna')).toBe(false);
  });
});
