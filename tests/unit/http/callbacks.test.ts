import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const url = '/v1/callbacks/call-1-r3';

describe('callbacks', () => {
  it('are listed by queue and state, page by page', async () => {
    const listed = await house.ask('supervisor', {
      url: '/v1/callbacks?queue=support&state=waiting&limit=1&after=call-0',
    });
    expect(listed.json()).toMatchObject({
      items: [{ id: 'call-1-r3', number: '+358501112223', require: [{ skill: 'lang:fi' }], keepPlaceFrom: 1_000 }],
      next: 'call-1-r3',
    });
    expect(house.callbackDesk.asked).toContainEqual({ queue: 'support', state: 'waiting', limit: 1, after: 'call-0' });
    expect((await house.ask('manager', { url: '/v1/callbacks?state=failed' })).json()).toEqual({
      items: [],
      next: null,
    });
    expect((await house.ask('manager', { url: '/v1/callbacks?state=lost' })).statusCode).toBe(400);
  });

  it('are promised from outside, each key one', async () => {
    const payload = { queue: 'support', number: '+358501112223', dueBy: 9_000, agentId: 'alice' };
    const ask = (change = {}) =>
      house.ask('supervisor', {
        method: 'POST',
        url: '/v1/callbacks',
        payload: { ...payload, ...change },
        headers: { 'idempotency-key': 'promise-1' },
      });
    const made = await ask();
    expect([made.statusCode, made.json()]).toMatchObject([201, { number: '+358501112223', state: 'waiting' }]);
    expect(house.callbackDesk.asked.at(-1)).toMatchObject({ prefer: 'alice', notBefore: 0, language: 'en' });
    expect((await ask()).headers['idempotency-replayed']).toBe('true');
    expect((await ask({ queue: 'moon' })).statusCode).toBe(422);
  });

  it('get other times, by whom is told', async () => {
    const changed = await house.ask('supervisor', { method: 'PATCH', url, payload: { notBefore: 5_000 } });
    expect(changed.json()).toMatchObject({ id: 'call-1-r3', notBefore: 5_000, dueBy: 9_000 });
    expect(house.callbackDesk.asked.at(-1)).toEqual(['call-1-r3', { notBefore: 5_000 }, expect.stringMatching(/./)]);
  });

  it.each([
    ['nothing to change', url, {}, 400],
    ['a time that is none', url, { dueBy: 'soon' }, 400],
    ['another number', url, { number: '+358401' }, 400],
    ['a time before it begins', url, { dueBy: 1 }, 422],
    ['one that is not there', '/v1/callbacks/none', { dueBy: 5 }, 404],
  ])('are not changed: %s', async (_title, at, payload, status) => {
    expect((await house.ask('admin', { method: 'PATCH', url: at, payload })).statusCode).toBe(status);
  });

  it('are called off once', async () => {
    expect((await house.ask('manager', { method: 'DELETE', url })).statusCode).toBe(204);
    expect((await house.ask('manager', { method: 'DELETE', url: '/v1/callbacks/call-1-r4' })).statusCode).toBe(409);
    expect((await house.ask('manager', { method: 'DELETE', url: '/v1/callbacks/none' })).statusCode).toBe(404);
  });

  it('are nobody else’s business', async () => {
    for (const role of ['agent', 'engineer'] as const) {
      expect((await house.ask(role, { url: '/v1/callbacks' })).statusCode).toBe(403);
      expect((await house.ask(role, { method: 'DELETE', url })).statusCode).toBe(403);
    }
  });
});
