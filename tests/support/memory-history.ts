import type { Why } from '../../src/call/why.ts';
import type { AgentProfile } from '../../src/call/routing.ts';
import type {
  ApiToken,
  Attempt,
  AttemptOutcome,
  CallRecord,
  Campaign,
  History,
  Page,
} from '../../src/engine/ports/history.ts';
import type { EvidenceBook } from '../../src/engine/ports/evidence.ts';
import type { AttemptWord, DispositionBook } from '../../src/engine/ports/dispositions.ts';
import type { ChainBook } from '../../src/engine/ports/chain.ts';
import type { LawBook } from '../../src/engine/ports/law.ts';
import type { LeadBook } from '../../src/engine/ports/leads.ts';
import type { LookBook } from '../../src/engine/ports/looks.ts';
import type { AmdBook, Screened } from '../../src/engine/ports/amd.ts';
import { memoryAmd } from './memory-amd.ts';
import { memoryChains } from './memory-chains.ts';
import { memoryEvidence } from './memory-evidence.ts';
import { memoryImported } from './memory-imported.ts';
import { memoryLaw } from './memory-law.ts';
import { memoryLooks } from './memory-looks.ts';
import { afterEnd, afterWord, memoryLeads, shown, type StoredLead } from './memory-leads.ts';

/** The history port in memory, for walks; held to the same contract as the SQL store. */
export function createMemoryHistory(): History {
  const calls = new Map<string, CallRecord>();
  const agents = new Map<string, AgentProfile>();
  const tokens = new Map<string, ApiToken>();
  const campaigns = new Map<string, Campaign>();
  return {
    saveCallRecord: async (record) => {
      if (!calls.has(record.id)) calls.set(record.id, record);
    },
    callRecord: async (id) => calls.get(id) ?? null,
    callRecords: async (page) => paged(calls.values(), page),
    lastAgent: async (number, since) => {
      const talks = [...calls.values()].filter(
        ({ direction, ani, dnis, endedAt, agentId }) =>
          agentId !== null && endedAt > since && (direction === 'inbound' ? ani : dnis) === number,
      );
      return talks.sort((a, b) => b.endedAt - a.endedAt)[0]?.agentId ?? null;
    },

    saveAgentProfile: async (profile) => void agents.set(profile.id, profile),
    removeAgentProfile: async (id) => agents.delete(id),
    agentProfiles: async () => byId(agents.values()),

    ...decisionsIn(),

    saveToken: async (token) => void tokens.set(token.id, token),
    removeToken: async (id) => tokens.delete(id),
    tokens: async () => byId(tokens.values()),

    createCampaign: async (campaign) => void campaigns.set(campaign.id, campaign),
    updateCampaign: async (id, change) => {
      const campaign = campaigns.get(id);
      if (!campaign) return null;
      const changed = { ...campaign, ...change };
      campaigns.set(id, changed);
      return changed;
    },
    campaign: async (id) => campaigns.get(id) ?? null,
    campaigns: async () => byId(campaigns.values()).toSorted((a, b) => a.createdAt - b.createdAt),

    ...lists(campaigns, calls),
    ...memoryImported(),
    healthy: async () => true,
    close: async () => undefined,
  };
}

type Lists = LeadBook &
  LookBook &
  LawBook &
  DispositionBook &
  ChainBook &
  EvidenceBook &
  AmdBook &
  Pick<
    History,
    | 'addLeads'
    | 'lead'
    | 'leads'
    | 'claimLeads'
    | 'leadCounts'
    | 'expireLeases'
    | 'startAttempt'
    | 'giveBackLeads'
    | 'renewLeases'
    | 'attemptStory'
    | 'endAttempt'
    | 'attempts'
    | 'openAttempts'
    | 'attemptCounts'
  >;

