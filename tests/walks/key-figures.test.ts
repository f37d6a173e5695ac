import { expect, it, vi } from 'vitest';
import { kpisCommand } from '../../src/cli/kpis.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';
import { doorOf, Onlooker, RATES, TARGET_MS } from './kpi-house.ts';

const NODES = `
  first:
    type: menu
    prompt: menu.main
    keys: { "1": desk, "2": hours, "3": porter }
    outcomes: { noInput: bye, invalid: bye }
  porter:
    type: transfer
    to: "100"
    ring: 20s
    outcomes: { answeredEnd: bye, busy: bye, noAnswer: bye, failed: bye }
  hours: { type: play, prompt: hours, next: bye }
  desk:
    type: queue
    queue: billing
    outcomes: { answeredEnd: rate, timeout: bye, full: bye, noAgents: bye, closed: bye }
  rate:
    type: survey
    questions: [{ id: csat, scale: 1-5, prompt: survey.csat }]
    outcomes: { done: bye, partial: bye }`;

const [ANNA, BEN, CARL] = ['+358501000001', '+358501000002', '+358501000003'] as const;
const [DORA, EVA, FRED, GERDA] = ['+358501000004', '+358501000005', '+358501000006', '+358501000007'] as const;
const IVAN = '+358501000008';
const ENGAGED = '+358409999999';

/** Alice answers billing and serves campaigns; bob does neither, and takes what she hands over. */
async function open() {
  const agents = [
    agentProfile('alice', { queues: ['billing'] }),
    agentProfile('bob', { queues: ['tech'], campaigns: [] }),
  ];
  const queues = new Map([
    ['billing', queueProfile('billing', { targetMs: TARGET_MS })],
    ['tech', queueProfile('tech')],
  ]);
  const house = await new FlowHouse(NODES, { agents, queues, kpis: RATES }).start();
  house.fake.phone('100', answers(2_000));
  house.fake.number(ENGAGED, busy);
  for (const id of ['alice', 'bob'])
    expect(await house.service.setAgentStatus(id, 'ready', null)).toMatchObject({ ok: true });
  return house;
}

/** He is served at once, for a minute, and asked how it was. */
async function simple(day: Onlooker, from: string, mark: number | null): Promise<void> {
  const visitor = await day.comes(from);
  const served = await day.heardBy(visitor, 'alice');
  await day.house.clock.advance(60_000);
  served.phone.hangUp();
  await visitor.person.until('hearing', 'survey.csat');
  if (mark === null) visitor.person.hangUp();
  else visitor.person.press(String(mark));
  day.marks.push(mark);
  await day.over(visitor, served);
}

const first = (day: Onlooker) => simple(day, ANNA, 5);
/** She comes back within five minutes. */
const again = (day: Onlooker) => simple(day, ANNA, 2);
const hurried = (day: Onlooker) => simple(day, GERDA, null);

/** While Ben is served, one gives up at once and one later; Eva waits long, is put on hold, comes back from a number that is busy, and is handed over to bob. */
async function crowded(day: Onlooker): Promise<void> {
  const { clock, service } = day.house;
  const ben = await day.comes(BEN);
  const one = await day.heardBy(ben, 'alice');
  const carl = await day.comes(CARL);
  await clock.advance(3_000);
  await day.givesUp(carl);
  const [dora, eva] = [await day.comes(DORA), await day.comes(EVA)];
  await clock.advance(30_000);
  await day.givesUp(dora);
  ben.person.hangUp();
  await day.over(ben, one);
  const two = await day.heardBy(eva, 'alice');
  await clock.advance(10_000);
  await service.talk.act('alice', { type: 'hold', on: true });
  await clock.advance(20_000);
  await service.talk.act('alice', { type: 'hold', on: false });
  const plain = { type: 'transfer', note: null, keepPlace: true } as const;
  await service.talk.act('alice', { ...plain, to: { kind: 'number', number: ENGAGED, trunk: null } });
  await day.wrapsUp(two);
  const back = await day.nextHeardBy(eva, 'alice');
  await clock.advance(5_000);
  await service.talk.act('alice', { ...plain, to: { kind: 'agent', agentId: 'bob' } });
  day.transferred += 1;
  const three = await day.nextHeardBy(eva, 'bob');
  await day.wrapsUp(back);
  await clock.advance(20_000);
  eva.person.hangUp();
  await day.over(eva, three);
}

