import { PLAIN_FLOOR } from '../../src/acd/agent-rules.ts';
import type { Disposition } from '../../src/dialer/disposition.ts';
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
    keys: { "1": { language: fi, go: billing }, "2": tech, "3": hours, "4": pay }
    outcomes: { noInput: bye, invalid: bye }
  hours: { type: play, prompt: hours, next: bye }
  pay: { type: emit, event: paid, data: { amount: 1250, currency: EUR }, next: receipt }
  receipt: { type: emit, event: receipt, data: { by: letter }, next: bye }
  billing:
    type: queue
    queue: billing
    offerCallback: { key: "1", within: 1h }
    outcomes: { answeredEnd: rate, timeout: bye, full: bye, noAgents: bye, closed: bye, callbackTaken: bye }
  tech:
    type: queue
    queue: tech
    maxWait: 60s
    announce: { position: onlyIfImproved, estimate: range, every: 30s }
    outcomes: { answeredEnd: effort, timeout: bye, full: bye, noAgents: bye, closed: bye }
  rate:
    type: survey
    questions:
      - { id: csat, scale: 1-5, prompt: survey.csat }
      - { id: nps, scale: 0-10, prompt: survey.nps }
    outcomes: { done: bye, partial: bye }
  effort:
    type: survey
    questions:
      - { id: ces, scale: 1-7, prompt: survey.ces }
      - { id: csat, scale: 1-5, prompt: survey.csat }
    outcomes: { done: bye, partial: bye }`;

const AGENTS = ['alice', 'bob', 'carol', 'dave', 'erin', 'frank'] as const;
export const TEAMS = new Map([
  ['north', ['alice', 'bob', 'carol']],
  ['south', ['dave', 'erin']],
]);
const TICK_MS = 2_000;
/** Mean time between two arrivals. */
const EVERY_MS = 10_000;
const DIALS = 30;

const plain = { labels: { en: 'so it went' }, fields: [], counts: [] };
const WILL_PAY = { kind: 'payment', currency: 'EUR', withinMs: 60 * 86_400_000 } as const;
const DISPOSITIONS: ReadonlyMap<string, Disposition> = new Map([
  ['sold', { ...plain, name: 'sold', meaning: { kind: 'success' } }],
  ['will-pay', { ...plain, name: 'will-pay', meaning: WILL_PAY }],
]);
const LUNCH_MS = 60_000;
const callbacks = { tries: 2, retryAfterMs: 120_000, ringMs: 15_000, trunk: null };

const site = () => ({
  agents: AGENTS.map((id, i) => agentProfile(id, { queues: i % 2 === 0 ? ['billing', 'tech'] : ['tech'] })),
  queues: new Map([
    ['billing', queueProfile('billing', { targetMs: TARGET_MS, maxWaiting: 6, callbacks })],
    ['tech', queueProfile('tech', { targetMs: TARGET_MS })],
  ]),
  kpis: RATES,
  dispositions: DISPOSITIONS,
  floor: { ...PLAIN_FLOOR, reasons: new Map([['lunch', { title: 'Lunch', maxMs: LUNCH_MS }]]) },
});

/**
 * So many calls on the real engine, on a simulated clock: people who wait, give up, are served, handed over, rung back, asked how it
 * was, or came to pay or for the hours; agents who say what it came to and are too long at lunch; and a campaign beside them.
 * Nothing here counts anything.
 */
export async function dayOfCalls(calls: number, seed: number): Promise<FlowHouse> {
  const chance = dice(seed);
  const house = await new FlowHouse(NODES, site()).start();
  await house.ready(...AGENTS);
  await campaign(house, seed);
  lunches(house, chance);
  let [made, live] = [0, 0];
  const next = () => {
    made += 1;
    live += 1;
    visit(house, chance, () => (live -= 1));
    if (made < calls) house.clock.at(house.clock.now() + pause(chance), next);
  };
  next();
  await house.clock.runUntil(() => live === 0 && made === calls, 'all callers are gone');
  // Who was promised a callback is rung meanwhile.
  await house.clock.advance(1_800_000);
  return house;
}

const pause = (chance: () => number) => Math.ceil(-Math.log(1 - chance()) * EVERY_MS);

interface Visit {
  readonly person: Party;
  readonly patience: number;
  readonly talk: number;
  /** Rather than wait he lets himself be rung back. */
  readonly back: boolean;
  metAt: number | null;
  /** What he has answered, and what was done with him: each once. */
  readonly done: Set<string>;
}

function visit(house: FlowHouse, chance: () => number, gone: () => void): void {
  const from = chance() < 0.1 ? null : `+35850${String(Math.floor(chance() * 4_000)).padStart(7, '0')}`;
  const to = chance() < 0.03 ? '358999999999' : ENTRY;
  const person = house.fake.call({ from, to });
  if (from !== null) house.fake.number(from, Number(from.at(-1)) < 3 ? rings : answers(2_000, 25_000));
  const back = from !== null && chance() < 0.3;
  const [patience, talk] = [5_000 + chance() * 240_000, 10_000 + chance() * 120_000];
  const caller: Visit = { person, patience, talk, back, metAt: null, done: new Set() };
  const began = house.clock.now();
  const look = () => {
    const now = house.clock.now();
    if (person.phase === 'ended') return gone();
    house.clock.at(now + TICK_MS, look);
    if (person.talkingWith.length > 0) talks(house, caller, chance);
    else if (!answersKeys(caller, chance) && now - (caller.metAt ?? began) > caller.patience) person.hangUp();
  };
  house.clock.at(began + TICK_MS, look);
}

const hears = (person: Party, prompt: string) => person.heard.some((name) => name.endsWith(prompt));

/** He is asked something that he has not answered yet. */
function answersKeys({ person, back, done }: Visit, chance: () => number): boolean {
  const keys: Readonly<Record<string, () => string | null>> = {
    'menu.main': () => '11222234'.at(Math.floor(chance() * 8)) ?? '1',
    ...(back && { 'callback.offer': () => '1', 'callback.choice': () => '1' }),
    'survey.csat': () => (chance() < 0.3 ? null : String(1 + Math.floor(chance() * 5))),
    'survey.nps': () => (chance() < 0.2 ? null : `${Math.floor(chance() * 11)}#`),
    'survey.ces': () => (chance() < 0.2 ? null : String(1 + Math.floor(chance() * 7))),
  };
  const asked = Object.keys(keys).find((prompt) => !done.has(prompt) && hears(person, prompt));
  if (asked === undefined) return false;
  done.add(asked);
  const key = keys[asked]?.() ?? null;
  if (key === null) person.hangUp();
  else person.press(key);
  return true;
}

