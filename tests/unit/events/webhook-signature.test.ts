import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newWebhookSecret, signWebhook } from '../../../src/events/webhook-signature.ts';

const AT = Date.UTC(2026, 10, 22, 12);
const BODY = '{"specversion":"1.0","id":"call/c1:7","data":{"name":"Ä"}}';
const headersOf = (secrets: readonly string[], at = AT) => ({ ...signWebhook('call/c1:7', BODY, secrets, at) });

beforeEach(() => void vi.useFakeTimers({ now: AT, toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

describe('a signed webhook', () => {
  it('is taken by the receivers’ own library, whatever the body', () => {
    const secret = newWebhookSecret();
    expect(new Webhook(secret).verify(BODY, headersOf([secret]))).toEqual(JSON.parse(BODY));
    fc.assert(
      fc.property(fc.string(), fc.json(), (id, body) => {
        const clean = `m${id.replaceAll(/[^\x21-\x7e]/gu, '')}`;
        expect(() => new Webhook(secret).verify(body, { ...signWebhook(clean, body, [secret], AT) })).not.toThrow();
      }),
    );
  });

  it('is taken by who has the old secret and by who has the new one, while both are in force', () => {
    const [old, fresh] = [newWebhookSecret(), newWebhookSecret()];
    const headers = headersOf([fresh, old]);
    for (const secret of [old, fresh]) expect(() => new Webhook(secret).verify(BODY, headers)).not.toThrow();
    expect(() => new Webhook(newWebhookSecret()).verify(BODY, headers)).toThrow();
  });

  it('is refused with another body, another id, and when it comes again after five minutes', () => {
    const secret = newWebhookSecret();
    const receiver = new Webhook(secret);
    expect(() => receiver.verify(`${BODY} `, headersOf([secret]))).toThrow();
    expect(() => receiver.verify(BODY, { ...headersOf([secret]), 'webhook-id': 'call/c1:8' })).toThrow();
    expect(() => receiver.verify(BODY, headersOf([secret], AT - 301_000))).toThrow();
    expect(() => receiver.verify(BODY, headersOf([secret], AT - 299_000))).not.toThrow();
  });
});
