import { afterAll, beforeAll, expect, it } from 'vitest';
import { happened, type House, openHouse } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  const at = house.clock.now();
  const subject = 'call/out';
  const arrived = { direction: 'outbound', ani: '+358401234567', dnis: '1', source: 'public', legId: 'leg' } as const;
  const dial = { campaignId: 'campaign-1', leadId: 'lead-1', attemptId: 'attempt-1', number: '1', trunk: 'public' };
  await house.live.append([
    { ...happened('out'), subject, seq: 1, at, type: 'call.arrived', data: arrived },
    { ...happened('out'), subject, seq: 2, at, type: 'attempt.started', data: dial },
  ]);
});
afterAll(() => house.close());

const ask = (query: string) => house.ask('supervisor', { method: 'GET', url: `/v1/kpis${query}` });

it('campaigns are shown as their own views have them, and only those that dialled', async () => {
  const told = await ask('?from=0&by=campaign');
  expect(told.statusCode).toBe(200);
  const { cells, campaigns } = told.json<{ cells: unknown[]; campaigns: { id: string; quality: object }[] }>();
  expect(cells).toMatchObject([{ key: 'campaign-1', figures: { outbound: { dials: 1 } } }]);
  const view = await house.ask('supervisor', { method: 'GET', url: '/v1/campaigns/campaign-1' });
  const { abandonment, live } = view.json<{ abandonment: unknown; live: unknown }>();
  expect(campaigns).toMatchObject([{ id: 'campaign-1', abandonment, live }]);
  expect(campaigns[0]?.quality).not.toBeNull();
  expect((await ask('?from=0&by=queue')).json()).not.toHaveProperty('campaigns');
});

it('a page and a CSV are what their types say, and are not kept by anybody on the way', async () => {
  const page = await ask('/report?from=0&by=campaign');
  expect(page.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
  expect(page.body).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  const csv = await ask('/report?from=0&by=campaign&format=csv');
  expect(csv.headers['content-type']).toContain('text/csv');
  expect(csv.body).toContain(',campaign-1,dials,1,calls,');
});

it.each(['&zone=Mars/Olympus', '&by=mood', '&interval=2h'])('%s is refused', async (query) => {
  expect((await ask(`?from=0${query}`)).statusCode).toBe(400);
});
