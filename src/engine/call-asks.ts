import type { EpochMs, LeadId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import { possibleZones } from '../dialer/compliance/zones.ts';
import { AGAIN_MS, type CampaignLaw } from './campaign-law.ts';
import type { OutsideRefusal } from './call/world.ts';
import { insist } from './insist.ts';
import { readGiven } from './lead-desk.ts';
import { leadToAdd } from './lead-import.ts';
import type { CallAsks, CallWish } from './ports/call-asks.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { KeepRule } from './ports/law.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock, Ids, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';

interface AskRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: Pick<Ids, 'next'>;
  readonly history: Pick<History, 'campaign' | 'leadByExternalId' | 'addLeads'>;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly law: Pick<CampaignLaw, 'hindrance' | 'seen'>;
  /** ISO 3166-1 alpha-2 of numbers written without `+`; null: such are refused. */
  readonly country: string | null;
  /** What the flow takes; null: there is no such flow. */
  readonly takes: (flow: string) => readonly string[] | null;
  readonly outside: (number: string, campaign: Campaign) => OutsideRefusal | null;
  /** There is a lead to dial, also in a campaign that had finished. */
  readonly came: (id: string, by: string) => Promise<unknown>;
}

const no = (why: 'not-found' | 'conflict' | 'invalid', sentence: string) => ({ ok: false, why, sentence }) as const;

interface Hindrance {
  readonly rule: KeepRule;
  readonly sentence: string;
  /** Null: not by waiting. */
  readonly until: EpochMs | null;
}

/** Before the leads of any list: somebody waits for this one. */
const FIRST = 9;
const CALL = 'call-';

/** A lead that is one call somebody asked for has the id of that call: it can be told before there is a line for it. */
export const isAsked = (id: LeadId): boolean => id.startsWith(CALL);

/** Why the house lets a number outside not be dialled by who asks for single calls. */
export function outsideHindrance(refusal: OutsideRefusal, now: EpochMs): Hindrance {
  const rule = 'destinations';
  if (refusal === 'concurrent' || refusal === 'per-hour' || refusal === 'minutes-per-day') {
    const sentence = `No number outside is dialled now: the cap “${refusal}” of site/destinations.yaml is reached.`;
    return { rule, sentence, until: now + AGAIN_MS };
  }
  return { rule, sentence: `site/destinations.yaml does not let the number be dialled: ${refusal}.`, until: null };
}

/**
 * Takes single calls as leads of an agentless campaign, so that whatever a campaign's dial is held to holds for them: the law,
 * the lines, the books, the evidence. What is known to forbid the call is told at once; the launcher asks all of it again.
 */
export class EngineCallAsks implements CallAsks {
  readonly #rooms: AskRooms;

  constructor(rooms: AskRooms) {
    this.#rooms = rooms;
  }

  async ask(wish: CallWish, by: string): ReturnType<CallAsks['ask']> {
    const { history, ids, country } = this.#rooms;
    const campaign = await history.campaign(wish.campaignId);
    if (!campaign) return no('not-found', `There is no campaign ${wish.campaignId}.`);
    const fault = this.#fault(campaign, wish);
    if (fault) return fault;
    const reading = readGiven(wish.reference, givenOf(wish), country);
    if (!reading.ok) return reading;
    const before = await history.leadByExternalId(campaign.id, wish.reference);
    if (before) return this.#again(before, reading.value.number, wish);
    const lead = { ...leadToAdd(reading.value, { ids, zonesOf: possibleZones }), id: ids.next('call') };
    const hindrance = await this.#hindrance(campaign, lead);
    if (hindrance && (hindrance.until === null || !wish.wait)) return this.#refuse(campaign, hindrance, wish, by);
    return this.#take(campaign, { lead, hindrance, wish, by });
  }

