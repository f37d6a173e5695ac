import { explainAgent, explainCall, type CallStanding } from '../../acd/explain.ts';
import type { Scene } from '../../acd/match.ts';
import type { AgentId, CallId, EpochMs } from '../../call/ids.ts';
import type { JournalEvent } from '../../call/journal.ts';
import type { Why } from '../../call/why.ts';
import type { AgentDesk } from '../agent-desk.ts';
import type { Explainer, ExplainLine, Explanation } from '../ports/explain.ts';
import { DISORDER_MS, slices } from '../journal-span.ts';
import type { CallbackRequest, FlowStore } from '../ports/flow-store.ts';
import type { History } from '../ports/history.ts';
import type { LiveStore } from '../ports/live-store.ts';
import type { Clock } from '../ports/time.ts';
import type { Switchboard } from '../switchboard.ts';
import { agentHeadline, agentLines } from './agent-lines.ts';
import { type PastOffer, wentBy } from './past-offer.ts';
import { promiseLine, PromiseReader, promiseSentence } from './promise.ts';
import { offered, outcomeOf, storyOf } from './story.ts';
import { whoCould } from './who-could.ts';
import { asked, counted, lasting, type NameOf } from './words.ts';

interface ExplainRooms {
  readonly clock: Clock;
  readonly live: Pick<LiveStore, 'read' | 'cursorAt'>;
  readonly history: Pick<History, 'callRecord' | 'decisions' | 'campaign'>;
  readonly flows: Pick<FlowStore, 'callback'>;
  readonly desk: Pick<AgentDesk, 'find' | 'all'>;
  readonly dispatcher: { scene(): Scene };
  readonly board: Pick<Switchboard, 'find' | 'all'>;
}

/** Events looked through for one call; the journal has no index by call. */
const MOST_EVENTS = 200_000;
/** What was done for a promise is told until so long after it was kept or given up. */
const AFTERWARDS_MS = 60_000;
/** Offers of an agent that are told. */
const LATELY = 5;
/** An offer is taken, or not, within so long; looked through for it are so many events at most. */
const RINGS_MS = 90_000;
const MOST_OF_OFFER = 20_000;
/** A decision is journalled when its agent is held, a moment after it was made. */
const MOMENT_MS = 1_000;

/** The queue of a campaign, as it stands in sentences. */
const CAMPAIGN = /(?:queue )?campaign:([\w-]+)/gu;

/** Answers "why" from what is there now, and from what was written down. */
export class EngineExplainer implements Explainer {
  readonly #rooms: ExplainRooms;

  constructor(rooms: ExplainRooms) {
    this.#rooms = rooms;
  }

