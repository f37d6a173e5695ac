import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const NUMBER = '+358401234567';
const post = async (url: string, payload: object, role: Parameters<House['ask']>[0] = 'manager') =>
  house.ask(role, { method: 'POST', url, payload });
const allowed = async (number: string) => (await post('/v1/dnc/check', { number })).json().allowed;

describe('do not call', () => {
  it('is asked by an agent for his customer, in force at once, and taken back by a manager who says why', async () => {
    expect(await allowed(NUMBER)).toBe(true);
    const added = await post('/v1/dnc/entries', { number: NUMBER, reason: 'asked', source: 'agent' }, 'agent');
    expect(added.statusCode).toBe(201);
    expect(added.json()).toMatchObject({
      entry: { kind: 'number', key: '358401234567', campaignId: null, by: 'agent null' },
      givenUp: 0,
    });
    const checked = await post('/v1/dnc/check', { number: NUMBER }, 'supervisor');
    expect(checked.json()).toMatchObject({
      allowed: false,
      hits: [{ kind: 'number', reason: 'asked', source: 'agent' }],
    });
    const { id } = added.json().entry;
    expect((await post(`/v1/dnc/entries/${id}/remove`, { reason: 'x' }, 'supervisor')).statusCode).toBe(403);
    expect((await post(`/v1/dnc/entries/${id}/remove`, {})).statusCode).toBe(400);
    expect((await post(`/v1/dnc/entries/${id}/remove`, { reason: 'by mistake' })).json()).toMatchObject({
      removedReason: 'by mistake',
      removedBy: 'manager null',
    });
    expect((await post(`/v1/dnc/entries/${id}/remove`, { reason: 'again' })).statusCode).toBe(409);
    expect(await allowed(NUMBER)).toBe(true);
    const found = await post('/v1/dnc/entries/search', { number: NUMBER });
    expect(found.json()).toMatchObject({ items: [{ id, removedReason: 'by mistake' }], next: null });
  });

  it('holds for all numbers that begin so', async () => {
    expect((await post('/v1/dnc/entries', { prefix: '+35870', reason: 'service numbers' })).statusCode).toBe(201);
    expect([await allowed('+358700123'), await allowed('+358710123')]).toEqual([false, true]);
  });

  it.each([
    ['neither number nor prefix', { reason: 'x' }, 400],
    ['both', { number: NUMBER, prefix: '+358', reason: 'x' }, 400],
    ['no reason', { number: NUMBER }, 400],
    ['a number that is none', { number: '0401234567', reason: 'x' }, 422],
    ['a prefix that is none', { prefix: '0', reason: 'x' }, 422],
    ['a campaign that is none', { number: NUMBER, reason: 'x', campaignId: 'nowhere' }, 404],
    ['words', { number: 'x&y', reason: 'x' }, 400],
  ])('is refused with %s', async (_, payload, status) => {
    expect((await post('/v1/dnc/entries', payload)).statusCode).toBe(status);
  });

  it('has lists, imported as they stream in, excepted from, and removed', async () => {
    const made = await post('/v1/dnc/lists', { name: 'Registry' });
    expect(made.statusCode).toBe(201);
    expect((await post('/v1/dnc/lists', { name: 'Registry' })).statusCode).toBe(409);
    const url = `/v1/dnc/lists/${made.json().id}`;
    const imported = await house.ask('manager', {
      method: 'POST',
      url: `${url}/import?country=FI&file=october.txt`,
      headers: { 'content-type': 'text/plain' },
      payload: '0405550001\n\nphone\n0405550002\n',
    });
    expect(imported.json()).toMatchObject({
      version: { numbers: 2, rejected: 1, mode: 'replace', fileName: 'october.txt', by: 'manager null' },
      errors: [{ line: 3 }],
    });
    expect(await allowed('+358405550001')).toBe(false);
    const added = await house.ask('manager', {
      method: 'POST',
      url: `${url}/import?mode=merge&column=phone`,
      headers: { 'content-type': 'text/csv' },
      payload: 'name,phone\nAnna,+358405550003\n',
    });
    expect(added.json()).toMatchObject({ version: { numbers: 3 } });
    expect((await house.ask('supervisor', { url })).json()).toMatchObject({
      state: 'read',
      version: { numbers: 3 },
      versions: [{ mode: 'merge' }, { mode: 'replace' }],
    });
    expect((await post(`${url}/except`, { number: '+358405550001', reason: 'customer' })).statusCode).toBe(201);
    expect(await allowed('+358405550001')).toBe(true);
    const wrong = await house.ask('manager', {
      method: 'POST',
      url: `${url}/import`,
      headers: { 'content-type': 'text/plain' },
      payload: 'no\nnumbers\n',
    });
    expect(wrong.statusCode).toBe(422);
    expect((await house.ask('manager', { method: 'DELETE', url })).statusCode).toBe(204);
    expect((await house.ask('manager', { method: 'DELETE', url })).statusCode).toBe(404);
    expect((await house.ask('manager', { url })).statusCode).toBe(404);
    expect(await allowed('+358405550002')).toBe(true);
  });

  it('survives the erasure of the person', async () => {
    await post('/v1/dnc/entries', { number: '+358405559999', reason: 'asked' });
    expect((await post('/v1/dnc/erase', { number: '+358405559999' })).json()).toEqual({ entries: 1 });
    expect((await post('/v1/dnc/check', { number: '+358405559999' })).json()).toMatchObject({
      allowed: false,
      hits: [{ kind: 'hash' }],
    });
    expect((await post('/v1/dnc/entries/search', { number: '+358405559999' })).json().items).toEqual([]);
  });
});
