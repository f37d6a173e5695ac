import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Opinion, openSecondOpinion, type SecondOpinion } from '../../../src/edge/second-opinion.ts';
import { silent } from '../../support/silent.ts';
import { SipEnd } from '../../support/sip-end.ts';

let opinion: SecondOpinion;
let end: SipEnd;
let told: Opinion | null | Promise<Opinion | null>;
const asked: string[] = [];

beforeEach(async () => {
  asked.length = 0;
  told = { status: 302, contacts: ['sip:100@192.0.2.2:5060', 'sip:next@192.0.2.9:5066'] };
  const decide = async (ticket: string) => {
    asked.push(ticket);
    return told;
  };
  opinion = await openSecondOpinion({ host: '127.0.0.1', port: 0, decide, log: silent });
  end = await SipEnd.open();
});
afterEach(async () => {
  await end.close();
  await opinion.close();
});

const lines = (method: string, branch = 'z9hG4bK-1', user = 'ticket-1'): readonly string[] => [
  `${method} sip:${user}@${opinion.address.host}:${opinion.address.port} SIP/2.0`,
  `Via: SIP/2.0/UDP ${end.address};rport;branch=${branch}`,
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-caller',
  'From: <sip:1001@example.org>;tag=a',
  'To: <sip:100@example.org>',
  'Call-ID: call-1',
  `CSeq: 1 ${method}`,
];
const ask = (method: string, branch?: string, user?: string) =>
  end.ask(opinion.address.port, lines(method, branch, user));
const say = (method: string, branch?: string) => end.say(opinion.address.port, lines(method, branch));

it('says whom to ask next, with every Via, and stops when it is acknowledged', async () => {
  const answer = await ask('INVITE');
  expect(answer.status).toBe(302);
  expect(answer.header('contact')).toBe('<sip:100@192.0.2.2:5060>, <sip:next@192.0.2.9:5066>');
  expect(answer.headers('via')).toHaveLength(2);
  expect(answer.header('to')).toMatch(/;tag=/u);
  expect(end.heard[0]?.status).toBe(100);
  expect(asked).toEqual(['ticket-1']);
  say('ACK');
  await expect(end.next(({ status }) => status === 302, 800)).rejects.toThrow('did not come');
});

it('says it again until it is acknowledged, and asks nobody twice', async () => {
  await ask('INVITE');
  say('INVITE');
  expect((await end.next(({ status }) => status === 302, 2_000)).status).toBe(302);
  expect(asked).toHaveLength(1);
  say('ACK');
});

it('answers for a call that was taken back meanwhile', async () => {
  const { promise, resolve } = Promise.withResolvers<Opinion | null>();
  told = promise;
  say('INVITE');
  await end.next(({ status }) => status === 100);
  expect((await ask('CANCEL')).status).toBe(200);
  const last = end.next(({ status }) => status >= 300);
  resolve({ status: 302, contacts: ['sip:x@192.0.2.2'] });
  expect((await last).status).toBe(487);
  say('ACK');
});

it.each([
  '',
  'INVITE',
  'INVITE sip:x SIP/2.0\r\n\r\n',
  'REGISTER sip:x@y SIP/2.0\r\nVia: x;branch=a\r\n\r\n',
  '\0\0\0\0',
])('is silent to %j', async (text) => {
  end.say(opinion.address.port, [text]);
  say('CANCEL', 'z9hG4bK-unknown');
  expect((await ask('INVITE')).status).toBe(302);
  expect(end.heard.map(({ status }) => status)).toEqual([100, 302]);
  say('ACK');
});

it('gives no answer to a ticket that nobody has', async () => {
  told = null;
  await expect(end.ask(opinion.address.port, lines('INVITE'), '', 800)).rejects.toThrow('did not come');
});
