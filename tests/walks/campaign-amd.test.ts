import { describe, expect, it } from 'vitest';
import { detectionPlanSchema } from '../../src/engine/ports/detection.ts';
import type { Disposition } from '../../src/dialer/disposition.ts';
import type { DialerEvent } from '../../src/dialer/pacing/index.ts';
import { csv } from '../support/campaign.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile } from '../support/site.ts';
import { campaignIn, number } from './campaign-house.ts';
import { WalkHouse } from './house.ts';

const PERSON = number(1);
const MACHINE = number(2);
const LATER = number(3);
const plan = detectionPlanSchema.parse({
  message: 'campaign.machine',
  after: { machine: 'message', sampleShare: 0 },
});

const DISPOSITIONS: ReadonlyMap<string, Disposition> = new Map(
  [
    { name: 'sold', meaning: { kind: 'success' } as const },
    { name: 'machine', meaning: { kind: 'machine', afterMs: 3_600_000, number: 'same' } as const },
  ].map((one) => [one.name, { labels: { en: one.name }, fields: [], counts: [], ...one }]),
);

/** A person says hello and waits, a machine talks on. */
async function house(change = {}) {
  const agents = [agentProfile('a1'), agentProfile('a2')];
  const walk = await new WalkHouse({ agents, dispositions: DISPOSITIONS }).start();
  await walk.ready('a1', 'a2');
  for (const each of [PERSON, MACHINE]) walk.fake.number(each, answers(2_000));
  const id = await campaignIn(walk, [PERSON, MACHINE], { detect: plan, ...change });
  return { walk, id };
}

async function dialBoth(walk: WalkHouse, id: string) {
  await walk.service.commandCampaign(id, 'start');
  const [person, machine] = [await walk.fake.number(PERSON).rung(), await walk.fake.number(MACHINE).rung()];
  await Promise.all([person.until('up'), machine.until('up')]);
  await walk.clock.advance(300);
  person.say(500);
  machine.say(6_000);
  return { person, machine };
}

const outcomes = (walk: WalkHouse) =>
  Object.fromEntries(
    walk.eventsOf('attempt.ended').map(({ data }) => {
      const started = walk.eventsOf('attempt.started').find((each) => each.data.attemptId === data.attemptId);
      return [started?.data.number, data.outcome];
    }),
  );

describe('a campaign that listens who picks up', () => {
  it('puts the person to an agent, leaves its message on the machine, and tells books and pacing which was which', async () => {
    const { walk, id } = await house();
    const told: DialerEvent[] = [];
    await walk.service.commandCampaign(id, 'start');
    const runner = walk.engine.house.fleet.runner(id);
    if (!runner) throw new Error('nobody dials it');
    const see = runner.pulse.see.bind(runner.pulse);
    runner.pulse.see = (event) => {
      told.push(event);
      see(event);
    };
    const { person, machine } = await dialBoth(walk, id);
    await person.until('bridged');
    await machine.until('hearing', 'campaign.machine');
    await machine.until('ended');
    person.hangUp();
    await walk.clock.runUntil(() => walk.eventsOf('attempt.ended').length === 2);
    expect(outcomes(walk)).toEqual({ [PERSON]: 'connected', [MACHINE]: 'message-left' });
    const view = await walk.service.campaign(id);
    expect(view?.outcomes).toEqual({ connected: 1, 'message-left': 1 });
    expect(view?.campaign.detect).toEqual(plan);
    const found = told.flatMap((event) => (event.type === 'call.amd' ? event.result : []));
    expect(found.toSorted()).toEqual(['human', 'machine']);
    expect(runner.sight.totals).toMatchObject({ launched: 2, answered: 1, connected: 1, machine: 1, busy: 0 });
  });

  it('hangs up on machines where it leaves no message, and knows them as such after a crash', async () => {
    const { walk, id } = await house({ detect: { ...plan, after: { ...plan.after, machine: 'hang-up' } } });
    const { person, machine } = await dialBoth(walk, id);
    await Promise.all([person.until('bridged'), machine.until('ended')]);
    await walk.clock.advance(1_000);
    expect(outcomes(walk)).toEqual({ [MACHINE]: 'machine' });
    walk.kill();
    await walk.restart();
    walk.fake.number(LATER, rings);
    await walk.service.importLeads(id, csv([LATER]));
    await walk.clock.advance(2_000);
    const totals = walk.engine.house.fleet.runner(id)?.sight.totals;
    expect(totals).toMatchObject({ answered: 1, machine: 1, busy: 0 });
  });

  it('counts an agent’s time as the profile does, and says how often it was wrong by what agents met', async () => {
    const { walk, id } = await house({ detect: { ...plan, after: { ...plan.after, sampleShare: 1 } } });
    const { person, machine } = await dialBoth(walk, id);
    await Promise.all([person.until('bridged'), machine.until('bridged')]);
    const calls = walk.engine.house.board.all().map(({ state }) => state);
    expect(calls.map(({ attempt }) => attempt?.detect?.countFrom)).toEqual(['greeting-end', 'greeting-end']);
    for (const { id: callId, dnis } of calls) {
      const disposition = dnis === MACHINE ? 'machine' : 'sold';
      await walk.service.dispositions.dispose(callId, { disposition, values: {} }, { agentId: null, name: 'boss' });
    }
    person.hangUp();
    machine.hangUp();
    await walk.clock.runUntil(() => walk.eventsOf('attempt.ended').length === 2);
    expect((await walk.service.campaign(id))?.amd).toMatchObject({
      machines: 0,
      sampled: { persons: 0, machines: 1 },
      passed: { persons: 1, machines: 0 },
      falsePositive: { share: 0 },
      missed: { share: 0 },
      charged: { share: 0.03, calls: 0, from: 'assumed' },
    });
    expect(walk.engine.house.amd.heardOf(id)).toEqual({ heard: 1, persons: 0 });
  });

  it('is refused where listening leaves no time for an agent, and where its message has no sound', async () => {
    const { walk, id } = await house();
    const change = async (settings: object) => await walk.service.changeCampaign(id, settings);
    const late = await change({ profile: 'eu-default', detect: { ...plan, countFrom: 'profile' } });
    expect(late).toMatchObject({ ok: false, why: 'invalid' });
    expect(!late.ok && late.sentence).toContain('nearly everybody who answers would be abandoned');
    const lax = await change({ profile: 'eu-default', detect: { ...plan, countFrom: 'greeting-end' } });
    expect(!lax.ok && lax.sentence).toContain("counts an agent's time from the pick-up");
    const mute = await change({ language: 'pl' });
    expect(!mute.ok && mute.sentence).toBe(
      "There is no prompt 'campaign.machine' in language pl: add it to sounds/pl/prompts.yaml.",
    );
  });

  it('listens to nobody when it is told not to', async () => {
    const { walk, id } = await house({ detect: null });
    const { person, machine } = await dialBoth(walk, id);
    await Promise.all([person.until('bridged'), machine.until('bridged')]);
    expect(walk.eventsOf('attempt.detected')).toEqual([]);
  });
});
