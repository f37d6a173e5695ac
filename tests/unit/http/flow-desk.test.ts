import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const answer = (id: string, payload: object) =>
  house.ask('supervisor', { method: 'POST', url: `/v1/asks/${id}/answer`, payload });

describe('an answer to a flow', () => {
  it('is passed on with what it holds', async () => {
    const payload = { outcome: 'approve', data: { by: 'finance', sums: [1, 2] } };
    expect((await answer('call-1-r1', payload)).statusCode).toBe(202);
    expect(house.flowDesk.asked).toContainEqual(['call-1-r1', 'approve', payload.data]);
    expect((await answer('call-1-r1', { outcome: 'approve' })).statusCode).toBe(202);
  });

  it.each([
    ['nobody waits', 'call-9-r1', { outcome: 'approve' }, 404],
    ['answered before', 'call-1-r0', { outcome: 'approve' }, 409],
    ['no such answer', 'call-1-r1', { outcome: 'perhaps' }, 422],
    ['no outcome', 'call-1-r1', {}, 400],
    ['data is no object', 'call-1-r1', { outcome: 'approve', data: 'x' }, 400],
    ['something else', 'call-1-r1', { outcome: 'approve', vip: true }, 400],
  ])('is refused: %s', async (_title, id, payload, status) => {
    const refusal = await answer(id, payload);
    expect(refusal.statusCode).toBe(status);
    expect(refusal.headers['content-type']).toContain('application/problem+json');
  });

  it('holds no names that every object has', async () => {
    const payload = '{"outcome":"approve","data":{"__proto__":{"admin":true}}}';
    const headers = { 'content-type': 'application/json' };
    const url = '/v1/asks/call-1-r1/answer';
    expect((await house.ask('admin', { method: 'POST', url, payload, headers })).statusCode).toBe(400);
  });
});

const NO_RECORDINGS = ['none', '..', '..%2F..%2Fsecret', '%2e%2e%2fsecret', 'call-1-rec1%00', 'call-1-rec1/..'];

describe('a recording', () => {
  const url = '/v1/recordings/call-1-rec2/audio';

  it('is heard as WAV, by those who may', async () => {
    const heard = await house.ask('supervisor', { url });
    expect(heard.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' });
    expect(heard.rawPayload).toEqual(Buffer.from(house.flowDesk.audio));
    for (const role of ['agent', 'engineer'] as const) {
      for (const method of ['GET', 'DELETE'] as const) {
        const asked = { method, url: method === 'GET' ? url : '/v1/recordings/call-1-rec2' };
        expect((await house.ask(role, asked)).statusCode).toBe(403);
      }
    }
  });

  it.each([...NO_RECORDINGS, 'call-1-rec1'])('is none of the name "%s"', async (id) => {
    const heard = await house.ask('admin', { url: `/v1/recordings/${id}/audio` });
    const erased = await house.ask('admin', { method: 'DELETE', url: `/v1/recordings/${id}` });
    for (const { statusCode } of [heard, erased]) expect([400, 404]).toContain(statusCode);
  });

  it('is erased once, and then is no more', async () => {
    const erase = { method: 'DELETE', url: '/v1/recordings/call-1-rec2' } as const;
    expect((await house.ask('supervisor', erase)).statusCode).toBe(204);
    expect((await house.ask('supervisor', erase)).statusCode).toBe(404);
    expect((await house.ask('supervisor', { url })).statusCode).toBe(404);
  });
});

describe('voicemail', () => {
  it('is erased by who may change it, and not out of the hands of an agent', async () => {
    const erase = (id: string) => ({ method: 'DELETE', url: `/v1/voicemails/${id}` }) as const;
    expect((await house.ask('supervisor', erase('call-1-rec1'))).statusCode).toBe(204);
    expect(house.flowDesk.asked).toContainEqual(['erase', 'call-1-rec1', expect.any(String)]);
    const refused = await house.ask('supervisor', erase('call-1-rec0'));
    expect([refused.statusCode, refused.json()]).toMatchObject([409, { detail: 'alice has this message in hand.' }]);
    expect((await house.ask('supervisor', erase('call-9-rec1'))).statusCode).toBe(404);
    for (const role of ['agent', 'engineer'] as const) {
      expect((await house.ask(role, erase('call-1-rec1'))).statusCode).toBe(403);
    }
  });

  it('is listed by box and state, without the name of its recording', async () => {
    const listed = await house.ask('supervisor', { url: '/v1/voicemails?box=support&state=new&limit=5' });
    expect(listed.json()).toMatchObject({ items: [{ id: 'call-1-rec1', replyBy: 9_000, state: 'new' }], next: null });
    expect(listed.body).not.toContain('"file"');
    expect(house.flowDesk.asked).toContainEqual({ box: 'support', state: 'new', limit: 5 });
    expect((await house.ask('supervisor', { url: '/v1/voicemails?state=done' })).json()).toMatchObject({ items: [] });
    expect((await house.ask('supervisor', { url: '/v1/voicemails?state=lost' })).statusCode).toBe(400);
  });

  it('is heard as WAV, by those who may', async () => {
    const url = '/v1/voicemails/call-1-rec1/audio';
    const heard = await house.ask('supervisor', { url });
    expect(heard.headers).toMatchObject({ 'content-type': 'audio/wav', 'cache-control': 'no-store' });
    expect(heard.rawPayload).toEqual(Buffer.from(house.flowDesk.audio));
    for (const role of ['agent', 'engineer'] as const) expect((await house.ask(role, { url })).statusCode).toBe(403);
  });

  it.each(NO_RECORDINGS)('leads to no file by "%s"', async (id) => {
    const found = await house.ask('admin', { url: `/v1/voicemails/${id}/audio` });
    expect([400, 404]).toContain(found.statusCode);
  });

  it('is moved by the one whose token says so', async () => {
    const change = { method: 'PATCH', url: '/v1/voicemails/call-1-rec1', payload: { state: 'done' } } as const;
    const moved = await house.ask('manager', change);
    expect(moved.json()).toMatchObject({ state: 'done', by: 'manager null', movedAt: 3_000 });
    expect((await house.ask('manager', { ...change, url: '/v1/voicemails/none' })).statusCode).toBe(404);
    expect((await house.ask('manager', { ...change, payload: { state: 'gone' } })).statusCode).toBe(400);
  });
});

describe('a PIN', () => {
  const put = (pin: unknown, account = '815') =>
    house.ask('manager', { method: 'PUT', url: `/v1/pins/${account}`, payload: { pin } });

  it('is set and removed, and never told again', async () => {
    const set = await put('4711');
    expect([set.statusCode, set.body]).toEqual([204, '']);
    const remove = { method: 'DELETE', url: '/v1/pins/815' } as const;
    expect((await house.ask('manager', remove)).statusCode).toBe(204);
    expect((await house.ask('manager', remove)).statusCode).toBe(404);
  });

  it.each(['123', '1234567890123', '12a4', '', 4711, null, '４７１１'])('is 4 to 12 digits, not %j', async (pin) => {
    const refused = await put(pin);
    expect(refused.statusCode).toBe(400);
    if (typeof pin === 'string' && pin.length > 3) expect(refused.body).not.toContain(pin);
  });

  it.each([
    ['PUT', 'supervisor', 403],
    ['PUT', 'engineer', 403],
    ['DELETE', 'supervisor', 403],
  ] as const)('%s by a %s is refused', async (method, role, status) => {
    const request = { method, url: '/v1/pins/4711', ...(method === 'PUT' && { payload: { pin: '1234' } }) };
    expect((await house.ask(role, request)).statusCode).toBe(status);
  });
});
