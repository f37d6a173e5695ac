import { describe, expect, it } from 'vitest';
import type { Day, Dial } from '../../../src/acd/replay/day.ts';
import { replay } from '../../../src/acd/replay/run.ts';
import { agentProfile, queueProfile } from '../../support/site.ts';

const RULES = {
  agents: [agentProfile('alice', { queues: ['billing'] })],
  queues: new Map([['billing', queueProfile('billing')]]),
};

/** A caller comes a second after a number began to ring for a campaign, and it rings for a minute. */
function aDay(dial: Partial<Dial>): Day {
  const caller = { id: 'c1#1', callId: 'c1', kind: 'call', queue: 'billing' } as const;
  const asks = {
    require: [],
    relax: [],
    campaignId: null,
    at: 2_000,
    enqueuedAt: 2_000,
    priority: 0,
    raised: [],
    asides: [],
  };
  const end = { how: 'connected', agentId: 'alice', at: 4_000, setupMs: 2_000, talkMs: 30_000, wrapUpMs: 0 } as const;
  return {
    visits: [{ ...caller, ...asks, helped: null, prefer: null, failed: [], end }],
    moves: [{ type: 'status', at: 0, agentId: 'alice', status: 'ready' }],
    dials: [{ id: 'd1~dial', campaignId: 'autumn', require: [], at: 1_000, until: 61_000, ...dial }],
    from: 0,
    to: 120_000,
  };
}

describe('a number that rings on a day that is replayed', () => {
  const waited = (dial: Partial<Dial>) => replay(aDay(dial), RULES).outcomes.map(({ waitedMs }) => waitedMs);

  it('keeps its agent from a caller until it is answered or is not', () => {
    expect(waited({})).toEqual([61_000]);
  });

  it('keeps nobody when it kept nobody then', () => {
    expect(waited({ keeps: 'nobody' })).toEqual([2_000]);
  });
});
