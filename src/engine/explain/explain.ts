import { explainAgent, explainCall, type AgentStanding, type CallStanding } from '../../acd/explain.ts';
import type { AgentLive } from '../../acd/agent.ts';
import type { Scene } from '../../acd/match.ts';
import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { AgentDesk } from '../agent-desk.ts';
import type { Explainer, ExplainLine, Explanation } from '../ports/explain.ts';
import { DISORDER_MS, slices } from '../journal-span.ts';
import type { History } from '../ports/history.ts';
import type { LiveStore } from '../ports/live-store.ts';
import type { Clock } from '../ports/time.ts';
import { storyOf } from './story.ts';
import { asked, counted, doing, hindered, lasting, listed, reasons } from './words.ts';

interface ExplainRooms {
  readonly clock: Clock;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly history: Pick<History, 'callRecord' | 'decisions'>;
  readonly desk: Pick<AgentDesk, 'find'>;
  readonly dispatcher: { scene(): Scene };
  /** When a call in progress began; null when there is none. */
  readonly startedAt: (id: CallId) => EpochMs | null;
}

/** Events looked through for one call; the journal has no index by call. */
const MOST_EVENTS = 200_000;
/** Of one kind so many are named; the others are counted. */
const NAMED = 5;

/** Answers "why" from what is there now, and from what was written down. */
export class EngineExplainer implements Explainer {
  readonly #rooms: ExplainRooms;

  constructor(rooms: ExplainRooms) {
    this.#rooms = rooms;
  }

  async explainCall(id: CallId): Promise<Explanation | null> {
    const { clock, dispatcher } = this.#rooms;
    const now = clock.now();
    const scene = dispatcher.scene();
    const waiting = scene.calls.find(({ callId }) => callId === id);
    const story = storyOf(await this.#events(id));
    const told = story.length > 0 ? story : await this.#fromDecisions(id);
    if (!waiting && told.length === 0) return null;
    const standing = waiting && explainCall(waiting, scene, now);
    const headline = standing ? waits(standing, now) : (told.at(-1)?.text ?? '');
    const lines = standing ? [...told, ...this.#whoCould(standing, now)] : told;
    return { of: 'call', id, at: now, headline, lines };
  }

  async explainAgent(id: AgentId): Promise<Explanation | null> {
    const { clock, dispatcher, desk, history } = this.#rooms;
    const now = clock.now();
    const scene = dispatcher.scene();
    const agent = scene.agents.find((each) => each.id === id);
    const live = desk.find(id)?.live;
    if (!agent || !live) return null;
    const standing = explainAgent(agent, scene, now);
    const recent = await history.decisions({ agentId: id, limit: NAMED });
    const lines = [...whyNone(standing, live, now), ...calledLately(live), ...recent.toReversed().map(past)];
    return { of: 'agent', id, at: now, headline: `${id} ${doing(live, now)}${andCalls(standing)}`, lines };
  }

  async #events(id: CallId): Promise<readonly JournalEvent[]> {
    const { live, history, startedAt, clock } = this.#rooms;
    const record = await history.callRecord(id);
    const from = startedAt(id) ?? record?.startedAt;
    if (from === undefined) return [];
    const until = record?.endedAt ?? clock.now();
    const found: JournalEvent[] = [];
    let looked = 0;
    for await (const { events } of slices(live, await live.cursorAt(from - DISORDER_MS), until)) {
      found.push(...events.filter(({ subject }) => subject === `call/${id}`));
      looked += events.length;
      if (looked >= MOST_EVENTS) break;
    }
    return found;
  }

  /** The journal may have forgotten the call; why it went to whom is kept for longer. */
  async #fromDecisions(callId: CallId): Promise<readonly ExplainLine[]> {
    const kept = await this.#rooms.history.decisions({ callId, limit: 200 });
    return kept.toReversed().map((why) => ({
      at: why.at,
      text: `Offered to ${why.agentIds.join(', ')}.`,
      details: reasons(why),
    }));
  }

  /** Everybody, by what keeps them from it. */
  #whoCould({ agents }: CallStanding, now: EpochMs): readonly ExplainLine[] {
    const details = agents.map(({ agentId, hindrance }) => {
      const live = this.#rooms.desk.find(agentId)?.live;
      return {
        order: hindrance ? ORDER.indexOf(hindrance.why) : 0,
        text: `${agentId} ${hindered(hindrance, live, now)}`,
      };
    });
    const sorted = details.toSorted((a, b) => a.order - b.order).map(({ text }) => text);
    const more = sorted.length > MOST_AGENTS ? [`and ${sorted.length - MOST_AGENTS} more`] : [];
    return [{ at: null, text: 'Who could take it:', details: [...sorted.slice(0, MOST_AGENTS), ...more] }];
  }
}

/** Those who come nearest to taking a call first. */
const ORDER: readonly string[] = ['', 'kept', 'busy', 'away', 'other', 'out', 'skills', 'queue'];
const MOST_AGENTS = 40;

function waits({ call, step, require, bound, position, agents }: CallStanding, now: EpochMs): string {
  const able = agents.filter(({ hindrance }) => hindrance === null || NEAR.has(hindrance.why)).length;
  const relaxed = step === 0 ? '' : ` (relaxed ${counted(step, 'time')})`;
  const one = bound === null ? '' : ` It waits for ${bound} alone.`;
  return `Has waited ${lasting(now - call.enqueuedAt)} in ${call.queue}, number ${position}, and asks for ${asked(require)}${relaxed}: ${counted(able, 'agent')} who ${able === 1 ? 'is' : 'are'} logged in could take it.${one}`;
}

const NEAR: ReadonlySet<string> = new Set(['kept', 'busy', 'away', 'other']);

function andCalls({ calls, agent }: AgentStanding): string {
  if (calls.length === 0) return '; no call waits.';
  const could = calls.filter(({ hindrance }) => hindrance === null || hindrance.why === agent.presence).length;
  const wait = `; ${counted(calls.length, 'call waits', 'calls wait')}`;
  return could === 0 ? `${wait}, and he can take none of them.` : `${wait}, ${could} of which he could take.`;
}

/** Calls that one thing keeps from him stand in one line. */
function whyNone({ calls }: AgentStanding, live: AgentLive, now: EpochMs): readonly ExplainLine[] {
  const byReason = new Map<string, string[]>();
  for (const { callId, hindrance } of calls) {
    const reason = hindered(hindrance, live, now);
    byReason.set(reason, [...(byReason.get(reason) ?? []), callId]);
  }
  return [...byReason].map(([reason, ids]) => {
    const named = ids.length > NAMED ? [...ids.slice(0, NAMED), `${ids.length - NAMED} more`] : ids;
    return { at: null, text: `${counted(ids.length, 'call')}: ${reason}.`, details: [listed(named)] };
  });
}

function calledLately({ handled }: AgentLive): readonly ExplainLine[] {
  const queues = Object.entries(handled).map(([queue, calls]) => `${queue} ${calls}`);
  return queues.length === 0 ? [] : [{ at: null, text: `Talks since log-in: ${listed(queues)}.`, details: [] }];
}

const past = (why: Parameters<typeof reasons>[0]): ExplainLine => ({
  at: why.at,
  text: `Was offered ${why.callId}.`,
  details: reasons(why),
});
