import { describe, expect, it } from 'vitest';
import type { Disposition } from '../../src/dialer/disposition.ts';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { answers, busy } from '../support/fake-party.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const MINUTE = 60_000;
const PAGE = { limit: 10, before: null };
const named = (name: string, meaning: Disposition['meaning']) =>
  [name, { name, labels: { en: name }, meaning, fields: [], counts: [] }] as const;

const DISPOSITIONS: ReadonlyMap<string, Disposition> = new Map([
  named('sold', { kind: 'success' }),
  named('refused', { kind: 'refusal' }),
  named('later', { kind: 'retry', afterMs: 30 * MINUTE, number: 'same' }),
  named('no-more', { kind: 'dnc', scope: 'all', numbers: 'all' }),
  named('not-this', { kind: 'dnc', scope: 'campaign', numbers: 'called' }),
]);

const ALICE = { agentId: 'alice', name: 'alice' };

/** Two campaigns, the first of which leads to the second, and one person who picks up. */
async function chained(
  chain: NonNullable<CampaignSettings['chain']> = [{ to: 'Welcome', afterMs: 10 * MINUTE }],
  change: Partial<CampaignSettings> = {},
) {
  const house = await new WalkHouse({ dispositions: DISPOSITIONS }).start();
  house.fake.number(number(0), answers(1_000));
  const to = await campaignIn(house, [], { name: 'Welcome' });
  const id = await campaignIn(house, [number(0)], {
    name: 'Sales',
    chain,
    wrapUpMs: 20_000,
    maxAttempts: 3,
    ...change,
  });
  const leads = async (campaign: string) => house.history.leads(campaign, PAGE);
  return { house, id, to, leads };
}

type Scene = Awaited<ReturnType<typeof chained>>;

async function talking({ house, id }: Scene): Promise<string> {
  await house.ready('alice');
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'alice talks');
  return house.agent('alice').callId ?? '';
}

const say = ({ house }: Scene, callId: string, disposition: string) =>
  house.service.dispositions.dispose(callId, { disposition, values: {} }, ALICE);

async function hungUp({ house }: Scene, callId: string): Promise<void> {
  house.service.hangupCall(callId);
  await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
}

const idle = ({ house }: Scene) => house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');

