import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import type { Disposition } from '../../src/dialer/disposition.ts';
import { dispositionRows } from '../../src/dialer/evidence-tables.ts';
import { answers } from '../support/fake-party.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const MINUTE = 60_000;
const named = (name: string, meaning: Disposition['meaning'], more: Partial<Disposition> = {}) =>
  [name, { name, labels: { en: name }, meaning, fields: [], counts: [], ...more }] as const;

const DISPOSITIONS: ReadonlyMap<string, Disposition> = new Map([
  named('sold', { kind: 'success' }, { counts: ['sales'] }),
  named('later', { kind: 'retry', afterMs: 30 * MINUTE, number: 'same' }),
  named('call-me', { kind: 'callback', waitMs: 15 * MINUTE, withinMs: 30 * 24 * 60 * MINUTE }),
  named('no-more', { kind: 'dnc', scope: 'all', numbers: 'all' }),
  named('will-pay', { kind: 'payment', currency: 'EUR', withinMs: 60 * 24 * 60 * MINUTE }),
  named('machine', { kind: 'machine', afterMs: 60 * MINUTE, number: 'same' }),
]);

/** One person, who picks up and talks with alice; others wait for later. */
async function talking(change: Partial<CampaignSettings> = {}) {
  const house = await new WalkHouse({ dispositions: DISPOSITIONS }).start();
  house.fake.number(number(0), answers(1_000));
  await house.ready('alice');
  const id = await campaignIn(house, [number(0)], { maxAttempts: 5, ...change });
  await house.service.commandCampaign(id, 'start');
  await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'alice talks');
  const callId = house.agent('alice').callId ?? '';
  const leadOf = async () => (await house.history.leads(id, { limit: 1, before: null }))[0];
  return { house, id, callId, leadOf };
}

const ALICE = { agentId: 'alice', name: 'alice' };
const say = (house: WalkHouse, callId: string, disposition: string, values = {}) =>
  house.service.dispositions.dispose(callId, { disposition, values }, ALICE);

async function over(house: WalkHouse, callId: string): Promise<void> {
  house.service.hangupCall(callId);
  await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');
}

