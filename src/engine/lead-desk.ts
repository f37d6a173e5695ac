import type { AgentId, CampaignId, LeadId } from '../call/ids.ts';
import { leadReader } from '../dialer/lead-map.ts';
import type { LeadHold, NewLead } from '../dialer/lead.ts';
import type { LeadList } from '../dialer/list-terms.ts';
import { leadFilter } from './lead-filter.ts';
import { importLeads, type LeadRooms, leadToAdd } from './lead-import.ts';
import type { History, Lead } from './ports/history.ts';
import type { Callback, GivenLead, ImportWish, LeadDesk } from './ports/leads.ts';
import type { Answer } from './ports/service.ts';
import type { Ids } from './ports/time.ts';

export interface DeskRooms extends Partial<Pick<LeadRooms, 'zonesOf'>> {
  readonly history: History;
  readonly ids: Pick<Ids, 'next'>;
  /** ISO 3166-1 alpha-2 of numbers written without `+`; null: such are refused. */
  readonly country: string | null;
  readonly isAgent: (id: AgentId) => boolean;
  /** There is something new to dial. */
  readonly came: (id: CampaignId) => void;
  /** He is dialled no more, not by another trunk either should the first one fail. */
  readonly stopped: (id: LeadId) => void;
  /** One lead is to be dialled by somebody's word: a campaign that had finished goes on. A whole list waits for a start. */
  readonly wake: (id: CampaignId) => Promise<unknown>;
}

/** Leads that a filter let go or took in are changed so many at a time; calls are served between two of them. */
const AT_ONCE = 2_000;
const HELD_BY_LIST: readonly LeadHold[] = ['filter', 'quota'];

type Refusal = Extract<Answer, { readonly ok: false }>;

const no = (why: Refusal['why'], sentence: string): Refusal => ({ ok: false, why, sentence });

const unknown = (id: CampaignId, externalId: string): Refusal =>
  no('not-found', `There is no lead “${externalId}” in campaign ${id}.`);

/** Lists and single leads, for whoever asks by name. */
export function createLeadDesk(rooms: DeskRooms): LeadDesk {
  const { history } = rooms;
  /** Does something with a lead that is there. */
  const withLead = async (id: CampaignId, externalId: string, act: (lead: Lead) => Promise<Answer<unknown>>) => {
    const lead = await history.leadByExternalId(id, externalId);
    if (!lead) return unknown(id, externalId);
    const done = await act(lead);
    if (!done.ok) return done;
    rooms.came(id);
    await rooms.wake(id);
    return { ok: true as const, value: (await history.lead(lead.id)) ?? lead };
  };
  const fine = { ok: true, value: undefined } as const;
  return {
    read: (id, csv, wish) => read(rooms, id, csv, wish),
    lead: async (id, externalId) => {
      const lead = await history.leadByExternalId(id, externalId);
      return lead ? { ok: true, value: lead } : unknown(id, externalId);
    },
    save: (id, externalId, lead) => save(rooms, id, externalId, lead),
    stop: (id, externalId) =>
      withLead(id, externalId, async (lead) => {
        rooms.stopped(lead.id);
        await history.setCallback(lead.id, null);
        await history.holdLeads([lead.id], 'stopped');
        return fine;
      }),
    callBack: (id, externalId, callback: Callback | null) =>
      withLead(id, externalId, async (lead) => {
        const agentId = callback?.agentId ?? null;
        if (agentId !== null && !rooms.isAgent(agentId)) return no('invalid', `There is no agent '${agentId}'.`);
        const set = await history.setCallback(lead.id, callback);
        if (set || callback === null) return fine;
        return no('conflict', `The lead “${externalId}” was stopped; it is not called back.`);
      }),
    lists: async (id) => {
      if (!(await history.campaign(id))) return no('not-found', `There is no campaign ${id}.`);
      return { ok: true, value: await history.leadLists(id) };
    },
    saveList: (id, list) => saveList(rooms, id, list),
  };
}

type Ready = { readonly ok: true; readonly passes: (lead: NewLead) => boolean } | Refusal;

