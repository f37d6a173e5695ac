import type { CampaignLaw } from './campaign-law.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

/** So many leads are due again at a time, the others in the next round; the store serves calls between two of them. */
const AT_ONCE = 2_000;

interface Rooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly law: Pick<CampaignLaw, 'profileOf'>;
  readonly history: Pick<History, 'askAnew'>;
}

/**
 * Leads wait for the hours and caps of the profile that refused them: where their campaign dials by another one, or by another
 * version of it, they are due at once, and the law is asked again. Asked of the books once for each profile, and on each start.
 */
export class AskedAnew {
  readonly #rooms: Rooms;
  /** Id of the profile for which no lead waits that another one refused. */
  #profile: string | null = null;

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  async ask(campaign: Campaign): Promise<void> {
    const { law, history, clock } = this.#rooms;
    const profile = law.profileOf(campaign)?.id;
    if (profile === undefined || profile === this.#profile) return;
    const ask = { campaignId: campaign.id, profile, now: clock.now(), limit: AT_ONCE };
    if ((await history.askAnew(ask)) < AT_ONCE) this.#profile = profile;
  }
}
