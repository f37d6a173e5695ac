import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOSTILE } from '../../contract/flow-store/hostile.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** What a client can put into an address: half a character cannot be encoded. */
const encoded = (text: string) => encodeURIComponent(text.toWellFormed().slice(0, 4_000));

describe('two hundred hostile strings', () => {
  it('in every place of every address give an ordinary answer, never 500', async () => {
    const places = house.http.routes.filter(({ url }) => url.includes(':'));
    expect(places.length).toBeGreaterThan(20);
    for (const { method, url } of places) {
      for (const text of HOSTILE.filter((_, n) => n % 4 === 0)) {
        const address = url.replaceAll(/:\w+/gu, encoded(text));
        const { statusCode } = await house.ask('admin', { method, url: address });
        expect([400, 404, 405, 415, 422], `${method} ${address.slice(0, 120)}`).toContain(statusCode);
      }
    }
    expect(house.faults).toEqual([]);
  });

  it.each([
    ['/v1/callbacks', 'queue'],
    ['/v1/callbacks', 'state'],
    ['/v1/callbacks', 'after'],
    ['/v1/callbacks', 'limit'],
    ['/v1/voicemails', 'box'],
    ['/v1/voicemails', 'state'],
    ['/v1/voicemails', 'before'],
    ['/v1/voicemails', 'limit'],
    ['/v1/voicemails', 'sort'],
  ])('in %s?%s are refused', async (path, name) => {
    const ids = /^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,99}$/u;
    for (const text of HOSTILE) {
      const { statusCode } = await house.ask('admin', { url: `${path}?${name}=${encoded(text)}` });
      const isId = ['box', 'before', 'queue', 'after'].includes(name) && ids.test(text);
      expect(isId ? 200 : 400, `${name}=${text.slice(0, 60)}`).toBe(statusCode);
    }
    expect(house.faults).toEqual([]);
  });

  it('as the answer of a flow, or for a PIN, are refused or plain data', async () => {
    for (const text of HOSTILE) {
      const answered = await house.ask('admin', {
        method: 'POST',
        url: '/v1/asks/call-1-r1/answer',
        payload: { outcome: text, data: { [text.slice(0, 100)]: text } },
      });
      expect([400, 422], text.slice(0, 60)).toContain(answered.statusCode);
      const pin = await house.ask('admin', { method: 'PUT', url: '/v1/pins/4711', payload: { pin: text } });
      expect(pin.statusCode).toBe(400);
    }
    expect(house.faults).toEqual([]);
  });
});

describe('an answer to a flow that is too much', () => {
  const post = (payload: string) =>
    house.ask('admin', {
      method: 'POST',
      url: '/v1/asks/call-1-r1/answer',
      payload,
      headers: { 'content-type': 'application/json' },
    });

  it.each([
    ['over a mebibyte', `{"outcome":"approve","data":{"a":"${'x'.repeat(2 ** 20)}"}}`, 413],
    ['no JSON', '{"outcome":', 400],
    ['a name that is too long', JSON.stringify({ outcome: 'approve', data: { ['a'.repeat(101)]: 1 } }), 400],
  ])('is refused: %s', async (_what, payload, status) => {
    expect((await post(payload)).statusCode).toBe(status);
  });

  it('half a million lists, one in the other, break nothing', async () => {
    const deep = '['.repeat(500_000) + ']'.repeat(500_000);
    expect([202, 400]).toContain((await post(`{"outcome":"approve","data":{"a":${deep}}}`)).statusCode);
    expect(house.faults).toEqual([]);
  });
});

it.each(['agent', 'engineer'] as const)('a token of the role %s answers no question of a flow', async (role) => {
  const request = { method: 'POST', url: '/v1/asks/call-1-r1/answer', payload: { outcome: 'approve' } } as const;
  expect((await house.ask(role, request)).json()).toMatchObject({ code: 'role.forbidden' });
});
