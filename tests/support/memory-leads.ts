import { createHash } from 'node:crypto';
import type { LeadList } from '../../src/dialer/list-terms.ts';
import type { AttemptWord } from '../../src/engine/ports/dispositions.ts';
import type { Attempt, AttemptEnd, Campaign, History, Lead, LeadStatus } from '../../src/engine/ports/history.ts';
import {
  type AddTerms,
  type Callback,
  type ClaimRequest,
  type LeadBook,
  type LeadToAdd,
  PLAIN_TERMS,
} from '../../src/engine/ports/leads.ts';

export interface StoredLead extends Lead {
  readonly leaseUntil: number | null;
  readonly leaseOwner: string | null;
  /** Its number with the list, where `number` is the one to dial. */
  readonly first: string;
  /** For quotas: dispositions, and the counters that they raised. */
  readonly counted?: readonly string[];
}

type Leads = LeadBook & Pick<History, 'addLeads' | 'claimLeads' | 'leadCounts'>;

interface Rooms {
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly leads: Map<string, StoredLead>;
  readonly dialled: (leadId: string) => boolean;
}

export const FRESH = {
  status: 'pending',
  attempts: 0,
  notBefore: 0,
  outcome: null,
  leaseOwner: null,
  leaseUntil: null,
} as const;

/** A callback is made though a filter or a quota holds its lead. */
export const isKept = ({ hold, callbackAt }: StoredLead): boolean =>
  hold === 'stopped' || (hold !== undefined && callbackAt === undefined);

export const shown = ({
  leaseUntil: _until,
  leaseOwner: _owner,
  first: _first,
  counted: _counted,
  ...lead
}: StoredLead): Lead => lead;

export function memoryLeads({ campaigns, leads, dialled }: Rooms): Leads {
  const listed = new Map<string, Map<string, LeadList>>();
  const listsOf = (id: string) => [...(listed.get(id)?.values() ?? [])];
  const leadsOf = (id: string) => [...leads.values()].filter((lead) => lead.campaignId === id);
  const change = (found: readonly StoredLead[], to: (lead: StoredLead) => StoredLead): number => {
    for (const lead of found) leads.set(lead.id, to(lead));
    return found.length;
  };
  return {
    addLeads: async (campaignId, added, terms = PLAIN_TERMS) => {
      if (!campaigns.has(campaignId)) throw new Error(`there is no campaign ${campaignId}`);
      let [fresh, updated] = [0, 0];
      for (const lead of added) {
        const there = leadsOf(campaignId);
        const known = knownOf(there, lead, terms);
        if (known && known.digest !== lead.digest) {
          leads.set(known.id, updatedBy(known, lead));
          updated += 1;
        }
        if (known || isDuplicate(there, lead, terms)) continue;
        leads.set(lead.id, storedOf(lead, campaignId, terms));
        fresh += 1;
      }
      return { added: fresh, updated, duplicates: added.length - fresh - updated };
    },
    claimLeads: async (request) => {
      const due = dueOf(leadsOf(request.campaignId), listsOf(request.campaignId), request);
      const claimed = due.map(({ refused: _refused, refusedBy: _by, ...lead }) => ({
        ...lead,
        status: 'leased' as const,
        attempts: lead.attempts + 1,
        leaseOwner: request.owner,
        leaseUntil: request.leaseUntil,
      }));
      for (const lead of claimed) leads.set(lead.id, lead);
      return claimed.map(shown);
    },
    leadCounts: async (id) => {
      const counts: Record<LeadStatus, number> = { pending: 0, leased: 0, done: 0 };
      for (const lead of leadsOf(id)) if (lead.status !== 'pending' || !isKept(lead)) counts[lead.status] += 1;
      return counts;
    },
    leadByExternalId: async (id, externalId) => {
      const lead = leadsOf(id).find((one) => one.externalId === externalId);
      return lead ? shown(lead) : null;
    },
    openLeads: async (id, after, limit) =>
      leadsOf(id)
        .filter((lead) => lead.status !== 'done' && (after === null || lead.id > after))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map(({ externalId: _externalId, language: _language, digest: _digest, callbackWaitMs: _wait, ...lead }) =>
          shown({ ...lead, name: null, fields: {} }),
        ),
    holdLeads: async (ids, hold) => {
      const found = ids.flatMap((id) => leads.get(id) ?? []).filter((lead) => (lead.hold ?? null) !== hold);
      return change(found, (lead) => heldBy(lead, hold, dialled(lead.id)));
    },
    releaseHeld: async (id, listId, hold, most) => {
      const held = leadsOf(id).filter((lead) => lead.hold === hold && (lead.listId ?? '') === listId);
      return change(held.slice(0, most), ({ hold: _hold, ...lead }) => lead);
    },
    heldLeads: async (id) => {
      const counts: Partial<Record<string, number>> = {};
      for (const { hold } of leadsOf(id)) if (hold) counts[hold] = (counts[hold] ?? 0) + 1;
      return counts;
    },
    setCallback: async (id, callback) => {
      const { callbackAt, callbackAgent: _agent, callbackWaitMs: _wait, ...lead } = leads.get(id) ?? {};
      if (!('id' in lead) || lead.hold === 'stopped' || (callback === null && callbackAt === undefined)) return false;
      const status = lead.status === 'done' ? 'pending' : lead.status;
      leads.set(id, callback ? { ...lead, status, notBefore: 0, ...calledBack(callback) } : lead);
      return true;
    },
    saveLeadList: async (id, list) => void listed.set(id, (listed.get(id) ?? new Map()).set(list.id, list)),
    leadLists: async (id) => listsOf(id).toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1)),
    quotaCounts: async (id, { id: listId, quotas }) => {
      const own = leadsOf(id).filter((lead) => (lead.listId ?? '') === listId);
      return quotas.flatMap(({ outcome, field }) => {
        const had = own.filter((lead) => lead.outcome === outcome || lead.counted?.includes(outcome));
        const byValue = Map.groupBy(had, ({ fields }) => (field === null ? '' : (fields[field] ?? '')));
        return [...byValue].map(([value, all]) => ({ outcome, field, value, count: all.length }));
      });
    },
  };
}

