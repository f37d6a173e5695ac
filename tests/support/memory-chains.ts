import type { ChainBook, ChainMove, ChainWish } from '../../src/engine/ports/chain.ts';
import type { AttemptWord } from '../../src/engine/ports/dispositions.ts';
import type { Attempt, Campaign } from '../../src/engine/ports/history.ts';
import { FRESH, isKept, type StoredLead } from './memory-leads.ts';

interface Rooms {
  readonly campaigns: ReadonlyMap<string, Campaign>;
  readonly leads: Map<string, StoredLead>;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly words: ReadonlyMap<string, AttemptWord>;
}

/** Chains in memory; `goOn` is called where the SQL store is in its transaction. */
export function memoryChains(rooms: Rooms): ChainBook & { readonly goOn: (id: string, chain?: ChainWish) => void } {
  const { attempts, words } = rooms;
  const missing = new Set<string>();
  const goOn = (id: string, chain?: ChainWish): void => {
    if (chain) goOnIn(rooms, id, chain);
  };
  return {
    goOn,
    missWord: async (id, _at, chain) => {
      const attempt = attempts.get(id);
      if (!attempt || attempt.endedAt === null || words.has(id) || missing.has(id)) return false;
      missing.add(id);
      goOn(id, chain);
      return true;
    },
    unsaidTalks: async (ids, since) =>
      [...attempts.values()].flatMap(({ id: attemptId, campaignId, leadId, callId, agentId, endedAt }) => {
        const isOpen = endedAt !== null && endedAt >= since && !words.has(attemptId) && !missing.has(attemptId);
        return isOpen && agentId !== null && ids.includes(campaignId)
          ? [{ attemptId, campaignId, leadId, callId, agentId }]
          : [];
      }),
    owingCampaigns: async () =>
      [...rooms.campaigns.values()]
        .filter(({ status }) => status === 'finished')
        .map(({ id }) => id)
        .filter((id) =>
          [...rooms.leads.values()].some(
            (lead) => lead.campaignId === id && lead.status === 'pending' && !isKept(lead),
          ),
        )
        .sort(),
    wordsMissing: async (id) =>
      [...missing].filter((each) => attempts.get(each)?.campaignId === id && !words.has(each)).length,
  };
}

function goOnIn({ attempts, words, leads, campaigns }: Rooms, id: string, { newId, next }: ChainWish): void {
  const attempt = attempts.get(id);
  const lead = leads.get(attempt?.leadId ?? '');
  if (!lead || !attempt || attempt.endedAt === null || attempt.outcome === null) return;
  if (lead.status !== 'done' || lead.chainedTo !== undefined || lead.hold === 'stopped') return;
  const move = next({ outcome: attempt.outcome, word: words.get(id) ?? null });
  const open = move && (campaigns.get(move.to)?.status ?? 'stopped') !== 'stopped';
  const taken = [...leads.values()].some(
    (one) =>
      one.campaignId === move?.to &&
      (one.first === lead.first || (lead.externalId !== undefined && one.externalId === lead.externalId)),
  );
  if (!open || taken) return;
  leads.set(newId, copyOf(lead, newId, move));
  leads.set(lead.id, { ...lead, chainedTo: newId, chainedBy: id });
}

function copyOf(lead: StoredLead, id: string, { to: campaignId, notBefore, trail }: ChainMove): StoredLead {
  const { name, fields, kind, externalId, priority, language, zones, address, consent, digest, first } = lead;
  const said = Object.fromEntries(
    Object.entries({ kind, externalId, priority, language, zones, address, consent, digest }).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const numbers = lead.numbers?.map((one) => ({ ...one, attempts: 0 }));
  const open = numbers?.findIndex(({ status }) => status === 'open') ?? 0;
  const numberIndex = open < 0 ? (lead.numberIndex ?? 0) : open;
  const number = numbers?.[numberIndex]?.number ?? first;
  const several = numbers ? { numbers, numberIndex } : {};
  return { ...FRESH, ...said, id, campaignId, first, number, name, fields, notBefore, trail, ...several };
}
