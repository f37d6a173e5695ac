import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import Srf, { type Dialog } from 'drachtio-srf';
import type { Door } from '../../support/doors.ts';
import { DrachtioClient, sipAddressOf } from '../../support/drachtio-client.ts';
import { DrachtioDouble } from '../../support/drachtio-double.ts';
import { describeOnDrachtio } from '../../support/second-switch.ts';
import { UdpPhone } from '../../support/udp-phone.ts';
import { unused } from './world.ts';

const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 8\r\n';
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
/** Length, transport, address, port and time of a message. */
const META = String.raw`\d+\|udp\|[\d.]+\|\d+\|\d\d:\d\d:\d\d\.\d{6}`;

/** A far end, as the conversations need it. */
interface Far {
  /** Where this number is dialled: 200 picks up, 180 rings for ever, others are the answer. */
  uri(number: number): Promise<string>;
  /** Somebody calls the application. */
  call(to: string): Promise<Caller>;
}

interface Caller {
  status(): number;
  cancel(): void;
  /** The application's answer. */
  ask(method: 'INFO' | 'BYE', headers?: Record<string, string>, body?: string): Promise<number>;
}

const dialledOf = (uri: string): number => Number(/sip:(\d+)@/.exec(uri)?.[1]);

async function connected(door: Door, invite?: Parameters<Srf['invite']>[0]): Promise<Srf> {
  const srf = new Srf();
  srf.on('error', () => {});
  if (invite) srf.invite(invite);
  const up = once(srf, 'connect');
  void srf.connect({ host: door.host, port: door.port, secret: door.secret });
  const [error] = (await up) as [Error | null];
  if (error) throw error;
  return srf;
}

/** Its types forget the body and what is answered. */
const ask = (dialog: Dialog, request: object): Promise<{ readonly status: number }> =>
  (dialog.request as (request: object) => Promise<{ readonly status: number }>).call(dialog, request);

const bye = (dialog: Dialog): Promise<void> => new Promise((done) => dialog.destroy({ headers: {} }, () => done()));

