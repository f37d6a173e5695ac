import type { AgentId, EpochMs } from '../call/ids.ts';
import { type Contender, hadAt, turnOf } from '../dialer/fair-share.ts';
import type { Floor } from './campaign-floors.ts';

/** Agents of a campaign's floor whom it leaves to others that share them: of the idle and of the busy ones. */
export function leftToOthers(
  mine: Floor,
  others: readonly Floor[],
  isOut: (id: AgentId) => boolean,
  now: EpochMs,
): readonly AgentId[] {
  const rivals = others.filter(({ wants, closed }) => wants && !closed);
  const free = [...mine.idle].filter((id) => !isOut(id)).toSorted(byId);
  const promised = promisedTo(others, free);
  const rest = free.filter((id) => !promised.has(id));
  return [...promised, ...idleLeft(mine, rivals, rest, now), ...busyLeft(mine, rivals, now)];
}

/** All campaigns go through the agents in the same order, or two would count on the same one. */
const byId = (a: AgentId, b: AgentId): number => (a < b ? -1 : 1);

/** Those whom dials of other campaigns will want: as many as these are. */
function promisedTo(others: readonly Floor[], free: readonly AgentId[]): ReadonlySet<AgentId> {
  const promised = new Set<AgentId>();
  for (const other of others) {
    const open = free.filter((id) => other.idle.has(id) && !promised.has(id));
    // Those who serve only the other are wanted first.
    const alone = Math.max(0, other.idle.size - open.length);
    for (const id of open.slice(0, Math.max(0, other.wanted() - alone))) promised.add(id);
  }
  return promised;
}

/** Its own dials have theirs already; each of the others is given to whose turn it is. */
function idleLeft(mine: Floor, rivals: readonly Floor[], free: readonly AgentId[], now: EpochMs): readonly AgentId[] {
  if (rivals.length === 0) return [];
  const rows = new Map<Floor, Contender>([mine, ...rivals].map((floor) => [floor, contender(floor, now)]));
  const sharers = (id: AgentId) => rivals.filter(({ idle }) => idle.has(id)).length;
  const inOrder = free.toSorted((a, b) => sharers(a) - sharers(b));
  return shareOut(inOrder.slice(mine.wanted()), rows, ({ idle }, id) => idle.has(id), mine);
}

/** Who comes free later will be anybody's: it counts on those whose turn would be its own, were all free. */
function busyLeft(mine: Floor, rivals: readonly Floor[], now: EpochMs): readonly AgentId[] {
  if (rivals.length === 0) return [];
  const rows = new Map<Floor, Contender>(
    [mine, ...rivals].map((floor) => [floor, { ...contender(floor, now), has: 0 }]),
  );
  const busy = [...mine.agents].flatMap(([id, { state }]) => (state === 'idle' ? [] : [id]));
  return shareOut(busy.toSorted(byId), rows, ({ agents }, id) => agents.has(id), mine);
}

/** Gives each to whose turn it is; those whom others got. */
function shareOut(
  ids: readonly AgentId[],
  rows: Map<Floor, Contender>,
  serves: (floor: Floor, id: AgentId) => boolean,
  mine: Floor,
): readonly AgentId[] {
  return ids.filter((id) => {
    const able = [...rows].filter(([floor]) => serves(floor, id));
    const turn = turnOf(able.map(([, row]) => row));
    for (const [floor, row] of able) if (row === turn) rows.set(floor, { ...row, has: row.has + 1 });
    return turn?.id !== mine.about.id;
  });
}

function contender(floor: Floor, now: EpochMs): Contender {
  const { about, serving, had } = floor;
  const has = serving + floor.wanted();
  return { id: about.id, weight: weightOf(floor), has, had: hadAt(had, serving, now).mean };
}

const weightOf = ({ about }: Floor): number => about.weight ?? 1;
