import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Site } from '../../src/engine/site.ts';
import { parseFlow } from '../../src/ivr/load.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile, testSite } from '../support/site.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

/** The shipped phone codes, in a house where phone 1001 is Alice's, 1002 is Bob's and 2001 is nobody's. */
async function codeHouse(more: Partial<Site> = {}): Promise<WalkHouse> {
  const read = parseFlow(readFileSync('ivr-flows/agent-desk.yaml', 'utf8'), 'agent-desk.yaml');
  if (!read.ok) throw new Error('the shipped flow is broken');
  const plain = testSite();
  const site: Partial<Site> = {
    ...more,
    flows: new Map([...plain.flows, [read.flow.id, read.flow]]),
    routes: [...plain.routes, ...read.flow.dids.map((number) => ({ number, flow: read.flow.id }))],
    agents: [agentProfile('alice', { phone: '1001' }), agentProfile('bob', { phone: '1002' })],
    queues: new Map([
      ['switchboard', queueProfile('switchboard')],
      ['billing', queueProfile('billing', { dispositions: ['paid', 'promised'] })],
      ['tech', queueProfile('tech')],
    ]),
  };
  const house = await new WalkHouse(site).start();
  await house.engine.house.flowDesk.setPin('agent:1002', '2468');
  return house;
}

const ASKED: Readonly<Record<string, string>> = { '*17': 'desk.word', '*19': 'desk.slot' };

/** Somebody calls a code; answers what he was told. */
async function dials(house: WalkHouse, to: string, source: string, keys: readonly string[] = []) {
  const caller = house.fake.call({ from: '1001', to, source });
  for (const [index, each] of keys.entries()) {
    await caller.until('hearing', index === 0 ? (ASKED[to] ?? 'desk.number') : 'pin.ask');
    caller.press(each);
  }
  await house.clock.advance(4_000);
  const told = caller.heard.findLast((heard) => /desk\.(in|out|ready|away|done|refused|unknown)/.test(heard));
  caller.hangUp();
  await house.clock.advance(1_000);
  return told?.replace(/^.*desk\./, '') ?? 'silence';
}

