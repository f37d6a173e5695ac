import { setImmediate as breathe } from 'node:timers/promises';
import type { CampaignId, EpochMs, LeadId } from '../call/ids.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { AgentDesk } from './agent-desk.ts';
import { callerIdFacts, numbersOf, registerImportedAt } from './campaign-law-facts.ts';
import type { LawRooms } from './campaign-law.ts';
import { seenBy } from './dialer-view.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { PastDial } from './ports/law.ts';
import type { Preflight, PreflightDesk, PreflightRun, PreflightState } from './ports/preflight.ts';
import type { Clock } from './ports/time.ts';
import { PreflightCount } from './preflight-count.ts';
import { expectedOf, type Outlook } from './preflight-expected.ts';
import { PreflightJudge } from './preflight-judge.ts';
import { assumptionsOf, seenOf, timesOf } from './preflight-known.ts';
import { warningsOf } from './preflight-warnings.ts';

interface Rooms extends Pick<LawRooms, 'profiles' | 'routes'> {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: History;
  readonly dnc: LawRooms['dnc'] & { readonly book: { readonly ready: boolean } };
  readonly desk: Pick<AgentDesk, 'all'>;
  readonly trunks: ReadonlyMap<string, { readonly lines: number; readonly cps: number }>;
  readonly connected: () => boolean;
}

/** Leads are read so many at a time; calls are served between two lots of them, some ms of work. */
const PAGE = 1_000;
const AT_ONCE = 100;
/** A preflight that is over is told once more for so long. */
const KEPT_MS = 10_000;

interface Running extends PreflightRun {
  tell(state: PreflightState): void;
}

/** What campaigns will come to. One is worked out at a time: the thread has calls to serve. */
export class EnginePreflight implements PreflightDesk {
  readonly #rooms: Rooms;
  readonly #runs = new Map<CampaignId, PreflightRun>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(rooms: Rooms) {
    this.#rooms = rooms;
  }

  async look(id: CampaignId): Promise<PreflightRun | null> {
    const campaign = await this.#rooms.history.campaign(id);
    const profile = campaign && this.#rooms.profiles().get(campaign.profile ?? DEFAULT_PROFILE);
    if (!campaign || !profile) return null;
    const known = this.#runs.get(id);
    const state = known?.state();
    if (known && (!state?.done || this.#rooms.clock.now() - state.preflight.at < KEPT_MS)) return known;
    const over = this.#turn.then(() => this.#work(campaign, profile, (next) => run.tell(next)));
    const run = running(over);
    this.#turn = over.catch(() => this.#runs.delete(id));
    this.#runs.set(id, run);
    return run;
  }

  /** As it was last worked out, however long ago; null: it was not, since this process began. */
  last(id: CampaignId): Preflight | null {
    const state = this.#runs.get(id)?.state();
    return state?.done ? state.preflight : null;
  }

  async #work(campaign: Campaign, profile: ComplianceProfile, tell: Running['tell']): Promise<Preflight> {
    const { clock, history, dnc, routes, trunks, connected } = this.#rooms;
    const at = clock.now();
    const callerId = callerIdFacts(campaign.callerId, routes());
    const known = { campaign, profile, callerId, registerImportedAt: registerImportedAt(dnc.book.lists) };
    const judge = new PreflightJudge(known, (number, id) => dnc.hits(number, id), at);
    const count = new PreflightCount(at);
    const done = await this.#read(campaign, profile, { judge, count, at }, tell);
    const seen = await seenOf(campaign, history, at);
    const times = timesOf(campaign, seen);
    const { hours, zones } = await count.byHour(profile);
    const agents = this.#agents(campaign);
    const trunk = trunks.get(campaign.trunk) ?? null;
    const lines = Math.min(campaign.maxLines, trunk?.lines ?? 0);
    const cps = Math.min(campaign.cps, trunk?.cps ?? 0);
    const outlook: Outlook = { campaign, profile, seen, times, agents: agents.ready || agents.all, lines, cps, hours };
    const expected =
      trunk && (await expectedOf(outlook, count, (share) => tell({ done: false, step: 'forecast', share })));
    const open = count.leads;
    const leads = { all: done + open.now + open.later + open.never, done, ...open };
    const skipped = count.skipped;
    const sight = { campaign, profile, connected: connected(), trunk, agents, dncReady: dnc.book.ready, seen, times };
    const warnings = warningsOf({ ...sight, blockers: judge.blockers(), leads, skipped, hours });
    const assumptions = assumptionsOf(campaign, seen, times);
    const said = { leads, skipped, hours, zones, expected, assumptions, warnings };
    const preflight = { at, campaignId: campaign.id, profile: profile.id, ...said };
    tell({ done: true, preflight });
    return preflight;
  }

  /** Judges all leads that are not done; answers how many are. */
  async #read(
    { id, maxAttempts }: Campaign,
    profile: ComplianceProfile,
    { judge, count, at }: { judge: PreflightJudge; count: PreflightCount; at: EpochMs },
    tell: Running['tell'],
  ): Promise<number> {
    const { history } = this.#rooms;
    const counts = await history.leadCounts(id);
    const all = Math.max(1, counts.pending + counts.leased);
    let read = 0;
    for (let after: LeadId | null = null; ; ) {
      const page: readonly Lead[] = await history.openLeads(id, after, PAGE);
      const dials = await this.#dials(page, profile, at);
      for (const lead of page) {
        count.add(
          judge.judge(lead, (number) => dials.get(number) ?? []),
          maxAttempts - lead.attempts,
        );
        read += 1;
        if (read % AT_ONCE === 0) await breathe();
      }
      tell({ done: false, step: 'leads', share: Math.min(1, read / all) });
      after = page.at(-1)?.id ?? null;
      if (page.length < PAGE) return counts.done;
    }
  }

  async #dials(leads: readonly Lead[], { attempts, lockOut }: ComplianceProfile, at: EpochMs) {
    const numbers = leads.flatMap((lead) => numbersOf(lead).map(({ number }) => number));
    const spans = attempts.caps.value.map(({ withinMs }) => withinMs);
    const longest = Math.max(lockOut.afterAbandonedMs.value, lockOut.afterMachineMs.value, ...spans);
    const dials = await this.#rooms.history.pastDials(numbers, at - longest);
    return Map.groupBy<string, PastDial>(dials, ({ number }) => number);
  }

  /** Who can serve it: all there are with the skills, and those who are ready. */
  #agents(campaign: Campaign) {
    const agents = this.#rooms.desk.all();
    const ready = agents.filter((agent) => seenBy(campaign, agent) !== null).length;
    const able = agents.filter(
      ({ live, profile }) => seenBy(campaign, { profile, live: { ...live, status: 'ready' } }) !== null,
    );
    return { all: able.length, ready };
  }
}

function running(over: Promise<Preflight>): Running {
  let state: PreflightState = { done: false, step: 'leads', share: 0 };
  return {
    over,
    state: () => state,
    tell: (next) => {
      state = next;
    },
  };
}
