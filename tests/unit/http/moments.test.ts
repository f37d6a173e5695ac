import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const AT = Date.UTC(2026, 11, 1, 8);
const followUp = (dueAt: unknown) => ({ kind: 'task', reason: 'r', owner: { kind: 'team', id: 'finance' }, dueAt });
const callback = (dueBy: unknown) => ({ queue: 'support', number: '+358501112223', dueBy, notBefore: AT - 1_000 });
const post = (url: string, payload: object) => house.ask('admin', { method: 'POST', url, payload });

describe('a time in a request', () => {
  it.each([AT, '2026-12-01T08:00:00Z', '2026-12-01T10:00:00+02:00'])('may be %s', async (at) => {
    const made = await post('/v1/follow-ups', followUp(at));
    expect(made.json(), made.body).toMatchObject({ dueAt: AT, dueAtIso: '2026-12-01T08:00:00.000Z' });
    const promised = await post('/v1/callbacks', callback(at));
    expect(promised.json()).toMatchObject({ dueBy: AT, dueByIso: '2026-12-01T08:00:00.000Z' });
    const { id } = made.json<{ id: string }>();
    const later = typeof at === 'string' ? at.replace('2026-12', '2027-01') : AT + 86_400_000;
    expect((await post(`/v1/follow-ups/${id}/put-off`, { dueAt: later })).statusCode).toBe(200);
  });

  it.each(['2026-12-01T08:00:00', '2026-12-01', 'tomorrow', String(AT), -1, '1950-01-01T00:00:00Z', 1.5, null])(
    'is refused without its zone, or where it is none: %s',
    async (at) => {
      const answer = await post('/v1/follow-ups', followUp(at));
      expect(answer.json()).toMatchObject({
        status: 400,
        detail: expect.stringMatching(/^body\.dueAt: .*ISO 8601 with its zone/u),
      });
    },
  );

  it('may be either in a query', async () => {
    const count = async (dueBefore: string) => {
      const answer = await house.ask('admin', {
        url: `/v1/follow-ups?limit=200&dueBefore=${encodeURIComponent(dueBefore)}`,
      });
      return answer.json<{ items: unknown[] }>().items.length;
    };
    await post('/v1/follow-ups', followUp(AT + 1));
    expect(await count('2026-12-01T08:00:00Z')).toBe(await count(String(AT)));
    expect(await count('2026-12-01T08:00:01Z')).toBeGreaterThan(await count(String(AT)));
    expect((await house.ask('admin', { url: '/v1/follow-ups?dueBefore=soon' })).statusCode).toBe(400);
  });
});
