import { describe, expect, it } from 'vitest';
import { PLAIN_FLOOR } from '../../src/acd/agent-rules.ts';
import type { Site } from '../../src/engine/site.ts';
import type { Threshold } from '../../src/work/threshold.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { ruleOf } from '../unit/work/threshold-rule.ts';
import { WalkHouse } from './house.ts';
import { journalOf, twoHouses } from './two-houses.ts';

const [SECOND, MINUTE] = [1_000, 60_000];
const site = (...rules: readonly Threshold[]): Partial<Site> => ({
  thresholds: new Map(rules.map((rule) => [rule.name, rule])),
  queues: new Map([
    ['billing', queueProfile('billing', { wrapUpMs: 1_000 })],
    ['tech', queueProfile('tech')],
  ]),
});

/** Broken for five minutes before anybody is told; counted over five. */
const LEVEL = ruleOf({ atLeast: 1, window: 5 * MINUTE, forMs: 5 * MINUTE, clearForMs: MINUTE });
const WAIT = ruleOf({
  name: 'wait',
  title: 'Somebody waits too long',
  figure: 'longestWait',
  direction: 'above',
  level: MINUTE,
  clear: MINUTE,
  forMs: 0,
  clearForMs: 0,
  atLeast: 0,
  window: null,
});

const told = (house: WalkHouse) => [
  ...house.eventsOf('threshold.raised'),
  ...house.eventsOf('threshold.reminded'),
  ...house.eventsOf('threshold.cleared'),
];
const alarms = (house: WalkHouse) => house.engine.house.thresholds.alarms();
const written = async (house: WalkHouse) =>
  (await journalOf(house)).filter(({ type }) => type.startsWith('threshold.')).map(({ type }) => type);

/** A caller of billing who waits so long for Alice, and is talked to for a second. */
async function served(house: WalkHouse, waitMs: number): Promise<void> {
  const caller = await house.callerIn('1');
  await house.clock.advance(waitMs);
  await house.ready('alice');
  await house.clock.runUntil(() => house.agent('alice').state === 'talking', 'alice talks');
  await house.clock.advance(SECOND);
  caller.hangUp();
  await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is done');
  await house.service.setAgentStatus('alice', 'logged-out', null);
}

describe('the service level of a queue', () => {
  it('that is broken for five minutes is told once, and once when it is well', async () => {
    const house = await new WalkHouse(site(LEVEL)).start();
    for (let i = 0; i < 6; i += 1) await served(house, 50 * SECOND);
    expect(house.eventsOf('threshold.raised')).toEqual([]);
    for (let i = 0; i < 4; i += 1) await served(house, 50 * SECOND);
    const [raised, ...more] = house.eventsOf('threshold.raised');
    expect(more).toEqual([]);
    expect(raised).toMatchObject({
      subject: 'threshold/slow',
      data: { name: 'billing', value: 0, level: 0.8, severity: 'alarm', of: 'queue', figure: 'serviceLevel' },
    });
    expect(raised?.data.words).toMatch(
      /^The service level of queue billing is 0 % \(of the last 5 min, \d calls\), below 80 %, for 5 min\.$/,
    );
    expect(house.warnings).toEqual([raised?.data.words]);
    expect(await alarms(house)).toMatchObject([
      { alarmId: raised?.data.alarmId, phase: 'raised', name: 'billing', worst: 0 },
    ]);

    for (let i = 0; i < 40; i += 1) await served(house, SECOND);
    expect(told(house).map(({ type }) => type)).toEqual(['threshold.raised', 'threshold.cleared']);
    expect(house.eventsOf('threshold.cleared')).toMatchObject([
      { data: { alarmId: raised?.data.alarmId, why: 'well', worst: 0 } },
    ]);
    expect(await alarms(house)).toEqual([]);
  });

  it('is no figure any more once nobody calls, and the alarm is cleared', async () => {
    const house = await new WalkHouse(site({ ...LEVEL, forMs: 0 })).start();
    await served(house, 50 * SECOND);
    await house.clock.advance(6 * SECOND);
    expect(await alarms(house)).toHaveLength(1);
    await house.clock.advance(7 * MINUTE);
    expect(house.eventsOf('threshold.cleared')).toMatchObject([{ data: { why: 'no-figure', value: null } }]);
  });

  it('is known to a process that has just begun, from the journal of the hours before', async () => {
    const house = await new WalkHouse(site({ ...LEVEL, window: 60 * MINUTE, forMs: 0 })).start();
    await served(house, SECOND);
    await served(house, 50 * SECOND);
    await house.clock.advance(6 * SECOND);
    const before = (await alarms(house)).map(({ value, sample }) => ({ value, sample }));
    expect(before).toEqual([{ value: 0.5, sample: 2 }]);
    house.kill();
    await house.restart();
    await served(house, 50 * SECOND);
    await house.clock.advance(30 * SECOND);
    expect((await alarms(house)).map(({ sample }) => sample)).toEqual([3]);
    expect(await written(house)).toEqual(['threshold.raised']);
  });
});

