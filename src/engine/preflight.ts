import { setImmediate as breathe } from 'node:timers/promises';
import type { CampaignId, EpochMs, LeadId } from '../call/ids.ts';
import { type AmdCounts, NO_AMD } from '../dialer/amd-rates.ts';
import type { ComplianceProfile } from '../dialer/compliance/profile.ts';
import type { AgentDesk } from './agent-desk.ts';
import { callerIdFacts, numbersOf, registerImportedAt } from './campaign-law-facts.ts';
import type { LawRooms } from './campaign-law.ts';
import { seenBy } from './dialer-view.ts';
import { DEFAULT_PROFILE } from './ports/campaigns.ts';
import type { Campaign, History, Lead } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { PastDial } from './ports/law.ts';
import type { Preflight, PreflightDesk, PreflightRun, PreflightState } from './ports/preflight.ts';
import type { Clock } from './ports/time.ts';
import { PreflightCount } from './preflight-count.ts';
import { assumptionsOf } from './preflight-assumptions.ts';
import { expectedOf } from './preflight-expected.ts';
import { heardOf } from './preflight-heard.ts';
import { journalOf, readingOf } from './preflight-journal.ts';
import { PreflightJudge } from './preflight-judge.ts';
import { seenOf, timesOf } from './preflight-known.ts';
import { noForecastOf } from './preflight-none.ts';
import { type RoomBooks, roomOf } from './preflight-room.ts';
import { warningsOf } from './preflight-warnings.ts';
import { skippedBy } from './preflight-words.ts';

interface Rooms extends Pick<LawRooms, 'profiles' | 'routes'>, RoomBooks {
  readonly clock: Pick<Clock, 'now'>;
  readonly history: History;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly dnc: LawRooms['dnc'] & { readonly book: { readonly ready: boolean } };
  readonly desk: Pick<AgentDesk, 'all'>;
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
    const { clock, dnc, routes, connected } = this.#rooms;
    const at = clock.now();
    const callerId = callerIdFacts(campaign.callerId, routes());
    const known = { campaign, profile, callerId, registerImportedAt: registerImportedAt(dnc.book.lists) };
    const judge = new PreflightJudge(known, (number, id) => dnc.hits(number, id), at);
    const count = new PreflightCount(at, skippedBy(campaign, profile));
    const done = await this.#read(campaign, profile, { judge, count, at }, tell);
    const past = await this.#past(campaign, profile, at);
    const { hours, zones } = await count.byHour(profile);
    const agents = this.#agents(campaign);
    const room = roomOf(campaign, this.#rooms);
    const open = count.leads;
    const leads = { all: done + open.now + open.later + open.never, done, ...open };
    const { skipped } = count;
    const noForecast = noForecastOf({ campaign, leads, skipped, hours, ...room, agents: agents.all });
    const outlook = { campaign, profile, ...past, ...room, agents: agents.ready || agents.all, hours };
    const told = (share: number) => tell({ done: false, step: 'forecast', share });
    const expected = noForecast === null ? await expectedOf(outlook, count, told) : null;
    const sight = { ...outlook, agents, connected: connected(), dncReady: dnc.book.ready, leads, skipped };
    const warnings = warningsOf({ ...sight, blockers: judge.blockers() });
    const assumptions = assumptionsOf({ ...outlook, profile: profile.id });
    const said = { leads, skipped, hours, zones, expected, noForecast, assumptions, warnings };
    const preflight = { at, campaignId: campaign.id, profile: profile.id, ...said };
    tell({ done: true, preflight });
    return preflight;
  }

  /** All that earlier dials tell of those to come. */
  async #past(campaign: Campaign, profile: ComplianceProfile, at: EpochMs) {
    const { history, live } = this.#rooms;
    const seen = await seenOf(campaign, history, at);
    const journal = await journalOf(live, campaign.id, { from: seen.latestFrom, now: at });
    const own = await history.amdCounts(campaign.id);
    const said = sumOf(await Promise.all(seen.campaigns.map((id) => history.amdCounts(id))));
    const heard = heardOf(campaign, profile, { seen, said, own, journal });
    return { seen, journal, heard, times: timesOf(campaign, seen), reading: readingOf(campaign, journal) };
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

const sumOf = (all: readonly AmdCounts[]): AmdCounts =>
  all.reduce(
    (sum, each) => ({
      machines: sum.machines + each.machines,
      sampledPersons: sum.sampledPersons + each.sampledPersons,
      sampledMachines: sum.sampledMachines + each.sampledMachines,
      passedPersons: sum.passedPersons + each.passedPersons,
      passedMachines: sum.passedMachines + each.passedMachines,
    }),
    NO_AMD,
  );

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
