import type { JournalEvent } from '../../../src/call/journal.ts';

/** A journal without what no two calls share: ids are numbered as they come, points in time and durations are left out. */
export interface Told {
  /** For each subject what is told of it, in order; subjects in the order in which they are first told of. */
  readonly facts: Readonly<Record<string, readonly string[]>>;
  /** Every duration with the place where it stands, ms. */
  readonly durations: ReadonlyMap<string, number>;
}

/** As `systemIds` makes them, alone or in longer names; and Asterisk's own name of a channel. */
const ID = /[a-z]+-[0-9a-z]{13}[0-9a-f]{16}|\b(?:[\w]+-)?\d{9,}\.\d+\b/g;
/** In ms, but for the seconds that a score is made of. */
const DURATION = /Ms$|\.score\.(waited|total)$/;
/** Whatever else is counted in time: `startedAt`, `replyBy`, `firstAt`. */
const POINT_IN_TIME_FROM = 1_000_000_000_000;

/** They belong to the switch, to the pace of a campaign and to the files of flows, and not to a call. */
const OTHERS: readonly string[] = ['switch', 'campaign', 'flows'];

/**
 * What is told of calls and agents in these facts. Each leg is a subject of its own: who of two telephones is quicker is no
 * matter of the switch.
 */
export function told(events: readonly JournalEvent[]): Told {
  const numbered = new Map<string, string>();
  const nameOf = (id: string): string => {
    const name = numbered.get(id) ?? `#${numbered.size + 1}`;
    numbered.set(id, name);
    return name;
  };
  const durations = new Map<string, number>();
  const plain = (value: unknown, place: string): unknown => {
    if (typeof value === 'string') return value.replaceAll(ID, nameOf);
    if (typeof value === 'number') return number(value, place);
    if (Array.isArray(value)) return value.map((each, index) => plain(each, `${place}.${index}`));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, plain(each, `${place}.${key}`)]),
    );
  };
  const number = (value: number, place: string): number | string => {
    if (value > POINT_IN_TIME_FROM) return 'a time';
    if (!DURATION.test(place)) return value;
    durations.set(place, value);
    return 'a duration';
  };
  const facts: Record<string, string[]> = {};
  for (const { subject, type, data } of events) {
    const [kind = '', id = ''] = subject.split(/\/(.*)/s);
    if (OTHERS.includes(kind)) continue;
    const leg = type.startsWith('leg.') && 'legId' in data ? ` ${data.legId}` : '';
    const name = `${kind}/${id}${leg}`.replaceAll(ID, nameOf);
    const list = (facts[name] ??= []);
    list.push(`${type} ${JSON.stringify(plain(data, `${name} ${list.length} ${type}`))}`);
  }
  return { facts, durations };
}
