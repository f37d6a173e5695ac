import type { JournalEvent } from '../../src/call/journal.ts';

/*
 * The figures counted a second time, by going through the whole journal call by call, with every value kept and put in order.
 * These files know the definitions of docs/kpis.md and nothing of src/acd/kpi: slow, plain, and all in memory.
 */

export type Data<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

/** A call from its first event to its last. */
export interface Story {
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

export function storiesOf(events: readonly JournalEvent[]): readonly Story[] {
  const ofCalls = events.filter(({ subject }) => subject.startsWith('call/'));
  return [...Map.groupBy(ofCalls, ({ subject }) => subject)].flatMap(([subject, own]) => {
    const came = own.find(({ type }) => type === 'call.arrived');
    if (came?.type !== 'call.arrived') return [];
    const { direction, ani, dnis } = came.data;
    const id = subject.slice('call/'.length);
    return [{ id, events: own, at: came.at, inbound: direction === 'inbound', ani, did: dnis }];
  });
}

/** Every part that the call, or a piece of it, counts in. */
export function keysOf({ events, did, inbound }: Story, by: Of['by'], teams: Of['teams']): readonly string[] {
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

/** Of what a story tells at a moment: does it count here, as the queue's or as the agent's? The story itself counts. */
export function isHere(of: Of, queue: string, agentId: string): boolean {
  return of.by === 'queue' ? queue === of.key : isOf(of, agentId);
}

/** The agent, or one of that team; where it is not told apart by agents, anybody. */
export function isOf({ by, key, teams }: Of, agentId: string): boolean {
  if (by === 'agent') return agentId === key;
  return by !== 'team' || teamsOf(teams, agentId).includes(key ?? '');
}

const teamsOf = (teams: Of['teams'], agentId: string): readonly string[] => {
  const found = [...teams].flatMap(([name, members]) => (members.includes(agentId) ? [name] : []));
  return agentId === '' || found.length > 0 ? found : ['(none)'];
};

export function facts<T extends JournalEvent['type']>(stories: readonly Pick<Story, 'events'>[], type: T): Data<T>[] {
  return stories.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === type ? [event.data as Data<T>] : [])),
  );
}

/** The queue that the call was in, or had its last agent from; up to and with that event. */
export function queueAt({ events }: Pick<Story, 'events'>, seq: number): string {
  const last = events.findLast(
    (event) => event.seq <= seq && (event.type === 'call.connected' || event.type === 'call.queued'),
  );
  return last?.type === 'call.connected' || last?.type === 'call.queued' ? last.data.queue : '';
}

/** Who spoke with him last; nobody has no name. */
export function agentAt({ events }: Pick<Story, 'events'>, seq: number): string {
  const last = events.findLast(
    (event) => event.seq <= seq && (event.type === 'call.connected' || event.type === 'call.disconnected'),
  );
  return last?.type === 'call.connected' || last?.type === 'call.disconnected' ? last.data.agentId : '';
}

export const part = (some: number, all: number): number | null => (all > 0 ? some / all : null);
export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
export const mean = (values: readonly number[]) => part(sum(values), values.length);

/** Each value by how often it is there. */
export const tallied = (values: readonly string[]): Record<string, number> =>
  Object.fromEntries([...new Set(values)].map((value) => [value, values.filter((each) => each === value).length]));

export function spread(values: readonly number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
  return { count: sorted.length, mean: mean(values), p50: at(0.5), p90: at(0.9) };
}