const calledBack = ({ at: callbackAt, agentId, waitMs }: Callback) => ({
  callbackAt,
  ...(agentId === null ? {} : { callbackAgent: agentId }),
  ...(waitMs === undefined ? {} : { callbackWaitMs: waitMs }),
});

function storedOf(lead: LeadToAdd, campaignId: string, { listId }: AddTerms): StoredLead {
  const several = lead.numbers ? { numberIndex: 0 } : {};
  return { ...FRESH, ...lead, first: lead.number, campaignId, ...several, ...(listId ? { listId } : {}) };
}

function knownOf(there: readonly StoredLead[], lead: LeadToAdd, { duplicates, within, listId }: AddTerms) {
  const byId = there.find((one) => lead.externalId !== undefined && one.externalId === lead.externalId);
  if (byId || duplicates !== 'update') return byId;
  return there.find(
    (one) =>
      one.first === lead.number &&
      (lead.externalId === undefined || one.externalId === undefined) &&
      (within === 'campaign' || (one.listId ?? '') === listId),
  );
}

const isDuplicate = (there: readonly StoredLead[], lead: LeadToAdd, { duplicates, within, listId }: AddTerms) =>
  there.some(
    (one) =>
      one.first === lead.number &&
      (duplicates === 'allow'
        ? lead.digest !== undefined && one.digest === lead.digest
        : within === 'campaign' || (one.listId ?? '') === listId),
  );

function updatedBy(known: StoredLead, lead: LeadToAdd): StoredLead {
  const { status, attempts, notBefore, outcome, campaignId, listId, externalId } = known;
  const { callbackAt, callbackAgent, callbackWaitMs, counted } = known;
  const kept = { status, attempts, notBefore, outcome, leaseOwner: known.leaseOwner, leaseUntil: known.leaseUntil };
  const numbers = lead.numbers?.map((one, nth) =>
    known.numbers?.[nth]?.number === one.number ? known.numbers[nth] : one,
  );
  const same = known.first === lead.number;
  const numberIndex = same ? Math.min(known.numberIndex ?? 0, (numbers?.length ?? 1) - 1) : 0;
  const hold = known.hold === 'stopped' ? known.hold : lead.hold;
  return {
    ...lead,
    ...kept,
    id: known.id,
    campaignId,
    first: lead.number,
    number: numbers?.[numberIndex]?.number ?? lead.number,
    ...(numbers ? { numbers, numberIndex } : {}),
    ...(listId === undefined ? {} : { listId }),
    ...(externalId === undefined ? {} : { externalId }),
    ...(callbackAt === undefined ? {} : { callbackAt }),
    ...(callbackAgent === undefined ? {} : { callbackAgent }),
    ...(callbackWaitMs === undefined ? {} : { callbackWaitMs }),
    ...(counted === undefined ? {} : { counted }),
    ...(hold === undefined ? {} : { hold }),
  };
}

function heldBy({ hold: _hold, ...lead }: StoredLead, hold: Lead['hold'] | null, isDialled: boolean): StoredLead {
  const given = {
    status: 'pending',
    attempts: Math.max(0, lead.attempts - 1),
    leaseOwner: null,
    leaseUntil: null,
  } as const;
  const back = lead.status === 'leased' && !isDialled ? given : {};
  return { ...lead, ...back, ...(hold ? { hold } : {}) };
}

