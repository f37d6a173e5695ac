import type { JournalEvent } from '../../src/call/journal.ts';
import { AgentCount } from './kpi-count-agents.ts';
import { type QueueTerms, rungBack, waits } from './kpi-count-queues.ts';
import { results, surveys } from './kpi-count-said.ts';
import { facts, keysOf, type Of, part, storiesOf, type Story, sum } from './kpi-count-story.ts';
import { outbound, talks } from './kpi-count-talk.ts';

export interface CountSettings extends QueueTerms {
  readonly repeatMs: number;
  readonly perMinute: number;
  readonly perAgentSecond: number;
}

const REDIAL_MS = 300_000;

/** Every figure of docs/kpis.md that is counted, of any part of a journal. */
export class Recount {
  readonly #events: readonly JournalEvent[];
  readonly #stories: readonly Story[];
  readonly #byId: ReadonlyMap<string, Story>;
  readonly #agents: AgentCount;
  readonly #redials = new Set<string>();
  readonly #repeats = new Map<string, boolean>();
  readonly #settings: CountSettings;

  constructor(events: readonly JournalEvent[], settings: CountSettings) {
    this.#settings = settings;
    // All that is looked at when no single call is: the others are many.
    this.#events = events.filter(({ type }) => type === 'call.disposed' || type === 'callback.answered');
    this.#stories = storiesOf(events);
    this.#byId = new Map(this.#stories.map((story) => [story.id, story]));
    this.#agents = new AgentCount(events, this.#stories);
    this.#lookBack();
  }

  /** Every key there is. */
  keys(by: Of['by'], teams: Of['teams']): readonly (string | null)[] {
    if (by === null) return [null];
    return [...new Set(this.#stories.flatMap((story) => keysOf(story, by, teams)))].toSorted();
  }

  count(of: Of) {
    const isMine = (story: Story) => of.by === null || keysOf(story, of.by, of.teams).includes(of.key ?? '');
    const mine = this.#stories.filter((story) => story.at >= of.from && story.at < of.to && isMine(story));
    const inbound = mine.filter((story) => story.inbound);
    const perPart = of.by === 'queue' || of.by === 'agent' || of.by === 'team';
    const told = (callId: string) => {
      const story = this.#byId.get(callId);
      // What is said of a call is its agent's and its queue's, whoever took it.
      return perPart || (story !== undefined && isMine(story));
    };
    const { targetMs } = this.#settings;
    const again = (callId: string) => this.#repeats.get(callId) ?? false;
    return {
      ...(perPart || of.by === 'campaign' ? {} : this.#calls(inbound)),
      ...waits(inbound, of, this.#settings),
      ...talks(inbound, of, { targetMs, agents: this.#agents, again }),
      ...surveys(mine, of),
      callbacksAnswered: rungBack(this.#events, of),
      results: results(this.#events, mine, of, told),
      outbound: outbound(mine, of),
      breaks: of.by === null || of.by === 'agent' || of.by === 'team' ? this.#agents.breaks(of) : NO_BREAKS,
      occupancy: of.by === null || of.by === 'agent' || of.by === 'team' ? this.#agents.occupancy(of) : null,
    };
  }

  #calls(stories: readonly Story[]) {
    const has = (story: Story, ...types: JournalEvent['type'][]) =>
      story.events.some(({ type }) => types.includes(type));
    const contained = stories.filter(
      (story) =>
        has(story, 'call.ended') &&
        has(story, 'call.answered') &&
        !has(story, 'call.rejected', 'call.queued', 'call.transferred', 'callback.requested', 'voicemail.left') &&
        !turnedAway(story),
    );
    const refused = stories.filter((story) => has(story, 'call.rejected') || turnedAway(story));
    const minutes = sum(facts(stories, 'call.ended').map(({ durationMs }) => durationMs)) / 60_000;
    const agentMs = sum(stories.map(({ id }) => this.#agents.msWith(id)));
    const handled = stories.filter((story) => has(story, 'call.connected')).length;
    const { perMinute, perAgentSecond } = this.#settings;
    return {
      arrived: stories.length,
      redials: stories.filter(({ id }) => this.#redials.has(id)).length,
      contained: contained.length,
      blocked: part(refused.length, stories.length),
      cost: part(minutes * perMinute + (agentMs / 1_000) * perAgentSecond, handled),
    };
  }

  /** Who called again soon, and whom the same queue had served in the days before. */
  #lookBack(): void {
    const came = new Map<string, number>();
    const inbound = this.#stories.filter(({ inbound: is, ani }) => is && ani !== null);
    for (const { id, ani, at } of inbound.toSorted((a, b) => a.at - b.at)) {
      if (at - (came.get(ani ?? '') ?? -Infinity) <= REDIAL_MS) this.#redials.add(id);
      came.set(ani ?? '', at);
    }
    const served = new Map<string, number>();
    const firsts = inbound.flatMap(({ id, ani, events }) => {
      const answer = events.find(({ type }) => type === 'call.connected');
      return answer?.type === 'call.connected' ? [{ id, at: answer.at, who: `${answer.data.queue} ${ani}` }] : [];
    });
    for (const { id, at, who } of firsts.toSorted((a, b) => a.at - b.at)) {
      this.#repeats.set(id, at - (served.get(who) ?? -Infinity) <= this.#settings.repeatMs);
      served.set(who, at);
    }
  }
}

const NO_BREAKS = { overruns: 0, overMs: 0 };

/** The queue was full or closed when he came to it, and he waited nowhere. */
function turnedAway({ events }: Story): boolean {
  const first = events.find(({ type }) => type === 'call.queued' || type === 'call.queue.left');
  return first?.type === 'call.queue.left' && ['full', 'closed'].includes(first.data.outcome);
}