describe('a wait that is too long', () => {
  it('is told of one queue and not of the other', async () => {
    const house = await new WalkHouse(site({ ...WAIT, except: new Set(['tech']) })).start();
    const [one, other] = [await house.callerIn('1'), await house.callerIn('2', '+358501112224')];
    await house.clock.advance(55 * SECOND);
    expect(told(house)).toEqual([]);
    await house.clock.advance(12 * SECOND);
    expect(house.eventsOf('threshold.raised').map(({ data: { name } }) => name)).toEqual(['billing']);
    one.hangUp();
    other.hangUp();
    await house.clock.advance(6 * SECOND);
    expect(house.eventsOf('threshold.cleared')).toMatchObject([{ data: { why: 'well', value: 0 } }]);
  });

  it('is told again as often as the rule says', async () => {
    const house = await new WalkHouse(site({ ...WAIT, againMs: 2 * MINUTE })).start();
    await house.callerIn('1');
    await house.clock.advance(6 * MINUTE);
    expect(house.eventsOf('threshold.raised')).toHaveLength(1);
    expect(house.eventsOf('threshold.reminded')).toHaveLength(2);
  });

  it('is neither told again nor forgotten by the process that goes on after a crash', async () => {
    const house = await new WalkHouse(site(WAIT)).start();
    await house.callerIn('1');
    await house.clock.advance(70 * SECOND);
    house.kill();
    await house.restart();
    await house.clock.advance(MINUTE);
    expect(await written(house)).toEqual(['threshold.raised']);
    for (const call of house.service.calls()) house.service.hangupCall(call.id);
    await house.clock.advance(MINUTE);
    expect(await written(house)).toEqual(['threshold.raised', 'threshold.cleared']);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('whatever is lost of a crash at store word %i is made good', async (diesIn) => {
    const house = await new WalkHouse(site(WAIT)).start();
    await house.callerIn('1');
    await house.clock.advance(58 * SECOND);
    house.diesIn = diesIn;
    await house.clock.advance(10 * SECOND);
    house.diesIn = 0;
    house.kill();
    await house.restart();
    await house.clock.advance(MINUTE);
    expect(await written(house)).toEqual(['threshold.raised']);
    expect(await alarms(house)).toHaveLength(1);
  });

  it('is told once though the answer of the store was lost', async () => {
    const house = await new WalkHouse(site(WAIT)).start();
    await house.callerIn('1');
    await house.clock.advance(58 * SECOND);
    house.losesAnswerOf = 'saveAlarms';
    await house.clock.advance(MINUTE);
    expect(await written(house)).toEqual(['threshold.raised']);
    expect(await alarms(house)).toHaveLength(1);
  });

  it('is told by one of two processes, and by the other when the first has died', async () => {
    const { first, second, clock } = await twoHouses(site({ ...WAIT, againMs: 2 * MINUTE }));
    await second.callerIn('1');
    await clock.advance(70 * SECOND);
    expect(await written(first)).toEqual(['threshold.raised']);
    expect((await alarms(second)).map(({ alarmId }) => alarmId)).toEqual(
      (await alarms(first)).map(({ alarmId }) => alarmId),
    );
    first.kill();
    await clock.advance(3 * MINUTE);
    expect(await written(second)).toEqual(['threshold.raised', 'threshold.reminded']);
  });

  it('waits with everything while the live store is away', async () => {
    const house = await new WalkHouse(site(WAIT)).start();
    await house.callerIn('1');
    house.live.away = true;
    await house.clock.advance(70 * SECOND);
    expect(told(house)).toEqual([]);
    house.live.away = false;
    await house.clock.advance(10 * SECOND);
    expect(await written(house)).toEqual(['threshold.raised']);
  });
});

describe('people', () => {
  it('whose break lasts longer than its reason allows are told of, each by himself', async () => {
    const overrun = { ...WAIT, name: 'break', of: 'agent', figure: 'breakOverrun', level: 5 * MINUTE } as const;
    const floor = {
      ...PLAIN_FLOOR,
      reasons: new Map([
        ['break', { title: 'Break', maxMs: 15 * MINUTE }],
        ['course', { title: 'Course', maxMs: null }],
      ]),
    };
    const house = await new WalkHouse({ ...site({ ...overrun, clear: 0 }), floor }).start();
    await house.service.setAgentStatus('alice', 'not-ready', 'break');
    await house.service.setAgentStatus('bob', 'not-ready', 'course');
    await house.clock.advance(19 * MINUTE);
    expect(house.eventsOf('agent.status.overran')).toMatchObject([{ data: { agentId: 'alice' } }]);
    expect(told(house)).toEqual([]);
    await house.clock.advance(2 * MINUTE);
    expect(house.eventsOf('threshold.raised')).toMatchObject([{ data: { of: 'agent', name: 'alice' } }]);
    await house.ready('alice');
    await house.clock.advance(6 * SECOND);
    expect(house.eventsOf('threshold.cleared')).toMatchObject([{ data: { name: 'alice', why: 'well' } }]);
  });

  it('of whom too few are ready are missed', async () => {
    const missing = { ...WAIT, figure: 'agentsReady', direction: 'below', level: 1, clear: 1 } as const;
    const agents = [agentProfile('alice', { queues: ['billing'] }), agentProfile('bob', { queues: ['tech'] })];
    const house = await new WalkHouse({ ...site(missing), agents }).start();
    await house.ready('bob');
    await house.clock.advance(6 * SECOND);
    expect((await alarms(house)).map(({ name }) => name)).toEqual(['billing']);
    await house.ready('alice');
    await house.clock.advance(6 * SECOND);
    expect(await alarms(house)).toEqual([]);
  });
});

describe('promises to callers', () => {
  it('that are overdue are told of by their owner', async () => {
    const late = { ...WAIT, of: 'followUps', figure: 'overdue', level: 0, clear: 0 } as const;
    const house = await new WalkHouse(site(late)).start();
    const by = { name: 'shift lead', agentId: null };
    const made = await house.engine.house.followUps.create(
      { kind: 'task', reason: 'Return 4711', owner: { kind: 'agent', id: 'alice' }, dueAt: house.clock.now() + MINUTE },
      by,
    );
    await house.clock.advance(2 * MINUTE);
    expect(house.eventsOf('threshold.raised')).toMatchObject([
      { data: { of: 'followUps', name: 'agent:alice', value: 1 } },
    ]);
    const id = made.ok ? made.value.id : '';
    await house.engine.house.followUps.command(id, { type: 'close', outcome: 'done', note: null }, by);
    await house.clock.advance(MINUTE);
    expect(house.eventsOf('threshold.cleared')).toMatchObject([{ data: { name: 'agent:alice', why: 'well' } }]);
  });
});
