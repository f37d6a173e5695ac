import type { CampaignId, EpochMs } from '../call/ids.ts';
import { allOf, listQuality } from '../dialer/list-quality.ts';
import type { CampaignQuality } from './ports/campaigns.ts';
import type { History } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

/** Every dial of the campaign is counted for one answer: whoever asks again within this is given the same. */
const KEPT_MS = 15_000;

interface QualityRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: Pick<History, 'listCounts' | 'leadLists'>;
}

/** How good the lists of campaigns are, counted no more often than people look. */
export class ListQualities {
  readonly #rooms: QualityRooms;
  readonly #kept = new Map<CampaignId, { readonly at: EpochMs; readonly answer: Promise<CampaignQuality> }>();

  constructor(rooms: QualityRooms) {
    this.#rooms = rooms;
  }

  of(id: CampaignId): Promise<CampaignQuality> {
    const at = this.#rooms.clock.now();
    for (const [other, kept] of this.#kept) if (at - kept.at >= KEPT_MS) this.#kept.delete(other);
    const kept = this.#kept.get(id);
    if (kept) return kept.answer;
    const answer = this.#count(id, at);
    this.#kept.set(id, { at, answer });
    answer.catch(() => this.#kept.delete(id));
    return answer;
  }

  async #count(id: CampaignId, at: EpochMs): Promise<CampaignQuality> {
    const { history } = this.#rooms;
    const [counts, lists] = await Promise.all([history.listCounts(id), history.leadLists(id)]);
    const names = new Map(lists.map((list) => [list.id, list.name]));
    const named = counts.map((each) => ({ name: names.get(each.listId) ?? '', ...listQuality(each) }));
    return { at, all: listQuality(allOf(counts)), lists: named };
  }
}
