import { once } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import Srf, { type Dialog } from 'drachtio-srf';
import { EslClient } from '../../support/esl-client.ts';
import { describeOnSecondSwitch } from '../../support/second-switch.ts';
import { unused } from './world.ts';

/** A phone that offers what most carriers do, and never sends a packet. */
const SDP = [
  'v=0',
  'o=- 1 1 IN IP4 127.0.0.1',
  's=-',
  'c=IN IP4 127.0.0.1',
  't=0 0',
  'm=audio 9 RTP/AVP 8 0 101',
  'a=rtpmap:101 telephone-event/8000',
  'a=ptime:20',
  '',
].join('\r\n');

describeOnSecondSwitch('dialplans/freeswitch', ({ drachtio: [door], freeswitch: [media] }) => {
  const srf = new Srf();
  let esl: EslClient;
  let uri = '';
  beforeAll(async () => {
    esl = await EslClient.logIn(media);
    uri = `sip:leg@${await esl.api('global_getvar sip_ip')}:${await esl.api('global_getvar sip_port')}`;
    // Its promise is kept before it is let in.
    const connected = once(srf, 'connect');
    void srf.connect({ host: door.host, port: door.port, secret: door.secret });
    await connected;
  });
  afterAll(async () => {
    srf.disconnect();
    await esl.close();
  });

  const invite = (headers: Record<string, string>, localSdp: string | null = SDP) =>
    srf.createUAC(uri, {
      ...(localSdp !== null && { localSdp }),
      headers: { ...headers, From: '<sip:callwright@localhost>' },
    });
  const end = (dialog: Dialog) => new Promise<void>((done) => dialog.destroy({ headers: {} }, () => done()));
  const of = (uuid: string, name: string) => esl.api(`uuid_getvar ${uuid} ${name}`);

  it('knows a leg by the Call-ID that it was given, keeps whose it is, and leaves it waiting', async () => {
    const uuid = unused('leg');
    const dialog = await invite({
      'Call-ID': uuid,
      'X-Callwright-Call': 'a-call',
      'X-Callwright-Controller': 'house-1',
      'X-Callwright-Dialog': 'a-dialog',
    });
    expect(await esl.api(`uuid_exists ${uuid}`)).toBe('true');
    expect(await of(uuid, 'callwright_call')).toBe('a-call');
    expect(await of(uuid, 'callwright_controller')).toBe('house-1');
    expect(await of(uuid, 'callwright_dialog')).toBe('a-dialog');
    await expect.poll(() => of(uuid, 'current_application')).toBe('park');
    expect(await of(uuid, 'media_timeout')).toBe('600000');
    await end(dialog);
    await expect.poll(() => esl.api(`uuid_exists ${uuid}`)).toBe('false');
  });

  it('takes what drachtio alone sends, and of that only legs', async () => {
    await expect(invite({ 'Call-ID': unused('stranger') })).rejects.toMatchObject({ status: 403 });
    await expect(invite({ 'X-Callwright-Controller': ' ' })).rejects.toMatchObject({ status: 403 });
    expect(await esl.api('acl 192.0.2.1 drachtio')).toBe('false');
    expect(await esl.api('acl 192.0.2.1 controllers')).toBe('false');
  });

  it('offers 8 kHz speech and keys as RFC 4733 events', async () => {
    const uuid = unused('leg');
    const dialog = await invite({ 'Call-ID': uuid, 'X-Callwright-Controller': 'house-1' });
    expect(dialog.remote.sdp).toMatch(/^m=audio \d+ RTP\/AVP (?:8|0)(?: 0)? 101/m);
    expect(dialog.remote.sdp).toMatch(/^a=rtpmap:101 telephone-event\/8000/m);
    await end(dialog);
  });

  it.each([
    ['a conference that says nothing', 'conference:bridge@callwright', 'conference', 'inline'],
    ["a queue's music", 'playback:local_stream://default', 'playback', 'inline'],
    ['the dialplan of others', 'parked', 'endless_playback', 'XML callwright-release'],
  ])('has %s for a leg, which can be taken back', async (_what, where, application, how) => {
    const uuid = unused('leg');
    const dialog = await invite({ 'Call-ID': uuid, 'X-Callwright-Controller': 'house-1' });
    expect(await esl.api(`uuid_transfer ${uuid} ${where} ${how}`)).toMatch(/^\+OK/);
    await expect.poll(() => of(uuid, 'current_application')).toBe(application);
    expect(await esl.api(`uuid_transfer ${uuid} park: inline`)).toMatch(/^\+OK/);
    await expect.poll(() => of(uuid, 'current_application')).toBe('park');
    await end(dialog);
  });

  it('makes an offer for a phone when it is asked without one', async () => {
    const uuid = unused('leg');
    const dialog = await invite({ 'Call-ID': uuid, 'X-Callwright-Controller': 'house-1' }, null);
    expect(dialog.remote.sdp).toMatch(/^m=audio \d+ RTP\/AVP 8 0 101/m);
    await expect.poll(() => of(uuid, 'current_application')).toBe('park');
    await end(dialog);
  });

  it('ends a leg that is given to nobody human, after a tone', async () => {
    const uuid = unused('leg');
    const dialog = await invite({ 'Call-ID': uuid, 'X-Callwright-Controller': 'house-1' });
    const ended = once(dialog, 'destroy');
    await esl.api(`uuid_transfer ${uuid} human XML callwright-release`);
    await ended;
  });
});