function talks(house: FlowHouse, caller: Visit, chance: () => number): void {
  const { person, talk, done } = caller;
  const now = house.clock.now();
  caller.metAt ??= now;
  if (now - caller.metAt > talk) return end(house, person, chance());
  if (now - caller.metAt > 4_000 && !done.has('sent')) {
    done.add('sent');
    if (chance() < 0.25) handOver(house, person, chance());
    else if (chance() < 0.3) says(house, person, chance);
  }
}

/** What became of a call of the house; now and then the agent says afterwards that it was something else. */
function says(house: FlowHouse, person: Party, chance: () => number): void {
  const agent = agentOf(house, person);
  if (!agent) return;
  const { floor } = house.service;
  const words = ['order', 'complaint', 'question'];
  const word = () => words.at(Math.floor(chance() * words.length)) ?? 'order';
  void floor.dispose(agent, word(), null);
  if (chance() < 0.4) house.clock.at(house.clock.now() + 3_000, () => void floor.dispose(agent, word(), null));
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
  const told = { note: null, keepPlace: true } as const;
  const to = { kind: 'agent', agentId: luck < 0.25 ? 'frank' : 'erin' } as const;
  if (luck < 0.4) void house.service.talk.act(agent, { type: 'transfer', ...told, to });
  else if (luck < 0.6) {
    const queue = luck < 0.5 ? 'billing' : 'tech';
    void house.service.talk.act(agent, { type: 'transfer', ...told, to: { kind: 'queue', queue } });
  } else if (luck < 0.75) {
    const number = '+358409999999';
    void house.service.talk.act(agent, { type: 'transfer', ...told, to: { kind: 'number', number, trunk: null } });
  } else {
    void house.service.talk.act(agent, { type: 'consult', to });
    const complete = () => void house.service.talk.act(agent, { type: 'complete', note: null });
    house.clock.at(house.clock.now() + 8_000, complete);
  }
}

const agentOf = (house: FlowHouse, person: Party) =>
  AGENTS.find((id) => house.fake.phone(id).parties.some(({ legId }) => person.talkingWith.includes(legId)));

async function campaign(house: FlowHouse, seed: number): Promise<void> {
  const numbers = Array.from({ length: DIALS }, (_, i) => `+3584${seed % 10}${String(i).padStart(7, '0')}`);
  house.fake.number('+358409999999', answers(2_000, 30_000));
  const ways = [answers(3_000, 20_000), busy, rings];
  for (const [i, number] of numbers.entries()) house.fake.number(number, ways[i % 3] ?? busy);
  const made = await house.service.createCampaign(AUTUMN);
  if (!made.ok) throw new Error(made.sentence);
  await house.service.importLeads(made.value.campaign.id, csv(numbers));
  await house.service.commandCampaign(made.value.campaign.id, 'start');
  words(house);
}

/** One after the other they go to lunch, and some of them stay there for too long. */
function lunches(house: FlowHouse, chance: () => number): void {
  const { floor } = house.service;
  let nth = 0;
  const next = () => {
    const agent = AGENTS[nth % AGENTS.length] ?? 'alice';
    nth += 1;
    void floor.setStatus(agent, 'not-ready', 'lunch');
    house.clock.at(
      house.clock.now() + Math.ceil(LUNCH_MS * (0.5 + chance())),
      () => void floor.setStatus(agent, 'ready', null),
    );
    house.clock.at(house.clock.now() + 400_000, next);
  };
  house.clock.at(house.clock.now() + 100_000, next);
}

/** What those said who talked for the campaign: of each call once. */
function words(house: FlowHouse): void {
  let [read, talks] = [0, 0];
  const look = () => {
    for (const event of house.events.slice(read)) {
      if (event.type !== 'call.connected' || !event.data.queue.startsWith('campaign:')) continue;
      talks += 1;
      const { agentId } = event.data;
      const due = new Date(house.clock.now() + 5 * 86_400_000).toISOString().slice(0, 10);
      const sold = { disposition: 'sold', values: {} };
      const said = talks % 2 === 0 ? sold : { disposition: 'will-pay', values: { amount: `${talks}.50`, due } };
      void house.service.dispositions.dispose(event.subject.slice('call/'.length), said, { agentId, name: agentId });
    }
    read = house.events.length;
    house.clock.at(house.clock.now() + TICK_MS, look);
  };
  house.clock.at(house.clock.now() + TICK_MS, look);
}
