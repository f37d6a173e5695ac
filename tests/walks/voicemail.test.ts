import { describe, expect, it } from 'vitest';
import { FlowHouse } from './flow-house.ts';

const NODES = `
  first:
    type: voicemail
    box: support
    silence: 3s
    promiseReplyWithin: 4h
    outcomes: { done: bye, empty: empty, full: full }
  empty: { type: play, prompt: empty, next: bye }
  full: { type: play, prompt: full, next: bye }`;

const HOUR_MS = 3_600_000;

const messages = (house: FlowHouse) => house.engine.house.flowDesk.voicemails({ limit: 10 });

describe('voicemail', () => {
  it('is left, and heard through the API; the switch forgets it', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(5_000);
    await caller.until('hearing', 'voicemail.thanks');
    await caller.until('ended');
    const [message] = await messages(house);
    const [left] = house.eventsOf('voicemail.left');
    expect(message).toMatchObject({ box: 'support', ani: '+358501112223', state: 'new', id: left?.data.messageId });
    expect(message?.durationMs).toBeGreaterThan(4_900);
    const wav = await house.engine.house.flowDesk.voicemailAudio(message?.id ?? '');
    expect(wav?.byteLength).toBe(44 + 16 * (message?.durationMs ?? 0));
    expect(await house.fake.recording(message?.id ?? '')).toMatchObject({ ok: false, why: 'gone' });
    await house.expectNoLeaks();
  });

  it('of a caller who hangs up in the middle is kept as far as it went', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say();
    await house.clock.advance(4_000);
    caller.hangUp();
    await house.clock.runUntil(() => house.eventsOf('call.ended').length === 1, 'the call is over');
    expect(await messages(house)).toMatchObject([{ durationMs: 4_000 }]);
    expect(house.eventsOf('voicemail.left')).toHaveLength(1);
    await house.expectNoLeaks();
  });

  it('of a caller who says nothing is none', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.press('#');
    await caller.until('hearing', 'en/empty');
    await caller.until('ended');
    expect(await messages(house)).toEqual([]);
    expect(house.recordings.kept.size).toBe(0);
  });

  it('is refused before the caller speaks in vain when the box is full', async () => {
    const boxes = new Map([['support', { name: 'support', title: 'Support', maxMessages: 1 }]]);
    const house = await new FlowHouse(NODES, { boxes }).start();
    const [first, second] = [house.caller(), await house.atTheTone()];
    for (const caller of [first, second]) caller.say(2_000);
    await house.clock.runUntil(() => house.eventsOf('call.ended').length === 2, 'both are over');
    expect(house.left('first').toSorted()).toEqual(['done', 'full']);
    const third = house.caller();
    await third.until('hearing', 'voicemail.full');
    expect(third.heard).not.toContain('tone:beep');
    await third.until('ended');
    expect([(await messages(house)).length, house.recordings.kept.size]).toEqual([1, 1]);
  });

  it('that cannot be written does not keep the caller, and is not left lying on the switch', async () => {
    const house = await new FlowHouse(NODES).start();
    house.recordings.full = true;
    const caller = await house.atTheTone();
    const recordingId = house.callOf(caller.legId)?.recordingId ?? 'none';
    expect(await house.fake.recording(recordingId)).toMatchObject({ why: 'unavailable' });
    caller.say(2_000);
    await caller.until('hearing', 'en/sorry');
    await caller.until('ended');
    expect(await messages(house)).toEqual([]);
    expect(house.logged.join()).toContain('ENOSPC');
    expect(house.logged.join()).not.toContain('+358501112223');
    expect(await house.fake.recording(recordingId)).toMatchObject({ why: 'gone' });
  });

  it.each([
    ['while the caller speaks', 1_000],
    ['after the caller has spoken', 7_000],
  ])('survives a crash %s', async (_title, diedAfterMs) => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(6_000);
    await house.clock.advance(diedAfterMs);
    house.kill();
    await house.restart();
    await caller.until('hearing', 'voicemail.thanks');
    await caller.until('ended');
    expect(await messages(house)).toHaveLength(1);
    await house.expectNoLeaks();
  });

  it('survives a caller who hangs up while nobody is there', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(2_000);
    await house.clock.advance(1_500);
    house.kill();
    caller.hangUp();
    await house.restart();
    await house.clock.runUntil(() => house.service.calls().length === 0, 'the call is over');
    expect(await messages(house)).toHaveLength(1);
    await house.expectNoLeaks();
  });

  it('survives a crash between any two things that are done with it, and is one message', async () => {
    for (let step = 1; step < 14; step += 1) {
      const house = await new FlowHouse(NODES).start();
      const caller = await house.atTheTone();
      caller.say(2_000);
      await house.clock.advance(1_000);
      house.diesIn = step;
      await house.clock.advance(6_000);
      house.diesIn = 0;
      if (house.dead) await house.restart();
      await house.clock.runUntil(() => house.service.calls().length === 0, 'the call is over');
      expect(await messages(house), `died at step ${step}`).toHaveLength(1);
      expect(house.recordings.kept.size).toBe(1);
      await house.expectNoLeaks();
    }
  });

  it('that nobody has dealt with in the time promised is told of once, also after a restart', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(2_000);
    await caller.until('ended');
    await house.clock.advance(4 * HOUR_MS - 60_000);
    expect(house.eventsOf('voicemail.overdue')).toEqual([]);
    await house.clock.advance(3 * 60_000);
    house.kill();
    await house.restart();
    await house.clock.advance(HOUR_MS);
    const [message] = await messages(house);
    expect(house.eventsOf('voicemail.overdue').map(({ data }) => data.messageId)).toEqual([message?.id]);
  });

  it('goes with its recording a month after it was dealt with', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(2_000);
    await caller.until('ended');
    const [message] = await messages(house);
    const moved = await house.engine.house.flowDesk.moveVoicemail(message?.id ?? '', 'done', 'olli');
    expect(moved).toMatchObject({ state: 'done', by: 'olli' });
    await house.flows.moveVoicemail(message?.id ?? '', 'done', 'olli', house.clock.now() - 31 * 24 * HOUR_MS);
    await house.clock.advance(HOUR_MS + 60_000);
    expect([await messages(house), house.recordings.kept.size]).toEqual([[], 0]);
    expect(house.eventsOf('voicemail.erased')).toMatchObject([{ data: { messageId: message?.id, by: 'retention' } }]);
  });

  it('is erased on request with what was said, by one of two who ask at once, and told of once', async () => {
    const house = await new FlowHouse(NODES).start();
    const caller = await house.atTheTone();
    caller.say(2_000);
    await caller.until('ended');
    const [message] = await messages(house);
    const { flowDesk } = house.engine.house;
    const id = message?.id ?? '';
    const both = await Promise.all(['anna', 'bo'].map((by) => flowDesk.eraseVoicemail(id, by)));
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect([await messages(house), house.recordings.kept.size]).toEqual([[], 0]);
    expect(await flowDesk.voicemailAudio(id)).toBeNull();
    expect(await flowDesk.eraseVoicemail(id, 'anna')).toMatchObject({ ok: false, why: 'not-found' });
    const data = { box: 'support', messageId: id, callId: message?.callId };
    expect(house.eventsOf('voicemail.erased')).toMatchObject([{ data }]);
    await house.expectNoLeaks();
  });
});
