import type { CampaignId, EpochMs } from '../call/ids.ts';
import { type CampaignGate, campaignGates } from '../dialer/campaign-gates.ts';
import { type CallState, callStateSchema } from './call/state.ts';
import type { CampaignLaw } from './campaign-law.ts';
import type { CampaignLedgers } from './campaign-ledger.ts';
import { abandonmentGate } from './campaign-ledger-words.ts';
import { seenBy } from './dialer-view.ts';
import type { AgentDesk } from './agent-desk.ts';
import { CALLBACK_WAIT_MS } from './campaign-launcher.ts';
import { campaignFinish } from './campaign-finish.ts';
import { ListQualities } from './campaign-quality.ts';
import type { CampaignTrunks } from './campaign-trunks.ts';
import type { CampaignRunner } from './campaign-runner.ts';
import type { CampaignFleet } from './fleet.ts';
import { leadWhy } from './lead-why.ts';
import { keptBackWords } from './refused-words.ts';
import type {
  CampaignDesk,
  CampaignLive,
  CampaignQuality,
  CampaignWhy,
  Killed,
  LeadWhy,
  Paced,
  RunningCampaign,
  StillOut,
} from './ports/campaigns.ts';
import type { Campaign, History, LeadStatus } from './ports/history.ts';
import type { Preflight } from './ports/preflight.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Answer } from './ports/service.ts';
import type { Clock } from './ports/time.ts';
import type { Switchboard } from './switchboard.ts';

interface DeskRooms {
  readonly clock: Clock;
  readonly history: History;
  readonly live: Pick<LiveStore, 'loadCalls'>;
  readonly board: Pick<Switchboard, 'all'>;
  readonly desk: Pick<AgentDesk, 'all'>;
  readonly fleet: CampaignFleet;
  readonly ways: CampaignTrunks;
  readonly connected: () => boolean;
  readonly law: CampaignLaw;
  readonly ledgers: CampaignLedgers;
  /** ISO 3166-1 alpha-2 of numbers written without `+`. */
  readonly country: string | null;
}

/** What a manager asks of the dialer while it runs. */
export class EngineCampaignDesk implements CampaignDesk {
  readonly #rooms: DeskRooms;
  readonly #qualities: ListQualities;

  constructor(rooms: DeskRooms) {
    this.#rooms = rooms;
    this.#qualities = new ListQualities(rooms);
  }

