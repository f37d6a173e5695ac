import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Candidate } from '../../../src/acd/queue.ts';
import { CampaignFloors } from '../../../src/engine/campaign-floors.ts';
import { type CallState, inboundCall } from '../../../src/engine/call/state.ts';
import { agent } from '../acd/builders.ts';

const A = { id: 'a', require: [{ skill: 'tech', level: 3 }] };
const B = { id: 'b', require: [] };
const BOTH = [A, B];

interface Dial {
  readonly id: string;
  state: CallState;
}

function dialOf(id: string, campaignId: string): Dial {
  const call = inboundCall({ id, legId: `${id}-leg`, ani: null, dnis: '1', source: 's', language: 'en' }, 0);
  const times = { ringMs: 1, connectDeadlineMs: 1, wrapUpMs: 1 };
  const attempt = { campaignId, leadId: 'lead', attemptId: 'attempt', phase: 'dialing', ...times } as const;
  return { id, state: { ...call, phase: 'dialing', attempt } };
}

const anyStep = fc.oneof(
  fc.record({
    what: fc.constant('agent' as const),
    id: fc.constantFrom('amy', 'bea', 'cid'),
    status: fc.constantFrom('ready', 'not-ready', 'logged-out'),
    state: fc.constantFrom('idle', 'talking', 'wrap-up', 'reserved'),
    campaigns: fc.subarray(['a', 'b', '*']),
    tech: fc.integer({ min: 2, max: 4 }),
  }),
  fc.record({ what: fc.constant('gone' as const), id: fc.constantFrom('amy', 'bea', 'cid') }),
  fc.record({ what: fc.constant('dial' as const), campaign: fc.constantFrom('a', 'b') }),
  fc.record({
    what: fc.constant('call' as const),
    nth: fc.nat({ max: 5 }),
    phase: fc.constantFrom('queued', 'talking', 'ended'),
  }),
);

const told = (floors: CampaignFloors) =>
  BOTH.map(({ id }) => ({
    idle: floors.idle(id).toSorted((x, y) => x.localeCompare(y)),
    counts: { ...floors.counts(id) },
    agents: ['amy', 'bea', 'cid'].map((agentId) => floors.agent(id, agentId)),
    dials: floors.dials(id).map((dial) => dial.id),
    taken: floors.taken(id),
  }));

it('knows by each change what a look at everybody would show', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const floors = new CampaignFloors();
      for (const campaign of BOTH) floors.look(campaign, [], []);
      const agents = new Map<string, Candidate>();
      const dials: Dial[] = [];
      for (const step of steps) {
        if (step.what === 'agent') {
          const { id, status, state, campaigns, tech } = step;
          const candidate = agent(id, { campaigns, skills: { tech } }, { status, state });
          agents.set(id, candidate);
          floors.follow(candidate);
        } else if (step.what === 'gone') {
          agents.delete(step.id);
          floors.forget(step.id);
        } else if (step.what === 'dial') {
          const dial = dialOf(`call-${dials.length}`, step.campaign);
          dials.push(dial);
          floors.dialled(step.campaign, dial);
        } else {
          const dial = dials[step.nth];
          if (dial && dial.state.phase !== 'ended') dial.state = { ...dial.state, phase: step.phase };
        }
        const looked = new CampaignFloors();
        const out = dials.filter(({ state }) => state.phase !== 'ended');
        for (const campaign of BOTH) looked.look(campaign, [...agents.values()], out);
        expect(told(floors)).toEqual(told(looked));
      }
    }),
  );
});

it('counts only who is ready and has the skills, and the dials of others that count on the same agents', () => {
  const floors = new CampaignFloors();
  const dial = dialOf('call', 'b');
  const amy = agent('amy', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'ready' });
  const bea = agent('bea', { campaigns: ['*'], skills: { tech: 2 } }, { status: 'ready' });
  const cid = agent('cid', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'not-ready' });
  for (const campaign of BOTH) floors.look(campaign, [amy, bea, cid], [dial]);
  expect(told(floors)).toMatchObject([
    { idle: ['amy'], taken: 1 },
    { idle: ['amy', 'bea'], taken: 0 },
  ]);
  floors.forget('amy'); // they share nobody now
  expect(floors.taken('a')).toBe(0);
});

it('forgets a campaign that is not dialled any more once its last dial is over', () => {
  const floors = new CampaignFloors();
  const dial = dialOf('call', 'b');
  const amy = agent('amy', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'ready' });
  for (const campaign of BOTH) floors.look(campaign, [amy], [dial]);
  floors.close('b');
  expect(floors.taken('a')).toBe(1);
  dial.state = { ...dial.state, phase: 'ended' };
  expect(floors.taken('a')).toBe(0);
  expect(floors.agent('b', 'amy')).toBeNull();
});
