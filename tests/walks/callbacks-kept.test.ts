import { describe, expect, it } from 'vitest';
import type { Site } from '../../src/engine/site.ts';
import { answers } from '../support/fake-party.ts';
import { agentProfile, queueProfile } from '../support/site.ts';
import { FlowHouse } from './flow-house.ts';

const CALLER = '+358501112223';
const MINUTE = 60_000;

const nodesAsking = (what: string) => `
  first:
    type: queue
    queue: billing
    offerCallback: { key: "1", within: 1h }
    ${what}
    outcomes: { answeredEnd: bye, timeout: bye, full: bye, noAgents: bye, closed: bye, callbackTaken: bye }`;

/** Alice knows nothing in particular, Gina knows gold; Gina is on a break, so that gold can be waited for. */
async function open(asks: string, site: Partial<Site> = {}) {
  const agents = [
    agentProfile('alice', { queues: ['billing'] }),
    agentProfile('gina', { queues: ['billing'], skills: { gold: 5 } }),
  ];
  const queues = new Map([['billing', queueProfile('billing', { wrapUpMs: 0, priorities: { vip: 300 } })]]);
  const house = await new FlowHouse(nodesAsking(asks), { agents, queues, ...site }).start();
  await house.service.setAgentStatus('gina', 'not-ready', 'tea');
  return house;
}

const rungBy = (house: FlowHouse, agent: string) => house.fake.phone(agent).parties.length;

describe('a callback is asked for like the call it stands for', () => {
  it('with its skills', async () => {
    const house = await open('require: [{ skill: gold, level: 5 }]');
    const line = house.fake.number(CALLER, answers(1_000, 5_000));
    await house.takeCallback();
    await house.ready('alice');
    await house.clock.advance(10 * MINUTE);
    expect(rungBy(house, 'alice')).toBe(0);
    await house.ready('gina');
    await (await line.rung()).until('ended');
    expect(await house.flows.callbacks({ limit: 9 })).toMatchObject([{ state: 'done', closedBy: 'gina' }]);
    await house.expectNoLeaks();
  });

  it('and with the steps by which it asks for less', async () => {
    const house = await open('require: [{ skill: gold, level: 5 }]\n    relax: [{ after: 10m, require: [] }]');
    const line = house.fake.number(CALLER, answers(1_000, 5_000));
    await house.takeCallback();
    const [queued] = house.eventsOf('call.queued');
    await house.ready('alice');
    await house.clock.advance((queued?.at ?? 0) + 10 * MINUTE - 1_000 - house.clock.now());
    expect(rungBy(house, 'alice')).toBe(0);
    await house.clock.advance(2_000);
    expect(rungBy(house, 'alice')).toBe(1);
    await (await line.rung()).until('ended');
    expect(await house.flows.callbacks({ limit: 9 })).toMatchObject([{ state: 'done', closedBy: 'alice' }]);
    await house.expectNoLeaks();
  });

  it('with the credit of the customer, before one who came earlier and waits on the line', async () => {
    const customers = new Map([[CALLER, { type: 'vip', priority: 0, owner: null, language: null }]]);
    const house = await open('', { customers });
    const line = house.fake.number(CALLER, answers(1_000, 5_000));
    const plain = house.caller('+358504445556');
    await house.clock.advance(MINUTE);
    await house.takeCallback();
    await house.clock.advance(MINUTE);
    await house.ready('alice');
    await (await line.rung()).until('bridged');
    expect(house.callOf(plain.legId)?.phase).toBe('queued');
    await plain.until('bridged');
    plain.hangUp();
    await house.expectNoLeaks();
    expect(await house.flows.callbacks({ limit: 9 })).toMatchObject([{ state: 'done', tries: 1, priority: 300 }]);
  });

  it('and shows the number that he had rung', async () => {
    const house = await open('');
    const does = house.fake.do.bind(house.fake);
    const shown: (string | null)[] = [];
    house.fake.do = async (command) => {
      if (command.type === 'originate' && command.to.kind === 'number') shown.push(command.callerId);
      return does(command);
    };
    const line = house.fake.number(CALLER, answers(1_000, 5_000));
    const now = house.clock.now();
    const rung = { number: CALLER, line: '+358901112233', language: 'en', queue: 'billing' } as const;
    const plain = {
      requestedAt: now,
      dueBy: now + 60 * MINUTE,
      keepPlaceFrom: null,
      require: [],
      relax: [],
      priority: 0,
    };
    await house.flows.requestCallback({ id: 'call-0', callId: 'call-0', ...rung, ...plain }, 9);
    await house.ready('alice');
    await (await line.rung()).until('ended');
    expect(shown).toEqual(['+358901112233']);
    await house.expectNoLeaks();
  });
});

it.each([
  [1, 'caller'],
  [55, 'callback'],
] as const)(
  'one without a place, due within the hour, against a caller of minute %i: the %s is first',
  async (minute, first) => {
    const agents = [agentProfile('alice', { queues: ['billing'] })];
    const queues = new Map([['billing', queueProfile('billing', { wrapUpMs: 0, maxWaitMs: 20 * MINUTE })]]);
    const house = await new FlowHouse(nodesAsking(''), { agents, queues }).start();
    const line = house.fake.number(CALLER, answers(1_000, 60_000));
    const now = house.clock.now();
    const about = {
      id: 'call-0',
      callId: 'call-0',
      number: CALLER,
      line: null,
      language: 'en',
      queue: 'billing',
    } as const;
    const terms = {
      requestedAt: now,
      dueBy: now + 60 * MINUTE,
      keepPlaceFrom: null,
      require: [],
      relax: [],
      priority: 0,
    };
    await house.flows.requestCallback({ ...about, ...terms }, 9);
    await house.clock.advance(minute * MINUTE);
    const caller = house.caller('+358504445556');
    await caller.until('hearing', 'callback.offer');
    await house.ready('alice');
    await house.clock.advance(20_000);
    expect(line.parties.length > 0 ? 'callback' : 'caller').toBe(first);
    expect(caller.talkingWith.length > 0).toBe(first === 'caller');
    caller.hangUp();
  },
);
