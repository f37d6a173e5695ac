import type { JournalEvent } from '../../src/call/journal.ts';

/*
 * The figures counted a second time, by going through the whole journal call by call, with every value kept and put in order.
 * It knows the definitions of docs/kpis.md and nothing of src/acd/kpi: slow, plain, and all in memory.
 */

type Data<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

export interface CountSettings {
  readonly shortMs: number;
  readonly repeatMs: number;
  readonly perMinute: number;
  readonly perAgentSecond: number;
  readonly targetMs: number;
}

interface Story {
  readonly events: readonly JournalEvent[];
  readonly id: string;
  readonly at: number;
  readonly inbound: boolean;
  readonly ani: string | null;
  readonly did: string;
}

/** Which calls, or which part of them, a count is of. */
export interface Of {
  readonly by: 'queue' | 'agent' | 'team' | 'flow' | 'did' | 'language' | 'campaign' | null;
  readonly key: string | null;
  readonly from: number;
  readonly to: number;
  readonly teams: ReadonlyMap<string, readonly string[]>;
}

const REDIAL_MS = 300_000;

export class Recount {
  readonly #stories: readonly Story[];
  readonly #agentEvents: readonly JournalEvent[];
  readonly #redials = new Set<string>();
  readonly #repeats = new Map<string, boolean>();
  readonly #with = new Map<string, number>();
  readonly #wrapUps = new Map<string, { agentId: string; ms: number; queue: string }[]>();
  readonly #settings: CountSettings;
  readonly #until: number;

