import { ledgerFactsOf } from '../../src/dialer/compliance/answered.ts';
import { dayOf } from '../../src/dialer/compliance/ledger.ts';
import type { AnsweredRow, EvidenceBook, KeptFact } from '../../src/engine/ports/evidence.ts';
import type { Attempt, AttemptOutcome } from '../../src/engine/ports/history.ts';

const order = (a: KeptFact['event'], b: { readonly subject: string; readonly seq: number }) =>
  a.subject === b.subject ? a.seq - b.seq : a.subject < b.subject ? -1 : 1;

export function memoryEvidence(attempts: () => Iterable<Attempt>): EvidenceBook {
  const kept = new Map<string, KeptFact>();
  const answered = new Map<string, AnsweredRow & { wordAt: number }>();
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
    keepAnswered: async (rows, words) => {
      for (const row of rows) {
        const known = answered.get(row.callId);
        const dial = { ...row.dial, metMachine: known?.dial.metMachine ?? false };
        if (!known || row.seq >= known.seq) answered.set(row.callId, { ...row, dial, wordAt: known?.wordAt ?? 0 });
      }
      for (const { callId, metMachine, at } of words) {
        const known = answered.get(callId);
        if (known && at >= known.wordAt) {
          answered.set(callId, { ...known, wordAt: at, dial: { ...known.dial, metMachine } });
        }
      }
    },
    answeredDays: async ({ campaignIds, rules, from, until }) =>
      [...answered.values()]
        .filter(({ campaignId }) => campaignIds.includes(campaignId))
        .filter(({ dial: { pickedUpAt } }) => pickedUpAt >= from && pickedUpAt < until)
        .flatMap(({ campaignId, dial }) =>
          ledgerFactsOf(rules, dial).map((fact) => {
            const { type, at } = fact;
            const screened = 'screened' in fact ? fact.screened : true;
            return { campaignId, day: dayOf(at, rules.zone.value), type, screened, count: 1 };
          }),
        ),
    firstDials: async (ids) => {
      const first = new Map<string, number>();
      for (const { campaignId, startedAt } of attempts()) {
        if (!ids.includes(campaignId)) continue;
        first.set(campaignId, Math.min(startedAt, first.get(campaignId) ?? startedAt));
      }
      return first;
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