describe('what an agent says of a call of a campaign', () => {
  it('is open until he says it, with the lead that he talks with', async () => {
    const { house, callId, id } = await talking();
    const form = await house.service.dispositions.form(callId, 'alice');
    expect(form).toMatchObject({ ok: true, value: { campaignId: id, said: null, lead: { name: 'Lead 0' } } });
    expect(form.ok && form.value.dispositions.map(({ name }) => name)).toEqual([...DISPOSITIONS.keys()]);
    await say(house, callId, 'sold');
    expect(await house.service.dispositions.form(callId, 'alice')).toMatchObject({
      value: { said: { disposition: 'sold' } },
    });
  });

  it.each(['in the talk', 'in wrap-up'])('moves the lead on when said %s', async (when) => {
    const { house, callId, leadOf } = await talking({ wrapUpMs: 60_000 });
    if (when === 'in wrap-up') {
      house.service.hangupCall(callId);
      await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
    }
    const said = house.clock.now();
    expect(await say(house, callId, 'later')).toMatchObject({ ok: true });
    await over(house, callId);
    const lead = await leadOf();
    expect(lead).toMatchObject({ status: 'pending', outcome: 'connected', notBefore: said + 30 * MINUTE });
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 2, 'dialled again');
    const [, second] = house.eventsOf('attempt.started');
    expect((second?.at ?? 0) - said).toBeGreaterThanOrEqual(30 * MINUTE);
  });

  it('is told once, with what it means', async () => {
    const { house, id, callId } = await talking();
    const due = new Date(house.clock.now() + 24 * 60 * MINUTE).toISOString().slice(0, 10);
    await say(house, callId, 'will-pay', { amount: '120.50', due });
    await say(house, callId, 'will-pay', { amount: '120.50', due });
    await over(house, callId);
    expect(house.eventsOf('call.disposed').map(({ data }) => data)).toMatchObject([
      {
        callId,
        agentId: 'alice',
        queue: `campaign:${id}`,
        disposition: 'will-pay',
        kind: 'payment',
        by: 'alice',
        values: { amount: 12_050, due },
        payment: { amount: 12_050, currency: 'EUR', due },
        lead: 'done',
      },
    ]);
    expect(house.agent('alice').lastCall).toMatchObject({ callId, disposition: 'will-pay' });
    expect(await house.service.dispositions.form(callId, null)).toMatchObject({
      value: { said: { payment: { amount: 12_050, currency: 'EUR', due } } },
    });
    await house.clock.advance(2_000);
    const asked = {
      campaignId: id,
      of: 'campaign',
      from: 0,
      until: house.clock.now(),
      after: null,
      limit: 50,
    } as const;
    const kept = (await house.history.evidence(asked)).flatMap(({ event }) => dispositionRows(event));
    expect(kept.map((row) => row.slice(6, 13))).toEqual([['will-pay', 'payment', 'done', '120.50', 'EUR', due, null]]);
  });

  it('that is missing a value is refused, by the field, and nothing has changed', async () => {
    const { house, callId, leadOf } = await talking();
    expect(await say(house, callId, 'will-pay', { amount: 'much' })).toMatchObject({
      ok: false,
      why: 'faults',
      faults: [{ field: 'amount' }, { field: 'due' }],
    });
    expect(await say(house, callId, 'sould')).toMatchObject({ ok: false, why: 'invalid' });
    expect(house.eventsOf('call.disposed')).toEqual([]);
    expect(await leadOf()).toMatchObject({ status: 'leased' });
  });

  it('is his own to say, or a supervisor’s, and the first word stands', async () => {
    const { house, callId } = await talking();
    const { dispositions } = house.service;
    const sold = { disposition: 'sold', values: {} };
    expect(await dispositions.dispose(callId, sold, { agentId: 'bob', name: 'bob' })).toMatchObject({
      why: 'conflict',
    });
    expect(await dispositions.form(callId, 'bob')).toMatchObject({ why: 'conflict' });
    expect(await dispositions.dispose(callId, sold, { agentId: null, name: 'carol’s desk' })).toMatchObject({
      value: { by: 'carol’s desk', agentId: 'alice' },
    });
    expect(await say(house, callId, 'sold')).toMatchObject({ ok: true });
    expect(await say(house, callId, 'later')).toMatchObject({ ok: false, why: 'conflict' });
    expect(await dispositions.dispose('call-none', sold, ALICE)).toMatchObject({ why: 'not-found' });
  });

  it('bars a number at once', async () => {
    const { house, callId, leadOf } = await talking();
    await say(house, callId, 'no-more');
    expect(house.engine.house.dnc.keeper.hits(number(0), null)).toMatchObject([{ kind: 'number', source: 'agent' }]);
    await over(house, callId);
    expect(await leadOf()).toMatchObject({ status: 'done' });
  });

  it('promises a callback, which is kept at its time and beyond the last attempt', async () => {
    const { house, callId, leadOf } = await talking({ maxAttempts: 1 });
    const at = house.clock.now() + 90 * MINUTE;
    await say(house, callId, 'call-me', { at: new Date(at).toISOString() });
    await over(house, callId);
    expect(await leadOf()).toMatchObject({ status: 'pending', callbackAt: at, callbackAgent: 'alice' });
    await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 2, 'called back');
    const [, second] = house.eventsOf('attempt.started');
    expect((second?.at ?? 0) - at).toBeGreaterThanOrEqual(0);
    expect((second?.at ?? 0) - at).toBeLessThan(10_000);
  });

  it.each([true, false])(
    'a callback waits for its agent, and goes to the team when he stays away: %s',
    async (away) => {
      const { house, callId } = await talking();
      const at = house.clock.now() + 90 * MINUTE;
      await say(house, callId, 'call-me', { at: new Date(at).toISOString() });
      await over(house, callId);
      await house.ready('bob');
      await house.service.setAgentStatus('alice', 'not-ready', null);
      await house.clock.advance(at + 10 * MINUTE - house.clock.now());
      expect(house.eventsOf('attempt.started')).toHaveLength(1);
      if (!away) await house.ready('alice');
      const free = house.clock.now();
      await house.clock.runUntil(() => house.eventsOf('attempt.started').length === 2, 'called back');
      const [, second] = house.eventsOf('attempt.started');
      const due = away ? at + 15 * MINUTE : free;
      expect((second?.at ?? 0) - due).toBeGreaterThanOrEqual(0);
      expect((second?.at ?? 0) - due).toBeLessThan(10_000);
    },
  );

  it('is kept, and its lead is dialled as it says, whenever the process dies', async () => {
    for (let words = 1; words < 14; words += 1) {
      const { house, callId, leadOf } = await talking({ maxAttempts: 1 });
      const at = house.clock.now() + 90 * MINUTE;
      const values = { at: new Date(at).toISOString() };
      house.diesIn = words;
      await Promise.race([say(house, callId, 'call-me', values).catch(() => null), house.clock.advance(5_000)]);
      house.diesIn = 0;
      house.kill();
      await house.restart();
      await house.ready('alice');
      // Whoever got no answer asks again.
      expect(await say(house, callId, 'call-me', values), `dies in ${words}`).toMatchObject({ ok: true });
      house.service.hangupCall(callId);
      await house.clock.advance(MINUTE);
      expect(await leadOf()).toMatchObject({ status: 'pending', callbackAt: at, callbackAgent: 'alice' });
      expect(house.eventsOf('attempt.started')).toHaveLength(1);
    }
  });
});