describe('a chain of campaigns', () => {
  it('is named by name, kept by id, and refused with a sentence where it leads nowhere or round', async () => {
    const { house, id, to } = await chained();
    const { service } = house;
    expect((await service.campaign(id))?.campaign.chain).toEqual([{ to, afterMs: 10 * MINUTE }]);
    const chain = (name: string) => service.changeCampaign(to, { chain: [{ to: name, afterMs: 0 }] });
    expect(await chain('Sales')).toMatchObject({
      why: 'invalid',
      sentence: 'The chain leads in a circle: Welcome → Sales → Welcome. Take one of these rules out.',
    });
    expect(await chain('Nowhere')).toMatchObject({
      sentence: expect.stringContaining('no campaign of that id or name'),
    });
    const said = [{ dispositions: ['sould'], to: id, afterMs: 0 }];
    expect(await service.createCampaign({ ...(await settingsOf(house, id)), chain: said })).toMatchObject({
      sentence: expect.stringContaining('“sould”; the site has sold'),
    });
    await service.createCampaign(await settingsOf(house, id));
    expect(await chain('Sales')).toMatchObject({ sentence: expect.stringContaining('2 campaigns are called so') });
  });

  it('takes a lead on by what its agent says, and starts a campaign that had finished', async () => {
    const scene = await chained([{ dispositions: ['sold'], to: 'Welcome', afterMs: 10 * MINUTE }]);
    const { house, id, to, leads } = scene;
    await house.history.updateCampaign(to, { status: 'finished' });
    const callId = await talking(scene);
    await hungUp(scene, callId);
    expect(await leads(to)).toEqual([]);
    const said = house.clock.now();
    await say(scene, callId, 'sold');
    const [lead] = await leads(to);
    expect(lead).toMatchObject({ name: 'Lead 0', number: number(0), notBefore: said + 10 * MINUTE, trail: [id, to] });
    expect(house.eventsOf('lead.chained').map(({ data }) => data)).toMatchObject([
      { campaignId: id, toCampaignId: to, toLeadId: lead?.id, notBefore: said + 10 * MINUTE },
    ]);
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 2, 'dialled there');
    const [, second] = house.eventsOf('attempt.started');
    expect(second?.data).toMatchObject({ campaignId: to, leadId: lead?.id });
    expect((second?.at ?? 0) - said).toBeGreaterThanOrEqual(10 * MINUTE);
  });

  it.each(['refused', 'later', 'no-more', 'not-this'])('leaves a lead of which is said “%s”', async (word) => {
    const rules = [{ dispositions: ['sold', 'no-more', 'not-this', 'later'], to: 'Welcome', afterMs: 0 }];
    const scene = await chained(rules);
    const callId = await talking(scene);
    await say(scene, callId, word);
    await hungUp(scene, callId);
    await idle(scene);
    expect(await scene.leads(scene.to)).toEqual([]);
  });

  it('goes by the outcome where nobody talked', async () => {
    const scene = await chained([{ outcomes: ['busy'], to: 'Welcome', afterMs: 0 }], { maxAttempts: 1 });
    scene.house.fake.number(number(0), busy);
    await scene.house.ready('alice');
    await scene.house.service.commandCampaign(scene.id, 'start');
    await scene.house.clock.runUntil(() => scene.house.eventsOf('lead.chained').length === 1, 'chained');
    expect(await scene.leads(scene.to)).toHaveLength(1);
  });

  it('waits for the word of an agent until his wrap-up is over', async () => {
    const scene = await chained();
    const callId = await talking(scene);
    await hungUp(scene, callId);
    await scene.house.clock.advance(5_000);
    expect(await scene.leads(scene.to)).toEqual([]);
    await idle(scene);
    await scene.house.clock.advance(1);
    expect(await scene.leads(scene.to)).toHaveLength(1);
    expect(scene.house.eventsOf('disposition.missing')).toEqual([]);
  });

  it('takes nobody on who is barred while he waits there', async () => {
    const scene = await chained();
    const callId = await talking(scene);
    await hungUp(scene, callId);
    await idle(scene);
    await scene.house.clock.advance(1);
    await say(scene, callId, 'not-this');
    expect(await scene.leads(scene.to)).toMatchObject([{ hold: 'stopped' }]);
  });

  it('moves a lead exactly once, whenever the process dies at the end of its talk', async () => {
    for (let words = 1; words < 16; words += 1) {
      const scene = await chained();
      const { house } = scene;
      const callId = await talking(scene);
      await say(scene, callId, 'sold');
      await dying(scene, words, async () => house.service.hangupCall(callId));
      house.service.hangupCall(callId);
      await house.clock.advance(MINUTE);
      expect(await scene.leads(scene.to), `dies in ${words}`).toHaveLength(1);
    }
  });

  it('takes on a lead whose dial a crash has lost, and dials it no second time', async () => {
    const ended: string[] = [];
    for (let words = 15; words < 35; words += 1) {
      const scene = await chained([{ to: 'Welcome', afterMs: 60 * MINUTE }], { maxAttempts: 1 });
      const { house, id, to } = scene;
      house.fake.number(number(0), busy);
      await house.ready('alice');
      await dying(scene, words, () => house.service.commandCampaign(id, 'start'));
      await house.service.commandCampaign(id, 'start');
      await house.clock.advance(10 * MINUTE);
      const [lead] = await scene.leads(id);
      expect(lead, `dies in ${words}`).toMatchObject({ status: 'done' });
      expect(await scene.leads(to), `dies in ${words}`).toMatchObject([{ trail: [id, to], status: 'pending' }]);
      expect((await house.history.attempts(id, PAGE)).length, `dies in ${words}`).toBe(1);
      ended.push(lead?.outcome ?? '');
    }
    expect(new Set(ended)).toEqual(new Set(['busy', 'failed']));
  });

  it('and whenever it dies while its agent says what became of it, or lets his time go by', async () => {
    for (const word of ['sold', null]) {
      for (let words = 1; words < 10; words += 1) {
        const scene = await chained([{ to: 'Welcome', afterMs: 0 }], { asksDisposition: true, wrapUpMs: 4_000 });
        const callId = await talking(scene);
        await hungUp(scene, callId);
        const said = async () => word !== null && (await say(scene, callId, word).catch(() => null));
        await dying(scene, words, said);
        await said();
        await scene.house.clock.advance(MINUTE);
        expect(await scene.leads(scene.to), `“${word}”, dies in ${words}`).toHaveLength(1);
      }
    }
  });
});

async function dying({ house }: Scene, words: number, act: () => Promise<unknown>): Promise<void> {
  house.diesIn = words;
  await Promise.race([act(), house.clock.advance(5_000)]);
  await house.clock.advance(5_000);
  house.diesIn = 0;
  house.kill();
  await house.restart();
  await house.clock.advance(1);
}

