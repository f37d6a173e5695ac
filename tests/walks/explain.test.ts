import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/engine/ports/explain.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

const GERMAN = [{ skill: 'german', level: 3 }];

/** Everything that is said, in one text. */
const said = (explanation: Explanation | null): string =>
  [explanation?.headline, ...(explanation?.lines ?? []).flatMap(({ text, details }) => [text, ...details])].join('\n');

describe('why', () => {
  it('an idle agent gets no call: what the callers ask and he has not', async () => {
    const agents = [agentProfile('alice', { skills: { 'lang:en': 5, german: 2 } })];
    const queues = new Map([['billing', queueProfile('billing', { require: GERMAN })]]);
    const house = await new WalkHouse({ agents, queues }).start();
    await house.ready('alice');
    const callers = [await house.callerIn('1', '+358501'), await house.callerIn('1', '+358502')];
    await house.clock.advance(240_000);
    const why = await house.engine.house.explainer.explainAgent('alice');
    expect(why?.headline).toMatch(
      /^alice has been idle for 4 min.*; 2 calls wait, and alice lacks german ≥ 3 \(has 2\)\.$/,
    );
    expect(said(why)).toContain('2 calls: lacks german ≥ 3 (has 2).');
    expect(said(why)).toMatch(/number 2 in billing, 4 min/);
    for (const caller of callers) caller.hangUp();
    await house.expectNoLeaks();
  });

  it('a call waits: what it asks now, its place, and what keeps each agent from it', async () => {
    const agents = [
      agentProfile('alice', { skills: { 'lang:en': 5, german: 9 } }),
      agentProfile('bob', { skills: { 'lang:en': 5 } }),
      agentProfile('carol', { skills: { 'lang:en': 5, german: 5 }, queues: ['tech'] }),
      agentProfile('dave', { skills: { 'lang:en': 5, german: 5 } }),
      agentProfile('erin', { skills: { 'lang:en': 5, german: 5 } }),
    ];
    const queues = new Map([
      ['billing', queueProfile('billing', { require: GERMAN })],
      ['tech', queueProfile('tech')],
    ]);
    const house = await new WalkHouse({ agents, queues }).start();
    await house.ready('alice', 'bob', 'carol', 'erin');
    const first = await house.callerIn('1', '+358501');
    await first.until('bridged');
    await house.service.setAgentStatus('erin', 'not-ready', 'lunch');
    const second = await house.callerIn('1', '+358502');
    await house.clock.advance(60_000);
    const id = house.callOf(second.legId)?.id ?? '';
    const why = await house.engine.house.explainer.explainCall(id);
    expect(why?.headline).toMatch(
      /^Has waited 1 min.* in billing, number 1, and asks for lang:en ≥ 1; billing asks for german ≥ 3 of everybody\. 2 agents logged in could take it\./,
    );
    const text = said(why);
    expect(text).toMatch(/Joined queue billing, asking for lang:en ≥ 1\./);
    expect(text).toMatch(/alice has been talking for 1 min/);
    expect(text).toMatch(/bob lacks german ≥ 3 \(has none\)/);
    expect(text).toMatch(/carol does not serve billing/);
    expect(text).toMatch(/dave is logged out/);
    expect(text).toMatch(/erin has not been ready for .*\(lunch\)/);
    first.hangUp();
    second.hangUp();
    await house.expectNoLeaks();
  });

  it('a call went to whom it went to: its turn, who was free, by what the others lost; also long after', async () => {
    const agents = ['alice', 'bob'].map((id) => agentProfile(id, { skills: { 'lang:en': 5 } }));
    const house = await new WalkHouse({ agents }).start();
    await house.ready('alice');
    await house.clock.advance(30_000);
    await house.ready('bob');
    const caller = await house.callerIn('1');
    await caller.until('bridged');
    const id = house.callOf(caller.legId)?.id ?? '';
    caller.hangUp();
    await house.expectNoLeaks();
    const text = said(await house.engine.house.explainer.explainCall(id));
    expect(text).toMatch(/2 agents logged in could have taken it, 2 of them free\./);
    expect(text).toMatch(/By longest-idle: alice \(idle for 3. s\), before bob \(idle for . s\)\./);
    expect(text).toMatch(/alice answered, after/);
    expect(said(await house.engine.house.explainer.explainAgent('alice'))).toContain(
      `Was offered ${id} (billing), and answered after 1 s.`,
    );
  });

  it('tells what an agent did with his last offers, and why he is left in peace', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    const why = async () => said(await house.engine.house.explainer.explainAgent('alice'));
    await house.ready('alice');
    const first = await house.callerIn('1', '+358501');
    await first.until('bridged');
    first.hangUp();
    house.fake.phone('alice', busy);
    const second = await house.callerIn('1', '+358502');
    await house.clock.runUntil(() => house.eventsOf('call.offer.failed').length === 1, 'a busy phone');
    expect(await why()).toMatch(
      /^alice is left in peace for another 1. s after a call that was not taken: the phone was busy; 1 call waits/u,
    );
    house.fake.phone('alice', answers(1_000));
    await second.until('bridged');
    expect(await why()).toMatch(/answered after 1 s\.[\s\S]*and was busy\.[\s\S]*and answered after 1 s\./u);
    second.hangUp();
    await house.expectNoLeaks();
  });

  it('calls a campaign by its name, and tells of holds', async () => {
    const house = await new WalkHouse({ agents: [agentProfile('alice')] }).start();
    house.fake.number('+358401234501', answers(3_000));
    await house.ready('alice');
    const made = await house.service.createCampaign(AUTUMN);
    if (!made.ok) throw new Error(made.sentence);
    const { id } = made.value.campaign;
    await house.service.importLeads(id, csv(['+358401234501']));
    await house.service.commandCampaign(id, 'start');
    await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'they talk');
    const [connected] = house.eventsOf('call.connected');
    const callId = connected?.subject.slice('call/'.length) ?? '';
    await house.engine.house.talk.act('alice', { type: 'hold', on: true });
    await house.clock.advance(12_000);
    await house.engine.house.talk.act('alice', { type: 'hold', on: false });
    await house.clock.advance(5_000);
    house.fake.number('+358401234501').party.hangUp();
    await house.expectNoLeaks();
    const told = said(await house.engine.house.explainer.explainCall(callId));
    expect(told).toContain("Joined campaign 'Autumn', asking for");
    expect(told).toContain('alice put it on hold.\nalice went on with it after 12 s on hold.');
    expect(told).not.toContain(id);
    const agent = said(await house.engine.house.explainer.explainAgent('alice'));
    expect(agent).toContain("(campaign 'Autumn'), and answered after 1 s.");
    expect(agent).not.toContain(id);
  });

  it('nobody is known: nothing is said', async () => {
    const house = await new WalkHouse().start();
    expect(await house.engine.house.explainer.explainCall('call-none')).toBeNull();
    expect(await house.engine.house.explainer.explainAgent('nobody')).toBeNull();
  });
});