/** Whether the campaign takes leads into that list, and what its filter says of them. */
async function ready({ history }: DeskRooms, id: CampaignId, listId: string): Promise<Ready> {
  const campaign = await history.campaign(id);
  if (!campaign) return no('not-found', `There is no campaign ${id}.`);
  if (campaign.status === 'stopped')
    return no('conflict', 'The campaign was stopped for good; it takes no more leads.');
  const list = (await history.leadLists(id)).find((one) => one.id === listId);
  if (!list && listId !== '') return no('not-found', `The campaign has no list “${listId}”; make it first.`);
  const filter = list?.filter ? leadFilter(list.filter) : null;
  return { ok: true, passes: filter?.ok ? filter.passes : () => true };
}

async function read(rooms: DeskRooms, id: CampaignId, csv: AsyncIterable<Uint8Array>, wish: ImportWish) {
  const found = await ready(rooms, id, wish.listId);
  if (!found.ok) return found;
  const { history, ids, country, zonesOf } = rooms;
  const { country: given, map, ...terms } = wish;
  const answer = await importLeads(csv, {
    history,
    ids,
    campaignId: id,
    defaultCountry: given ?? country,
    terms,
    passes: found.passes,
    ...(map ? { map } : {}),
    ...(zonesOf ? { zonesOf } : {}),
  });
  rooms.came(id);
  return answer;
}

/** Given leads are read as rows of lists are, so that both are held to the same. */
async function save(rooms: DeskRooms, id: CampaignId, externalId: string, given: GivenLead): Promise<Answer<Lead>> {
  const found = await ready(rooms, id, given.listId);
  if (!found.ok) return found;
  const reading = readGiven(externalId, given, rooms.country);
  if (!reading.ok) return reading;
  const lead = leadToAdd(reading.value, { ...rooms, passes: found.passes });
  const terms = { listId: given.listId, duplicates: 'skip', within: 'campaign' } as const;
  await rooms.history.addLeads(id, [lead], terms);
  const kept = await rooms.history.leadByExternalId(id, externalId);
  if (!kept) return no('conflict', 'Another lead of the campaign has this number; change that one.');
  rooms.came(id);
  await rooms.wake(id);
  return { ok: true, value: kept };
}

const SINGLE = ['name', 'language', 'zone', 'country', 'region', 'postalCode', 'consent'] as const;

export function readGiven(externalId: string, given: GivenLead, country: string | null): Answer<NewLead> {
  const { numbers, priority, fields } = given;
  const said = SINGLE.flatMap((key) => (given[key] === null ? [] : [[key, given[key]] as const]));
  const columns: (readonly [string, string])[] = [
    ...numbers.map(({ number }, nth) => [`numbers.${nth}`, number] as const),
    ['externalId', externalId],
    ['priority', String(priority)],
    ...said,
    ...Object.entries(fields).map(([name, value]) => [`fields.${name}`, value] as const),
  ];
  const map = {
    numbers: numbers.map(({ kind }, nth) => ({ column: `numbers.${nth}`, kind })),
    externalId: 'externalId',
    priority: 'priority',
    ...Object.fromEntries(said.map(([key]) => [key, key])),
    fields: Object.fromEntries(Object.keys(fields).map((name) => [`fields.${name}`, name])),
  };
  const reading = leadReader(
    columns.map(([header]) => header),
    map,
    country,
  )(columns.map(([, value]) => value));
  const [problem] = reading.ok ? reading.problems : [reading];
  if (problem) return no('invalid', `${problem.column ?? 'The lead'} ${problem.problem}.`);
  return reading.ok ? { ok: true, value: reading.lead } : no('invalid', 'The lead cannot be read.');
}

async function saveList(rooms: DeskRooms, id: CampaignId, list: LeadList): Promise<Answer<LeadList>> {
  const { history } = rooms;
  if (!(await history.campaign(id))) return no('not-found', `There is no campaign ${id}.`);
  const filter = list.filter === null ? null : leadFilter(list.filter);
  if (filter && !filter.ok) return no('invalid', filter.sentence);
  await history.saveLeadList(id, list);
  // Let go, they are asked again as they are claimed.
  for (const hold of HELD_BY_LIST) {
    while ((await history.releaseHeld(id, list.id, hold, AT_ONCE)) === AT_ONCE);
  }
  rooms.came(id);
  return { ok: true, value: list };
}
