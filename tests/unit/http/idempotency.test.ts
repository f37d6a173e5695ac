import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, type MockInstance, vi } from 'vitest';
import { WITHOUT_KEY } from '../../../src/http/idempotency.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

let made = 0;
let key: string;
beforeEach(() => {
  key = `order-${(made += 1)}`;
});

const CAMPAIGN = { name: 'Autumn', trunk: 'public', callerId: '+358981000', language: 'fi' };
const create = (idempotencyKey: string, payload: object = CAMPAIGN, role: 'admin' | 'manager' = 'admin') =>
  house.ask(role, { method: 'POST', url: '/v1/campaigns', payload, headers: { 'idempotency-key': idempotencyKey } });
const JSON_BODY = { type: 'application/json', payload: '{}' };
/** How often it was carried out. */
let carriedOut: MockInstance<House['service']['createCampaign']>;
let carriesOut: House['service']['createCampaign'];
beforeEach(() => {
  carriesOut = house.service.createCampaign.bind(house.service);
  carriedOut = vi.spyOn(house.service, 'createCampaign');
});
afterEach(() => {
  carriedOut.mockRestore();
});

describe('a request with an Idempotency-Key', () => {
  it('is carried out once, and the same again gets the very answer of the first', async () => {
    const [first, second] = [await create(key), await create(`"${key}"`)];
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(second.body).toBe(first.body);
    expect(second.headers['content-type']).toBe(first.headers['content-type']);
    expect([first, second].map(({ headers }) => headers['idempotency-replayed'])).toEqual([undefined, 'true']);
    expect(carriedOut).toHaveBeenCalledTimes(1);
  });

  it('is refused when its key came with something else, also for another thing of the same route', async () => {
    await create(key);
    const other = await create(key, { ...CAMPAIGN, name: 'Winter' });
    expect(other.json()).toMatchObject({ status: 422, code: 'key.reused' });
    const headers = { 'idempotency-key': key };
    await house.ask('admin', { method: 'POST', url: '/v1/campaigns/campaign-1/pause', headers });
    const elsewhere = await house.ask('admin', { method: 'POST', url: '/v1/campaigns/campaign-2/pause', headers });
    expect(elsewhere.json()).toMatchObject({ code: 'key.reused' });
  });

  it('has its key for itself: not that of another token, nor of another route', async () => {
    await create(key);
    expect((await create(key, CAMPAIGN, 'manager')).statusCode).toBe(201);
    expect(carriedOut).toHaveBeenCalledTimes(2);
  });

  it('of two at once is served once; the other is told to come again', async () => {
    const held = Promise.withResolvers<void>();
    carriedOut.mockImplementationOnce(async (...asked) => {
      await held.promise;
      return carriesOut(...asked);
    });
    const first = create(key);
    await vi.waitFor(() => expect(carriedOut).toHaveBeenCalled());
    const meanwhile = await create(key);
    expect(meanwhile.json()).toMatchObject({ status: 409, code: 'key.busy' });
    expect(meanwhile.headers['retry-after']).toBe('1');
    held.resolve();
    expect((await create(key)).body).toBe((await first).body);
    expect(carriedOut).toHaveBeenCalledTimes(1);
  });

  it('is served anew after a fault of ours, and its refusal is kept as an answer', async () => {
    carriedOut.mockRejectedValueOnce(new Error('away'));
    expect((await create(key)).statusCode).toBe(500);
    const second = await create(key);
    expect([second.statusCode, second.headers['idempotency-replayed']]).toEqual([201, undefined]);
    const refused = { ...CAMPAIGN, trunk: 'moon' };
    const [no, again] = [await create(`${key}-no`, refused), await create(`${key}-no`, refused)];
    expect([no.statusCode, again.statusCode, again.headers['idempotency-replayed']]).toEqual([422, 422, 'true']);
    expect(again.headers['content-type']).toBe(no.headers['content-type']);
  });

  it('is forgotten after 24 h, and its holder two minutes after he died', async () => {
    await create(key);
    house.clock.advance(24 * 3_600_000 - 1);
    await create(key);
    expect(carriedOut).toHaveBeenCalledTimes(1);
    house.clock.advance(1);
    await create(key);
    expect(carriedOut).toHaveBeenCalledTimes(2);
    const settle = vi.spyOn(house.keys, 'settle').mockRejectedValueOnce(new Error('away'));
    expect((await create(`${key}-died`)).statusCode).toBe(201);
    expect((await create(`${key}-died`)).json()).toMatchObject({ code: 'key.busy' });
    house.clock.advance(2 * 60_000);
    expect((await create(`${key}-died`)).statusCode).toBe(201);
    settle.mockRestore();
    expect(house.faults.splice(0).filter((each) => each.startsWith('an answer was not kept'))).toHaveLength(1);
  });

  const WEBHOOK = { url: 'https://crm.example/in', types: ['call.ended'] };
  const FOLLOW_UP = { kind: 'refund', reason: 'r', owner: { kind: 'team', id: 'finance' }, dueAt: 1_790_000_000_000 };
  it.each([
    ['/v1/campaigns', CAMPAIGN, { ...CAMPAIGN, name: 'Winter' }],
    ['/v1/webhooks', WEBHOOK, { ...WEBHOOK, types: null }],
    ['/v1/follow-ups', FOLLOW_UP, { ...FOLLOW_UP, reason: 'another' }],
  ])('makes one thing though its holder died before he answered: POST %s', async (url, payload, other) => {
    const ask = (body: object) =>
      house.ask('admin', { method: 'POST', url, payload: body, headers: { 'idempotency-key': key } });
    const count = async () => (await house.ask('admin', { url: `${url}?limit=200` })).json().items.length as number;
    const before = await count();
    const settle = vi.spyOn(house.keys, 'settle').mockRejectedValueOnce(new Error('away'));
    const first = await ask(payload);
    settle.mockRestore();
    house.clock.advance(2 * 60_000);
    const second = await ask(payload);
    expect([first.statusCode, second.statusCode, second.headers['idempotency-replayed']]).toEqual([
      201,
      201,
      undefined,
    ]);
    expect(second.json()).toEqual(first.json());
    expect(await count()).toBe(before + 1);
    // A day later the key is free again: for the same thing it finds the same, for another it makes another.
    house.clock.advance(25 * 3_600_000);
    expect((await ask(other)).statusCode).toBe(201);
    expect(await count()).toBe(before + 2);
    expect(house.faults.splice(0).filter((each) => each.startsWith('an answer was not kept'))).toHaveLength(1);
  });

  it('tells a secret again only for a day, as long as its answer is kept', async () => {
    const payload = { url: 'https://crm.example/late', types: null };
    const ask = () =>
      house.ask('admin', { method: 'POST', url: '/v1/webhooks', payload, headers: { 'idempotency-key': key } });
    expect((await ask()).json().secret).toMatch(/^whsec_/u);
    house.clock.advance(24 * 3_600_000);
    const late = await ask();
    expect(late.json()).toMatchObject({ status: 409, detail: expect.stringMatching(/made by this request before/u) });
    expect(late.body).not.toContain('whsec_');
  });

  it('does nothing while keys cannot be looked up', async () => {
    const away = vi.spyOn(house.keys, 'claim').mockRejectedValueOnce(new Error('away'));
    expect((await create(key)).json()).toMatchObject({ status: 503, code: 'unavailable' });
    away.mockRestore();
    expect(carriedOut).not.toHaveBeenCalled();
  });

  it.each(['', ' ', 'a b', '"a', 'a"b', 'ä', 'x'.repeat(256), '\\'])(
    'is refused when it is no key: %j',
    async (bad) => {
      expect((await create(bad)).json()).toMatchObject({ status: 400, code: 'request.invalid' });
    },
  );
});

