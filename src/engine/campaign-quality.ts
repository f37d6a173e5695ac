import type { CampaignId, EpochMs } from '../call/ids.ts';
import { allOf, listQuality } from '../dialer/list-quality.ts';
import type { CampaignQuality } from './ports/campaigns.ts';
import type { History } from './ports/history.ts';
import type { Clock } from './ports/time.ts';

/**
 * Every dial of the campaign is counted for one answer: whoever asks again within this is given the same, and within ten times as
 * long as the count took, so that a database with a million dials is not busy with it all the time.
 */
const KEPT_MS = 15_000;
const KEPT_TIMES = 10;

interface Kept {
  until: EpochMs;
  readonly answer: Promise<CampaignQuality>;
}

interface QualityRooms {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: Pick<History, 'listCounts' | 'leadLists'>;
}

/** How good the lists of campaigns are, counted no more often than people look. */
export class ListQualities {
  readonly #rooms: QualityRooms;
  readonly #kept = new Map<CampaignId, Kept>();

  constructor(rooms: QualityRooms) {
    this.#rooms = rooms;
  }

  of(id: CampaignId): Promise<CampaignQuality> {
    const { clock } = this.#rooms;
    const at = clock.now();
    for (const [other, { until }] of this.#kept) if (at >= until) this.#kept.delete(other);
    const known = this.#kept.get(id);
    if (known) return known.answer;
    const kept: Kept = { until: Number.POSITIVE_INFINITY, answer: this.#count(id, at) };
    this.#kept.set(id, kept);
    const done = () => void (kept.until = at + Math.max(KEPT_MS, KEPT_TIMES * (clock.now() - at)));
    kept.answer.then(done, () => this.#kept.delete(id));
    return kept.answer;
  }

  async #count(id: CampaignId, at: EpochMs): Promise<CampaignQuality> {
    const { history } = this.#rooms;
    const [counts, lists] = await Promise.all([history.listCounts(id), history.leadLists(id)]);
    const names = new Map(lists.map((list) => [list.id, list.name]));
    const named = counts.map((each) => ({ name: names.get(each.listId) ?? '', ...listQuality(each) }));
    return { at, all: listQuality(allOf(counts)), lists: named };
  }
}
