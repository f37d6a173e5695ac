import { afterAll, beforeAll, expect, it } from 'vitest';
import { FakeEraser } from '../../support/fake-eraser.ts';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const ask = (role: 'manager' | 'supervisor', payload: object) =>
  house.ask(role, { method: 'POST', url: '/v1/erasures', payload });

it('erases a person for a manager, and tells how it stands without saying who it was', async () => {
  const asked = await ask('manager', { numbers: ['+358401234567'], customerIds: ['C-1'] });
  expect(asked.statusCode).toBe(202);
  expect(asked.json()).toMatchObject({ state: 'done', dryRun: false, found: { calls: 2 } });
  const { id } = asked.json<{ id: string }>();
  const seen = await house.ask('manager', { method: 'GET', url: `/v1/erasures/${id}` });
  const listed = await house.ask('manager', { method: 'GET', url: '/v1/erasures' });
  expect(listed.json()).toEqual({ items: [seen.json()] });
  expect(seen.body + listed.body).not.toMatch(/1234567|C-1/u);
});

it('is refused to supervisors, while the person is in a call, and for fields that it does not know', async () => {
  expect((await ask('supervisor', { numbers: ['+358401234567'] })).statusCode).toBe(403);
  expect((await ask('manager', { numbers: [FakeEraser.inCall] })).statusCode).toBe(409);
  expect((await ask('manager', { number: '+358401234567' })).statusCode).toBe(400);
  expect((await ask('manager', { numbers: ['+358\u0007'] })).statusCode).toBe(400);
});