  #fault(campaign: Campaign, { data }: CallWish) {
    const { name, status, mode, flow = '', takesCalls = false } = campaign;
    if (mode !== 'agentless' || !takesCalls)
      return no('invalid', `Campaign “${name}” takes no single calls: it must be agentless and have \`takesCalls\`.`);
    if (status !== 'running' && status !== 'finished')
      return no('conflict', `Campaign “${name}” does not run (${status}); start it first.`);
    const takes = this.#rooms.takes(flow) ?? [];
    const unknown = Object.keys(data).filter((each) => !takes.includes(each));
    if (unknown.length === 0) return null;
    const known = takes.length === 0 ? 'nothing' : takes.join(', ');
    return no('invalid', `The flow ${flow} does not take ${unknown.join(', ')}; it takes ${known}.`);
  }

  async #hindrance(
    finished: Campaign,
    lead: Omit<Lead, 'campaignId' | 'status' | 'attempts' | 'notBefore' | 'outcome'>,
  ) {
    const { law, outside, clock } = this.#rooms;
    // One that has finished goes on for this call.
    const campaign: Campaign = { ...finished, status: 'running' };
    const now = clock.now();
    const refusal = outside(lead.number, campaign);
    if (refusal !== null) return outsideHindrance(refusal, now);
    const open = { campaignId: campaign.id, status: 'pending', attempts: 0, notBefore: 0, outcome: null } as const;
    const [number] = (await law.seen(campaign, { ...lead, ...open })) ?? [];
    const rules = number?.rules.flatMap(({ rule, pass, sentence, until }) =>
      pass ? [] : [{ rule, sentence: sentence ?? '', until }],
    );
    // By waiting for one rule another one that lasts is not mended.
    const rule = rules?.find(({ until }) => until === null) ?? rules?.[0];
    const out: Hindrance = { rule: 'lead-not-open', sentence: 'The number is in a call.', until: now + AGAIN_MS };
    return rule ?? (number?.isOut ? out : null);
  }

  async #take(
    campaign: Campaign,
    {
      lead,
      hindrance,
      wish,
      by,
    }: { lead: ReturnType<typeof leadToAdd>; hindrance: Hindrance | null; wish: CallWish; by: string },
  ): ReturnType<CallAsks['ask']> {
    const { history, came } = this.#rooms;
    const { reference, reason } = wish;
    const barred = this.#rooms.law.hindrance({ ...campaign, status: 'running' });
    if (barred !== null) return no('conflict', barred);
    await history.addLeads(campaign.id, [lead], { listId: '', duplicates: 'allow', within: 'campaign' });
    const kept = await history.leadByExternalId(campaign.id, reference);
    if (!kept) return no('conflict', 'The campaign takes no more leads.');
    if (kept.id !== lead.id) return this.#again(kept, lead.number, wish);
    const until = hindrance?.until ?? null;
    const about = { campaignId: campaign.id, by, reason, reference };
    await this.#tell({ type: 'campaign.call.asked', data: { ...about, callId: lead.id, until } });
    await came(campaign.id, by);
    return {
      ok: true,
      value: { callId: lead.id, campaignId: campaign.id, reference, until, because: hindrance?.sentence ?? null },
    };
  }

  /** The same again, or another call under a reference that is taken. */
  #again({ id, number, fields, campaignId }: Lead, asked: string, { reference, data }: CallWish) {
    const same = isAsked(id) && number === asked && JSON.stringify(sorted(fields)) === JSON.stringify(sorted(data));
    if (!same) return no('conflict', `The reference “${reference}” is that of another lead of the campaign.`);
    return { ok: true, value: { callId: id, campaignId, reference, until: null, because: null } } as const;
  }

  async #refuse({ id: campaignId }: Campaign, { rule, sentence, until }: Hindrance, wish: CallWish, by: string) {
    const { reason, reference } = wish;
    await this.#tell({ type: 'campaign.call.refused', data: { campaignId, by, reason, reference, rule, until } });
    return { ok: false, why: 'rule', rule, sentence: `${sentence} (${rule})` } as const;
  }

  async #tell(fact: Extract<Fact, { type: `campaign.call.${string}` }>): Promise<void> {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`campaign/${fact.data.campaignId}`, [fact]);
    recorder.tell(events);
    await insist(this.#rooms, 'news of a call that was asked for', () => live.append(events));
  }
}

const sorted = (words: Readonly<Record<string, string>>) =>
  Object.entries(words).toSorted(([a], [b]) => (a < b ? -1 : 1));

const givenOf = ({ number, name, consent, zone, country, data }: CallWish) => ({
  numbers: [{ number, kind: '' }],
  name,
  listId: '',
  priority: FIRST,
  language: null,
  zone,
  country,
  region: null,
  postalCode: null,
  consent,
  fields: data,
});