function lists(campaigns: ReadonlyMap<string, Campaign>, calls: ReadonlyMap<string, CallRecord>): Lists {
  const leads = new Map<string, StoredLead>();
  const attempts = new Map<string, Attempt>();
  const words = new Map<string, AttemptWord>();
  const screened = new Map<string, Screened>();
  const leadsOf = (id: string) => [...leads.values()].filter((lead) => lead.campaignId === id);
  const attemptsOf = (id: string) => [...attempts.values()].filter((attempt) => attempt.campaignId === id);
  const open = () => byId(attempts.values()).filter((attempt) => attempt.endedAt === null);

  const book = memoryLeads({ campaigns, leads, dialled: (leadId) => open().some((one) => one.leadId === leadId) });
  const { goOn, ...chains } = memoryChains({ campaigns, leads, attempts, words });
  return {
    ...book,
    ...memoryLooks({ leads, attempts, words, lists: (id) => book.leadLists(id) }),
    ...memoryLaw({ attempts, leads, calls }),
    ...chains,
    ...memoryEvidence(() => attempts.values()),
    ...memoryAmd({ attemptsOf, screened, words }),
    lead: async (id) => {
      const lead = leads.get(id);
      return lead ? shown(lead) : null;
    },
    leads: async (id, page) => paged(leadsOf(id), page).map(shown),
    expireLeases: async (now) => {
      const dialled = new Set(open().map((attempt) => attempt.leadId));
      const lapsed = [...leads.values()].filter(
        ({ id, status, leaseUntil }) => status === 'leased' && (leaseUntil ?? 0) <= now && !dialled.has(id),
      );
      for (const lead of lapsed) {
        leads.set(lead.id, { ...lead, status: 'pending', attempts: lead.attempts - 1, leaseUntil: null });
      }
      return lapsed.length;
    },

    startAttempt: async (attempt, seen) => {
      const past = [...attempts.values()].filter(({ number }) => number === attempt.number);
      const isSame = past.filter(({ startedAt }) => startedAt >= seen.since).length === seen.dials;
      if (past.some(({ endedAt }) => endedAt === null) || !isSame) return false;
      if (open().some(({ leadId }) => leadId === attempt.leadId)) throw new Error('this lead is being dialled');
      if (campaigns.get(attempt.campaignId)?.status !== 'running') return false;
      if (leads.get(attempt.leadId)?.hold === 'stopped') return false;
      attempts.set(attempt.id, attempt);
      return true;
    },
    giveBackLeads: async (ids, owner) => {
      const given = ids.flatMap((id) => leads.get(id) ?? []);
      const dialled = new Set(open().map((attempt) => attempt.leadId));
      const leased = given.filter((lead) => lead.status === 'leased' && lead.leaseOwner === owner);
      const ours = leased.filter((lead) => !dialled.has(lead.id));
      for (const lead of ours) {
        const free = { status: 'pending', leaseOwner: null, leaseUntil: null } as const;
        leads.set(lead.id, { ...lead, ...free, attempts: Math.max(0, lead.attempts - 1) });
      }
      return ours.length;
    },
    renewLeases: async (ids, owner, until) =>
      ids.filter((id) => {
        const lead = leads.get(id);
        const ours = lead?.status === 'leased' && lead.leaseOwner === owner;
        if (ours) leads.set(id, { ...lead, leaseUntil: until });
        return ours;
      }),
    attemptStory: async (id, since, limit) =>
      byId(attemptsOf(id))
        .filter(({ startedAt, endedAt }) => startedAt >= since && endedAt !== null)
        .slice(-limit)
        .flatMap(({ id: attemptId, startedAt, endedAt, outcome, agentId, callId }) => {
          if (endedAt === null || outcome === null) return [];
          const { answeredAt = null, waitedMs = 0, talkedMs = 0 } = calls.get(callId) ?? {};
          return [{ id: attemptId, startedAt, endedAt, outcome, agentId, answeredAt, waitedMs, talkedMs }];
        }),
    endAttempt: async (given) => {
      const { attemptId, lead: _next, numberDead: _dead, screened: heard = null, chain: _chain, ...end } = given;
      const attempt = attempts.get(attemptId);
      if (!attempt || attempt.endedAt !== null) return false;
      attempts.set(attemptId, { ...attempt, ...end });
      if (heard) screened.set(attemptId, heard);
      const lead = leads.get(attempt.leadId);
      if (lead) leads.set(lead.id, afterEnd(lead, given, attempt, words.get(attemptId)));
      goOn(attemptId, given.chain);
      return true;
    },
    endedDials: async (id) =>
      byId(attempts.values()).flatMap(({ leadId, number, startedAt, outcome }) =>
        leadId === id && outcome !== null ? [{ number, startedAt, outcome }] : [],
      ),
    attemptOf: async (callId) => {
      const attempt = [...attempts.values()].find((one) => one.callId === callId);
      return attempt ? { attempt, word: words.get(attempt.id) ?? null } : null;
    },
    disposeAttempt: async (id, word, chain) => {
      const attempt = attempts.get(id);
      if (!attempt || words.has(id)) return false;
      words.set(id, word);
      const lead = leads.get(attempt.leadId);
      if (lead && attempt.endedAt !== null) leads.set(lead.id, afterWord(lead, word, attempt));
      goOn(id, chain);
      return true;
    },
    attempts: async (id, page) => paged(attemptsOf(id), page),
    openAttempts: async () => open(),
    attemptCounts: async (id) => {
      const counts: Partial<Record<AttemptOutcome | 'open', number>> = {};
      for (const { outcome } of attemptsOf(id)) counts[outcome ?? 'open'] = (counts[outcome ?? 'open'] ?? 0) + 1;
      return counts;
    },
  };
}

const compare = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const byId = <T extends { id: string }>(rows: Iterable<T>): T[] => [...rows].sort(compare);

const paged = <T extends { id: string }>(rows: Iterable<T>, { limit, before }: Page): T[] =>
  byId(rows)
    .toReversed()
    .filter(({ id }) => before === null || id < before)
    .slice(0, Math.max(1, Math.min(200, limit)));

function decisionsIn(): Pick<History, 'keepDecisions' | 'decisions' | 'lastDecisionAt' | 'trimDecisions'> {
  const kept = new Map<string, { readonly agentId: string; readonly why: Why }>();
  const latestFirst = () => [...kept.values()].sort((a, b) => b.why.at - a.why.at || (a.agentId < b.agentId ? -1 : 1));
  return {
    keepDecisions: async (decisions) => {
      for (const why of decisions) {
        for (const agentId of why.agentIds) {
          const key = JSON.stringify([why.callId, why.at, agentId]);
          if (!kept.has(key)) kept.set(key, { agentId, why });
        }
      }
    },
    decisions: async ({ callId, agentId, limit }) =>
      latestFirst()
        .filter((row) => callId === undefined || row.why.callId.split('~', 1)[0] === callId)
        .filter((row) => row.agentId === (agentId ?? row.why.agentIds[0]))
        .slice(0, Math.max(1, Math.min(200, limit)))
        .map(({ why }) => why),
    lastDecisionAt: async () => latestFirst()[0]?.why.at ?? null,
    trimDecisions: async (before) => {
      for (const [key, { why }] of kept) if (why.at < before) kept.delete(key);
    },
  };
}
