import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const url = '/v1/calls/call-1/disposition';
const say = (role: Parameters<House['ask']>[0], disposition: string) =>
  house.ask(role, { method: 'POST', url, payload: { disposition } });

describe('whom an agent talks with', () => {
  it('is told to him, and to who may look after him', async () => {
    const url = '/v1/agents/alice/lead';
    const as = async (agentId: string) => {
      const headers = { authorization: `Bearer ${await house.token('agent', agentId)}` };
      return house.http.inject({ url, headers });
    };
    const own = await as('alice');
    expect(own.statusCode, own.body).toBe(200);
    expect(own.json()).toMatchObject({
      callId: 'call-1',
      campaign: { name: 'Autumn', script: null },
      lead: { number: '+358401234567', fields: { town: 'Oulu' } },
    });
    expect((await as('bob')).statusCode).toBe(403);
    expect((await house.ask('supervisor', { url })).statusCode).toBe(200);
    expect((await house.ask('supervisor', { url: url.replace('alice', 'bob') })).statusCode).toBe(404);
    expect((await house.ask('engineer', { url })).statusCode).toBe(403);
  });
});

describe("what is said of a campaign's call", () => {
  it('is asked for with its lead, and what may be said', async () => {
    const form = await house.ask('agent', { url });
    expect(form.statusCode, form.body).toBe(200);
    expect(form.json()).toMatchObject({
      said: null,
      lead: { fields: { town: 'Oulu' } },
      dispositions: [{ name: 'sold' }],
    });
    expect((await house.ask('agent', { url: url.replace('call-1', 'call-9') })).statusCode).toBe(404);
  });

  it('is said by an agent as himself, and by a supervisor', async () => {
    expect((await say('agent', 'sold')).json()).toMatchObject({ disposition: 'sold', lead: { status: 'done' } });
    expect((await say('supervisor', 'sold')).json()).toMatchObject({ by: 'a supervisor' });
    expect((await say('engineer', 'sold')).statusCode).toBe(403);
  });

  it('names each value that is missing', async () => {
    const answer = await say('agent', 'call-me');
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({
      code: 'resource.refused',
      faults: [{ where: 'body.values.at', problem: 'Say at: this disposition needs it.' }],
    });
  });
});
