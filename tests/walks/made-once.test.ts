import { expect, test } from 'vitest';
import { AUTUMN } from '../support/campaign.ts';
import { WalkHouse } from './house.ts';

test('a campaign that is asked for twice by one id is made once, also by the process that comes after', async () => {
  const house = await new WalkHouse({}).start();
  const first = await house.service.createCampaign(AUTUMN, 'campaign-by-key');
  house.kill();
  await house.restart();
  const second = await house.service.createCampaign({ ...AUTUMN, name: 'Not asked for' }, 'campaign-by-key');
  expect(first).toMatchObject({ ok: true, value: { campaign: { id: 'campaign-by-key', name: AUTUMN.name } } });
  expect(second).toEqual(first);
  expect(await house.service.campaigns()).toHaveLength(1);
  await house.expectNoLeaks();
});
