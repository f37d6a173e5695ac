import { describe, expect, it } from 'vitest';
import { AUTUMN, csv } from '../support/campaign.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile } from '../support/site.ts';
import { WalkHouse } from './house.ts';

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

/** Numbers between 0 and 1 that are the same in each run (Park and Miller, CACM 31, 1988). */
function dice(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** An hour of a blended floor: agents take calls of three minutes and dial people who talk nearly as long. */
async function anHour({ reserve, perHour }: { readonly reserve: boolean; readonly perHour: number }) {
  const agents = Array.from({ length: AGENTS }, (_, i) => agentProfile(`a${i}`, { queues: ['support'] }));
  const queue = queueProfile('support', { reserve, wrapUpMs: 0, maxWaitMs: 4 * 60 * MINUTE });
  const house = await new WalkHouse({ ...flowOfNodes(FLOW), agents, queues: new Map([['support', queue]]) }).start();
  for (const { id } of agents) house.fake.phone(id, answers(500, 3 * MINUTE));
  await house.ready(...agents.map(({ id }) => id));
  const numbers = Array.from({ length: LEADS }, (_, i) => `+35840${String(1_000_000 + i)}`);
  for (const number of numbers) house.fake.number(number, answers(5_000, TALK));
  const made = await house.service.createCampaign({ ...AUTUMN, maxLines: AGENTS });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  await house.service.importLeads(id, csv(numbers));

  const began = house.clock.now();
  const chance = dice(7);
  for (let at = 0; at < END; at += (-Math.log(chance()) * 60 * MINUTE) / perHour) {
    house.clock.at(
      began + Math.round(at),
      () => void house.fake.call({ from: `+35850${Math.round(1e6 + at)}`, to: ENTRY }),
    );
  }
  await house.clock.advance(BEGIN);
  await house.service.commandCampaign(id, 'start');
  await house.clock.advance(END - BEGIN);
  const waits = house
    .eventsOf('call.connected')
    .filter(({ at, data }) => at > began + BEGIN && data.queue === 'support');
  const inTime = waits.filter(({ data }) => data.waitedMs <= queue.targetMs).length;
  const dials = house.eventsOf('attempt.started').length;
  return { house, serviceLevel: inTime / waits.length, dials };
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

  it('costs hardly a dial when few call', async () => {
    const without = await anHour({ reserve: false, perHour: 4 });
    const withIt = await anHour({ reserve: true, perHour: 4 });
    expect(withIt.dials).toBeGreaterThan(without.dials * 0.8);
  }, 60_000);
});