describe('a phone code', () => {
  it('does what the agent at that phone wants', async () => {
    const house = await codeHouse();
    expect(await dials(house, '*11', '1001')).toBe('in');
    expect(house.agent('alice')).toMatchObject({ status: 'ready', seat: { kind: 'own' } });
    expect(await dials(house, '*14', '1001')).toBe('away');
    expect(house.agent('alice')).toMatchObject({ status: 'not-ready', reason: 'break' });
    expect(await dials(house, '*13', '1001')).toBe('ready');
    expect(await dials(house, '*18', '1001')).toBe('refused');
    expect(await dials(house, '*12', '1001')).toBe('out');
    expect(await dials(house, '*13', '1001')).toBe('refused');
    expect(house.agent('alice').status).toBe('logged-out');
    expect(house.agent('bob').status).toBe('logged-out');
    await house.expectNoLeaks();
  });

  it('says what became of a call of a campaign, by its place in the list of the site, and moves its lead on', async () => {
    const plain = { labels: {}, fields: [], counts: [] };
    const payment = { kind: 'payment', currency: 'EUR', withinMs: 86_400_000 } as const;
    const house = await codeHouse({
      dispositions: new Map([
        ['will-pay', { ...plain, name: 'will-pay', meaning: payment }],
        ['later', { ...plain, name: 'later', meaning: { kind: 'retry', afterMs: 1_800_000, number: 'same' } }],
      ]),
    });
    house.fake.phone('1001', { does: 'answer', afterMs: 500 });
    house.fake.number(number(0), answers(1_000));
    await house.ready('alice');
    const id = await campaignIn(house, [number(0)], { maxAttempts: 3, wrapUpMs: 60_000 });
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'alice talks');
    house.service.hangupCall(house.agent('alice').callId ?? '');
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
    // What it needs besides, no key says.
    expect(await dials(house, '*17', '1001', ['1#'])).toBe('refused');
    expect(await dials(house, '*17', '1001', ['2#'])).toBe('done');
    expect(await house.history.leads(id, { limit: 1, before: null })).toMatchObject([
      { status: 'pending', outcome: 'connected', notBefore: expect.any(Number) },
    ]);
    expect(house.eventsOf('call.disposed').map(({ data }) => data)).toMatchObject([
      { disposition: 'later', kind: 'retry', lead: 'pending' },
    ]);
  });

  it('says what a call was about, by its place in the list, and ends wrap-up', async () => {
    const house = await codeHouse();
    house.fake.phone('1001', { does: 'answer', afterMs: 500 });
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    caller.hangUp();
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
    expect(await dials(house, '*16', '1001')).toBe('done');
    expect(await dials(house, '*17', '1001', ['2#'])).toBe('done');
    expect(await dials(house, '*17', '1001', ['3#'])).toBe('refused');
    expect(house.agent('alice')).toMatchObject({ state: 'wrap-up', lastCall: { disposition: 'promised' } });
    expect(await dials(house, '*15', '1001')).toBe('done');
    expect(house.agent('alice').state).toBe('idle');
    await house.expectNoLeaks();
  });

  it('fetches a parked customer: the phone rings when it has been put down', async () => {
    const house = await codeHouse();
    for (const phone of ['1001', '1002']) house.fake.phone(phone, { does: 'answer', afterMs: 500 });
    await house.ready('alice');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    await house.service.talk.act('alice', { type: 'park', forMs: 60_000, note: null });
    expect(await dials(house, '*19', '1002', ['701'])).toBe('refused');
    expect(await dials(house, '*14', '1002')).toBe('refused');
    expect(await dials(house, '*11', '1002')).toBe('in');
    expect(await dials(house, '*14', '1002')).toBe('away');
    expect(await dials(house, '*19', '1002', ['702'])).toBe('refused');
    expect(await dials(house, '*19', '1002', ['701'])).toBe('silence');
    await caller.until('bridged');
    expect(house.agent('bob').state).toBe('talking');
    caller.hangUp();
    await house.expectNoLeaks();
  });

  it('at a phone of nobody asks who it is, and seats him there', async () => {
    const house = await codeHouse();
    house.fake.phone('2001', answers(1_000));
    expect(await dials(house, '*11', '2001', ['1002#', '1111#'])).toBe('silence');
    expect(house.agent('bob').status).toBe('logged-out');
    expect(await dials(house, '*11', '2001', ['1002#', '2468#'])).toBe('in');
    expect(house.agent('bob')).toMatchObject({ status: 'ready', seat: { kind: 'phone', phone: '2001' } });
    expect(await dials(house, '*14', '2001')).toBe('away');
    expect(house.agent('bob').status).toBe('not-ready');
    expect(await dials(house, '*14', '1002')).toBe('away');
    await house.service.floor.setStatus('bob', 'logged-out', null);
    expect(JSON.stringify(house.logged)).not.toContain('2468');
  });

  it.each(['guest', 'public', ''])('from %s comes from no phone, whatever number it shows', async (source) => {
    const house = await codeHouse();
    await house.ready('alice');
    for (const code of ['*12', '*14']) expect(await dials(house, code, source)).toBe('unknown');
    // With number and PIN he is known, and still has no phone to sit at.
    expect(await dials(house, '*11', source, ['1002#', '2468#'])).toBe('refused');
    expect([house.agent('alice').status, house.agent('bob').status]).toEqual(['ready', 'logged-out']);
  });

  it('takes no PIN of a customer for that of an agent', async () => {
    const house = await codeHouse();
    await house.engine.house.flowDesk.setPin('1001', '1357');
    expect(await dials(house, '*11', '2001', ['1001#', '1357#'])).toBe('silence');
    expect(house.agent('alice').status).toBe('logged-out');
  });
});
