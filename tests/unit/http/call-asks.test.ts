import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const BODY = { campaignId: 'campaign-1', number: '+358401234567', reason: 'reminder' };
const call = (payload: object, headers: Record<string, string> = {}) =>
  house.ask('manager', { method: 'POST', url: '/v1/calls', payload, headers });

describe('POST /v1/calls', () => {
  it('answers the call that it will be', async () => {
    const answer = await call({ ...BODY, reference: 'visit-7', wait: true });
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { callId: 'call-9', campaignId: 'campaign-1', reference: 'visit-7', until: 5_000, because: null },
    ]);
  });

  it('names the rule that forbids it', async () => {
    const answer = await call({ ...BODY, number: '+358981999' });
    expect(answer.json()).toMatchObject({ code: 'resource.refused', faults: [{ where: 'rule.dnc' }] });
    expect((await call({ ...BODY, campaignId: 'none' })).json()).toMatchObject({ code: 'resource.unknown' });
  });

  it('takes its reference from the key, the same whenever the key comes', async () => {
    const ask = vi.spyOn(house.service.callAsks, 'ask').mockRejectedValueOnce(new Error('died'));
    for (let time = 0; time < 2; time += 1) await call(BODY, { 'idempotency-key': 'k1' });
    await call(BODY);
    const [first, second, without] = ask.mock.calls.map(([wish]) => wish.reference);
    ask.mockRestore();
    house.faults.splice(0);
    expect(first).toMatch(/^key-.{43}$/u);
    expect(second).toBe(first);
    expect(without).not.toBe(first);
  });

  it.each([{}, { reason: '' }, { data: { a: 1 } }, { callerId: '+1' }])('refuses %j', async (change) => {
    const payload = Object.keys(change).length === 0 ? {} : { ...BODY, ...change };
    expect((await call(payload)).statusCode).toBe(400);
  });
});
