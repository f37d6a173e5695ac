import type { EvidenceBook, KeptFact } from '../../src/engine/ports/evidence.ts';
import type { Attempt, AttemptOutcome } from '../../src/engine/ports/history.ts';

const order = (a: KeptFact['event'], b: { readonly subject: string; readonly seq: number }) =>
  a.subject === b.subject ? a.seq - b.seq : a.subject < b.subject ? -1 : 1;

export function memoryEvidence(attempts: () => Iterable<Attempt>): EvidenceBook {
  const kept = new Map<string, KeptFact>();
  return {
    keepEvidence: async (facts) => {
      for (const fact of facts) {
        const key = `${fact.event.subject} ${fact.event.seq}`;
        if (!kept.has(key)) kept.set(key, structuredClone(fact));
      }
    },
    evidence: async ({ campaignId, of, from, until, after, limit }) =>
      [...kept.values()]
        .filter((fact) => fact.campaignId === campaignId && fact.startedAt >= from && fact.startedAt < until)
        .filter(({ event }) => event.subject.startsWith('call/') === (of === 'calls'))
        .filter(({ event }) => after === null || order(event, after) > 0)
        .sort((a, b) => order(a.event, b.event))
        .slice(0, limit),
    lastEvidenceAt: async () => {
      const last = Math.max(...[...kept.values()].map(({ event }) => event.at));
      return Number.isFinite(last) ? last : null;
    },
    attemptTotals: async (id, from, until) => {
      const totals: Partial<Record<AttemptOutcome | 'open', number>> = {};
      for (const { campaignId, startedAt, outcome } of attempts()) {
        if (campaignId !== id || startedAt < from || startedAt >= until) continue;
        totals[outcome ?? 'open'] = (totals[outcome ?? 'open'] ?? 0) + 1;
      }
      return totals;
    },
  };
}
