import type { JournalEvent } from '../../src/call/journal.ts';
import { isOf, type Of, part, queueAt, type Story, sum } from './kpi-count-story.ts';

interface WrapUp {
  readonly agentId: string;
  readonly ms: number;
  readonly queue: string;
}

/** What agents did, one after the other, change by change. */
export class AgentCount {
  readonly #byAgent: readonly (readonly JournalEvent[])[];
  readonly #until: number;
  readonly #with = new Map<string, number>();
  readonly #wrapUps = new Map<string, WrapUp[]>();

  constructor(events: readonly JournalEvent[], stories: readonly Story[]) {
    this.#until = events.at(-1)?.at ?? 0;
    const ofAgents = events.filter(({ subject }) => subject.startsWith('agent/'));
    this.#byAgent = [...Map.groupBy(ofAgents, ({ subject }) => subject).values()];
    this.#lookAtCalls(new Map(stories.filter(({ inbound }) => inbound).map((story) => [story.id, story])));
  }

  /** How long agents were busy with that inbound call, ms. */
  msWith(callId: string): number {
    return this.#with.get(callId) ?? 0;
  }

  wrapUps(callId: string): readonly WrapUp[] {
    return this.#wrapUps.get(callId) ?? [];
  }

  /** Busy and idle milliseconds of each agent, second by change, within the interval. */
  occupancy(of: Of): number | null {
    let [busy, idle] = [0, 0];
    for (const events of this.#of(of)) {
      let [status, state, since] = ['logged-out', 'idle', 0];
      const close = (at: number) => {
        const ms = Math.min(at, of.to) - Math.max(since, of.from);
        if (ms > 0 && state !== 'idle') busy += ms;
        else if (ms > 0 && status === 'ready') idle += ms;
        since = at;
      };
      for (const event of events) {
        if (event.type === 'agent.status.changed') {
          close(event.at);
          ({ status } = event.data);
        } else if (event.type === 'agent.state.changed') {
          close(event.at);
          ({ state } = event.data);
        }
      }
      close(this.#until);
    }
    return part(busy, busy + idle);
  }

  /** Breaks that should have ended in the interval and did not, and how long they went on. */
  breaks(of: Of) {
    const over = this.#of(of).flatMap((events) =>
      events.flatMap((event, index) => {
        if (event.type !== 'agent.status.overran') return [];
        const { dueAt } = event.data;
        const back = events.slice(index).find(({ type }) => type === 'agent.status.changed');
        return dueAt >= of.from && dueAt < of.to ? [(back?.at ?? this.#until) - dueAt] : [];
      }),
    );
    return { overruns: over.length, overMs: sum(over) };
  }

  #of(of: Of): readonly (readonly JournalEvent[])[] {
    return this.#byAgent.filter(([first]) => isOf(of, first?.subject.slice('agent/'.length) ?? ''));
  }

  /** What each agent did with which call: from the moment he was reserved for it to the end of his wrap-up. */
  #lookAtCalls(inbound: ReadonlyMap<string, Story>): void {
    for (const events of this.#byAgent) {
      let callId: string | null = null;
      for (const event of events) {
        if (event.type !== 'agent.state.changed') continue;
        const { previous, lastedMs, agentId } = event.data;
        const story = callId === null ? undefined : inbound.get(callId);
        if (previous !== 'idle' && story) {
          this.#with.set(story.id, this.msWith(story.id) + lastedMs);
          if (previous === 'wrap-up') this.#wrappedUp(story, { agentId, ms: lastedMs, at: event.at });
        }
        callId = event.data.callId ?? (event.data.state === 'idle' ? null : callId);
      }
    }
  }

  #wrappedUp(story: Story, { agentId, ms, at }: { agentId: string; ms: number; at: number }): void {
    const before = story.events.filter((event) => event.at <= at - ms);
    // The call may wait in another queue by now: it is the queue of the talk that was his.
    const talk = before.findLast(({ type, data }) => type === 'call.disconnected' && data.agentId === agentId);
    const queue = queueAt(story, (talk ?? before.at(-1))?.seq ?? 0);
    this.#wrapUps.set(story.id, [...this.wrapUps(story.id), { agentId, ms, queue }]);
  }
}