/** The same calls, whoever plays drachtio: an application sees them alike. */
function playsAs(door: () => Door, far: Far): void {
  it('lets in who knows the secret, and says where it takes calls', async () => {
    const client = await DrachtioClient.dial(door());
    expect(await client.ask(`authenticate|${door().secret}|`)).toMatch(
      /^OK\|udp\/[\d.]+:\d+\|v0\.9\.\d+\S*\|udp\/[\d.]+:\d+$/,
    );
    expect(await client.ask('route|invite')).toBe('OK');
    expect(await client.ask('ping')).toBe('OK|pong');
    expect(await client.ask('sip||nowhere\r\nBYE sip:x SIP/2.0\r\nContent-Length: 0\r\n\r\n')).toBe(
      'NOK|Server error: unable to find dialog for dialog id provided',
    );
    await client.close();
    expect((await sipAddressOf(door())).port).toBeGreaterThan(0);
  });

  it('lets nobody in who does not', async () => {
    const client = await DrachtioClient.dial(door());
    expect(await client.ask('authenticate|guessed|')).toBe('NO|incorrect secret');
    await client.close();
    await expect(connected({ ...door(), secret: 'guessed' })).rejects.toThrow('failed to authenticate');
  });

  it('dials, tells of ringing, and carries keys, a second offer and the end', async () => {
    const srf = await connected(door());
    const heard: number[] = [];
    const dialog = await srf.createUAC(
      await far.uri(200),
      { localSdp: SDP, headers: { From: '<sip:+358401@localhost>' } },
      { cbProvisional: ({ status }) => heard.push(status) },
    );
    expect(heard).toContain(180);
    expect(dialog.remote.sdp).toContain('m=audio');
    const key = { method: 'INFO', headers: { 'Content-Type': 'application/dtmf-relay' }, body: 'Signal=5' };
    const info = await ask(dialog, key);
    expect(info.status).toBe(200);
    expect(await dialog.modify(SDP)).toContain('m=audio');
    await bye(dialog);
    srf.disconnect();
  });

  it.each([486, 404])('tells that whom it dials answers %i', async (status) => {
    const srf = await connected(door());
    await expect(srf.createUAC(await far.uri(status), { localSdp: SDP })).rejects.toMatchObject({ status });
    srf.disconnect();
  });

  it('gives up who rings for ever', async () => {
    const srf = await connected(door());
    const { promise: rings, resolve } = Promise.withResolvers<void>();
    let cancel = () => {};
    const dialling = srf.createUAC(
      await far.uri(180),
      { localSdp: SDP },
      {
        // Its types leave the error out that comes first.
        cbRequest: (...said: unknown[]) => {
          cancel = () => (said.at(-1) as { cancel(done: () => void): void }).cancel(() => {});
        },
        cbProvisional: ({ status }) => status === 180 && resolve(),
      },
    );
    const ended = dialling.catch((error: unknown) => error);
    await rings;
    cancel();
    expect(await ended).toMatchObject({ status: 487 });
    srf.disconnect();
  });

  it('writes what it sends and what comes in the words that drachtio-srf reads', async () => {
    const client = await DrachtioClient.dial(door());
    await client.ask(`authenticate|${door().secret}|`);
    const sent = await client.ask(
      `sip||\r\nINVITE ${await far.uri(486)} SIP/2.0\r\nFrom: <sip:1@localhost>\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`,
    );
    expect(sent).toMatch(new RegExp(`^OK\\|application\\|${META}\\|${UUID}\\|Msg sent:\\|\\r\\nINVITE sip:486@`));
    const [, transaction = ''] = new RegExp(`\\|(${UUID})\\|Msg sent`).exec(sent) ?? [];
    const last = () => client.messages.at(-1) ?? '';
    await expect.poll(last).toContain('SIP/2.0 486');
    expect(last()).toMatch(
      new RegExp(
        `^${UUID}\\|sip\\|network\\|${META}\\|${transaction}\\|[^|]+;from-tag=[^|]+\\|\\r\\nSIP/2.0 486 Busy Here\\r\\n`,
      ),
    );
    await client.close();
  });

  it('offers who calls, and carries his keys and his end', async () => {
    const keys: string[] = [];
    const to = unused('called');
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const numbers: string[] = [];
    const took = (dialog: Dialog) => {
      dialog.on('info', (info, answer) => {
        keys.push(info.body.trim());
        answer.send(200);
      });
      dialog.on('destroy', () => resolve());
    };
    const srf = await connected(door(), (request, response) => {
      numbers.push(request.callingNumber);
      response.send(180);
      void srf.createUAS(request, response, { localSdp: SDP }).then(took);
    });
    const caller = await far.call(to);
    await expect.poll(() => caller.status()).toBe(200);
    expect(await caller.ask('INFO', { 'Content-Type': 'application/dtmf-relay' }, 'Signal=7')).toBe(200);
    expect(await caller.ask('BYE')).toBe(200);
    await over;
    expect(numbers).toEqual(['+358401111111']);
    expect(keys).toEqual(['Signal=7']);
    srf.disconnect();
  });

  it('tells of a caller who gives up, and refuses one with a cause', async () => {
    const { promise: gone, resolve } = Promise.withResolvers<void>();
    const [to, unwanted] = [unused('called'), unused('unwanted')];
    const srf = await connected(door(), (request, response) => {
      if (request.uri.includes(unwanted)) return response.send(486, { headers: { Reason: 'Q.850;cause=17' } });
      if (request.uri.includes(to)) response.send(180);
      return request.on('cancel', () => resolve());
    });
    const caller = await far.call(to);
    await expect.poll(() => caller.status()).toBe(180);
    caller.cancel();
    await gone;
    const refused = await far.call(unwanted);
    await expect.poll(() => refused.status()).toBe(486);
    srf.disconnect();
  });
}

describe("drachtio's double", () => {
  const double = new DrachtioDouble();
  beforeAll(async () => {
    await double.listen();
    double.behaviour.dialled = ({ start }) => {
      const status = dialledOf(start);
      if (status === 200) return [{ status: 180 }, { status: 200, body: SDP }];
      return [{ status }];
    };
  });
  afterAll(() => double.close());
  playsAs(() => ({ host: '127.0.0.1', port: double.port, secret: double.secret }), {
    uri: async (number) => `sip:${number}@127.0.0.1:5999`,
    call: async (to) => {
      const call = double.call(to);
      if (!call) throw new Error('nobody takes calls');
      return {
        status: () => call.lastStatus,
        cancel: () => call.cancel(),
        ask: (method, headers, body) => call.ask(method, headers, body),
      };
    },
  });

  it('answers 481 for an application that is gone, as drachtio does', async () => {
    const srf = await connected({ host: '127.0.0.1', port: double.port, secret: double.secret });
    await srf.createUAC('sip:200@127.0.0.1:5060', { localSdp: SDP });
    const call = double.calls.at(-1);
    double.drop();
    expect(await call?.ask('BYE')).toBe(481);
    srf.disconnect();
  });
});

describeOnDrachtio('the admin port', ([door]) => {
  let phone: UdpPhone;
  beforeAll(async () => {
    phone = await UdpPhone.plugIn();
  });
  afterAll(() => phone.unplug());
  playsAs(() => door, {
    uri: async (number) => `sip:${number}@127.0.0.1:${phone.port}`,
    call: async (to) => {
      const call = phone.call(to, await sipAddressOf(door), '+358401111111');
      return {
        ...call,
        ask: async (method, headers, body) => {
          call.acknowledge();
          const status = call.ask(method, headers, body);
          await expect.poll(status).toBeGreaterThan(0);
          return status();
        },
      };
    },
  });
});
