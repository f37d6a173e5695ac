import { expect, it } from 'vitest';
import type { FollowUpRules } from '../../src/engine/site.ts';
import { FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const HOUR_MS = 3_600_000;

const RULES: FollowUpRules = {
  teams: new Map([['finance', { title: 'Finance', members: ['bob'], ladder: null }]]),
  departments: new Map(),
  usual: { dueSoonMs: HOUR_MS, steps: [] },
};

const NODES = `
  first: { type: play, prompt: greeting, next: refund }
  refund:
    type: followUp
    kind: refund
    owner: { team: finance }
    within: 4h
    reason: "Return of \${call.from}"
    data: { line: "\${call.to}" }
    priority: 5
    next: thanks
    outcomes: { error: sorrow }
  thanks: { type: play, prompt: thanks, next: bye }
  sorrow: { type: play, prompt: sorrow, next: bye }`;

const shop = (followUps = RULES) => new FlowHouse(NODES, { followUps }).start();

it('a flow leaves work to finance, who are told in time', async () => {
  const house = await shop();
  const caller = house.caller(CALLER);
  await caller.until('hearing', 'en/thanks');
  const [made, ...more] = house.eventsOf('followup.created');
  expect(more).toEqual([]);
  expect(made?.data).toMatchObject({
    kind: 'refund',
    reason: `Return of ${CALLER}`,
    owner: { kind: 'team', id: 'finance' },
    ani: CALLER,
    priority: 5,
    by: 'flow support',
  });
  expect(house.eventsOf('call.arrived')[0]?.subject).toBe(`call/${made?.data.callId}`);
  await caller.until('ended');
  await house.clock.advance(5 * HOUR_MS);
  expect(house.eventsOf('followup.due-soon')).toHaveLength(1);
  expect(house.eventsOf('followup.overdue')).toHaveLength(1);
  await house.expectNoLeaks();
});

it('each call makes its own', async () => {
  const house = await shop();
  for (let call = 0; call < 2; call += 1) await house.caller(CALLER).until('ended');
  const ids = house.eventsOf('followup.created').map(({ data }) => data.followUpId);
  expect(new Set(ids).size).toBe(2);
  await house.expectNoLeaks();
});

it('whose owner went with a release is not promised', async () => {
  const house = await shop({ ...RULES, teams: new Map() });
  const caller = house.caller(CALLER);
  await caller.until('hearing', 'en/sorrow');
  expect(house.eventsOf('followup.created')).toEqual([]);
  await caller.until('ended');
  expect(house.warnings).toEqual(['a follow-up could not be made']);
});

it('is made once by a process that dies before it hears that it was', async () => {
  const house = await shop();
  const add = house.followUps.add.bind(house.followUps);
  let died = 0;
  house.followUps.add = async (...words) => {
    const made = await add(...words);
    if (died === 0) house.kill();
    died += 1;
    return made;
  };
  const caller = house.caller(CALLER);
  await house.clock.runUntil(() => died > 0, 'the work is written down');
  await house.restart();
  await caller.until('hearing', 'en/thanks');
  expect(died).toBe(2);
  await house.clock.advance(HOUR_MS);
  expect(house.eventsOf('followup.created').map(({ data }) => data.followUpId)).toHaveLength(1);
  expect(await house.followUps.list({ order: 'due', limit: 9 })).toHaveLength(1);
});
