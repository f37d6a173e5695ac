import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Door } from '../../support/doors.ts';
import { EslClient, type EslMessage } from '../../support/esl-client.ts';
import { EslDouble } from '../../support/esl-double.ts';
import { describeOnSecondSwitch } from '../../support/second-switch.ts';
import { unused } from './world.ts';

const JOB = '11111111-2222-4333-8444-555555555555';

/** The same conversations, whoever answers: what the double says is then what FreeSWITCH says. */
function speaksAs(door: () => Door): void {
  const open: EslClient[] = [];
  const client = async () => {
    const one = await EslClient.logIn(door());
    open.push(one);
    return one;
  };
  afterEach(async () => {
    for (const one of open.splice(0)) await one.close();
  });
  const replyOf = ({ head }: EslMessage) => /^Reply-Text: (.*)$/m.exec(head)?.[1];
  const events = (one: EslClient, format: string) =>
    one.messages.filter(({ head }) => head.includes(`Content-Type: text/event-${format}`));

  it('asks for the password first, and lets nobody do anything without', async () => {
    const one = await EslClient.dial(door());
    open.push(one);
    await expect.poll(() => one.messages[0]).toEqual({ head: 'Content-Type: auth/request', body: '' });
    expect(await one.ask('api echo hello')).toEqual({
      head: 'Content-Type: command/reply\nReply-Text: -ERR command not found',
      body: '',
    });
    expect(replyOf(await one.ask(`auth ${door().secret}`))).toBe('+OK accepted');
    expect(await one.api('echo hello')).toBe('hello');
  });

  it('says goodbye to who names a wrong password', async () => {
    const one = await EslClient.dial(door());
    open.push(one);
    expect(replyOf(await one.ask('auth guessed'))).toBe('-ERR invalid');
    await expect.poll(() => one.isClosed).toBe(true);
    expect(one.messages.at(-1)).toEqual({
      head: 'Content-Type: text/disconnect-notice\nContent-Length: 67',
      body: 'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
    });
  });

  it('answers commands one after the other, with as many bytes as it says', async () => {
    const one = await client();
    const both = [one.ask('api echo ein Wört'), one.ask('api echo two')];
    expect(await both[0]).toEqual({ head: 'Content-Type: api/response\nContent-Length: 9', body: 'ein Wört' });
    expect(await both[1]).toEqual({ head: 'Content-Type: api/response\nContent-Length: 3', body: 'two' });
  });

  it.each([
    ['nonsense', '-ERR nonsense Command not found!\n'],
    ['uuid_exists nobody', 'false'],
    ['uuid_kill nobody', '-ERR No such channel!\n'],
    ['uuid_getvar nobody x', '-ERR No such channel!\n'],
    ['uuid_transfer nobody park: inline', '-ERR No such channel!\n'],
    ['conference nowhere list', '-ERR Conference nowhere not found\n'],
    ['global_getvar callwright_never_set', '-ERR no reply\n'],
  ])('says to "api %s" what it has to say', async (command, answer) => {
    expect(await (await client()).api(command)).toBe(answer);
  });

  it('keeps what is set for all, and tells itself from others and from its next life', async () => {
    const one = await client();
    const value = unused('value');
    expect(await one.api(`global_setvar callwright_test=${value}`)).toBe('+OK');
    expect(await one.api('global_getvar callwright_test')).toBe(value);
    expect(await one.api('global_getvar core_uuid')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await one.api('version short')).toMatch(/^1\.\d+\.\d+\S*\n$/);
    expect(Number(await one.api('uptime ms'))).toBeGreaterThan(0);
    expect(await one.api('sofia status profile drachtio_mrf')).toMatch(/^URL\s+sip:mod_sofia@\S+:\d+$/m);
    expect(JSON.parse(await one.api('show channels as json'))).toEqual({ row_count: 0 });
    expect(await one.api('conference list')).toBe('+OK No active conferences.\n');
  });

  it.each([
    ['nonsense', '-ERR command not found'],
    ['api', '-ERR command not found'],
    ['event plain HEARTBEAT', '+OK event listener enabled plain'],
    ['noevents', '-ERR not listening for events'],
    ['event json', '-ERR no keywords supplied'],
    ['sendmsg nobody\ncall-command: execute\nexecute-app-name: park', '-ERR invalid session id [nobody]'],
  ])('says to %j what it has to say', async (command, answer) => {
    expect(replyOf(await (await client()).ask(command))).toBe(answer);
  });

  it('takes a message with a body', async () => {
    const one = await client();
    const head = 'sendmsg nobody\ncall-command: execute\nexecute-app-name: playback\nContent-Type: text/plain';
    expect(replyOf(await one.ask(`${head}\nContent-Length: 5`, 'a\n\nbc'))).toBe('-ERR invalid session id [nobody]');
    expect(await one.api('echo still in step')).toBe('still in step');
  });

  it('does something in the background, and tells of its end who wants to hear', async () => {
    const [one, other] = [await client(), await client()];
    await one.ask('event json BACKGROUND_JOB');
    await other.ask('event json HEARTBEAT');
    const answer = await one.ask(`bgapi echo done\nJob-UUID: ${JOB}`);
    expect(answer.head).toBe(`Content-Type: command/reply\nReply-Text: +OK Job-UUID: ${JOB}\nJob-UUID: ${JOB}`);
    await expect.poll(() => events(one, 'json')).toHaveLength(1);
    const [told] = events(one, 'json');
    expect(told?.head).toMatch(/^Content-Length: \d+\nContent-Type: text\/event-json$/);
    const event = JSON.parse(told?.body ?? '') as Record<string, string>;
    expect(event).toMatchObject({
      'Event-Name': 'BACKGROUND_JOB',
      'Job-UUID': JOB,
      'Job-Command': 'echo',
      _body: 'done',
    });
    expect(event['Event-Date-Timestamp']).toMatch(/^\d{16}$/);
    expect(events(other, 'json')).toEqual([]);
  });

  it('passes a message on to all who listen, in the form that each asked for', async () => {
    const [one, other] = [await client(), await client()];
    await one.ask('event json CUSTOM callwright::test');
    await other.ask('event plain CUSTOM callwright::test');
    const told = await one.ask('sendevent CUSTOM\nEvent-Subclass: callwright::test\nWord: a b');
    expect(replyOf(told)).toMatch(/^\+OK [0-9a-f-]{36}$/);
    await expect.poll(() => events(one, 'json').length + events(other, 'plain').length).toBe(2);
    expect(JSON.parse(events(one, 'json')[0]?.body ?? '')).toMatchObject({
      'Event-Name': 'CUSTOM',
      'Event-Subclass': 'callwright::test',
      Word: 'a b',
    });
    const lines = events(other, 'plain')[0]?.body.split('\n') ?? [];
    expect(lines).toEqual(
      expect.arrayContaining(['Event-Name: CUSTOM', 'Event-Subclass: callwright%3A%3Atest', 'Word: a%20b']),
    );
  });

  it('says goodbye when it is asked to', async () => {
    const one = await client();
    expect(replyOf(await one.ask('exit'))).toBe('+OK bye');
    await expect.poll(() => one.isClosed).toBe(true);
    expect(one.messages.at(-1)?.head).toContain('Content-Type: text/disconnect-notice');
  });
}

describe("the event socket's double", () => {
  const double = new EslDouble('the password of nobody');
  beforeAll(() => double.listen());
  afterAll(() => double.close());
  speaksAs(() => ({ host: '127.0.0.1', port: double.port, secret: double.secret }));

  it('turns an address away as FreeSWITCH does', async () => {
    double.behaviour.door = 'rude';
    const one = await EslClient.dial({ host: '127.0.0.1', port: double.port });
    await expect.poll(() => one.isClosed).toBe(true);
    double.behaviour.door = 'open';
    expect(one.messages.map(({ head }) => head)).toEqual([
      'Content-Type: text/rude-rejection\nContent-Length: 24',
      'Content-Type: text/disconnect-notice\nContent-Length: 67',
    ]);
  });
});

describeOnSecondSwitch('the event socket', ({ freeswitch: [door] }) => speaksAs(() => door));
