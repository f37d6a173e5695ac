import { describe, expect, it } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { answers, rings } from '../support/fake-party.ts';
import { agentProfile, ENTRY, flowOfNodes, queueProfile } from '../support/site.ts';
import { campaignIn } from './campaign-house.ts';
import { dice } from './dice.ts';
import { WalkHouse } from './house.ts';

const MINUTE = 60_000;
const AGENTS = 10;
/** The campaign has run by then as long as it takes to know who answers. */
const BEGIN = 10 * MINUTE;
const END = 50 * MINUTE;
const CALLERS_AN_HOUR = 60;

const FLOW = `
  first:
    type: queue
    queue: support
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, error: bye }
`;

async function floor(change: Partial<CampaignSettings>) {
  const agents = Array.from({ length: AGENTS }, (_, i) => agentProfile(`a${i}`, { queues: ['support'] }));
  const queue = queueProfile('support', { wrapUpMs: 1_000, maxWaitMs: 4 * 60 * MINUTE });
  const site = { ...flowOfNodes(FLOW), agents, queues: new Map([['support', queue]]) };
  const house = await new WalkHouse(site).start();
  for (const { id } of agents) house.fake.phone(id, answers(500, 2 * MINUTE));
  await house.ready(...agents.map(({ id }) => id));
  const list = Array.from({ length: 3_000 }, (_, i) => `+35840${2_000_000 + i}`);
  // Every fourth answers.
  for (const [i, each] of list.entries()) {
    house.fake.number(each, i % 4 === 0 ? answers(5_000 + (i % 7) * 900, 60_000 + (i % 5) * 9_000) : rings);
  }
  const id = await campaignIn(house, list, { maxLines: 90, cps: 30, ...change });
  return { house, id };
}

/** Callers come all the time, as chance has it. */
function callersIn(house: WalkHouse, anHour = CALLERS_AN_HOUR): void {
  const chance = dice(11);
  const began = house.clock.now();
  for (let at = 0; at < END; at += (-Math.log(chance()) * 60 * MINUTE) / anHour) {
    house.clock.at(
      began + Math.round(at),
      () => void house.fake.call({ from: `+35850${Math.round(1e6 + at)}`, to: ENTRY }),
    );
  }
}

/** Seconds in which a caller waited and an agent was idle and ready all the same, and agents' share of time in work. */
async function watch(house: WalkHouse) {
  let [beside, busy, seen] = [0, 0, 0];
  for (let at = 0; at < END; at += 1_000) {
    await house.clock.advance(1_000);
    const idle = house.service.agents().filter(({ state, status }) => state === 'idle' && status === 'ready').length;
    const waits = house.engine.house.board.all().some(({ state }) => state.phase === 'queued' && !state.attempt);
    if (waits && idle > 0) beside += 1;
    if (at < BEGIN) continue;
    busy += AGENTS - idle;
    seen += AGENTS;
  }
  return { beside, busy: busy / seen };
}

function seen(house: WalkHouse) {
  const waits = house.eventsOf('call.connected').filter(({ data }) => data.queue === 'support');
  const inTime = waits.filter(({ data }) => data.waitedMs <= 20_000).length;
  const outcomes = house.eventsOf('attempt.ended').map(({ data }) => data.outcome);
  const [connected, abandoned] = ['connected', 'abandoned'].map((o) => outcomes.filter((each) => each === o).length);
  return { callers: waits.length, serviceLevel: inTime / waits.length, connected, abandoned };
}

describe('a floor that takes calls and dials', () => {
  for (const change of [{ mode: 'predictive' }, { mode: 'power', ratio: 3 }] as const) {
    it(`keeps no agent idle beside a caller for what rings, in ${change.mode} mode`, async () => {
      const { house, id } = await floor(change);
      callersIn(house);
      await house.service.commandCampaign(id, 'start');
      const { beside, busy } = await watch(house);
      const { callers, serviceLevel, connected = 0, abandoned = 0 } = seen(house);
      // Seen: 20 s and 74 s of 50 min, all of them while nobody more might be abandoned, when each dial does keep one.
      expect(beside).toBeLessThanOrEqual(120);
      // Seen: 62 callers, 94 % within 20 s, agents at work 81 %; while each dial kept an agent: 5 callers, idle beside them 31 min.
      expect(callers).toBeGreaterThan(50);
      expect(serviceLevel).toBeGreaterThan(0.9);
      expect(busy).toBeGreaterThan(0.7);
      expect(connected).toBeGreaterThan(100);
      expect(abandoned).toBeLessThanOrEqual(Math.max(1, 0.03 * (connected + abandoned)));
      expect(house.warnings).toEqual([]);
    }, 60_000);
  }

  it('keeps one agent for each dial while nobody more may be abandoned, so that callers bring nobody into a message', async () => {
    const { house, id } = await floor({ mode: 'predictive' });
    for (const each of Array.from({ length: 3_000 }, (_, i) => `+35840${2_000_000 + i}`))
      house.fake.number(each, answers(8_000, 60_000));
    callersIn(house, 260);
    await house.service.commandCampaign(id, 'start');
    await watch(house);
    const outcomes = house.eventsOf('attempt.ended').map(({ data }) => data.outcome);
    const first = outcomes.indexOf('abandoned');
    // Seen: the 35th and the 36th of 37, whose phones rang at once; while such dials kept nobody before the first was lost, the very 1st of 36.
    expect(first).toBeGreaterThan(1 / 0.03);
    expect(outcomes.filter((outcome) => outcome === 'abandoned').length).toBeLessThanOrEqual(2);
    const lost = new Set(
      house
        .eventsOf('attempt.ended')
        .filter(({ data }) => data.outcome === 'abandoned')
        .map(({ data }) => data.attemptId),
    );
    const dials = house.eventsOf('attempt.started').map(({ data }) => data);
    expect(dials.filter(({ keeps }) => keeps === undefined).length).toBeGreaterThan(30);
    for (const { attemptId, keeps } of dials) if (lost.has(attemptId)) expect(keeps).toBe('nobody');
  }, 60_000);

  it('keeps one agent for each progressive dial, so that nobody is abandoned', async () => {
    const { house, id } = await floor({});
    callersIn(house);
    await house.service.commandCampaign(id, 'start');
    await watch(house);
    expect(seen(house).abandoned).toBe(0);
  }, 60_000);
});
