import { describe, expect, it } from 'vitest';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile } from '../support/site.ts';
import { dice } from './dice.ts';
import { WalkHouse } from './house.ts';
import { twoHouses } from './two-houses.ts';

const MINUTE = 60_000;
const AGENTS = 10;
const LEADS = 900;
/** Of those who are dialled. */
const TALK = 2.5 * MINUTE;
/** The campaign begins when the reserve has seen some calls. */
const BEGIN = 15 * MINUTE;
const END = 75 * MINUTE;

const FLOW = `
  first:
    type: queue
    queue: support
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
`;

interface Hour {
  readonly reserve: boolean;
  readonly perHour: number;
  /** One process, or two, of which the first dials, and the callers come to the second. */
  readonly processes?: 1 | 2;
}

/** An hour of a blended floor: agents take calls of three minutes and dial people who talk nearly as long. */
async function anHour({ reserve, perHour, processes = 1 }: Hour) {
  const agents = Array.from({ length: AGENTS }, (_, i) => agentProfile(`a${i}`, { queues: ['support'] }));
  const queue = queueProfile('support', { reserve, wrapUpMs: 0, maxWaitMs: 4 * 60 * MINUTE });
  const site = { ...flowOfNodes(FLOW), agents, queues: new Map([['support', queue]]) };
  const houses = processes === 1 ? [await new WalkHouse(site).start()] : (await twoHouses(site)).houses;
  const [dialler] = houses;
  const called = houses.at(-1);
  if (!dialler || !called) throw new Error('no house');
  for (const house of houses) for (const { id } of agents) house.fake.phone(id, answers(500, 3 * MINUTE));
  await dialler.ready(...agents.map(({ id }) => id));
  const numbers = Array.from({ length: LEADS }, (_, i) => `+35840${String(1_000_000 + i)}`);
  for (const number of numbers) dialler.fake.number(number, answers(5_000, TALK));
  const made = await dialler.service.createCampaign({ ...AUTUMN, maxLines: AGENTS });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await dialler.service.importLeads(id, csv(numbers));

  const { clock } = dialler;
  const began = clock.now();
  const chance = dice(7);
  for (let at = 0; at < END; at += (-Math.log(chance()) * 60 * MINUTE) / perHour) {
    clock.at(began + Math.round(at), () => void called.fake.call({ from: `+35850${Math.round(1e6 + at)}`, to: ENTRY }));
  }
  await clock.advance(BEGIN);
  await dialler.service.commandCampaign(id, 'start');
  await clock.advance(END - BEGIN);
  const waits = called
    .eventsOf('call.connected')
    .filter(({ at, data }) => at > began + BEGIN && data.queue === 'support');
  const inTime = waits.filter(({ data }) => data.waitedMs <= queue.targetMs).length;
  const dials = dialler.eventsOf('attempt.started').length;
  return { house: dialler, serviceLevel: inTime / waits.length, dials };
}

describe('a reserve for inbound calls', () => {
  it('keeps the service level that dials would have cost', async () => {
    const without = await anHour({ reserve: false, perHour: 80 });
    const withIt = await anHour({ reserve: true, perHour: 80 });
    // Seen: 0.29 with 157 dials, 0.79 with 121.
    expect(without.serviceLevel).toBeLessThan(0.5);
    expect(withIt.serviceLevel).toBeGreaterThanOrEqual(0.7);
    expect(withIt.dials).toBeGreaterThan(without.dials / 2);
    expect(withIt.house.eventsOf('queue.reserve.changed').length).toBeGreaterThan(0);
    // A live answered person goes first all the same: nobody was rung for nothing.
    expect(withIt.house.eventsOf('attempt.ended').filter(({ data }) => data.outcome === 'abandoned')).toEqual([]);
  }, 60_000);

  it('does so for callers of a process that does not dial', async () => {
    const { house, serviceLevel, dials } = await anHour({ reserve: true, perHour: 80, processes: 2 });
    // Seen: 0.79 with 121 dials, as with one process; 0.29 when each knew of its own callers only.
    expect(serviceLevel).toBeGreaterThanOrEqual(0.7);
    expect(dials).toBeGreaterThan(80);
    expect(house.eventsOf('queue.reserve.changed').length).toBeGreaterThan(0);
  }, 60_000);

  it('costs hardly a dial when few call', async () => {
    const without = await anHour({ reserve: false, perHour: 4 });
    const withIt = await anHour({ reserve: true, perHour: 4 });
    expect(withIt.dials).toBeGreaterThan(without.dials * 0.8);
  }, 60_000);
});