export function dueOf(all: readonly StoredLead[], lists: readonly LeadList[], request: ClaimRequest): StoredLead[] {
  const { count, now, from, callbackAgents, callbackToTeamAfterMs = Number.POSITIVE_INFINITY } = request;
  const pending = all.filter((lead) => lead.status === 'pending' && lead.notBefore <= now && lead.hold !== 'stopped');
  const whose = ({ callbackAt = 0, callbackAgent, callbackWaitMs = callbackToTeamAfterMs }: StoredLead) =>
    !callbackAgents ||
    callbackAgent === undefined ||
    callbackAgents.includes(callbackAgent) ||
    callbackAt + callbackWaitMs <= now;
  const callbacks = pending
    .filter((lead) => (lead.callbackAt ?? Number.POSITIVE_INFINITY) <= now && whose(lead))
    .sort((a, b) => (a.callbackAt ?? 0) - (b.callbackAt ?? 0) || byIds(a, b));
  const listOf = ({ listId = '' }: StoredLead) => lists.find(({ id }) => id === listId);
  const open = (lead: StoredLead) =>
    typeof from === 'object' ? (lead.listId ?? '') === from.list : (listOf(lead)?.active ?? !lead.listId);
  const listed = pending
    .filter((lead) => lead.callbackAt === undefined && !lead.hold && open(lead))
    .map((lead) => ({ lead, list: listOf(lead) }))
    .sort((a, b) => {
      const lower = (b.list?.priority ?? 0) - (a.list?.priority ?? 0);
      return lower || byText(a.list?.id ?? '', b.list?.id ?? '') || byPlace(a.lead, b.lead, a.list);
    })
    .map(({ lead }) => lead);
  const chosen = [...(typeof from === 'object' ? [] : callbacks), ...(from === 'callbacks' ? [] : listed)];
  return chosen.slice(0, count);
}

function byPlace(a: StoredLead, b: StoredLead, list: LeadList | undefined): number {
  const fewest = list?.order === 'fewest-attempts' ? a.attempts - b.attempts : 0;
  const priority = (b.priority ?? 0) - (a.priority ?? 0);
  return priority || fewest || a.notBefore - b.notBefore || byOrder(a, b, list) || byIds(a, b);
}

function byOrder(a: StoredLead, b: StoredLead, list: LeadList | undefined): number {
  if (list?.order === 'newest') return byIds(b, a);
  if (list?.order !== 'random') return 0;
  const shuffled = ({ id }: StoredLead) => createHash('sha1').update(`${list.seed} ${id}`).digest('hex');
  return byText(shuffled(a), shuffled(b));
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const byIds = (a: StoredLead, b: StoredLead) => byText(a.id, b.id);

/** The lead after an attempt, and after what its agent said of it while it lasted. */
export function afterEnd(
  lead: StoredLead,
  { lead: next, numberDead = false, outcome }: AttemptEnd,
  { number: dialled, startedAt }: Pick<Attempt, 'number' | 'startedAt'>,
  word: AttemptWord | undefined,
): StoredLead {
  const { callbackAt = 0 } = lead;
  const promised = callbackAt > startedAt && (next.status !== 'pending' || !next.callback);
  const numbers = lead.numbers?.map((one) =>
    one.number === dialled
      ? { ...one, attempts: one.attempts + 1, status: numberDead ? ('dead' as const) : one.status }
      : one,
  );
  const ended = { ...lead, outcome, leaseUntil: null, leaseOwner: null, ...(numbers ? { numbers } : {}) };
  if (word) return afterWord({ ...ended, status: 'pending' }, word, { startedAt });
  const numberIndex = (next.status === 'pending' ? next.numberIndex : undefined) ?? lead.numberIndex ?? 0;
  const status = promised ? 'pending' : next.status;
  const notBefore = !promised && next.status === 'pending' ? next.notBefore : lead.notBefore;
  const moved = at(ended, { status, notBefore, numberIndex });
  return promised ? moved : withCallback(moved, next.status === 'pending' ? next.callback : undefined);
}

/** The lead of an attempt that has ended, after the agent's word. */
export function afterWord(
  lead: StoredLead,
  { lead: next, disposition, counts }: AttemptWord,
  { startedAt }: Pick<Attempt, 'startedAt'>,
) {
  const keeps = next.status === 'pending' && !next.callback && (lead.callbackAt ?? 0) > startedAt;
  const counted = [...new Set([...(lead.counted ?? []), disposition, ...counts])];
  const { notBefore, numberIndex, callback } =
    next.status === 'pending'
      ? next
      : { notBefore: lead.notBefore, numberIndex: lead.numberIndex ?? 0, callback: undefined };
  const due = keeps ? lead.notBefore : notBefore;
  const { refused: _refused, refusedBy: _by, ...free } = lead;
  const stays = lead.status === 'leased';
  const moved = stays ? lead : at(keeps ? lead : free, { status: next.status, notBefore: due, numberIndex });
  return { ...(keeps ? moved : withCallback(moved, callback)), counted };
}

function at(
  lead: StoredLead,
  { numberIndex, ...next }: Required<Pick<StoredLead, 'status' | 'notBefore' | 'numberIndex'>>,
): StoredLead {
  const { numbers } = lead;
  return {
    ...lead,
    ...next,
    ...(numbers ? { numberIndex, number: numbers[numberIndex]?.number ?? lead.number } : {}),
  };
}

function withCallback(lead: StoredLead, callback: Callback | undefined): StoredLead {
  const { callbackAt: _at, callbackAgent: _agent, callbackWaitMs: _wait, ...rest } = lead;
  return callback ? { ...rest, ...calledBack(callback) } : rest;
}
