import type { AgentId, EpochMs } from '../call/ids.ts';
import type { DialerEvent, DialerState } from '../dialer/pacing/index.ts';
import type { AgentDesk } from './agent-desk.ts';
import type { CampaignFloors } from './campaign-floors.ts';
import type { CampaignLedgers, LedgerSight } from './campaign-ledger.ts';
import { causeOf, DialerFeed, type LawSeen } from './dialer-feed.ts';
import { storyEvents } from './dialer-replay.ts';
import { seenBy } from './dialer-view.ts';
import type { Campaign, History } from './ports/history.ts';
import type { Clock } from './ports/time.ts';
import type { Switchboard } from './switchboard.ts';

/** Pacing learns again from so much of what was, and not from more attempts than this. */
const REPLAY_MS = 8 * 3_600_000;
const REPLAY_ATTEMPTS = 20_000;
/**
 * What changes is told; a look at all agents and calls of the house mends what was missed. It is dear in a large house: each
 * campaign looks on one tick of so many, and not all of them on the same one.
 */
const TICKS_A_LOOK = 4;

interface SightRooms {
  readonly clock: Clock;
  readonly history: Pick<History, 'attemptStory' | 'attemptCounts'>;
  readonly board: Pick<Switchboard, 'ofCampaign'>;
  readonly desk: AgentDesk;
  readonly floors: CampaignFloors;
  readonly ledgers: Pick<CampaignLedgers, 'open' | 'sight'>;
  /** Free agents who are kept for inbound calls: dials are not to count on them. */
  held(): ReadonlySet<AgentId>;
}

/** What the dialer of one campaign sees, and what pacing is told of it. */
export class CampaignSight {
  readonly #campaign: () => Campaign;
  readonly #rooms: SightRooms;
  readonly #on: (event: DialerEvent) => void;
  #held: ReadonlySet<AgentId> = new Set();
  #ticks: number;
  /** Null until it is known what was before: what moves meanwhile is looked at then. */
  #feed: DialerFeed | null = null;
  /** The windows for which pacing learned, and how many machines agents had met in them by then. */
  #learned: { readonly period: string; readonly met: number } | null = null;

  constructor(campaign: () => Campaign, rooms: SightRooms, on: (event: DialerEvent) => void) {
    this.#campaign = campaign;
    this.#rooms = rooms;
    this.#on = on;
    this.#ticks = rooms.floors.size;
  }

  get totals(): DialerState['totals'] | null {
    return this.#feed?.totals ?? null;
  }

  /** How the campaign stands against the limits of its profile; null: nobody knows, or it has none. */
  get ledger(): LedgerSight | null {
    return this.#rooms.ledgers.sight(this.#campaign());
  }

  /** A window of the law has moved on since pacing learned: what it counts with is no longer so. */
  get isOver(): boolean {
    const period = this.ledger?.period;
    return this.#learned !== null && period !== undefined && period !== this.#learned.period;
  }

