import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CAUSE } from '../../../src/call/cause.ts';
import type { SwitchEvent } from '../../../src/call/switch.ts';
import type { SwitchPort } from '../../../src/engine/ports/switch.ts';
import { createFreeswitchSwitch } from '../../../src/switch/freeswitch/switch.ts';
import { systemClock } from '../../../src/system.ts';
import { DrachtioDouble } from '../../support/drachtio-double.ts';
import { EslDouble } from '../../support/esl-double.ts';
import { silent } from '../../support/silent.ts';
import { statusOf } from '../../support/sip-text.ts';
import { unused } from './world.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n';

let esl: EslDouble;
let drachtio: DrachtioDouble;
let port: SwitchPort;
let events: SwitchEvent[];

beforeEach(async () => {
  [esl, drachtio, events] = [await new EslDouble().listen(), await new DrachtioDouble().listen(), []];
  drachtio.behaviour.dialled = ({ headers }) => {
    esl.channels.add(headers['call-id'] ?? '');
    return [{ status: 100 }, { status: 200, body: SDP }];
  };
  port = door();
});
afterEach(async () => {
  await port.stop();
  await Promise.all([esl.close(), drachtio.close()]);
});

const door = (urls: { readonly esl?: string; readonly drachtio?: string } = {}): SwitchPort =>
  createFreeswitchSwitch({
    drachtios: [urls.drachtio ?? drachtio.url],
    freeswitches: [urls.esl ?? esl.url],
    node: 'doubles',
    soundsDir: '/nowhere',
    spoolDir: '/nowhere',
    trunks: new Map([['world', { host: '127.0.0.1', port: 5999 }]]),
    phones: { contactOf: async () => null, knows: async () => null },
    newLegId: () => unused('leg'),
    clock: systemClock,
    log: silent,
  });

const start = () => port.start((event) => events.push(event));
const types = () => events.map(({ type }) => type);

describe('who is not let in says why, and what mends it', () => {
  const refused = async (other: SwitchPort) => {
    port = other;
    return start().then(
      () => 'let in',
      (error: Error) => error.message,
    );
  };

  it.each([
    ['a wrong password', () => door({ esl: esl.url.replace('the-password', 'guessed') }), /password.*FREESWITCH_URL/],
    ['a wrong secret', () => door({ drachtio: drachtio.url.replace('the-secret', 'guessed') }), /secret.*DRACHTIO_URL/],
  ])('%s', async (_what, make, sentence) => {
    expect(await refused(make())).toMatch(sentence);
  });

  it('an address that FreeSWITCH does not take', async () => {
    esl.behaviour.door = 'rude';
    expect(await refused(door())).toMatch(/apply-inbound-acl/);
  });

  it('a FreeSWITCH without our profile', async () => {
    esl.behaviour.api = (command) => (command.startsWith('sofia') ? 'Invalid Profile!\n' : esl.standardApi(command));
    expect(await refused(door())).toMatch(/drachtio_mrf.*dialplans\/freeswitch/);
  });
});

it('understands both, wherever the network cuts what they say', async () => {
  [esl.behaviour.pieceBytes, drachtio.behaviour.pieceBytes] = [1, 7];
  await start();
  const caller = drachtio.call('4711');
  await expect.poll(types).toContain('leg.offered');
  const [offered] = events.filter((event) => event.type === 'leg.offered');
  expect(offered).toMatchObject({ dnis: '4711', ani: '+358401111111' });
  const legId = offered?.legId ?? '';
  await expect.poll(() => esl.channels.has(legId)).toBe(true);
  expect(await port.do({ type: 'answer', legId })).toEqual({ ok: true });
  expect(caller?.responses.map(statusOf).at(-1)).toBe(200);
  esl.tell('DTMF', { 'Unique-ID': legId, 'DTMF-Digit': '7' });
  await expect.poll(types).toContain('dtmf.received');
  esl.channels.delete(legId);
  esl.tell('CHANNEL_DESTROY', { 'Unique-ID': legId, variable_hangup_cause_q850: '16' });
  await expect.poll(() => events.at(-1)).toMatchObject({ type: 'leg.ended', legId, cause: CAUSE.normal });
  await expect.poll(() => caller?.requests.map(({ start: line }) => line.split(' ')[0])).toContain('BYE');
});

it('turns callers away when FreeSWITCH takes no more channels, and tells of no leg that lives on', async () => {
  drachtio.behaviour.dialled = () => [{ status: 503 }];
  await start();
  const caller = drachtio.call('4711');
  await expect.poll(() => caller?.lastStatus).toBeGreaterThanOrEqual(400);
  await expect.poll(async () => (await port.snapshot())?.legs).toEqual([]);
  expect(types().filter((type) => type.startsWith('leg.'))).toEqual(['leg.offered', 'leg.ended']);
});

it('answers a command within 5 s, also when FreeSWITCH does not', async () => {
  await start();
  drachtio.call('4711');
  await expect.poll(types).toContain('leg.offered');
  const legId = events.flatMap((event) => (event.type === 'leg.offered' ? event.legId : []))[0] ?? '';
  await expect.poll(() => esl.channels.has(legId)).toBe(true);
  await port.do({ type: 'answer', legId });
  const calm = esl.behaviour.api;
  esl.behaviour.api = (command) => (command.startsWith('uuid_transfer') ? null : calm(command));
  const began = performance.now();
  const result = await port.do({ type: 'release', legId, extension: 'human' });
  expect(result).toMatchObject({ ok: false, why: 'unavailable' });
  expect(performance.now() - began).toBeLessThan(5_500);
});

describe('a lost FreeSWITCH', () => {
  it.each([
    ['that breaks off', () => esl.drop()],
    ['that says goodbye', () => esl.goodbye()],
    [
      'that falls silent',
      () => {
        esl.behaviour.api = () => null;
      },
    ],
  ])('%s is noticed within 3 s, and used again when it is back', async (_what, lose) => {
    await start();
    const began = performance.now();
    const calm = esl.behaviour.api;
    lose();
    await expect.poll(types, { timeout: 4_000 }).toContain('switch.disconnected');
    expect(performance.now() - began).toBeLessThan(3_000);
    esl.behaviour.api = calm;
    await expect.poll(() => types().at(-1), { timeout: 10_000 }).toBe('switch.connected');
    expect(events.at(-1)).toMatchObject({ restarted: false });
  });

  it('is told from one that began anew', async () => {
    await start();
    esl.globals.set('core_uuid', 'another life').delete('callwright_controller');
    esl.drop();
    await expect.poll(types, { timeout: 4_000 }).toContain('switch.disconnected');
    await expect
      .poll(() => events.at(-1), { timeout: 10_000 })
      .toMatchObject({ type: 'switch.connected', restarted: true });
  });

  it('that another process took over meanwhile is left to it', async () => {
    await start();
    esl.tell('CUSTOM', { 'Event-Subclass': 'callwright::taken', 'Callwright-Controller': 'another-house' });
    await expect.poll(() => types().at(-1)).toBe('switch.fenced');
    expect(await port.snapshot()).toBeNull();
  });
});

it('a lost drachtio is noticed at once, and used again when it is back', async () => {
  await start();
  drachtio.drop();
  await expect.poll(types).toContain('switch.disconnected');
  expect(await port.do({ type: 'hangup', legId: 'nobody', cause: CAUSE.normal })).toMatchObject({ why: 'unavailable' });
  await expect.poll(() => types().at(-1), { timeout: 10_000 }).toBe('switch.connected');
});