/** Two people of a campaign, whom alice speaks with for half a minute each. */
async function dialled(day: Onlooker): Promise<void> {
  const { house } = day;
  const numbers = ['+358401234501', '+358401234502'];
  for (const number of numbers) house.fake.number(number, answers(2_000, 30_000));
  const made = await house.service.createCampaign(AUTUMN);
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await house.service.importLeads(id, csv(numbers));
  await house.service.commandCampaign(id, 'start');
  for (let n = 0; n < numbers.length; n += 1) {
    await house.clock.runUntil(() => house.agent('alice').state !== 'idle', 'alice is rung for the campaign');
    const from = day.now;
    await house.clock.runUntil(() => house.agent('alice').state === 'idle', 'alice is idle');
    day.outboundMs += day.now - from;
  }
}

/** One hears the hours, one is put through to the porter by the flow, and one dials a number that is nobody's. */
async function nobodyNeeded(day: Onlooker): Promise<void> {
  const fred = await day.listens(FRED);
  fred.person.press('2');
  await day.gone(fred);
  day.contained += 1;
  const ivan = await day.listens(IVAN);
  ivan.person.press('3');
  await ivan.person.until('bridged');
  await day.house.clock.advance(15_000);
  ivan.person.hangUp();
  await day.gone(ivan);
  const lost = day.rings(FRED, '358999999999');
  await day.gone(lost);
  day.refused += 1;
}

/** What the command prints, as another program reads it. */
async function printed(env: Record<string, string>, from: number): Promise<unknown> {
  const lines: string[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  try {
    const args = ['--from', new Date(from).toISOString(), '--json'];
    await kpisCommand(env).parseAsync(args, { from: 'user' });
    expect(process.exitCode).toBe(0);
    return (JSON.parse(lines.join('\n')) as { report: unknown }).report;
  } finally {
    process.exitCode = undefined;
    spy.mockRestore();
  }
}

it('the figures of a blended day are those an onlooker counts, as it goes on and from the stored journal afterwards', async () => {
  const house = await open();
  const day = new Onlooker(house);
  const door = await doorOf(house);
  const asked = async () => {
    const report = await door.kpis(day.began);
    expect(report.all).toMatchObject(day.figures(2));
    return report;
  };
  for (const episode of [first, crowded, again, hurried, dialled, nobodyNeeded]) {
    await episode(day);
    await asked();
  }
  const live = await asked();
  const { offered, handled, asa, aht, abandonment, serviceLevel, transferRate } = day.figures(2);
  expect(live.queues).toMatchObject({
    billing: { offered, handled, asa, aht, abandonment, serviceLevel, transferRate },
  });
  expect(live.transfers).toEqual({
    kinds: { 'blind, inside': 1, 'flow, inside': 1 },
    matrix: { 'alice → bob': 1, 'flow → 100': 1 },
  });
  expect(live.agents).toMatchObject({ alice: { handled: 5, outbound: 2 }, bob: { handled: 0, outbound: 0 } });
  // What the onlooker saw, told in numbers.
  expect(live.all).toMatchObject({
    arrived: 10,
    handled: 5,
    abandoned: 2,
    abandonedShort: 1,
    contained: 1,
    blocked: 1 / 10,
  });
  expect(await printed(await door.env(), day.began)).toEqual(live);

  const until = day.now + 1;
  house.kill();
  await house.restart();
  const other = await doorOf(house);
  const later = await other.kpis(day.began, until);
  // A millisecond later the agents have been idle for a millisecond more.
  const { occupancy, ...told } = live.all;
  expect(later).toMatchObject({ ...live, agents: {}, all: told });
  expect(later.all.occupancy).toBeCloseTo(occupancy ?? 0, 4);
});
