import { describe, expect, it } from 'vitest';
import { FlowHouse } from './flow-house.ts';

const RECORD = `
  first: { type: record, prompt: tell, silence: 3s, save: kept, outcomes: { done: tell, empty: bye } }
  tell: { type: emit, event: recorded, data: { recording: "\${kept}" }, next: bye }`;

const SURVEY = `
  first:
    type: survey
    questions: [{ id: why, voice: 20s, prompt: why }]
    outcomes: { done: bye, partial: bye }`;

const BOX = `
  first: { type: voicemail, box: support, silence: 3s, outcomes: { done: bye, empty: bye, full: bye } }`;

async function speaks(nodes: string) {
  const house = await new FlowHouse(nodes).start();
  const caller = await house.atTheTone();
  caller.say(5_000);
  await caller.until('ended');
  await house.clock.advance(1_000);
  return house;
}

describe('what a caller said to a node', () => {
  it('is heard by the name that its event and its variable give, until it is erased', async () => {
    const house = await speaks(RECORD);
    const id = house.eventsOf('flow.recorded')[0]?.data.recordingId ?? '';
    expect(house.eventsOf('flow.emitted')[0]?.data.data).toEqual({ recording: id });
    const { flowDesk } = house.engine.house;
    expect((await flowDesk.recordingAudio(id))?.byteLength).toBeGreaterThan(44 + 16 * 4_900);
    expect(await flowDesk.eraseRecording(id, 'anna')).toBe(true);
    expect(await flowDesk.recordingAudio(id)).toBeNull();
    expect(await flowDesk.eraseRecording(id, 'anna')).toBe(false);
    expect(house.eventsOf('recording.erased')).toMatchObject([{ data: { recordingId: id, by: 'anna' } }]);
    expect(house.recordings.kept.size).toBe(0);
    await house.expectNoLeaks();
  });

  it('is erased by one of two who erase it at once, and told of once', async () => {
    const house = await speaks(RECORD);
    const id = house.eventsOf('flow.recorded')[0]?.data.recordingId ?? '';
    const { flowDesk } = house.engine.house;
    const both = await Promise.all(['anna', 'bo'].map((by) => flowDesk.eraseRecording(id, by)));
    expect(both.filter(Boolean)).toHaveLength(1);
    expect(house.eventsOf('recording.erased')).toHaveLength(1);
  });

  it('in a survey is heard by its answer', async () => {
    const house = await speaks(SURVEY);
    const answer = String(house.eventsOf('survey.answered')[0]?.data.answer);
    expect((await house.engine.house.flowDesk.recordingAudio(answer))?.byteLength).toBeGreaterThan(44);
  });

  it('for a voicemail box is no recording of a node: it goes by its message alone', async () => {
    const house = await speaks(BOX);
    const { flowDesk } = house.engine.house;
    const [message] = await flowDesk.voicemails({ limit: 9 });
    expect(await flowDesk.recordingAudio(message?.id ?? '')).toBeNull();
    expect(await flowDesk.eraseRecording(message?.id ?? '', 'anna')).toBe(false);
    expect(await flowDesk.voicemailAudio(message?.id ?? '')).not.toBeNull();
  });
});
