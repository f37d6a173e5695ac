import type { EpochMs } from '../call/ids.ts';
import { CAUSE, verdictOf } from '../call/cause.ts';
import { type AttemptOutcome, outcomeOf } from '../dialer/outcome.ts';
import { chooseTrunk, type TrunkRoom, trunkRoom } from '../dialer/trunk-choice.ts';
import { adoptLines, trunkHeard, type TrunkNews } from '../dialer/trunk-health.ts';
import { NO_TRUNKS, PLAIN_CARE, type TrunkRule, type TrunksState, trunkIn } from '../dialer/trunk-state.ts';
import { type CallLeg, type CallState, customer } from './call/state.ts';
import { CampaignCallerIds } from './campaign-caller-ids.ts';
import { holdsLine } from './campaign-room.ts';
import { titleOf, type TrunkSettings, usesOf } from './campaign-trunk-settings.ts';
import { insist } from './insist.ts';
import type { Campaign, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { TrunkHealth } from './ports/service.ts';
import type { Clock, Log } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Site } from './site.ts';

interface TrunkRooms {
  readonly clock: Clock;
  readonly log: Log;
  readonly live: Pick<LiveStore, 'append'>;
  readonly recorder: Recorder;
  readonly board: { all(): readonly { readonly state: CallState }[] };
  /** In force to the end of this process. */
  readonly trunks: Site['trunks'];
  pools(): NonNullable<Site['callerIds']>;
}

/** A line and a call start of a trunk, and the number that is shown: taken for one lead. */
export interface Way {
  readonly ok: true;
  readonly trunk: string;
  readonly callerId: string;
}

export type NoWay =
  /** Nobody of the campaign can be dialled now. */
  | { readonly ok: false; readonly who: 'all'; readonly because: string }
  /** Only this number cannot, until then. */
  | { readonly ok: false; readonly who: 'number'; readonly because: string; readonly until: EpochMs };

interface Taken {
  readonly trunk: string;
  readonly pool: string | null;
  readonly callerId: string;
  readonly number: string;
  readonly at: EpochMs;
  /** Its call is on the board, which counts its line from then on. */
  opened: boolean;
}

/** A number to which no trunk leads, or that nobody may show a number to, is asked again after this: settings change. */
const AGAIN_MS = 10 * 60_000;

/** What a trunk's calls told longer ago than this, or before so many others, is forgotten with its process. */
const RECALLED_MS = 24 * 3_600_000;
const RECALLED = 200;

/** Whose turn it is among trunks is counted by campaign; promises have one of their own. */
const PROMISES = 'promises';

/** How the leg of somebody who was called back ended, as an attempt of a campaign would have. */
function endOf({ cause = CAUSE.unknown, answeredAt, startedAt, endedAt }: CallLeg, ringMs: number) {
  const isUp = answeredAt !== undefined;
  const rangMs = Math.max(0, (answeredAt ?? endedAt ?? startedAt) - startedAt);
  const outcome = outcomeOf(verdictOf(cause, isUp), { phase: isUp ? 'talking' : 'ringing', rangMs, ringMs });
  return { outcome, sip: cause.sip ?? null };
}

/**
 * The trunks of this process, shared by its campaigns: which one a call goes by, and what its calls tell of it. Other
 * processes have lines and call starts of their own, and find out by themselves that a trunk is dead.
 */
export class CampaignTrunks {
  readonly callerIds: CampaignCallerIds;
  readonly #rooms: TrunkRooms;
  readonly #rules: ReadonlyMap<string, TrunkRule>;
  #state: TrunksState = NO_TRUNKS;
  /** By lead, of whom there are no two dials at once; of a call that keeps a promise, by its id. */
  readonly #taken = new Map<string, Taken>();
  readonly #downSince = new Map<string, EpochMs>();

  constructor(rooms: TrunkRooms) {
    this.#rooms = rooms;
    this.callerIds = new CampaignCallerIds({ clock: rooms.clock, pools: () => rooms.pools() });
    this.#rules = new Map([...rooms.trunks].map(([name, trunk]) => [name, { routes: [], care: PLAIN_CARE, ...trunk }]));
  }

