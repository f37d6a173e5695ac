import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

interface Made {
  webhook: { id: string; url: string; isOn: boolean; cursor: string | null };
  secret: string;
}

let house: House;
beforeEach(async () => {
  house = await openHouse();
});
afterEach(() => house.close());

const ask = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object) =>
  house.ask('engineer', { method, url: `/v1/webhooks${path}`, ...(payload && { payload }) });
const make = async (more: object = {}) =>
  (await ask('POST', '', { url: 'https://crm.example/in', types: ['call.ended'], ...more })).json<Made>();

describe('webhooks', () => {
  it('are made with a secret that is told once', async () => {
    const { webhook, secret } = await make();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/u);
    expect(webhook).toMatchObject({ url: 'https://crm.example/in', isOn: true, parked: 0, dead: 0, failing: null });
    const list = await ask('GET', '');
    expect(list.json<{ items: object[] }>().items).toEqual([webhook]);
    expect(list.body).not.toContain(secret.slice(6));
  });

  it('are changed, switched off and on, and ended', async () => {
    const { webhook } = await make();
    const off = await ask('PATCH', `/${webhook.id}`, { isOn: false });
    expect(off.json()).toMatchObject({ isOn: false, why: 'It was switched off.' });
    const on = await ask('PATCH', `/${webhook.id}`, { isOn: true, types: null });
    expect(on.json()).toMatchObject({ isOn: true, why: '', types: null });
    expect((await ask('DELETE', `/${webhook.id}`)).statusCode).toBe(204);
    expect((await ask('DELETE', `/${webhook.id}`)).statusCode).toBe(404);
    expect((await ask('PATCH', `/${webhook.id}`, { isOn: true })).statusCode).toBe(404);
  });

  it('get another secret', async () => {
    const { webhook, secret } = await make();
    const next = (await ask('POST', `/${webhook.id}/secret`, {})).json<{ secret: string }>();
    expect(next.secret).toMatch(/^whsec_/u);
    expect(next.secret).not.toBe(secret);
  });

  it.each<[string, object, RegExp]>([
    ['a host that is not allowed', { url: 'https://evil.example/' }, /host is not allowed/u],
    ['no web address', { url: 'ftp://crm.example/' }, /body\.url/u],
    ['an event that there is not', { types: ['call.dreamt'] }, /body\.types/u],
    ['no events at all', { types: [] }, /body\.types/u],
  ])('are refused with %s', async (_, more, sentence) => {
    const answer = await ask('POST', '', { url: 'https://crm.example/in', ...more });
    expect([400, 422]).toContain(answer.statusCode);
    expect(answer.json<{ detail: string }>().detail).toMatch(sentence);
  });

  it('have no dead letters at first', async () => {
    const { webhook } = await make();
    expect((await ask('GET', `/${webhook.id}/dead`)).json()).toEqual({ items: [] });
    expect((await ask('POST', `/${webhook.id}/dead/replay`)).json()).toEqual({ replayed: 0 });
    expect((await ask('GET', '/none/dead')).statusCode).toBe(404);
  });
});
