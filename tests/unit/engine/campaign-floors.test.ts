import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

const nobodyOut = () => false;

const told = (floors: CampaignFloors) =>
  BOTH.map(({ id }) => ({
    idle: floors.idle(id).toSorted((x, y) => x.localeCompare(y)),
    counts: { ...floors.counts(id) },
    agents: ['amy', 'bea', 'cid'].map((agentId) => floors.agent(id, agentId)),
    dials: floors.dials(id).map((dial) => dial.id),
    left: floors.left(id, nobodyOut).toSorted((x, y) => x.localeCompare(y)),
  }));

it('knows by each change what a look at everybody would show', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 30 }), (steps) => {
      const floors = new CampaignFloors(() => 0);
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
        const looked = new CampaignFloors(() => 0);
        const out = dials.filter(({ state }) => state.phase !== 'ended');
        for (const campaign of BOTH) looked.look(campaign, [...agents.values()], out);
        expect(told(floors)).toEqual(told(looked));
      }
    }),
  );
});

it('counts only who is ready and has the skills, and the dials of others that count on the same agents', () => {
  const floors = new CampaignFloors(() => 0);
  const dial = dialOf('call', 'b');
  const amy = agent('amy', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'ready' });
  const bea = agent('bea', { campaigns: ['*'], skills: { tech: 2 } }, { status: 'ready' });
  const cid = agent('cid', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'not-ready' });
  for (const campaign of BOTH) floors.look(campaign, [amy, bea, cid], [dial]);
  expect(told(floors)).toMatchObject([
    { idle: ['amy'], left: [] }, // bea can serve who answers the dial
    { idle: ['amy', 'bea'], left: ['amy'] },
  ]);
  floors.forget('bea');
  expect(floors.left('a', nobodyOut)).toEqual(['amy']);
  floors.forget('amy'); // they share nobody now
  expect(floors.left('a', nobodyOut)).toEqual([]);
});

it('tells pacing who is another since a look, and everybody when it begins anew', () => {
  const floors = new CampaignFloors(() => 0);
  const ready = (id: string) => agent(id, { campaigns: ['*'] }, { status: 'ready' });
  const changed = () => floors.takeChanged('b').map(([id, seen]) => [id, seen?.state ?? null]);
  floors.look(B, [ready('amy'), ready('bea'), ready('cid')], []);
  expect(changed()).toEqual(['amy', 'bea', 'cid'].map((id) => [id, 'idle']));
  const talking = agent('bea', { campaigns: ['*'] }, { status: 'ready', state: 'talking' });
  floors.look(B, [ready('amy'), talking], []);
  expect(changed()).toEqual([
    ['bea', 'talk'],
    ['cid', null],
  ]);
  floors.look(B, [ready('amy'), talking], []);
  expect(changed()).toEqual([]);
  floors.tellAnew('b');
  expect(changed()).toEqual([
    ['amy', 'idle'],
    ['bea', 'talk'],
  ]);
});

it('counts a dial until it is told, or found, to be over', () => {
  const floors = new CampaignFloors(() => 0);
  const [one, other] = [dialOf('one', 'b'), dialOf('other', 'b')];
  floors.look(B, [], [one, other]);
  expect(floors.inUse('b')).toBe(2);
  floors.ended('b', 'one');
  expect(floors.inUse('b')).toBe(1);
  other.state = { ...other.state, phase: 'ended' };
  floors.look(B, [], []);
  expect(floors.inUse('b')).toBe(0);
});

it('forgets a campaign that is not dialled any more once its last dial is over', () => {
  const floors = new CampaignFloors(() => 0);
  const dial = dialOf('call', 'b');
  const amy = agent('amy', { campaigns: ['*'], skills: { tech: 3 } }, { status: 'ready' });
  for (const campaign of BOTH) floors.look(campaign, [amy], [dial]);
  floors.close('b');
  expect(floors.left('a', nobodyOut)).toEqual(['amy']);
  dial.state = { ...dial.state, phase: 'ended' };
  expect(floors.left('a', nobodyOut)).toEqual([]);
  expect(floors.agent('b', 'amy')).toBeNull();
});

describe('two campaigns that share agents', () => {
  const names = Array.from({ length: 12 }, (_, i) => `agent-${i}`);
  const heavy = { id: 'a', require: [], weight: 2 };

  /** Floors on which everybody is in that state. */
  function floorsOf(state: 'idle' | 'talking', now = () => 0) {
    const floors = new CampaignFloors(now);
    const all = names.map((id) => agent(id, { campaigns: ['*'] }, { status: 'ready', state }));
    for (const campaign of [heavy, B]) floors.look(campaign, all, []);
    return floors;
  }

  for (const state of ['idle', 'talking'] as const) {
    it(`have each their part of who is ${state}, and none has another's`, () => {
      const floors = floorsOf(state);
      const [fromA, fromB] = [floors.left('a', nobodyOut), floors.left('b', nobodyOut)];
      expect([fromA.length, fromB.length]).toEqual([4, 8]);
      if (state === 'idle') expect([...fromA, ...fromB].toSorted()).toEqual(names.toSorted());
    });
  }

  it('leave all to who wants them alone', () => {
    const floors = floorsOf('idle');
    floors.wants('b', false);
    expect(floors.left('a', nobodyOut)).toEqual([]);
    expect(floors.left('b', nobodyOut)).toHaveLength(8); // should it want some again
  });

  it('give one agent alone to who had him less', () => {
    let now = 0;
    const floors = new CampaignFloors(() => now);
    const amy = (live: Parameters<typeof agent>[2]) => agent('amy', { campaigns: ['*'] }, { status: 'ready', ...live });
    const equal = { id: 'a', require: [] };
    for (const campaign of [equal, B]) floors.look(campaign, [amy({})], []);
    const turn = () => (['a', 'b'] as const).filter((id) => floors.left(id, nobodyOut).length === 0);
    const turns: string[] = [];
    for (let i = 0; i < 6; i += 1) {
      const [id = ''] = turn();
      turns.push(...turn());
      const lastCall = { callId: 'call', queue: `campaign:${id}`, endedAt: null, disposition: null };
      floors.follow(amy({ state: 'talking', callId: 'call', lastCall }));
      now += 60_000;
      floors.follow(amy({}));
    }
    expect(turns).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });
});