  /** Reads what became of earlier dials, once; pacing hears of them before it hears of anything else. */
  async learn(): Promise<void> {
    if (this.#feed) return;
    const { history, clock, ledgers } = this.#rooms;
    const campaign = this.#campaign();
    const { id, createdAt } = campaign;
    const since = clock.now() - REPLAY_MS;
    const [story, counts] = await Promise.all([
      history.attemptStory(id, since, REPLAY_ATTEMPTS),
      history.attemptCounts(id),
      ledgers.open(campaign),
    ]);
    const feed = new DialerFeed(createdAt, this.#on);
    for (const event of storyEvents(story, createdAt, feed)) this.#on(event);
    for (const [outcome, count] of Object.entries(counts)) if (outcome !== 'open') add(feed, outcome, count);
    this.#feed = feed;
    const { period, counts: found } = this.ledger ?? { period: '', counts: null };
    this.#learned = { period, met: found?.connectedToMachine ?? 0 };
    this.#rooms.floors.tellAnew(id);
    this.#lookAtAll();
    this.#setHeld();
  }

  /** Pacing begins anew, with other settings: it is told all again. */
  forget(): void {
    this.#feed = null;
    this.#learned = null;
  }

  /** On each tick. */
  lookAround(): void {
    this.#ticks += 1;
    if (!this.#feed || this.#ticks % TICKS_A_LOOK === 0) this.#lookAtAll();
    this.#setHeld();
  }

  moved(state: Parameters<DialerFeed['call']>[0]): void {
    this.#feed?.call(state, this.#rooms.clock.now());
  }

  disposed(callId: string, agentId: AgentId, live: boolean): void {
    this.#feed?.disposed(callId, agentId, live, this.#rooms.clock.now());
  }

  callsNumbered(numbers: readonly number[]): readonly string[] {
    return this.#feed?.callsNumbered(numbers) ?? [];
  }

  /** The snapshot on which pacing decides; null: what was before is not known yet. */
  state(lines: DialerState['lines']): DialerState | null {
    const { clock, floors } = this.#rooms;
    const { id } = this.#campaign();
    const now = clock.now();
    if (!this.#feed) return null;
    this.#tellAgents(this.#feed, now);
    // Who is held back is found out by a look at all agents: only when there is somebody to be dialled for.
    const out = this.#feed.outNow();
    if (floors.counts(id).idle > out) {
      this.#setHeld();
      this.#tellAgents(this.#feed, now);
    }
    const claimed = this.#claimed();
    const others = floors.left(id, (agentId) => claimed.has(agentId) || this.#held.has(agentId));
    return this.#feed.state(now, lines, new Set([...claimed, ...others]), this.#lawSeen());
  }

  /** Machines that agents meet from now on, pacing takes off by itself. */
  #lawSeen(): LawSeen | null {
    const { ledger } = this;
    if (!ledger) return null;
    const { counts, budget, profile } = ledger;
    const left = profile.abandonment.leftInTime.value === 'abandoned' ? counts.leftInTime : 0;
    const connected = Math.max(0, counts.connected - (this.#learned?.met ?? 0));
    return { totals: { connected, abandoned: counts.abandoned + left, machine: counts.takenForMachine }, budget };
  }

  #lookAtAll(): void {
    const { floors, desk, board, clock } = this.#rooms;
    const campaign = this.#campaign();
    const now = clock.now();
    const own = [...board.ofCampaign(campaign.id)];
    floors.look(campaign, desk.all(), own);
    for (const { state } of own) this.#feed?.call(state, now);
  }

  #setHeld(): void {
    const { floors } = this.#rooms;
    const { id } = this.#campaign();
    const held = this.#rooms.held();
    if (held.size === 0 && this.#held.size === 0) return;
    for (const agentId of floors.idle(id)) if (held.has(agentId) !== this.#held.has(agentId)) floors.touch(id, agentId);
    this.#held = held;
  }

  #tellAgents(feed: DialerFeed, now: EpochMs): void {
    for (const [id, seen] of this.#rooms.floors.takeChanged(this.#campaign().id)) {
      feed.agent(id, seen?.state === 'idle' && this.#held.has(id) ? null : seen, now);
    }
  }

  /** One who is being reserved at this moment is idle still as far as he was told: the desk knows better. */
  #claimed(): ReadonlySet<AgentId> {
    const { floors, desk } = this.#rooms;
    const campaign = this.#campaign();
    const claimed = floors.idle(campaign.id).filter((id) => {
      const agent = desk.find(id);
      return (agent ? seenBy(campaign, agent) : null)?.state !== 'idle';
    });
    return new Set(claimed);
  }
}

/** What earlier attempts came to, which the snapshot's totals go on from. */
function add({ totals }: DialerFeed, outcome: string, count: number): void {
  totals.launched += count;
  if (outcome === 'connected' || outcome === 'abandoned') {
    totals.answered += count;
    totals[outcome] += count;
    return;
  }
  const cause = causeOf(outcome);
  if (cause !== 'hangup') totals[cause] += count;
}
