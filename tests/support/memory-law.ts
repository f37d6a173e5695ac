import { dayOf } from '../../src/dialer/compliance/ledger.ts';
import type { Attempt, AttemptOutcome, CallRecord } from '../../src/engine/ports/history.ts';
import { ASKED_ANEW, type LawBook } from '../../src/engine/ports/law.ts';
import type { StoredLead } from './memory-leads.ts';

const ANSWERED: readonly AttemptOutcome[] = ['connected', 'abandoned', 'machine', 'message-left', 'fax', 'silent'];

interface Rooms {
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly leads: Map<string, StoredLead>;
  readonly calls: ReadonlyMap<string, CallRecord>;
}

export function memoryLaw({ attempts, leads, calls }: Rooms): LawBook {
  return {
    pastDials: async (numbers, since) =>
      [...attempts.values()]
        .filter(({ number }) => numbers.includes(number))
        .filter(({ startedAt, endedAt }) => startedAt >= since || endedAt === null)
        .sort((a, b) => a.startedAt - b.startedAt)
        .map(({ number, startedAt, endedAt, outcome }) => ({ number, startedAt, endedAt, outcome })),
    refuseLeads: async (refusals, owner) => {
      let count = 0;
      for (const { leadId, rule: refused, until, numberIndex, profile } of refusals) {
        const lead = leads.get(leadId);
        if (lead?.status !== 'leased' || lead.leaseOwner !== owner) continue;
        count += 1;
        const nth = numberIndex ?? lead.numberIndex ?? 0;
        const { refusedBy: _by, ...rest } = lead;
        leads.set(leadId, {
          ...rest,
          refused,
          ...(profile === undefined ? {} : { refusedBy: profile }),
          status: until === null ? 'done' : 'pending',
          notBefore: until ?? lead.notBefore,
          attempts: Math.max(0, lead.attempts - 1),
          leaseOwner: null,
          leaseUntil: null,
          ...(lead.numbers ? { numberIndex: nth, number: lead.numbers[nth]?.number ?? lead.number } : {}),
        });
      }
      return count;
    },
    askAnew: async ({ campaignId, profile, now, limit }) => {
      const waits = [...leads.values()].filter(
        ({ campaignId: of, status, refused, refusedBy, notBefore }) =>
          of === campaignId &&
          status === 'pending' &&
          ASKED_ANEW.some((rule) => rule === refused) &&
          refusedBy !== profile &&
          notBefore > now,
      );
      const asked = waits.slice(0, limit);
      for (const { refused: _refused, refusedBy: _by, ...lead } of asked)
        leads.set(lead.id, { ...lead, notBefore: now });
      return asked.length;
    },
    refusedLeads: async (id) => {
      const counts: Partial<Record<string, number>> = {};
      for (const { campaignId, refused } of leads.values()) {
        if (campaignId === id && refused) counts[refused] = (counts[refused] ?? 0) + 1;
      }
      return counts;
    },
    answered: async ({ campaignIds, since, zone, singleFrom }) => {
      const found = [...attempts.values()].flatMap(({ id, campaignId, callId, startedAt, endedAt, outcome }) => {
        const isAsked = campaignIds.includes(campaignId) && startedAt >= since;
        if (!isAsked || endedAt === null || outcome === null || !ANSWERED.includes(outcome)) return [];
        const at = calls.get(callId)?.answeredAt ?? startedAt;
        return [{ attemptId: id, campaignId, outcome, at, endedAt }];
      });
      const single = found.filter(({ endedAt }) => endedAt >= singleFrom);
      const days = found
        .filter(({ endedAt }) => endedAt < singleFrom)
        .map(({ campaignId, outcome, at }) => ({ campaignId, outcome, day: dayOf(at, zone), count: 1 }));
      return { days, single: single.map(({ endedAt: _ended, ...one }) => one) };
    },
  };
}
