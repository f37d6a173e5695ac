import type { CallStanding } from '../../acd/explain.ts';
import type { AgentLive } from '../../acd/agent.ts';
import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { ExplainLine } from '../ports/explain.ts';
import { allHindered, counted, hadShare, hindered, type NameOf, some } from './words.ts';

type Standing = CallStanding['agents'][number];

/** Those who come nearest to taking a call first. */
const ORDER = ['free', 'kept', 'busy', 'away', 'other', 'out', 'skills', 'queue'];
/** Told one by one; a screen has not more room. */
const ONE_BY_ONE = 12;
const NAMED = 6;

interface Row {
  readonly order: number;
  readonly text: string;
}

/** Everybody, by what keeps them from a call: one by one who is near, together who lacks the same. */
export function whoCould(
  { agents }: CallStanding,
  live: (id: AgentId) => AgentLive | undefined,
  name: NameOf,
  now: EpochMs,
): ExplainLine {
  const groups = Map.groupBy(agents, ({ hindrance }) => allHindered(hindrance, name));
  const alone = (each: Standing): Row => ({ order: orderOf(each), text: ofOne(each, live, name, now) });
  const near = (groups.get(null) ?? []).map(alone).toSorted((a, b) => a.order - b.order);
  groups.delete(null);
  const together = [...groups].map(([what, those]): Row => {
    const [first] = those;
    if (first && those.length === 1) return alone(first);
    const names = some(
      those.map(({ agentId }) => name(agentId)),
      NAMED,
    );
    return { order: first ? orderOf(first) : 0, text: `${names} ${what ?? ''}` };
  });
  const rest = near.length - ONE_BY_ONE;
  const shown = rest > 1 ? near.slice(0, ONE_BY_ONE) : near;
  const more = rest > 1 ? [`${counted(rest, 'more agent')} could take it once they are free`] : [];
  const far = together.toSorted((a, b) => a.order - b.order);
  const details = [...shown.map(({ text }) => text), ...more, ...far.map(({ text }) => text)];
  return { at: null, text: 'Who could take it:', details };
}

const orderOf = ({ hindrance }: Standing): number => ORDER.indexOf(hindrance?.why ?? 'free');

function ofOne(
  { agentId, hindrance, had }: Standing,
  live: (id: AgentId) => AgentLive | undefined,
  name: NameOf,
  now: EpochMs,
): string {
  const what = hindered(hindrance, live(agentId), now, name);
  return had ? `${name(agentId)} ${what}, and ${hadShare(had)}` : `${name(agentId)} ${what}`;
}
