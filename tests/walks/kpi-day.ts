import { AUTUMN, csv } from '../support/campaign.ts';
import { answers, busy, rings, type Party } from '../support/fake-party.ts';
import { agentProfile, ENTRY, queueProfile } from '../support/site.ts';
import { dice } from './dice.ts';
import { FlowHouse } from './flow-house.ts';
import { RATES, TARGET_MS } from './kpi-house.ts';

const NODES = `
  first:
    type: menu
    prompt: menu.main
    keys: { "1": { language: fi, go: billing }, "2": tech, "3": hours }
    outcomes: { noInput: bye, invalid: bye }
  hours: { type: play, prompt: hours, next: bye }
  billing:
    type: queue
    queue: billing
    outcomes: { answeredEnd: rate, timeout: bye, full: bye, noAgents: bye, closed: bye }
  tech:
    type: queue
    queue: tech
    maxWait: 90s
    outcomes: { answeredEnd: rate, timeout: bye, full: bye, noAgents: bye, closed: bye }
  rate:
    type: survey
    questions: [{ id: csat, scale: 1-5, prompt: survey.csat }]
    outcomes: { done: bye, partial: bye }`;

const AGENTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;
export const TEAMS = new Map([
  ['north', ['alice', 'bob', 'carol']],
  ['south', ['dave', 'erin']],
]);
const TICK_MS = 2_000;
/** Mean time between two arrivals. */
const EVERY_MS = 15_000;
const DIALS = 30;

const site = () => ({
  agents: AGENTS.map((id, i) => agentProfile(id, { queues: i % 2 === 0 ? ['billing', 'tech'] : ['tech'] })),
  queues: new Map([
    ['billing', queueProfile('billing', { targetMs: TARGET_MS, maxWaiting: 6 })],
    ['tech', queueProfile('tech', { targetMs: TARGET_MS })],
  ]),
  kpis: RATES,
});

/**
 * So many calls on the real engine, on a simulated clock: people who wait, give up, are served, handed over, asked how it
 * was, or came for the hours, and a campaign beside them. Nothing here counts anything.
 */
export async function dayOfCalls(calls: number, seed: number): Promise<FlowHouse> {
  const chance = dice(seed);
  const house = await new FlowHouse(NODES, site()).start();
  await house.ready(...AGENTS);
  await campaign(house, seed);
  let [made, live] = [0, 0];
  const next = () => {
    made += 1;
    live += 1;
    visit(house, chance, () => (live -= 1));
    if (made < calls) house.clock.at(house.clock.now() + pause(chance), next);
  };
  next();
  await house.clock.runUntil(() => live === 0 && made === calls, 'all callers are gone');
  await house.clock.advance(120_000);
  return house;
}

const pause = (chance: () => number) => Math.ceil(-Math.log(1 - chance()) * EVERY_MS);

function visit(house: FlowHouse, chance: () => number, gone: () => void): void {
  const from = chance() < 0.1 ? null : `+35850${String(Math.floor(chance() * 4_000)).padStart(7, '0')}`;
  const to = chance() < 0.03 ? '358999999999' : ENTRY;
  const person = house.fake.call({ from, to });
  const caller = { person, patience: 5_000 + chance() * 240_000, talk: 10_000 + chance() * 120_000, chance };
  const began = house.clock.now();
  let [metAt, pressed, sent]: [number | null, boolean, boolean] = [null, false, false];
  const look = () => {
    const now = house.clock.now();
    if (person.phase === 'ended') return gone();
    house.clock.at(now + TICK_MS, look);
    if (!pressed && hasHeard(person, 'menu.main')) {
      pressed = true;
      person.press('1122223'.at(Math.floor(chance() * 7)) ?? '1');
    } else if (hasHeard(person, 'survey.csat')) rate(person, chance());
    else if (person.talkingWith.length === 0) {
      if (metAt === null && now - began > caller.patience) person.hangUp();
    } else {
      metAt ??= now;
      if (now - metAt > caller.talk) end(house, person, chance());
      else if (!sent && now - metAt > 4_000) {
        sent = true;
        if (chance() < 0.15) handOver(house, person, chance());
      }
    }
  };
  house.clock.at(began + TICK_MS, look);
}

const hasHeard = (person: Party, prompt: string) => person.heard.some((name) => name.endsWith(prompt));

function rate(person: Party, luck: number): void {
  if (luck < 0.3) person.hangUp();
  else person.press(String(1 + Math.floor(luck * 5)));
}

/** The caller ends it, or the agent, who leaves him to the survey. */
function end(house: FlowHouse, person: Party, luck: number): void {
  const agent = agentOf(house, person);
  if (luck < 0.4 || !agent) person.hangUp();
  else house.fake.phone(agent).party.hangUp();
}

function handOver(house: FlowHouse, person: Party, luck: number): void {
  const agent = agentOf(house, person);
  if (!agent) return;
  const to = luck < 0.5 ? 'frank' : 'erin';
  const order = { type: 'transfer', note: null, keepPlace: true, to: { kind: 'agent', agentId: to } } as const;
  void house.service.talk.act(agent, order);
}

const agentOf = (house: FlowHouse, person: Party) =>
  AGENTS.find((id) => house.fake.phone(id).parties.some(({ legId }) => person.talkingWith.includes(legId)));

async function campaign(house: FlowHouse, seed: number): Promise<void> {
  const numbers = Array.from({ length: DIALS }, (_, i) => `+3584${seed % 10}${String(i).padStart(7, '0')}`);
  const ways = [answers(3_000, 20_000), busy, rings];
  for (const [i, number] of numbers.entries()) house.fake.number(number, ways[i % 3] ?? busy);
  const made = await house.service.createCampaign(AUTUMN);
  if (!made.ok) throw new Error(made.sentence);
  await house.service.importLeads(made.value.campaign.id, csv(numbers));
  await house.service.commandCampaign(made.value.campaign.id, 'start');
}
