import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { board } from '../../../src/cli/demo/board.ts';
import type { CampaignLive } from '../../../src/engine/ports/campaigns.ts';
import { AUTUMN } from '../../support/campaign.ts';

const LIVE: CampaignLive = {
  agents: { idle: 1, talk: 3, wrap: 1 },
  idleMs: 3_240,
  callsMade: 90,
  dropsPercent: 1.27,
  dropsDefinition: 'Abandoned ÷ answered.',
  dialLevel: 1.5,
  lines: { inUse: 4, max: 10 },
  finishAt: null,
};

/** What the screen says of a campaign as it runs, without colours. */
function shown(live: CampaignLive | null): string {
  const campaign = { ...AUTUMN, id: 'c1', status: 'running', createdAt: 0 } as const;
  const leads = { pending: 5, leased: 1, done: 4 };
  const unknown = { amd: null, abandonment: null, because: null };
  const view = { campaign, leads, outcomes: {}, inFlight: 2, live, wordsMissing: 0, refused: {}, ...unknown };
  const place = { now: 1_000, startedAt: 0, keysFile: '/tmp/env', queues: [], agents: [], calls: [], width: 200 };
  return stripVTControlCharacters(board({ ...place, campaign: view }).join('\n'));
}

it('shows abandonment beside what is allowed, the dial level and how long agents idle', () => {
  expect(shown(LIVE)).toContain(
    'abandoned 1.3 % of live answers, 3.0 % allowed   1.5 dials for each free agent   idle before a talk 3.2 s',
  );
});

it('says so when nobody is free, and nothing where another process dials', () => {
  expect(shown({ ...LIVE, dialLevel: null, dropsPercent: null, idleMs: null })).toContain(
    'abandoned 0.0 % of live answers, 3.0 % allowed   nobody free\n',
  );
  expect(shown(null)).not.toContain('allowed');
});