describe('every route that changes something', () => {
  it('honours the key, or stands on the list of those that do not and says why', async () => {
    const changing = house.http.routes.filter(({ method, url }) => url.startsWith('/v1/') && method !== 'GET');
    expect(changing.length).toBeGreaterThan(60);
    const seen: string[] = [];
    for (const { method, url } of changing) {
      const name = `${method} ${url}`;
      const claim = vi.spyOn(house.keys, 'claim').mockResolvedValueOnce({
        is: 'done',
        answer: { status: 418, type: 'text/plain', body: 'kept' },
      });
      const body =
        url.endsWith('/import') || url.endsWith('/leads') ? { type: 'text/csv', payload: 'number' } : JSON_BODY;
      const headers = { 'idempotency-key': key, 'content-type': body.type };
      const answer = await house.ask('admin', { method, url, headers, payload: body.payload });
      if (WITHOUT_KEY[name] !== undefined) seen.push(name);
      expect(claim, name).toHaveBeenCalledTimes(WITHOUT_KEY[name] === undefined ? 1 : 0);
      expect(answer.body, name).toMatch(WITHOUT_KEY[name] === undefined ? /^kept$/u : /this address takes none/u);
      claim.mockRestore();
    }
    expect(seen.toSorted()).toEqual(Object.keys(WITHOUT_KEY).toSorted());
  });
});