  async kill(id: CampaignId, by: string): Promise<Answer<Killed>> {
    const campaign = await this.#rooms.history.campaign(id);
    if (!campaign) return { ok: false, why: 'not-found', sentence: `there is no campaign ${id}` };
    const killed = await this.#rooms.fleet.kill(id, by);
    return { ok: true, value: await this.#told(killed, (campaignId) => campaignId === id) };
  }

  async killAll(by: string): Promise<Killed> {
    const killed = await this.#rooms.fleet.kill(null, by);
    return this.#told(killed, () => true);
  }

  async why(id: CampaignId): Promise<CampaignWhy | null> {
    const { history, clock, law, ledgers } = this.#rooms;
    const campaign = await history.campaign(id);
    if (!campaign) return null;
    const [leads, refused] = await Promise.all([history.leadCounts(id), history.refusedLeads(id)]);
    await ledgers.open(campaign);
    const gates = this.#gates(campaign, leads, law.rules(campaign), keptBackWords(refused));
    const headline = gates.find(({ pass }) => !pass) ?? gates.at(-1);
    return { at: clock.now(), headline: headline?.text ?? '', gates };
  }

  async whyLead(id: CampaignId, lead: string): Promise<Answer<LeadWhy>> {
    const { history, clock, law, desk, country } = this.#rooms;
    const campaign = await history.campaign(id);
    if (!campaign) return { ok: false, why: 'not-found', sentence: `there is no campaign ${id}` };
    const gates = this.#gates(campaign, await history.leadCounts(id), law.rules(campaign));
    const isFree = (of: Campaign, agentId: string) =>
      desk.all().some((agent) => agent.live.id === agentId && seenBy(of, agent)?.state === 'idle');
    const rooms = { history, law, country, isFree, callbackWaitMs: CALLBACK_WAIT_MS };
    return leadWhy(rooms, { campaign, gates, now: clock.now() }, lead);
  }

  async quality(id: CampaignId): Promise<CampaignQuality | null> {
    return (await this.#rooms.history.campaign(id)) ? this.#qualities.of(id) : null;
  }

  async decisions(id: CampaignId): Promise<readonly Paced[] | null> {
    if (!(await this.#rooms.history.campaign(id))) return null;
    return this.#rooms.fleet.runner(id)?.paced.latest ?? [];
  }

  running(): readonly RunningCampaign[] {
    return this.#rooms.fleet.running().map(runningOf);
  }

  /** Null: another process dials it, or nobody. */
  async live(
    campaign: Campaign,
    leads: Readonly<Record<LeadStatus, number>>,
    prior: Preflight | null,
  ): Promise<CampaignLive | null> {
    const { fleet, history, clock } = this.#rooms;
    const runner = fleet.runner(campaign.id);
    const totals = runner?.sight.totals;
    if (!runner || !totals) return null;
    const { campaign: lines } = runner.lines();
    const agents = runner.agents();
    const drops = runner.sight.ledger?.abandoned.tightest ?? null;
    const waiting = await history.waitingLeads(campaign.id);
    const { pulse } = runner;
    const finish = {
      now: clock.now(),
      campaign,
      leads,
      dials: totals.launched,
      lines: lines.lines,
      pulse,
      waiting,
      prior,
    };
    return {
      agents,
      idleMs: runner.pulse.idleMs,
      callsMade: totals.launched,
      dropsPercent: drops === null || drops.of === 0 ? null : 100 * drops.rate,
      dropsDefinition: drops?.definition ?? null,
      dialLevel: agents.idle === 0 ? null : runner.out() / agents.idle,
      lines: { inUse: lines.inUse, max: lines.lines },
      finishAt: campaignFinish(finish),
    };
  }

  #gates(
    campaign: Campaign,
    leads: Readonly<Record<LeadStatus, number>>,
    more: readonly CampaignGate[],
    keptBack: string | null = null,
  ) {
    const { connected, fleet, ways, desk, ledgers } = this.#rooms;
    const { status, mode } = campaign;
    const runner = fleet.runner(campaign.id);
    const seen = desk.all().flatMap((agent) => seenBy(campaign, agent) ?? []);
    const used = runner?.lines() ?? this.#linesAtRest(campaign);
    const facts = {
      status,
      mode,
      connected: connected(),
      isHere: runner !== undefined || status !== 'running',
      trunk: { ...ways.gate(campaign), ...used.trunk },
      agents: { ready: seen.length, idle: seen.filter(({ state }) => state === 'idle').length },
      lines: used.campaign,
      starts: runner?.startsFault() ?? null,
      leads,
      look: runner?.look ?? 'due',
      keptBack,
      abandonment: abandonmentGate(ledgers.sight(campaign), mode),
      because: runner?.because ?? null,
    };
    return campaignGates(facts, more);
  }

  /** Of a campaign that nobody dials here: what was let ring may still be out. */
  #linesAtRest(campaign: Campaign): ReturnType<CampaignRunner['lines']> {
    const { board, ways } = this.#rooms;
    const { lines, linesInUse } = ways.room(campaign);
    const own = board.all().filter(({ state }) => state.attempt?.campaignId === campaign.id && state.phase !== 'ended');
    return { campaign: { lines: campaign.maxLines, inUse: own.length }, trunk: { lines, inUse: linesInUse } };
  }

  async #told(campaigns: readonly Campaign[], isAsked: (campaignId: CampaignId) => boolean): Promise<Killed> {
    const { clock } = this.#rooms;
    const at = clock.now();
    const calls = await this.#calls();
    const stillOut = calls.flatMap((call) => stillOutOf(call, at)).filter(({ campaignId }) => isAsked(campaignId));
    return { at, campaigns: campaigns.map(({ id, name }) => ({ id, name })), stillOut };
  }

  /** Our own as they are, those of other processes as the live store has them; without it, our own. */
  async #calls(): Promise<readonly CallState[]> {
    const ours = this.#rooms.board.all().map(({ state }) => state);
    const known = new Set(ours.map(({ id }) => id));
    const stored = await this.#rooms.live.loadCalls().catch(() => []);
    const others = stored.flatMap(({ id, body }) => {
      const parsed = known.has(id) ? undefined : callStateSchema.safeParse(body);
      return parsed?.success ? [parsed.data] : [];
    });
    return [...ours, ...others];
  }
}

function runningOf(runner: CampaignRunner): RunningCampaign {
  const { id, name } = runner.campaign;
  const { inUse, lines: max } = runner.lines().campaign;
  const agents = runner.agents();
  const tightest = runner.sight.ledger?.abandoned.tightest ?? null;
  return {
    id,
    name,
    agents,
    callsMade: runner.sight.totals?.launched ?? 0,
    dialLevel: agents.idle === 0 ? null : runner.out() / agents.idle,
    lines: { inUse, max },
    abandonment: tightest && { rate: tightest.rate, cap: tightest.limit.cap, budget: tightest.budget },
  };
}

function stillOutOf({ id: callId, attempt, phase, dnis, startedAt }: CallState, now: EpochMs): readonly StillOut[] {
  if (!attempt) return [];
  const about = { campaignId: attempt.campaignId, callId, number: masked(dnis), ageMs: now - startedAt };
  if (phase === 'dialing') return [{ ...about, state: 'ringing' }];
  return phase === 'queued' || phase === 'offering' ? [{ ...about, state: 'waiting' }] : [];
}

/** Enough to find it on a list, too little to call. */
const masked = (number: string): string => '·'.repeat(Math.max(0, number.length - 3)) + number.slice(-3);
