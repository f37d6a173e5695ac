import type { CampaignSettings } from './ports/history.ts';

/** What of a campaign's settings says which trunk its calls go by. */
export type TrunkSettings = Pick<CampaignSettings, 'trunk' | 'trunks' | 'preferTrunk'>;

export type CallerIdSettings = Pick<CampaignSettings, 'callerId' | 'callerIds'>;

/** `Trunk north`, `Trunks north, south`. */
export const titleOf = (names: readonly string[]): string =>
  `${names.length === 1 ? 'Trunk' : 'Trunks'} ${names.join(', ')}`;
