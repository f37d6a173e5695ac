import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const TURNOVER = {
  figure: 'turnover',
  from: '2026-10-01T00:00:00Z',
  to: '2026-11-01T00:00:00Z',
  by: 'team',
  key: 'north',
  value: 0.031,
};
const [OCTOBER, NOVEMBER] = [Date.parse(TURNOVER.from), Date.parse(TURNOVER.to)];
const give = (role: 'manager' | 'supervisor', values: readonly object[], source = 'Staff office') =>
  house.ask(role, { method: 'PUT', url: '/v1/kpis/imported', payload: { source, values } });

describe('figures from elsewhere', () => {
  it('are given by a manager, and seen by whoever sees key figures, with source and date', async () => {
    const retention = { ...TURNOVER, figure: 'retention', by: null, key: null, value: 0.9 };
    expect((await give('supervisor', [TURNOVER])).statusCode).toBe(403);
    expect((await give('manager', [TURNOVER, retention])).json()).toEqual({ kept: 2, gone: 0 });
    const told = { from: OCTOBER, to: NOVEMBER, source: 'Staff office', at: house.clock.now() };
    const [ofTeam, ofHouse] = [
      { ...TURNOVER, ...told, importedBy: 'manager null' },
      { ...retention, ...told, importedBy: 'manager null' },
    ];
    const url = `/v1/kpis/imported?from=${OCTOBER}`;
    expect((await house.ask('supervisor', { method: 'GET', url })).json()).toEqual({ items: [ofHouse, ofTeam] });
    expect((await ask(`?from=${NOVEMBER}`)).json()).toMatchObject({ imported: [] });
    expect((await ask(`?from=${NOVEMBER - 1}`)).json()).toMatchObject({ imported: [ofHouse] });
    expect((await ask('?from=0&by=team')).json()).toMatchObject({ imported: [ofHouse, ofTeam] });
    expect((await ask('/report?from=0&by=team&format=csv')).body).toContain(',north,turnover,0.031,share,');
    expect((await ask('/report?from=0&by=team')).body).toContain('Staff office, ');
  });

  it('take the place of older ones, and are taken away by null', async () => {
    await give('manager', [TURNOVER]);
    expect((await give('manager', [{ ...TURNOVER, value: 0.05 }], 'Mended')).json()).toEqual({ kept: 1, gone: 0 });
    const seen = async () => (await ask('?from=0&by=team')).json<{ imported: { source: string }[] }>().imported;
    expect((await seen()).filter(({ source }) => source === 'Mended')).toHaveLength(1);
    expect((await give('manager', [{ ...TURNOVER, value: null }])).json()).toEqual({ kept: 0, gone: 1 });
    expect((await seen()).filter(({ source }) => source === 'Mended')).toEqual([]);
  });

  it.each([
    ['a span that ends before it begins', { to: TURNOVER.from }, 'ends before it begins'],
    ['an owner without a name', { key: null }, 'has to name the team'],
    ['a name of nothing', { by: null }, 'has to say what that is'],
  ])('%s is refused, and nothing of the request is kept', async (_, change, why) => {
    const good = { ...TURNOVER, key: 'west' };
    const answer = await give('manager', [good, { ...TURNOVER, ...change }]);
    expect([answer.statusCode, answer.json<{ detail: string }>().detail]).toEqual([422, expect.stringContaining(why)]);
    expect(answer.json<{ detail: string }>().detail).toContain('Value 2');
    expect((await ask('?from=0&by=team')).body).not.toContain('west');
  });

  it.each([{ figure: 'mood' }, { value: -1 }, { from: null }, { from: 'yesterday' }, { by: 'moon' }])(
    '%o is no value',
    async (change) => {
      expect((await give('manager', [{ ...TURNOVER, ...change }])).statusCode).toBe(400);
    },
  );
});
