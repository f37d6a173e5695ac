import type { Flow } from './flow.ts';

/** Is there an edge to a node that is not there? What can be reached is then anybody's guess. */
export const dangles = ({ nodes, start }: Pick<Flow, 'nodes' | 'start'>): boolean =>
  !nodes.has(start) || [...nodes.values()].some(({ exits }) => exits.some(({ to }) => to !== null && !nodes.has(to)));

/** Everything that the ways of `next` lead to, the beginnings among it. */
export function reachable<T>(from: Iterable<T>, next: (at: T) => Iterable<T>): ReadonlySet<T> {
  const reached = new Set(from);
  for (const at of reached) for (const to of next(at)) reached.add(to);
  return reached;
}

/** Circles, each the shortest through its first member, so that every member of a tangle is named about once. */
export function circles<T>(all: Iterable<T>, next: (at: T) => Iterable<T>): readonly (readonly T[])[] {
  const left = withoutEnds(all, next);
  const found: (readonly T[])[] = [];
  const told = new Set<T>();
  for (const at of left) {
    if (told.has(at)) continue;
    const circle = shortestBack(at, (from) => inside(next(from), left));
    for (const member of circle) told.add(member);
    if (circle.length > 0) found.push(circle);
  }
  return found;
}

const inside = <T>(some: Iterable<T>, all: ReadonlySet<T>) => [...some].filter((one) => all.has(one));

/** What is on no circle because it leads to none, layer by layer. */
function withoutEnds<T>(all: Iterable<T>, next: (at: T) => Iterable<T>): ReadonlySet<T> {
  const left = new Set(all);
  const before = new Map<T, T[]>([...left].map((at) => [at, []]));
  const ways = new Map([...left].map((at) => [at, new Set(inside(next(at), left))]));
  for (const [at, tos] of ways) for (const to of tos) before.get(to)?.push(at);
  const ends = [...left].filter((at) => ways.get(at)?.size === 0);
  for (let end = ends.pop(); end !== undefined; end = ends.pop()) {
    left.delete(end);
    for (const from of before.get(end) ?? []) {
      const tos = ways.get(from);
      if (tos?.delete(end) === true && tos.size === 0) ends.push(from);
    }
  }
  return left;
}

/** The shortest way from a place back to it, without the second mention of it; empty when there is none. */
function shortestBack<T>(home: T, next: (at: T) => Iterable<T>): readonly T[] {
  const cameFrom = new Map<T, T>();
  const frontier = [home];
  for (const at of frontier) {
    for (const to of next(at)) {
      if (to === home) return wayTo(at, home, cameFrom);
      if (cameFrom.has(to)) continue;
      cameFrom.set(to, at);
      frontier.push(to);
    }
  }
  return [];
}

function wayTo<T>(last: T, home: T, cameFrom: ReadonlyMap<T, T>): readonly T[] {
  const way = [last];
  for (let at: T | undefined = last; at !== undefined && at !== home; ) {
    at = cameFrom.get(at);
    if (at !== undefined) way.push(at);
  }
  return way.toReversed();
}
