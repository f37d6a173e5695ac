import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SwitchEvent } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';
import { createAsteriskSwitch } from '../../../src/switch/asterisk/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { silent } from '../../support/silent.ts';
import { AriDouble, arrival, type Asked, channel, standardReply } from './ari-double.ts';

const MEGABYTE = Buffer.alloc(1024 * 1024);

const recorded = { name: 'r1', target_uri: 'channel:a', duration: 2 };

/** Nothing is being recorded. */
const idleReply = (asked: Asked) => (asked.uri.startsWith('recordings/live') ? { status: 404 } : standardReply(asked));

describe('what goes wrong with recordings', () => {
  let asterisk: AriDouble;
  let port: SwitchPort;
  let events: SwitchEvent[];

  beforeEach(async () => {
    asterisk = await new AriDouble().listen();
    asterisk.behaviour.reply = idleReply;
    events = [];
    port = createAsteriskSwitch({
      url: asterisk.url,
      node: 'n',
      soundsDir: '/sounds',
      trunks: new Map(),
      clock: systemClock,
      log: silent,
    });
    await port.start((event) => events.push(event));
    for (const id of ['a', 'b']) asterisk.tell(arrival(id, 'Up'));
    await told('leg.answered', 2);
  });
  afterEach(async () => {
    await port.stop();
    await asterisk.close();
  });

  const told = (type: SwitchEvent['type'], times = 1) =>
    vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(times), { timeout: 8_000 });
  const answer = (status: number, body: Buffer | string = '') => {
    asterisk.behaviour.file = (response: ServerResponse) =>
      response.writeHead(status, { 'content-length': body.length }).end(body);
  };
  const record = () =>
    port.do({ type: 'record', legId: 'a', recordingId: 'r1', maxMs: 60_000, silenceMs: 0, beep: false });

  it('tells the length that the file has, not the whole seconds', async () => {
    answer(200, Buffer.alloc(44 + 16 * 1_234));
    asterisk.tell({ type: 'RecordingFinished', recording: recorded });
    await told('recording.finished');
    expect(events.at(-1)).toMatchObject({ recordingId: 'r1', durationMs: 1_234, outcome: 'done' });
  });

  it('waits a second for the length at most, with the events of that leg alone, in their order', async () => {
    asterisk.tell({ type: 'RecordingFinished', recording: recorded });
    asterisk.tell({ type: 'ChannelDtmfReceived', channel: channel('a', 'Up'), digit: '5' });
    asterisk.tell({ type: 'ChannelDestroyed', channel: channel('a', 'Up'), cause: 16 });
    asterisk.tell({ type: 'ChannelDestroyed', channel: channel('b', 'Up'), cause: 16 });
    await told('leg.ended', 2);
    expect(events.slice(-4)).toMatchObject([
      { type: 'leg.ended', legId: 'b' },
      { type: 'recording.finished', durationMs: 2_000 },
      { type: 'dtmf.received' },
      { type: 'leg.ended', legId: 'a' },
    ]);
  });

  it('tells nothing of it after a reconnection', async () => {
    asterisk.tell({ type: 'RecordingFinished', recording: recorded });
    await vi.waitFor(() => expect(asterisk.http.at(-1)).toBe('/ari/recordings/stored/r1/file'));
    asterisk.drop();
    await told('switch.connected', 2);
    asterisk.tell(arrival('c', 'Up'));
    await told('leg.answered', 3);
    expect(events.map(({ type }) => type)).not.toContain('recording.finished');
  });

  it.each([
    [404, 'gone'],
    [500, 'unavailable'],
    [401, 'unavailable'],
  ])('says of a file that is answered with %i that it is %s', async (status, why) => {
    answer(status);
    expect(await port.recording('r1')).toMatchObject({ ok: false, why });
  });

  it('gives no half a file', async () => {
    asterisk.behaviour.file = (response) => {
      response.writeHead(200, { 'content-length': 2 * MEGABYTE.length });
      response.write(MEGABYTE, () => response.destroy());
    };
    expect(await port.recording('r1')).toMatchObject({ ok: false, why: 'unavailable' });
  });

  it('takes no file without end', async () => {
    asterisk.behaviour.file = (response) => {
      const more = () => void (response.destroyed || response.write(MEGABYTE, () => setImmediate(more)));
      more();
    };
    expect(await port.recording('r1')).toMatchObject({ why: 'unavailable', detail: 'it is longer than 32 MB' });
  });

  it('tells once of a recording that ended before its request was answered', async () => {
    answer(404);
    asterisk.behaviour.reply = (asked) => {
      if (asked.uri !== 'channels/a/record') return idleReply(asked);
      asterisk.tell({ type: 'ChannelDestroyed', channel: channel('a', 'Up'), cause: 16 });
      return { status: 404 };
    };
    expect(await record()).toEqual({ ok: true });
    await told('leg.ended');
    expect(events.slice(-2)).toMatchObject([
      { type: 'recording.finished', outcome: 'failed', durationMs: 0 },
      { type: 'leg.ended' },
    ]);
  });
});