describe('a campaign that has finished', () => {
  const given = (nth: number) => ({
    numbers: [{ number: number(nth), kind: '' }],
    name: null,
    listId: '',
    priority: 0,
    language: null,
    zone: null,
    country: null,
    region: null,
    postalCode: null,
    consent: null,
    fields: {},
  });

  it('goes on when a lead of it is to be called back, or a new one is saved, and not when one is stopped', async () => {
    const { house, to } = await chained();
    const { lists } = house.service;
    const status = async () => (await house.service.campaign(to))?.campaign.status;
    await lists.save(to, 'crm-1', given(1));
    for (const { id } of await house.history.leads(to, PAGE)) await house.history.holdLeads([id], 'filter');
    await house.history.updateCampaign(to, { status: 'finished' });
    await lists.callBack(to, 'crm-1', null);
    expect(await status()).toBe('finished');
    expect(await lists.callBack(to, 'crm-1', { at: house.clock.now() + MINUTE, agentId: null })).toMatchObject({
      ok: true,
    });
    expect(await status()).toBe('running');
    await lists.stop(to, 'crm-1');
    await house.history.updateCampaign(to, { status: 'finished' });
    await lists.stop(to, 'crm-1');
    expect(await status()).toBe('finished');
    await lists.save(to, 'crm-2', given(2));
    expect(await status()).toBe('running');
  });
});

describe('a wrap-up that ends without a word', () => {
  it.each([true, false])('is told once where the campaign asks for one: %s', async (asksDisposition) => {
    const scene = await chained([], { asksDisposition });
    const { house, id } = scene;
    const callId = await talking(scene);
    await hungUp(scene, callId);
    expect(house.eventsOf('disposition.missing')).toEqual([]);
    await idle(scene);
    await house.clock.advance(1);
    const about = { campaignId: id, callId, agentId: 'alice' };
    expect(house.eventsOf('disposition.missing').map(({ data }) => data)).toMatchObject(asksDisposition ? [about] : []);
    const missing = async () => (await house.service.campaign(id))?.wordsMissing;
    expect(await missing()).toBe(asksDisposition ? 1 : 0);
    await say(scene, callId, 'sold');
    expect(await missing()).toBe(0);
  });

  it('is not told of a talk of which something was said, in the talk or after it', async () => {
    const scene = await chained([], { asksDisposition: true });
    const callId = await talking(scene);
    await say(scene, callId, 'sold');
    await hungUp(scene, callId);
    await idle(scene);
    await scene.house.clock.advance(1);
    expect(scene.house.eventsOf('disposition.missing')).toEqual([]);
  });

  it('is not over because the process dies meanwhile, or looks for what others left undone', async () => {
    const rules = [{ dispositions: ['sold'], to: 'Welcome', afterMs: 0 }];
    const scene = await chained(rules, { asksDisposition: true, wrapUpMs: 10 * MINUTE });
    const { house } = scene;
    const callId = await talking(scene);
    await hungUp(scene, callId);
    house.kill();
    await house.restart();
    house.engine.house.leadWays.look();
    await house.clock.advance(MINUTE);
    expect(house.agent('alice').state).toBe('wrap-up');
    expect([house.eventsOf('disposition.missing'), await scene.leads(scene.to)]).toEqual([[], []]);
    expect(await say(scene, callId, 'sold')).toMatchObject({ ok: true });
    await house.clock.advance(20 * MINUTE);
    expect(house.eventsOf('disposition.missing')).toEqual([]);
    expect(await scene.leads(scene.to)).toHaveLength(1);
  });

  it('is told once though no process sees it', async () => {
    const scene = await chained([], { asksDisposition: true, wrapUpMs: 4_000 });
    const { house } = scene;
    const callId = await talking(scene);
    await hungUp(scene, callId);
    house.kill();
    await house.restart();
    await house.clock.advance(MINUTE);
    expect(house.eventsOf('disposition.missing')).toHaveLength(1);
    house.kill();
    await house.restart();
    await house.clock.advance(MINUTE);
    expect(house.eventsOf('disposition.missing')).toHaveLength(1);
  });
});

async function settingsOf(house: WalkHouse, id: string): Promise<CampaignSettings> {
  const {
    id: _id,
    status: _status,
    createdAt: _at,
    ...settings
  } = (await house.service.campaign(id))?.campaign ?? never();
  return settings;
}

function never(): never {
  throw new Error('there is no such campaign');
}
