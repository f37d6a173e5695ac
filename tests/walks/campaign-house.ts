import { expect } from 'vitest';
import type { CampaignSettings } from '../../src/engine/ports/history.ts';
import { AUTUMN, csv } from '../support/campaign.ts';
import type { Party } from '../support/fake-party.ts';
import type { WalkHouse } from './house.ts';

export const number = (index: number) => `+3584012345${String(index).padStart(2, '0')}`;

export const numbers = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => number(index));

/** A campaign with its list, not yet started. */
export async function campaignIn(
  house: WalkHouse,
  list: readonly string[],
  change: Partial<CampaignSettings> = {},
): Promise<string> {
  const made = await house.service.createCampaign({ ...AUTUMN, ...change });
  if (!made.ok) throw new Error(made.sentence);
  const { id } = made.value.campaign;
  const added = await house.service.importLeads(id, csv(list));
  expect(added).toMatchObject({ ok: true, value: { added: list.length, rejected: 0 } });
  return id;
}

/** He presses the key that opts out while we die so many words later; and once more, where it had come to nobody. */
export async function optsOut(house: WalkHouse, party: Party, diesIn: number): Promise<void> {
  house.diesIn = diesIn;
  party.press('9');
  await house.clock.advance(100);
  if (!house.dead) return;
  await house.restart();
  if (party.phase !== 'ended') party.press('9');
  await house.clock.advance(100);
}