describe('what he says of his last call, by his own address', () => {
  const floor = ({ house }: Awaited<ReturnType<typeof talking>>) => house.service.floor;

  it('moves the lead of a campaign as what is said of the call does', async () => {
    const scene = await talking({ wrapUpMs: 60_000 });
    const { house, callId, leadOf } = scene;
    house.service.hangupCall(callId);
    await house.clock.runUntil(() => house.agent('alice').state === 'wrap-up', 'wrap-up');
    expect(await floor(scene).dispose('alice', 'sould', null)).toMatchObject({ ok: false, why: 'invalid' });
    expect(await floor(scene).dispose('alice', 'will-pay', null, { amount: 'much' })).toMatchObject({
      why: 'invalid',
      sentence: expect.stringMatching(/^amount is .+ Say due: /u),
    });
    const said = house.clock.now();
    expect(await floor(scene).dispose('alice', 'later', null)).toMatchObject({
      ok: true,
      value: { lastCall: { callId, disposition: 'later' } },
    });
    expect(await leadOf()).toMatchObject({ status: 'pending', notBefore: said + 30 * MINUTE });
    expect(house.eventsOf('call.disposed').map(({ data }) => data)).toMatchObject([
      { callId, agentId: 'alice', kind: 'retry', lead: 'pending' },
    ]);
    expect(await floor(scene).dispose('alice', 'sold', callId)).toMatchObject({ ok: false, why: 'conflict' });
  });
});

describe('whom an agent is offered', () => {
  it('is shown to him while it rings, in the talk and in wrap-up, with what its list says', async () => {
    const house = await new WalkHouse({ dispositions: DISPOSITIONS }).start();
    house.fake.number(number(0), answers(1_000));
    await house.ready('alice');
    const id = await campaignIn(house, [], { name: 'Spring', script: 'spring-offer', wrapUpMs: 5_000 });
    const given = { numbers: [{ number: number(0), kind: '' }], name: 'Aino', listId: '', priority: 0, language: null };
    const unsaid = { zone: null, country: null, region: null, postalCode: null, consent: null };
    await house.service.lists.save(id, 'crm-7', { ...given, ...unsaid, fields: { town: 'Oulu', plan: 'small' } });
    await house.service.commandCampaign(id, 'start');
    const lead = { externalId: 'crm-7', name: 'Aino', fields: { town: 'Oulu', plan: 'small' } };
    const shown = {
      value: { campaign: { id, name: 'Spring', script: 'spring-offer' }, lead: { ...lead, number: number(0) } },
    };
    const leadOf = () => house.service.dispositions.leadOf('alice');
    expect(await leadOf()).toMatchObject({ ok: false, why: 'not-found' });
    for (const state of ['ringing', 'talking', 'wrap-up']) {
      await house.clock.runUntil(() => house.agent('alice').state === state, state);
      expect(await leadOf(), state).toMatchObject(shown);
      if (state === 'talking') house.service.hangupCall(house.agent('alice').callId ?? '');
    }
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'idle');
    expect(await leadOf()).toMatchObject({ ok: false, why: 'not-found' });
    expect(house.eventsOf('attempt.started').map(({ data }) => data.lead)).toEqual([lead]);
    await house.clock.advance(2_000);
    const kept = await house.history.evidence({
      campaignId: id,
      of: 'calls',
      from: 0,
      until: house.clock.now(),
      after: null,
      limit: 50,
    });
    expect(JSON.stringify(kept)).toContain('attempt.started');
    expect(JSON.stringify(kept)).not.toContain('Oulu');
    expect(house.logged.join()).not.toMatch(/Oulu|Aino/u);
  });
});
