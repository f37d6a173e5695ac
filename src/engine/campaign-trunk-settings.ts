import type { TrunkUse } from '../dialer/trunk-state.ts';
import type { CampaignSettings } from './ports/history.ts';

/** What of a campaign's settings says which trunk its calls go by. */
export type TrunkSettings = Pick<CampaignSettings, 'trunk' | 'trunks' | 'preferTrunk'>;

export type CallerIdSettings = Pick<CampaignSettings, 'callerId' | 'callerIds'>;

/** The trunks of a campaign; one that names a single one uses it alone. */
export const usesOf = ({ trunk, trunks = [] }: TrunkSettings): readonly TrunkUse[] =>
  trunks.length > 0 ? trunks : [{ trunk, weight: 1, tier: 0 }];

/** `Trunk north`, `Trunks north, south`. */
export function titleOf(settings: TrunkSettings): string {
  const names = [...new Set(usesOf(settings).map(({ trunk }) => trunk))];
  return `${names.length === 1 ? 'Trunk' : 'Trunks'} ${names.join(', ')}`;
}
