import { describe, expect, it } from 'vitest';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { noForecastOf } from '../../../src/engine/preflight-none.ts';
import { roomOf } from '../../../src/engine/preflight-room.ts';
import { AUTUMN } from '../../support/campaign.ts';

const campaign: Campaign = { ...AUTUMN, id: 'campaign-1', createdAt: 0, status: 'draft' };
const asked = {
  campaign,
  leads: { all: 10, done: 2, now: 5, later: 3, never: 0 },
  skipped: [{ leads: 3, text: 'not yet due' }],
  hours: [{ at: 0, leads: 5 }],
  trunk: { lines: 10, cps: 5 },
  lines: 10,
  cps: 5,
  agents: 3,
};

describe('why there is no forecast', () => {
  it('is not said where there can be one', () => {
    expect(noForecastOf(asked)).toBeNull();
    expect(noForecastOf({ ...asked, agents: 0, campaign: { ...campaign, mode: 'agentless' } })).toBeNull();
  });

  it.each([
    [
      { campaign: { ...campaign, status: 'finished' as const } },
      'The campaign is finished and dials nobody any more: make a new one.',
    ],
    [{ leads: { ...asked.leads, done: 10 } }, 'Every lead is done: upload more of them.'],
    [
      { hours: [{ at: 0, leads: 0 }] },
      'No lead may be dialled at any hour of the next seven days, most of them for this: not yet due.',
    ],
    [
      { trunk: null },
      'It has no trunk of the site, so nobody knows how many lines there will be: name one that trunks.yaml has.',
    ],
    [{ lines: 0 }, 'Its trunk lets no call be made: raise what it may have at once.'],
    [{ agents: 0 }, 'There are no agents, so nobody could be connected: add agents.'],
  ])('is a sentence (%#)', (change, sentence) => {
    expect(noForecastOf({ ...asked, ...change })).toBe(sentence);
  });
});

describe('the lines that a campaign may have', () => {
  const trunks = new Map([
    ['north', { lines: 4, cps: 2 }],
    ['south', { lines: 5, cps: 3 }],
  ]);
  const books = {
    trunks,
    flowLimit: () => 3,
    maxCalls: 100,
    usesOf: (trunk: string) => [{ trunk, weight: 1, tier: 0 }],
  };

  it('are those of its trunk, or of all behind a name', () => {
    expect(roomOf({ ...campaign, trunk: 'north' }, books)).toEqual({ trunk: { lines: 4, cps: 2 }, lines: 4, cps: 2 });
    const usesOf = () => ['north', 'south'].map((trunk) => ({ trunk, weight: 1, tier: 0 }));
    expect(roomOf(campaign, { ...books, usesOf })).toEqual({ trunk: { lines: 9, cps: 5 }, lines: 9, cps: 5 });
    expect(roomOf({ ...campaign, trunk: 'none' }, books)).toEqual({ trunk: null, lines: 0, cps: 0 });
  });

  it('are no more than its settings, its flow and the house allow', () => {
    const wide = { ...campaign, trunk: 'south', maxLines: 50 };
    expect(roomOf({ ...wide, maxLines: 2 }, books).lines).toBe(2);
    expect(roomOf({ ...wide, mode: 'agentless', flow: 'support' }, books).lines).toBe(3);
    expect(roomOf(wide, { ...books, maxCalls: 1 }).lines).toBe(1);
  });
});