  async explainCall(id: CallId): Promise<Explanation | null> {
    const { clock, dispatcher } = this.#rooms;
    const events = await this.#events(id);
    const promises = await this.#promisesOf(events);
    const story = storyOf(events, this.#names());
    const told = story.length > 0 ? story : await this.#fromDecisions(id);
    const now = clock.now();
    const scene = dispatcher.scene();
    const waiting = scene.calls.find(({ callId }) => callId === id);
    if (!waiting && told.length === 0) return this.#explainPromise(id);
    const name = this.#names();
    const standing = waiting && explainCall(waiting, scene, now);
    const outcome = promises.map((each) => promised(each, name, now)).join(' ') || outcomeOf(events, name);
    const headline = standing ? waits(standing, name, now) : outcome || (told.at(-1)?.text ?? '');
    const lines = [...told, ...promises.map((each) => promiseLine(each, name, now)), ...this.#could(standing)];
    return this.#named({ of: 'call', id, at: now, headline, lines });
  }

  #could(standing: CallStanding | undefined): readonly ExplainLine[] {
    const { desk, clock } = this.#rooms;
    if (!standing) return [];
    return [whoCould(standing, (agent) => desk.find(agent)?.live, this.#names(), clock.now())];
  }

  /** What callers were promised in this call, as it stands now. */
  async #promisesOf(events: readonly JournalEvent[]): Promise<readonly CallbackRequest[]> {
    const ids = events.flatMap((event) => (event.type === 'callback.requested' ? [event.data.callbackId] : []));
    const found = await Promise.all(ids.map((id) => this.#rooms.flows.callback(id)));
    return found.filter((each) => each !== null);
  }

  async #explainPromise(id: string): Promise<Explanation | null> {
    const { flows, live, clock, dispatcher, board } = this.#rooms;
    const promise = await flows.callback(id);
    if (!promise) return null;
    const reader = new PromiseReader(promise);
    const until = promise.closedAt === null ? clock.now() : promise.closedAt + AFTERWARDS_MS;
    let looked = 0;
    for await (const { events } of slices(live, await live.cursorAt(promise.requestedAt - DISORDER_MS), until)) {
      for (const event of events) reader.see(event);
      looked += events.length;
      if (looked >= MOST_EVENTS) break;
    }
    const [now, name, scene] = [clock.now(), this.#names(), dispatcher.scene()];
    const callId = board.all().find(({ state }) => state.errand?.id === id)?.id;
    const waiting = scene.calls.find((call) => call.callId === callId);
    const standing = waiting && explainCall(waiting, scene, now);
    const headline = standing ? waits(standing, name, now) : promised(promise, name, now);
    return { of: 'callback', id, at: now, headline, lines: [...reader.story(name), ...this.#could(standing)] };
  }

  async explainAgent(id: AgentId): Promise<Explanation | null> {
    const { clock, dispatcher, desk, history } = this.#rooms;
    const decisions = await history.decisions({ agentId: id, limit: LATELY });
    const lately = await Promise.all(decisions.map((why) => this.#offer(why, id)));
    const now = clock.now();
    const scene = dispatcher.scene();
    const agent = scene.agents.find((each) => each.id === id);
    const live = desk.find(id)?.live;
    if (!agent || !live) return null;
    const name = this.#names();
    const standing = explainAgent(agent, scene, now);
    const headline = agentHeadline(standing, live, name, now);
    const lines = agentLines(standing, live, lately, name, now);
    return this.#named({ of: 'agent', id, at: now, headline, lines });
  }

  /** What became of an offer. */
  async #offer(why: Why, agentId: AgentId): Promise<PastOffer> {
    const { live } = this.#rooms;
    let looked = 0;
    for await (const { events } of slices(live, await live.cursorAt(why.at - MOMENT_MS), why.at + RINGS_MS)) {
      for (const event of events) {
        const how = wentBy(event, why, agentId);
        if (how !== null) return { why, how };
      }
      looked += events.length;
      if (looked >= MOST_OF_OFFER) break;
    }
    return { why, how: null };
  }

  /** With the names of campaigns, which people know, for the queues of campaigns, which they do not. */
  async #named(explanation: Explanation): Promise<Explanation> {
    const said = [explanation.headline, ...explanation.lines.flatMap(({ text, details }) => [text, ...details])];
    const ids = new Set(said.flatMap((text) => [...text.matchAll(CAMPAIGN)].map(([, id = '']) => id)));
    const found = await Promise.all([...ids].map((id) => this.#rooms.history.campaign(id)));
    const names = new Map(found.flatMap((each) => (each ? [[each.id, each.name] as const] : [])));
    const named = (text: string) =>
      text.replaceAll(CAMPAIGN, (queue, id: string) => (names.has(id) ? `campaign '${names.get(id)}'` : queue));
    const lines = explanation.lines.map(({ at, text, details }) => ({
      at,
      text: named(text),
      details: details.map(named),
    }));
    return { ...explanation, headline: named(explanation.headline), lines };
  }

  /** Two of one name are told apart by their ids. */
  #names(): NameOf {
    const names = new Map(this.#rooms.desk.all().map(({ profile }) => [profile.id, profile.name]));
    const times = Map.groupBy(names.values(), (name) => name);
    return (id) => {
      const name = names.get(id) ?? id;
      return (times.get(name)?.length ?? 0) > 1 ? `${name} (${id})` : name;
    };
  }

  async #events(id: CallId): Promise<readonly JournalEvent[]> {
    const { live, history, board, clock } = this.#rooms;
    const record = await history.callRecord(id);
    const from = board.find(id)?.state.startedAt ?? record?.startedAt;
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
    const name = this.#names();
    return kept.toReversed().map((why) => offered(why.at, why, name));
  }
}

const promised = (promise: CallbackRequest, name: NameOf, now: EpochMs): string =>
  `A callback was promised in ${promise.queue}. ${promiseSentence(promise, name, now)}`;

const KINDS = {
  call: '',
  campaign: 'A person whom a campaign rang. ',
  callback: 'A promised callback. ',
  voicemail: 'A message to be answered. ',
  consult: 'An agent asks for another. ',
} as const;

/** Who could take it is logged in, and lacks nothing that it asks. */
const NEAR: ReadonlySet<string> = new Set(['kept', 'busy', 'away', 'other']);

function waits(standing: CallStanding, name: NameOf, now: EpochMs): string {
  const { call, step, require, ofQueue, relaxes, bound, position, agents } = standing;
  const able = agents.filter(({ hindrance }) => hindrance === null || NEAR.has(hindrance.why)).length;
  const relaxed = step === 0 ? '' : ` (relaxed ${counted(step, 'time')})`;
  const besides = ofQueue.length === 0 ? '' : `; ${call.queue} asks for ${asked(ofQueue)} of everybody`;
  const one = bound === null ? '' : ` It waits for ${name(bound)} alone.`;
  const later = relaxes ? ` In ${lasting(relaxes.at - now)} it asks for ${asked(relaxes.require)}.` : '';
  const who = able === 0 ? 'Nobody' : counted(able, 'agent');
  return `${KINDS[call.kind]}Has waited ${lasting(now - call.enqueuedAt)} in ${call.queue}, number ${position}, and asks for ${asked(require)}${relaxed}${besides}. ${who} logged in could take it.${one}${later}`;
}