  /** Why a campaign cannot be set so; null: it can. */
  fault(settings: TrunkSettings & Pick<Campaign, 'callerId' | 'callerIds'>): string | null {
    const names = [settings.trunk, ...usesOf(settings).map(({ trunk }) => trunk)];
    const unknown = names.find((name) => !this.#rules.has(name));
    if (unknown === undefined) return this.callerIds.fault(settings);
    const known = [...this.#rules.keys()].join(', ') || 'none: add one to trunks.yaml';
    return `There is no trunk '${unknown}'; the site has ${known}.`;
  }

  /** What the latest calls of each trunk came to, whoever made them: what was dead or failing is spared after a restart too. */
  async recall(history: Pick<History, 'attemptsBy'>): Promise<void> {
    const since = this.#rooms.clock.now() - RECALLED_MS;
    for (const rule of this.#rules.values()) {
      for (const { number, startedAt, endedAt, outcome, q850, sip } of await history.attemptsBy(
        rule.name,
        since,
        RECALLED,
      )) {
        const isLost = outcome === 'failed' && q850 === 0 && sip === null; // it ended with its process, and tells nothing
        if (outcome === null || endedAt === null || isLost) continue;
        this.#state = trunkHeard(rule, this.#state, { type: 'ended', number, startedAt, outcome, sip }, endedAt);
      }
      const { dead } = trunkIn(this.#state, rule.name);
      if (dead) this.#downSince.set(rule.name, dead.since); // it was told then
    }
  }

  /** Counts the lines anew: calls of earlier processes hold some too. */
  look(): void {
    const held = new Map<string, string[]>();
    const add = (trunk: string, number: string) => held.set(trunk, [...(held.get(trunk) ?? []), number]);
    for (const { state } of this.#rooms.board.all()) {
      const holds = holdsLine(state);
      const taken = this.#taken.get(state.attempt?.leadId ?? state.id);
      if (taken && holds) taken.opened = true;
      if (holds && state.attempt?.phase !== 'over') add(state.source, taken?.number ?? state.dnis);
    }
    for (const { trunk, number, opened } of this.#taken.values()) if (!opened) add(trunk, number);
    for (const rule of this.#rules.values()) this.#state = adoptLines(rule, this.#state, held.get(rule.name) ?? []);
  }

  room(settings: TrunkSettings): TrunkRoom {
    return trunkRoom(this.#rules, this.#state, usesOf(settings), this.#rooms.clock.now());
  }

  /** Takes a line and a call start for this lead. What is taken is given back when its call ends, or by `giveBack`. */
  take(
    campaign: Campaign,
    lead: { readonly id: string; readonly number: string },
    refusal: (callerId: string) => string | null = () => null,
  ): Way | NoWay {
    const now = this.#rooms.clock.now();
    const { number } = lead;
    const order = {
      turnsOf: campaign.id,
      number,
      uses: usesOf(campaign),
      prefer: campaign.preferTrunk ?? 'weight',
    };
    const choice = chooseTrunk(this.#rules, this.#state, order, now);
    if (!choice.ok) {
      const because = choice.because.join(' ');
      if (this.room(campaign).launch === 0) return { ok: false, who: 'all', because };
      return { ok: false, who: 'number', because, until: Math.max(now + 1_000, choice.until ?? now + AGAIN_MS) };
    }
    const shown = this.callerIds.choose(campaign, number, refusal);
    if (!shown.ok) return { ok: false, who: 'number', because: shown.because, until: now + AGAIN_MS };
    this.#state = choice.state;
    const { trunk } = choice;
    const { callerId } = shown;
    this.#taken.set(lead.id, { trunk, pool: campaign.callerIds ?? null, callerId, number, at: now, opened: false });
    return { ok: true, trunk, callerId };
  }

  /** Takes a line and a call start of this trunk for a call that keeps a promise; false: none is free. `moved` gives it back. */
  takeFor(callId: string, trunk: string, number: string): boolean {
    if (this.#taken.has(callId)) return true;
    this.look();
    const choice = this.#chosenFor(trunk, number);
    if (!choice.ok) return false;
    this.#state = choice.state;
    const at = this.#rooms.clock.now();
    this.#taken.set(callId, { trunk, pool: null, callerId: '', number, at, opened: false });
    return true;
  }

  /** The lead, or the call that keeps a promise, was not dialled after all. */
  giveBack(id: string): void {
    const taken = this.#taken.get(id);
    if (!taken) return;
    this.#taken.delete(id);
    this.#hear(taken.trunk, { type: 'not-dialled', number: taken.number, startedAt: taken.at });
  }

  /** A call moved that we dialled: what it tells of its trunk and of the number it shows. */
  moved(state: CallState, before: CallState): void {
    const { attempt, source, dnis, startedAt: began } = state;
    if (state.errand) return this.#errandMoved(state.errand.ringMs, state, before);
    if (!attempt || !before.attempt || before.attempt.phase === attempt.phase) return;
    const taken = this.#taken.get(attempt.leadId);
    const about = { number: taken?.number ?? dnis, startedAt: taken?.at ?? began };
    if (attempt.phase !== 'over') return this.#hear(source, { type: 'alive', ...about });
    const end = state.deeds.find((deed) => deed.type === 'attempt.end');
    this.#taken.delete(attempt.leadId);
    if (!end) return;
    const { outcome, sip } = end;
    if (taken?.pool) this.callerIds.heard(taken.pool, taken.callerId, outcome);
    this.#hear(source, { type: 'ended', ...about, outcome: outcome satisfies AttemptOutcome, sip });
  }

  /** Whether a call that no campaign makes may go by this trunk to this number now: it works, and has a line and a call start. */
  carries(name: string, number: string): boolean {
    if (!this.#rules.has(name)) return true; // it will be told that there is no such trunk
    this.look();
    return this.#chosenFor(name, number).ok;
  }

  #chosenFor(trunk: string, number: string) {
    const order = { turnsOf: PROMISES, number, uses: [{ trunk, weight: 1, tier: 0 }], prefer: 'weight' } as const;
    return chooseTrunk(this.#rules, this.#state, order, this.#rooms.clock.now());
  }

  #errandMoved(ringMs: number, state: CallState, before: CallState): void {
    const taken = this.#taken.get(state.id);
    if (!taken) return;
    const [leg, was] = [customer(state), customer(before)];
    if (leg.planned === true) {
      if (state.phase !== 'briefing') this.giveBack(state.id);
      return;
    }
    const about = { number: taken.number, startedAt: taken.at };
    if (leg.phase === was.phase) return;
    if (leg.phase !== 'ended') return this.#hear(taken.trunk, { type: 'alive', ...about });
    this.#taken.delete(state.id);
    this.#hear(taken.trunk, { type: 'ended', ...about, ...endOf(leg, ringMs) });
  }

  /** For "why is it not dialling". */
  gate(settings: TrunkSettings) {
    const uses = new Set(usesOf(settings).map(({ trunk }) => trunk));
    const unknown = [...uses].find((name) => !this.#rules.has(name));
    const { dead } = this.room(settings);
    return {
      title: titleOf(settings),
      fault: unknown === undefined ? null : `There is no trunk ${unknown}: add it to trunks.yaml.`,
      dead: dead.length < uses.size ? null : dead.join(' '),
    };
  }

  health(name: string): TrunkHealth {
    const { dead, troubles } = trunkIn(this.#state, name);
    const told = Object.entries(troubles).filter(([, { failures }]) => failures > 0);
    return {
      down: dead && { since: this.#downSince.get(name) ?? dead.since, said: dead.said, until: dead.until },
      backOff: told.map(([destination, { said, until }]) => ({ destination, said, until })),
    };
  }

  #hear(name: string, news: TrunkNews): void {
    const rule = this.#rules.get(name);
    if (!rule) return;
    const { clock } = this.#rooms;
    const now = clock.now();
    this.#state = trunkHeard(rule, this.#state, news, now);
    const { dead } = trunkIn(this.#state, name);
    const since = this.#downSince.get(name);
    if (dead && since === undefined) {
      this.#downSince.set(name, now);
      this.#say({ type: 'trunk.down', data: { trunk: name, said: dead.said, until: dead.until } });
    }
    if (!dead && since !== undefined) {
      this.#downSince.delete(name);
      this.#say({ type: 'trunk.up', data: { trunk: name, downMs: now - since } });
    }
  }

  #say(fact: Parameters<Recorder['events']>[1][number] & { readonly type: 'trunk.down' | 'trunk.up' }): void {
    const { recorder, live } = this.#rooms;
    const events = recorder.events(`trunk/${fact.data.trunk}`, [fact]);
    recorder.tell(events);
    void insist(this.#rooms, 'health of a trunk', () => live.append(events));
  }
}
