import { type MixState, mixOf } from '../dialer/list-mix.ts';
import { type LeadList, quotaCheck } from '../dialer/list-terms.ts';
import type { LeadHold } from '../dialer/lead.ts';
import { leadFilter } from './lead-filter.ts';
import type { History, Lead } from './ports/history.ts';
import type { ClaimRequest } from './ports/leads.ts';

type Rooms = Pick<History, 'claimLeads' | 'giveBackLeads' | 'holdLeads' | 'leadLists' | 'quotaCounts'>;

/** Rounds of claiming for one wish: leads that a filter or a quota holds are put aside in each, and the next round is asked. */
const MOST_ROUNDS = 6;
/** In a later round more are claimed at once, since the filter seems to let few through. */
const WIDER = 4;
const MOST_AT_ONCE = 500;

/**
 * Leads to dial for one campaign: callbacks that are due, then its lists by priority and mix. What a list's filter or a full
 * quota keeps from being dialled is held in the store, so that each lead is asked once and not at every claim.
 */
export class LeadSource {
  readonly #history: Rooms;
  #mix: MixState = {};

  constructor(history: Rooms) {
    this.#history = history;
  }

  /** Up to as many leads as asked, leased; fewer when no more are due, or a filter lets few through. */
  async claim(request: Omit<ClaimRequest, 'from'>): Promise<readonly Lead[]> {
    const { campaignId, count } = request;
    const saved = await this.#history.leadLists(campaignId);
    // Nothing to mix and nothing to ask: one statement.
    if (saved.length === 0) return this.#history.claimLeads(request);
    const lists = saved.some(({ id }) => id === '') ? saved : [...saved, UNNAMED];
    const leads = [...(await this.#history.claimLeads({ ...request, from: 'callbacks' }))];
    const dry = new Set<string>();
    for (let round = 0; round < MOST_ROUNDS && leads.length < count; round += 1) {
      const { counts, state } = mixOf(this.#mix, lists, dry, count - leads.length);
      if (counts.size === 0) break;
      this.#mix = state;
      for (const list of lists) {
        const wanted = counts.get(list.id) ?? 0;
        if (wanted > 0) leads.push(...(await this.#claimOf(list, wanted, round, { request, dry })));
      }
    }
    return leads;
  }

  /** Leads of one list that may be dialled; it is dry when the store had fewer than were asked. */
  async #claimOf(
    list: LeadList,
    wanted: number,
    round: number,
    { request, dry }: { readonly request: Omit<ClaimRequest, 'from'>; readonly dry: Set<string> },
  ): Promise<readonly Lead[]> {
    const asks = list.filter !== null || list.quotas.length > 0;
    const count = asks ? Math.min(MOST_AT_ONCE, wanted * WIDER ** round) : wanted;
    const claimed = await this.#history.claimLeads({ ...request, count, from: { list: list.id } });
    if (claimed.length < count) dry.add(list.id);
    if (!asks || claimed.length === 0) return claimed;
    const holdOf = await this.#holdsOf(request.campaignId, list);
    const asked = Map.groupBy(claimed, holdOf);
    for (const hold of ['filter', 'quota'] as const) {
      const held = (asked.get(hold) ?? []).map(({ id }) => id);
      if (held.length > 0) await this.#history.holdLeads(held, hold);
    }
    const good = asked.get(null) ?? [];
    const surplus = good.slice(wanted).map(({ id }) => id);
    if (surplus.length > 0) await this.#history.giveBackLeads(surplus, request.owner);
    return good.slice(0, wanted);
  }

  async #holdsOf(campaignId: string, list: LeadList): Promise<(lead: Lead) => LeadHold | null> {
    const filter = list.filter === null ? null : leadFilter(list.filter);
    const full = quotaCheck(
      list.quotas,
      list.quotas.length > 0 ? await this.#history.quotaCounts(campaignId, list) : [],
    );
    return (lead) => {
      if (filter?.ok && !filter.passes(lead)) return 'filter';
      return full(lead.fields) ? 'quota' : null;
    };
  }
}

const UNNAMED: LeadList = {
  id: '',
  name: '',
  priority: 0,
  share: 0,
  active: true,
  filter: null,
  quotas: [],
  order: 'file',
  seed: 0,
};
