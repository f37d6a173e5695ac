import { expect, it } from 'vitest';
import { AskedAnew } from '../../../src/engine/asked-anew.ts';
import type { Campaign } from '../../../src/engine/ports/history.ts';
import { AUTUMN } from '../../support/campaign.ts';
import { labProfile } from '../../support/lab-profile.ts';

const CAMPAIGN: Campaign = { ...AUTUMN, id: 'c1', status: 'running', createdAt: 0 };

it('asks until no lead waits for another profile, then not before that changes, and for none that the site lacks', async () => {
  const profiles = { now: labProfile({ id: 'lab@1' }) as ReturnType<typeof labProfile> | null };
  const asked: string[] = [];
  let waiting = 4_500;
  const anew = new AskedAnew({
    clock: { now: () => 7 },
    law: { profileOf: () => profiles.now },
    history: {
      askAnew: async ({ campaignId, profile, now, limit }) => {
        const freed = Math.min(limit, waiting);
        waiting -= freed;
        asked.push(`${campaignId} ${profile} ${now} ${freed}`);
        return freed;
      },
    },
  });
  for (let round = 0; round < 5; round += 1) await anew.ask(CAMPAIGN);
  expect(asked).toEqual(['c1 lab@1 7 2000', 'c1 lab@1 7 2000', 'c1 lab@1 7 500']);
  profiles.now = null;
  await anew.ask(CAMPAIGN);
  profiles.now = labProfile({ id: 'lab@2' });
  await anew.ask(CAMPAIGN);
  expect(asked.slice(3)).toEqual(['c1 lab@2 7 0']);
});
