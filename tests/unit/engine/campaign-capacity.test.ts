import { describe, expect, it } from 'vitest';
import { outboundCall } from '../../../src/engine/call/state.ts';
import type { CallSession } from '../../../src/engine/call-session.ts';
import { CampaignCapacity } from '../../../src/engine/campaign-capacity.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';

const agents: Campaign = { ...AUTUMN, id: 'c', status: 'running', createdAt: 0 };
const flow: Campaign = { ...agents, mode: 'agentless', flow: 'reminder' };
const room = { launch: 8, because: ['Trunk public has 2 of its 10 lines in use.'] };

function dialled(talks: string): CallSession {
  const attempt = {
    campaignId: 'c',
    leadId: 'l',
    attemptId: 'a',
    phase: 'dialing',
    ringMs: 20_000,
    connectDeadlineMs: 2_000,
    wrapUpMs: 0,
    flow: talks,
  } as const;
  const ends = { id: 'call', legId: 'leg', ani: null, dnis: '+358501112223', source: 'public', language: 'en' };
  return { state: outboundCall({ ...ends, attempt, request: null }, 0) } as CallSession;
}

const capacity = (calls: readonly CallSession[], maxCalls: number, most: number | null) =>
  new CampaignCapacity({
    board: () => ({ all: () => calls, size: calls.length }),
    maxCalls,
    flowLimit: (name) => (name === 'reminder' ? most : null),
  });

describe('how many calls there may be at once', () => {
  const calls = [dialled('reminder'), dialled('reminder'), dialled('survey')];

  it('is no matter while trunks are the tighter limit', () => {
    expect(capacity(calls, 100, null).within(flow, room)).toBe(room);
    expect(capacity(calls, 11, 10).within(flow, room)).toBe(room);
  });

  it('is of the house for every campaign, and of a flow for those whose it is', () => {
    const house = 'The house has 3 of its 7 calls at once (CALLWRIGHT_MAX_CALLS).';
    expect(capacity(calls, 7, null).within(agents, room)).toEqual({ launch: 4, because: [house, ...room.because] });
    expect(capacity(calls, 2, null).within(agents, room).launch).toBe(0);
    const full = 'Flow reminder has 2 of its 3 calls at once (limits.maxCalls).';
    expect(capacity(calls, 100, 3).within(flow, room)).toEqual({ launch: 1, because: [full, ...room.because] });
    expect(capacity(calls, 100, 3).within(agents, room)).toBe(room);
  });

  it('is what is tighter of the two', () => {
    expect(capacity(calls, 5, 3).within(flow, room).launch).toBe(1);
    expect(capacity(calls, 4, 9).within(flow, room).launch).toBe(1);
  });
});