  constructor(events: readonly JournalEvent[], settings: CountSettings) {
    this.#settings = settings;
    this.#until = events.at(-1)?.at ?? 0;
    const byCall = Map.groupBy(
      events.filter(({ subject }) => subject.startsWith('call/')),
      ({ subject }) => subject,
    );
    this.#stories = [...byCall].flatMap(([subject, own]) => {
      const came = own.find(({ type }) => type === 'call.arrived');
      if (came?.type !== 'call.arrived') return [];
      const { direction, ani, dnis } = came.data;
      const id = subject.slice('call/'.length);
      return [{ id, events: own, at: came.at, inbound: direction === 'inbound', ani, did: dnis }];
    });
    this.#agentEvents = events.filter(({ subject }) => subject.startsWith('agent/'));
    this.#lookBack();
    this.#lookAtAgents();
  }

  /** Every key there is. */
  keys(by: Of['by'], teams: Of['teams']): readonly (string | null)[] {
    if (by === null) return [null];
    return [...new Set(this.#stories.flatMap((story) => this.#keysOf(story, by, teams)))].toSorted();
  }

  count(of: Of) {
    const stories = this.#stories.filter(({ at }) => at >= of.from && at < of.to);
    const mine = stories.filter(
      (story) => of.by === null || this.#keysOf(story, of.by, of.teams).includes(of.key ?? ''),
    );
    const mineIn = mine.filter(({ inbound }) => inbound);
    const perPart = of.by === 'queue' || of.by === 'agent' || of.by === 'team';
    return {
      ...(perPart || of.by === 'campaign' ? {} : this.#calls(mineIn)),
      ...this.#queueFigures(mineIn, of),
      ...this.#talk(mineIn, of),
      ...(perPart ? {} : { dials: facts(mine, 'attempt.started').length, outcomes: this.#outcomes(mine) }),
      occupancy: of.by === null || of.by === 'agent' || of.by === 'team' ? this.#occupancy(of) : null,
    };
  }

  #outcomes(stories: readonly Story[]): Record<string, number> {
    const all = facts(stories, 'attempt.ended').map(({ outcome }) => outcome);
    return Object.fromEntries([...new Set(all)].map((name) => [name, all.filter((one) => one === name).length]));
  }

  #calls(stories: readonly Story[]) {
    const has = (story: Story, ...types: JournalEvent['type'][]) =>
      story.events.some(({ type }) => types.includes(type));
    const contained = stories.filter(
      (story) =>
        has(story, 'call.ended') &&
        has(story, 'call.answered') &&
        !has(story, 'call.rejected', 'call.queued', 'call.transferred', 'callback.requested', 'voicemail.left') &&
        !this.#turnedAway(story),
    );
    const refused = stories.filter((story) => has(story, 'call.rejected') || this.#turnedAway(story));
    const minutes = facts(stories, 'call.ended').reduce((ms, { durationMs }) => ms + durationMs, 0) / 60_000;
    const agentMs = stories.reduce((ms, { id }) => ms + (this.#with.get(id) ?? 0), 0);
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

  /** The queue was full or closed when he came to it, and he waited nowhere. */
  #turnedAway({ events }: Story): boolean {
    const first = events.find(({ type }) => type === 'call.queued' || type === 'call.queue.left');
    return first?.type === 'call.queue.left' && ['full', 'closed'].includes(first.data.outcome);
  }

  #queueFigures(stories: readonly Story[], { by, key }: Of) {
    const here = (queue: string) => by !== 'queue' || queue === key;
    const perAgent = by === 'agent' || by === 'team';
    const queued = stories.filter((story) => facts([story], 'call.queued').some(({ queue }) => here(queue)));
    const gaveUp = perAgent ? [] : facts(stories, 'call.abandoned').filter(({ queue }) => here(queue));
    const lost = facts(stories, 'call.queue.left').filter(
      ({ queue, outcome }) => here(queue) && ['timeout', 'noAgents'].includes(outcome),
    );
    const short = gaveUp.filter(({ waitedMs }) => waitedMs <= this.#settings.shortMs).length;
    const offered = perAgent ? 0 : queued.length;
    return {
      offered,
      abandoned: gaveUp.length,
      abandonedShort: short,
      unserved: perAgent ? 0 : lost.length,
      abandonment: part(gaveUp.length - short, offered - short),
      gaveUpInTime: gaveUp.filter(({ waitedMs }) => waitedMs <= this.#settings.targetMs).length,
    };
  }

  #talk(stories: readonly Story[], of: Of) {
    const mine = (data: Data<'call.connected'>) =>
      of.by === 'queue' ? data.queue === of.key : this.#isOf(of, data.agentId);
    // Who was handed a call has handled it as well, though it was not offered to him.
    const spoke = (story: Story) => facts([story], 'call.disconnected').some(({ agentId }) => this.#isOf(of, agentId));
    const perAgent = of.by === 'agent' || of.by === 'team';
    const met = stories.filter((story) => facts([story], 'call.connected').some(mine) || (perAgent && spoke(story)));
    const answers = facts(stories, 'call.connected').filter(mine);
    const first = stories.flatMap(({ id, at, events, ani }) => {
      const answer = events.find(({ type }) => type === 'call.connected');
      if (answer?.type !== 'call.connected' || !mine(answer.data)) return [];
      return [{ ms: answer.at - at, again: ani === null ? null : (this.#repeats.get(id) ?? false) }];
    });
    const handedOver = met.filter((story) =>
      this.#handOvers(story).some(({ from, queue }) => (of.by === 'queue' ? queue === of.key : this.#isOf(of, from))),
    );
    const marks = stories.flatMap((story) => this.#marks(story, of));
    const known = first.filter(({ again }) => again !== null);
    const waits = answers.map(({ waitedMs }) => waitedMs);
    return {
      handled: met.length,
      asa: mean(waits),
      aht: part(this.#workMs(stories, of), met.length),
      answeredInTime: waits.filter((ms) => ms <= this.#settings.targetMs).length,
      answered: waits.length,
      firstResponse: spread(first.map(({ ms }) => ms)),
      repeats: part(known.filter(({ again }) => again).length, known.length),
      transferRate: part(handedOver.length, met.length),
      csat: {
        value: part(marks.filter((mark) => mark >= 4).length, marks.length),
        answers: marks.length,
      },
    };
  }

  #handOvers(story: Story) {
    return story.events.flatMap(({ type, data, at }) => {
      if (type !== 'call.transferred' || !['answered', 'queued', 'answeredEnd'].includes(data.outcome)) return [];
      const isHandled = story.events.some((other) => other.type === 'call.connected' && other.at <= at);
      return isHandled ? [{ from: data.from ?? '', queue: queueAt(story, at) }] : [];
    });
  }

  #marks(story: Story, of: Of): readonly number[] {
    return story.events.flatMap(({ type, data, at }) => {
      if (type !== 'survey.answered' || data.question !== 'csat' || typeof data.answer !== 'number') return [];
      const before = story.events.filter((event) => event.at <= at);
      const last = before.findLast((event) => event.type === 'call.connected' || event.type === 'call.disconnected');
      const agentId = last && 'agentId' in last.data ? (last.data.agentId ?? '') : '';
      return (of.by === 'queue' ? queueAt(story, at) === of.key : this.#isOf(of, agentId)) ? [data.answer] : [];
    });
  }

  #workMs(stories: readonly Story[], of: Of): number {
    const works = stories.flatMap((story) => [
      ...story.events.flatMap(({ type, data, at }) => {
        if (type !== 'call.disconnected') return [];
        return [{ agentId: data.agentId, queue: queueAt(story, at), ms: data.talkedMs + (data.heldMs ?? 0) }];
      }),
      ...(this.#wrapUps.get(story.id) ?? []),
    ]);
    const mine = works.filter(({ agentId, queue }) => (of.by === 'queue' ? queue === of.key : this.#isOf(of, agentId)));
    return mine.reduce((total, { ms }) => total + ms, 0);
  }

  #isOf({ by, key, teams }: Of, agentId: string): boolean {
    if (by === 'agent') return agentId === key;
    return by !== 'team' || teamsOf(teams, agentId).includes(key ?? '');
  }

  /** Busy and idle milliseconds of each agent, second by change, within the interval. */
  #occupancy(of: Of): number | null {
    let [busy, idle] = [0, 0];
    for (const [, events] of Map.groupBy(this.#agentEvents, ({ subject }) => subject)) {
      let [status, state, since] = ['logged-out', 'idle', 0];
      const close = (at: number) => {
        const ms = Math.min(at, of.to) - Math.max(since, of.from);
        if (ms > 0 && state !== 'idle') busy += ms;
        else if (ms > 0 && status === 'ready') idle += ms;
        since = at;
      };
      const agent = events[0]?.subject.slice('agent/'.length) ?? '';
      if (!this.#isOf(of, agent)) continue;
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

  #keysOf({ events, did, inbound }: Story, by: Of['by'], teams: Of['teams']): readonly string[] {
    const told = (name: 'agentId' | 'queue', ...types: JournalEvent['type'][]) =>
      events.flatMap(({ type, data }) =>
        types.includes(type) && name in data ? [String(data[name as keyof typeof data])] : [],
      );
    switch (by) {
      case 'queue':
        return inbound ? told('queue', 'call.queued', 'call.connected', 'callback.requested') : [];
      case 'agent':
        return told('agentId', 'call.connected', 'call.disconnected');
      case 'team':
        return told('agentId', 'call.connected', 'call.disconnected').flatMap((id) => teamsOf(teams, id));
      case 'did':
        return inbound ? [did] : [];
      case 'flow': {
        const began = events.find(({ type }) => type === 'flow.started');
        return [began?.type === 'flow.started' ? began.data.flow : '(none)'];
      }
      case 'language': {
        const set = events.findLast(({ type }) => type === 'call.language.set');
        const queued = events.find(({ type }) => type === 'call.queued');
        if (set?.type === 'call.language.set') return [set.data.language];
        return [queued?.type === 'call.queued' ? queued.data.language : '(none)'];
      }
      case 'campaign':
        return facts([{ events }], 'attempt.started').map(({ campaignId }) => campaignId);
      case null:
        return [];
    }
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

  /** What each agent did with which call: from the moment he was reserved for it to the end of his wrap-up. */
  #lookAtAgents(): void {
    const inbound = new Map(this.#stories.filter(({ inbound: is }) => is).map((story) => [story.id, story]));
    for (const [, events] of Map.groupBy(this.#agentEvents, ({ subject }) => subject)) {
      let callId: string | null = null;
      for (const event of events) {
        if (event.type !== 'agent.state.changed') continue;
        const { previous, lastedMs, agentId } = event.data;
        if (previous !== 'idle' && callId !== null && inbound.has(callId)) {
          this.#with.set(callId, (this.#with.get(callId) ?? 0) + lastedMs);
          if (previous === 'wrap-up') this.#wrappedUp(inbound.get(callId), { agentId, ms: lastedMs, at: event.at });
        }
        callId = event.data.callId ?? (event.data.state === 'idle' ? null : callId);
      }
    }
  }

  #wrappedUp(story: Story | undefined, { agentId, ms, at }: { agentId: string; ms: number; at: number }): void {
    if (!story) return;
    const queue = queueAt(story, at - ms);
    this.#wrapUps.set(story.id, [...(this.#wrapUps.get(story.id) ?? []), { agentId, ms, queue }]);
  }
}

const teamsOf = (teams: Of['teams'], agentId: string): readonly string[] => {
  const found = [...teams].flatMap(([name, members]) => (members.includes(agentId) ? [name] : []));
  return found.length > 0 ? found : ['(none)'];
};

function facts<T extends JournalEvent['type']>(stories: readonly Pick<Story, 'events'>[], type: T): Data<T>[] {
  return stories.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === type ? [event.data as Data<T>] : [])),
  );
}

/** The queue that the call was in, or had its last agent from. */
function queueAt({ events }: Pick<Story, 'events'>, at: number): string {
  const last = events.findLast(
    (event) => event.at <= at && (event.type === 'call.connected' || event.type === 'call.queued'),
  );
  return last?.type === 'call.connected' || last?.type === 'call.queued' ? last.data.queue : '';
}

const part = (some: number, all: number): number | null => (all > 0 ? some / all : null);
const mean = (values: readonly number[]) =>
  part(
    values.reduce((sum, value) => sum + value, 0),
    values.length,
  );

function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, mean: mean(values), p50: at(0.5), p90: at(0.9) };
}
