import type { LeadList } from '../../src/dialer/list-terms.ts';
import type { AttemptWord } from '../../src/engine/ports/dispositions.ts';
import type { Attempt, Lead } from '../../src/engine/ports/history.ts';
import { type LookBook, MOST_AHEAD } from '../../src/engine/ports/looks.ts';
import { dueOf, shown, type StoredLead } from './memory-leads.ts';

interface Rooms {
  readonly leads: ReadonlyMap<string, StoredLead>;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly words: ReadonlyMap<string, AttemptWord>;
  readonly lists: (id: string) => Promise<readonly LeadList[]>;
}

/** What a manager asks, in memory; held to the same contract as the SQL store. */
export function memoryLooks({ leads, attempts, words, lists }: Rooms): LookBook {
  const leadsOf = (id: string) => [...leads.values()].filter((lead) => lead.campaignId === id);
  const dialsOf = (leadId: string) =>
    [...attempts.values()]
      .filter((attempt) => attempt.leadId === leadId)
      .sort((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? 1 : -1));
  const isReached = ({ outcome }: Attempt) => outcome === 'connected' || outcome === 'abandoned';
  return {
    leadsOfNumber: async (id, number) =>
      leadsOf(id)
        .filter(
          (lead) =>
            lead.first === number || lead.number === number || lead.numbers?.some((one) => one.number === number),
        )
        .sort((a, b) => Number(a.status === 'done') - Number(b.status === 'done') || (a.id < b.id ? -1 : 1))
        .slice(0, 10)
        .map(shown),
    leadLook: async (lead, now) => {
      const [last] = dialsOf(lead.id);
      const dial = last && { startedAt: last.startedAt, endedAt: last.endedAt, outcome: last.outcome };
      const ahead = aheadOf(lead, leadsOf(lead.campaignId), await lists(lead.campaignId), now);
      return { last: dial ? { ...dial, disposition: words.get(last.id)?.disposition ?? null } : null, ahead };
    },
    waitingLeads: async (id) => {
      const waiting = leadsOf(id).filter(({ status, hold }) => status === 'pending' && !hold);
      const last = Math.max(0, ...waiting.map(({ notBefore, callbackAt = 0 }) => Math.max(notBefore, callbackAt)));
      const least = waiting.length === 0 ? 0 : Math.min(...waiting.map(({ attempts: tries }) => tries));
      return { lastDueAt: last || null, leastAttempts: least };
    },
    listCounts: async (id) => {
      const byList = Map.groupBy(leadsOf(id), ({ listId = '' }) => listId);
      return [...byList]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([listId, own]) => {
          const dials = own.map((lead) => dialsOf(lead.id).filter(({ endedAt }) => endedAt !== null));
          const outcomes: Record<string, number> = {};
          for (const { outcome } of dials.flat()) if (outcome) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
          return {
            listId,
            leads: own.length,
            done: own.filter(({ status }) => status === 'done').length,
            dialled: dials.filter((all) => all.length > 0).length,
            reached: dials.filter((all) => all.some(isReached)).length,
            outcomes,
            refusals: dials.flat().filter(({ id: dial }) => ['refusal', 'dnc'].includes(words.get(dial)?.kind ?? ''))
              .length,
          };
        });
    },
  };
}

/** Of all that are due, in the order of claiming, those before it that are callbacks, of its own list or of a higher one. */
function aheadOf(lead: Lead, all: readonly StoredLead[], lists: readonly LeadList[], now: number): number {
  const priorityOf = ({ listId = '' }: Pick<Lead, 'listId'>) => lists.find(({ id }) => id === listId)?.priority ?? 0;
  const own = all.map((one) =>
    one.id === lead.id ? { ...one, status: 'pending' as const, notBefore: Math.min(one.notBefore, now) } : one,
  );
  const request = { campaignId: lead.campaignId, count: own.length, owner: '', now, leaseUntil: now };
  const order = dueOf(own, lists, request);
  const place = order.findIndex(({ id }) => id === lead.id);
  const before = place < 0 ? order : order.slice(0, place);
  const counts = before.filter(
    (one) =>
      one.callbackAt !== undefined || (one.listId ?? '') === (lead.listId ?? '') || priorityOf(one) > priorityOf(lead),
  );
  return Math.min(MOST_AHEAD, counts.length);
}
