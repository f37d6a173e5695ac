import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SwitchCommand, SwitchEvent } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';
import type { Clock, Log, LogFields } from '../../../src/engine/ports/time.ts';
import { type AsteriskSwitchOptions, createAsteriskSwitch } from '../../../src/switch/asterisk/switch.ts';
import { AriDouble, arrival, channel, standardReply } from './ari-double.ts';

/** Time runs twenty times as fast, so that minutes of patience pass in seconds. */
const SPEED = 20;
const hurried: Clock = {
  now: () => Math.round(performance.now() * SPEED),
  at: (at, task) => {
    const timer = setTimeout(task, Math.max(0, at / SPEED - performance.now()));
    return () => clearTimeout(timer);
  },
};

const originate = (legId: string): Extract<SwitchCommand, { type: 'originate' }> => ({
  type: 'originate',
  legId,
  to: { kind: 'phone', name: '1001' },
  callerId: null,
  callerName: null,
  ringMs: 60_000,
  callId: 'c1',
});

describe('what ari-client and networks do wrong', () => {
  let asterisk: AriDouble;
  let logged: { message: string; fields: LogFields }[];
  let events: SwitchEvent[];
  const doors: SwitchPort[] = [];

  beforeEach(async () => {
    asterisk = await new AriDouble().listen();
    [logged, events] = [[], []];
  });
  afterEach(async () => {
    for (const door of doors.splice(0)) await door.stop();
    await asterisk.close();
  });

  const write = (fields: LogFields, message: string) => void logged.push({ message, fields });
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const door = (options: Partial<AsteriskSwitchOptions> = {}) => {
    const common = { url: asterisk.url, node: 'n', soundsDir: '/sounds', trunks: new Map(), clock: hurried, log };
    const made = createAsteriskSwitch({ ...common, ...options });
    doors.push(made);
    return made;
  };
  const started = async () => {
    const made = door();
    await made.start((event) => events.push(event));
    return made;
  };
  const told = (type: SwitchEvent['type'], times = 1) =>
    vi.waitFor(() => expect(events.filter((event) => event.type === type)).toHaveLength(times), { timeout: 8_000 });
  const askedFor = (method: string, uri: string) =>
    asterisk.asked.some((one) => one.method === method && one.uri === uri);

  it.each([
    ['an unknown event', '{"type":"NeverHeardOf","timestamp":"2026-11-22T01:38:40.297+0000"}'],
    ['an event without a type', '{}'],
    ['a known event with nothing in it', '{"type":"StasisStart"}'],
    ['a frame that is not JSON', '<html>'],
    ['an empty frame', ''],
    ['an answer that nobody asked for', '{"type":"RESTResponse","request_id":"999","status_code":200}'],
  ])('goes on hearing after %s', async (_what, frame) => {
    await started();
    asterisk.frame(frame);
    asterisk.tell(arrival('a'));
    await told('leg.offered');
  });

  it('opens the socket and asks everything else over it: one HTTP request, and nothing on stdout', async () => {
    const stdout = vi.spyOn(process.stdout, 'write');
    const consoles = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
    const port = await started();
    await port.do({ type: 'hangup', legId: 'a', cause: { q850: 16 } });
    expect(asterisk.http).toEqual(['/ari/asterisk/info']);
    for (const spy of [stdout, ...consoles]) expect(spy).not.toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('refuses a wrong password in one sentence, and throws nothing past the promise', async () => {
    const uncaught = vi.fn();
    process.on('uncaughtExceptionMonitor', uncaught);
    const start = door({ url: asterisk.url.replace('the-password', 'wrong') }).start(() => {});
    await expect(start).rejects.toThrow(
      /refused the user "user" or the password: put the ones of its ari\.conf into ASTERISK_URL/,
    );
    process.off('uncaughtExceptionMonitor', uncaught);
    expect(uncaught).not.toHaveBeenCalled();
    expect(asterisk.connections).toBe(0);
  });

  it.each(['20.9.3', '22.10.0', '22.4.1+dfsg', '21.99.99'])(
    'refuses Asterisk %s, unless it is allowed',
    async (version) => {
      asterisk.behaviour.info = { status: 200, version };
      await expect(door().start(() => {})).rejects.toThrow(`is version ${version}, and before 22.10.1`);
      await door({ allowOld: true }).start(() => {});
    },
  );

  it.each(['22.10.1', '22.11.0', '23.0.0', '22.10.1+dfsg+~cs6.17.60671434-1', 'GIT-master-23.1.0'])(
    'takes Asterisk %s',
    async (version) => {
      asterisk.behaviour.info = { status: 200, version };
      await door().start(() => {});
    },
  );

  it('says that there is no ARI where there is none', async () => {
    asterisk.behaviour.info = { status: 404, version: '' };
    await expect(door().start(() => {})).rejects.toThrow(/There is no ARI at 127\.0\.0\.1:\d+: enable it/);
  });

  it('keeps the passwords of two switches apart', async () => {
    const other = await new AriDouble('another-password').listen();
    await Promise.all([door().start(() => {}), door({ url: other.url }).start(() => {})]);
    for (const made of doors.splice(0)) await made.stop();
    await other.close();
  });

  it('does not wait for ever for an Asterisk that does not answer', async () => {
    asterisk.behaviour.info = null;
    const start = started();
    await vi.waitFor(() => expect(logged[0]?.fields['reason']).toBe('no answer within 5 s'), { timeout: 8_000 });
    asterisk.behaviour.info = { status: 200, version: '22.10.1' };
    await start;
  });

  it('does not wait for ever for a socket that does not open', async () => {
    asterisk.behaviour.opens = false;
    const start = started();
    await vi.waitFor(() => expect(logged[0]?.fields['reason']).toMatch(/did not open within 5 s/), { timeout: 8_000 });
    asterisk.behaviour.opens = true;
    await start;
  });

  it('starts when Asterisk comes later', async () => {
    await asterisk.close();
    const start = started();
    await vi.waitFor(() => expect(logged.length).toBeGreaterThan(1));
    await asterisk.listen();
    await start;
  });

  it('reconnects for ever, ever more slowly, never in step with others', async () => {
    await started();
    await asterisk.close();
    await told('switch.disconnected');
    // ari-client gives up after ten.
    await vi.waitFor(() => expect(logged.length).toBeGreaterThan(15), { timeout: 8_000 });
    const waits = logged.map(({ fields }) => Number(fields['inMs']));
    expect(waits[0]).toBeLessThanOrEqual(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5_000);
    const last = waits.slice(-6);
    expect(Math.min(...last)).toBeGreaterThanOrEqual(2_500);
    expect(new Set(last).size).toBeGreaterThan(3);
    await asterisk.listen();
    await told('switch.connected', 2);
    await vi.waitFor(() => expect(asterisk.connections).toBe(2));
  });

  it('rings over a socket of its own, and over the other while that is away', async () => {
    const port = await started();
    let legs = 0;
    const appOfNext = async () => {
      await port.do(originate(`leg-${(legs += 1)}`));
      return asterisk.asked.findLast(({ uri }) => uri === 'channels')?.app;
    };
    await vi.waitFor(async () => expect(await appOfNext()).toBe('callwright-rings'));
    asterisk.drop('callwright-rings');
    await vi.waitFor(async () => expect(await appOfNext()).toBe('callwright'));
    await vi.waitFor(async () => expect(await appOfNext()).toBe('callwright-rings'));
    expect(events.map(({ type }) => type)).not.toContain('switch.disconnected');
  });

  it('takes an Asterisk for dead that leaves the connection open and answers no ping', async () => {
    await started();
    const before = hurried.now();
    asterisk.behaviour.pongs = false;
    await told('switch.disconnected');
    // A second of a machine that stands still is twenty of these. TCP would notice after minutes.
    expect(hurried.now() - before).toBeLessThan(20_000);
    // By now it may be connected again.
    expect(events).toContainEqual(expect.objectContaining({ reason: '3 pings without an answer' }));
    asterisk.behaviour.pongs = true;
    await told('switch.connected', 2);
  });

  it('stays connected as long as there are pongs', async () => {
    await started();
    await new Promise((resolve) => void hurried.at(hurried.now() + 10_000, () => resolve(undefined)));
    expect(events.map(({ type }) => type)).toEqual(['switch.connected']);
  });

  it('settles what is on its way when the connection breaks', async () => {
    const port = await started();
    asterisk.behaviour.reply = () => null;
    const result = port.do({ type: 'ring', legId: 'a' });
    const listing = port.snapshot();
    await vi.waitFor(() => expect(askedFor('POST', 'channels/a/ring')).toBe(true));
    asterisk.drop();
    expect(await result).toMatchObject({ ok: false, why: 'unavailable' });
    expect(await listing).toBeNull();
  });

  it('settles a command that is not answered within 5 s, and hangs up what an originate may have rung', async () => {
    const port = await started();
    asterisk.behaviour.reply = (one) => (one.uri === 'channels' ? null : standardReply(one));
    let isLate = false;
    // By a timer and not by the clock: a machine that stands still for a moment makes both wait.
    const cancel = hurried.at(hurried.now() + 6_000, () => (isLate = true));
    expect(await port.do(originate('leg-1'))).toMatchObject({ ok: false, why: 'unavailable' });
    expect(isLate).toBe(false);
    cancel();
    await vi.waitFor(() => expect(askedFor('DELETE', 'channels/leg-1')).toBe(true));
  });

  const asked = (uri: string) => asterisk.asked.filter((one) => one.method === 'DELETE' && one.uri === uri).length;
  const passes = (ms: number) => new Promise((done) => void hurried.at(hurried.now() + ms, () => done(undefined)));

  it.each([
    ['hangup', { type: 'hangup', legId: 'a', cause: { q850: 16 } }, 'channels/a'],
    ['unbridge', { type: 'unbridge', bridgeId: 'b' }, 'bridges/b'],
  ] as const)('tells a %s again that was not answered, until there is nothing to end', async (_what, command, uri) => {
    const port = await started();
    asterisk.behaviour.reply = (one) => (one.uri === uri ? null : standardReply(one));
    expect(await port.do(command)).toMatchObject({ ok: false, why: 'unavailable' });
    // The first answer never comes; the next ones say what an Asterisk says that has too much to do, that it will, and that it has.
    const replies = [500, 204, 404];
    asterisk.behaviour.reply = (one) => (one.uri === uri ? { status: replies.shift() ?? 404 } : standardReply(one));
    await vi.waitFor(() => expect(asked(uri)).toBe(4), { timeout: 8_000 });
    await passes(5_000);
    expect(asked(uri)).toBe(4);
  });

  it('hangs up at the next connection what it could not before, and gives nobody out for a new caller meanwhile', async () => {
    const port = await started();
    asterisk.tell(arrival('a'));
    await told('leg.offered');
    asterisk.behaviour.reply = () => null;
    const result = port.do({ type: 'hangup', legId: 'a', cause: { q850: 16 } });
    await vi.waitFor(() => expect(asked('channels/a')).toBe(1));
    asterisk.drop();
    expect(await result).toMatchObject({ ok: false, why: 'unavailable' });
    const held = { status: 200, body: [channel('a', 'Up')] };
    asterisk.behaviour.reply = (one) => (one.uri === 'channels' ? held : standardReply(one));
    await told('switch.connected', 2);
    expect((await port.snapshot())?.legs).toMatchObject([{ legId: 'a', ours: false }]);
    await vi.waitFor(() => expect(asked('channels/a')).toBeGreaterThan(1));
    asterisk.tell({ type: 'ChannelHangupRequest', channel: channel('a'), cause: 16 });
    asterisk.tell({ type: 'StasisEnd', channel: channel('a') });
    await told('leg.ended');
    const times = asked('channels/a');
    await passes(5_000);
    expect(asked('channels/a')).toBe(times);
  });

  it('takes nobody out of a bridge who is hung up, and everybody else', async () => {
    const port = await started();
    for (const id of ['a', 'b']) asterisk.tell(arrival(id));
    await told('leg.offered', 2);
    await port.do({ type: 'bridge', bridgeId: 'r', legIds: ['a', 'b'] });
    const hangup = port.do({ type: 'hangup', legId: 'a', cause: { q850: 16 } });
    await Promise.all([hangup, port.do({ type: 'unbridge', bridgeId: 'r' })]);
    const out = asterisk.asked.filter(({ uri }) => uri.endsWith('/removeChannel'));
    expect(out.map(({ query_strings: [channel] }) => channel)).toEqual([{ name: 'channel', value: 'b' }]);
    expect(asked('bridges/r')).toBe(1);
  });

  it('leaves a bridge alone that is wanted again', async () => {
    const port = door();
    await port.start((event) => {
      events.push(event);
      if (event.type === 'switch.disconnected') {
        for (const bridgeId of ['b', 'other']) void port.do({ type: 'unbridge', bridgeId });
      } else if (events.length > 1) void port.do({ type: 'bridge', bridgeId: 'b', legIds: [] });
    });
    asterisk.drop();
    await told('switch.connected', 2);
    await vi.waitFor(() => expect(asked('bridges/other')).toBe(1));
    expect(asked('bridges/b')).toBe(0);
  });

  it('does not ring out a leg that was answered while the connection was away', async () => {
    const port = await started();
    expect(await port.do({ ...originate('leg-1'), ringMs: 4_000 })).toEqual({ ok: true });
    const dialplan = { exten: 's', app_name: 'Stasis', app_data: 'callwright,outbound,c1' };
    const up = { ...channel('leg-1', 'Up'), dialplan };
    asterisk.behaviour.reply = (one) => (one.uri === 'channels' ? { status: 200, body: [up] } : standardReply(one));
    asterisk.drop();
    await told('switch.connected', 2);
    expect((await port.snapshot())?.legs).toMatchObject([{ legId: 'leg-1', callId: 'c1', state: 'up', ours: true }]);
    await new Promise((resolve) => void hurried.at(hurried.now() + 5_000, () => resolve(undefined)));
    expect(askedFor('DELETE', 'channels/leg-1')).toBe(false);
    asterisk.tell({ type: 'ChannelDestroyed', channel: up, cause: 16 });
    await told('leg.ended');
  });

  it('tries again when it cannot read what Asterisk holds', async () => {
    asterisk.behaviour.reply = (one) =>
      one.uri === 'bridges' ? { status: 200, body: 'nonsense' } : standardReply(one);
    const start = started();
    await vi.waitFor(() => expect(logged[0]?.fields['reason']).toBe('Asterisk did not say what it holds'));
    asterisk.behaviour.reply = standardReply;
    await start;
  });

  it('hangs up whoever answers a call that nobody knows any more', async () => {
    await started();
    asterisk.tell({ type: 'StasisStart', channel: channel('lost', 'Up'), args: ['outbound', 'c1'] });
    await vi.waitFor(() => expect(askedFor('DELETE', 'channels/lost')).toBe(true));
    expect(events.map(({ type }) => type)).toEqual(['switch.connected']);
  });

  it('ends a leg that hung up before it could be subscribed to', async () => {
    await started();
    asterisk.behaviour.reply = (one) => (one.uri.endsWith('/subscription') ? { status: 422 } : standardReply(one));
    asterisk.tell(arrival('brief'));
    asterisk.tell({ type: 'StasisEnd', channel: channel('brief') });
    await told('leg.ended');
  });

  it('ends an arrived leg when its hang-up takes it from us, without asking for a list of all channels', async () => {
    await started();
    asterisk.tell(arrival('a'));
    asterisk.tell({ type: 'ChannelHangupRequest', channel: channel('a'), cause: 17 });
    asterisk.tell({ type: 'StasisEnd', channel: channel('a') });
    await told('leg.ended');
    expect(events.at(-1)).toMatchObject({ legId: 'a', cause: { q850: 17 } });
    expect(askedFor('POST', 'applications/callwright/subscription')).toBe(false);
  });

  it('subscribes to a leg before it gives it back', async () => {
    const port = await started();
    asterisk.tell(arrival('a'));
    await told('leg.offered');
    await port.do({ type: 'release', legId: 'a', extension: 'human' });
    const asked = asterisk.asked.map(({ uri }) => uri);
    expect(asked.slice(-2)).toEqual(['applications/callwright/subscription', 'channels/a/continue']);
    asterisk.tell({ type: 'StasisEnd', channel: channel('a') });
    asterisk.tell({ type: 'ChannelDestroyed', channel: channel('a'), cause: 16 });
    await told('leg.ended');
  });

  it('tells what came during the listing after it has said that it is connected', async () => {
    asterisk.behaviour.reply = (one) => {
      if (one.uri === 'bridges') asterisk.tell(arrival('early'));
      return standardReply(one);
    };
    await started();
    await told('leg.offered');
    expect(events.map(({ type }) => type)).toEqual(['switch.connected', 'leg.offered']);
  });

  it('stops for good when another process has the application', async () => {
    const port = await started();
    asterisk.tell({ type: 'ApplicationReplaced' });
    await told('switch.fenced');
    await vi.waitFor(() => expect(asterisk.connections).toBe(0));
    expect(await port.do({ type: 'ring', legId: 'a' })).toMatchObject({ ok: false, why: 'unavailable' });
  });

  it.each(['', 'http://host:8088', 'http://user@host:8088', 'ftp://user:password@host', 'host:8088'])(
    'refuses "%s" as an address',
    (url) => {
      expect(() => door({ url })).toThrow('ASTERISK_URL must look like http://user:password@host:8088');
    },
  );
});
