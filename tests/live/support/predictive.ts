import type { JournalEvent } from '../../../src/call/journal.ts';
import { callOf } from './journal.ts';

type Data<T extends JournalEvent['type']> = Extract<JournalEvent, { type: T }>['data'];

/** A person for whom there was no agent. */
interface Abandoned {
  readonly number: string;
  /** When it was seen that he is lost, ms since the epoch. */
  readonly at: number;
  /** How long the line stayed open after the search for an agent ended. */
  readonly apologyMs: number;
  /** How long it was open in all. */
  readonly openMs: number;
}

/** What a run came to, by the journal alone. Times in ms. */
export interface Replay {
  readonly dials: number;
  /** Live answers: connected or abandoned. */
  readonly answers: number;
  readonly connected: number;
  readonly abandoned: readonly Abandoned[];
  readonly outcomes: Readonly<Record<string, number>>;
  readonly numbers: readonly string[];
  /** From a live answer to the agent, of those who met one; the shortest first. */
  readonly waitsMs: readonly number[];
  /** Share of the time that the agents talked. */
  readonly talkShare: number;
}

/** @param staff so many agents served at the begin; those who left count until they left. */
export function replay(events: readonly JournalEvent[], staff: readonly string[]): Replay {
  const ofCampaign = new Set(events.filter(({ type }) => type === 'attempt.started').map(callOf));
  const own = events.filter((event) => ofCampaign.has(callOf(event)));
  const data = <T extends JournalEvent['type']>(type: T): Data<T>[] =>
    own.filter((event) => event.type === type).map((event) => event.data as Data<T>);
  const ends = data('attempt.ended').map(({ outcome }) => outcome);
  const connected = data('call.connected').map(({ waitedMs }) => waitedMs);
  const abandoned = own.filter(({ type }) => type === 'call.abandoned').map((event) => abandonedBy(event, own));
  const numbers = data('attempt.started').map(({ number }) => number);
  return {
    dials: numbers.length,
    answers: connected.length + abandoned.length,
    connected: connected.length,
    abandoned,
    outcomes: counts(ends),
    numbers,
    waitsMs: connected.toSorted((a, b) => a - b),
    talkShare: talkShare(events, staff),
  };
}

function abandonedBy({ subject, at }: JournalEvent, events: readonly JournalEvent[]): Abandoned {
  const story = events.filter((event) => event.subject === subject);
  const over = story.find(({ type }) => type === 'call.ended')?.at ?? at;
  const answered = story.find(({ type }) => type === 'leg.answered')?.at ?? at;
  const started = story.find((event) => event.type === 'attempt.started');
  return { number: started?.data.number ?? '', at, apologyMs: over - at, openMs: over - answered };
}

/** Of the time that these agents were ready. */
function talkShare(events: readonly JournalEvent[], staff: readonly string[]): number {
  const of = new Set(staff);
  const spent = { talking: 0, other: 0 };
  for (const { type, data } of events) {
    if (type !== 'agent.state.changed' || !of.has(data.agentId)) continue;
    spent[data.previous === 'talking' ? 'talking' : 'other'] += data.lastedMs;
  }
  return spent.talking / Math.max(1, spent.talking + spent.other);
}

export function counts(words: readonly string[]): Record<string, number> {
  const found: Record<string, number> = {};
  for (const word of words) found[word] = (found[word] ?? 0) + 1;
  return found;
}

/** Of sorted values, the one that `share` of them do not pass. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;

/** A few words and figures under each other. */
export const figures = (rows: readonly (readonly [string, string | number])[]): string =>
  rows.map(([what, value]) => `  ${what.padEnd(34)}${String(value).padStart(10)}`).join('\n');
