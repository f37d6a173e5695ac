import type { EpochMs } from '../call/ids.ts';
import { clip, oneMore, undone, type Limit, type Starts } from './clip.ts';
import { routeOf, type RouteUse, type TrunkRoute, type TrunkRule, type TrunkState } from './trunk-state.ts';

/** Lines of a destination come back when its calls end, which nobody foretells: it is looked again after this. */
const LINES_AGAIN_MS = 5_000;

const NO_USE: RouteUse = { linesInUse: 0, starts: [] };

export const trunkLimit = ({ name, lines, cps }: TrunkRule, { linesInUse, starts }: TrunkState): Limit => ({
  title: `Trunk ${name}`,
  lines,
  linesInUse,
  cps,
  starts,
});

const isLimited = ({ lines, cps }: TrunkRoute): boolean => lines !== undefined || cps !== undefined;

/** What one destination of a trunk may take of it; at most what the trunk may. */
const routeLimit = (rule: TrunkRule, trunk: TrunkState, route: TrunkRoute): Limit => ({
  title: `Trunk ${rule.name} to ${route.prefix}`,
  lines: route.lines ?? rule.lines,
  cps: route.cps ?? rule.cps,
  ...(trunk.routes[route.prefix] ?? NO_USE),
});

/** Whether one call may start to this number; what it would take, and when to ask again if it may not; `hasLine`: only its start has to wait. */
export function roomFor(rule: TrunkRule, trunk: TrunkState, number: string, now: EpochMs) {
  const own = trunkLimit(rule, trunk);
  const route = routeOf(rule, number);
  const narrow = route && isLimited(route) ? routeLimit(rule, trunk, route) : null;
  const room = clip(1, { campaign: narrow ?? own, trunk: own }, now);
  const taken = {
    linesInUse: trunk.linesInUse + 1,
    starts: oneMore(own, now),
    routes:
      route && narrow
        ? { ...trunk.routes, [route.prefix]: { linesInUse: narrow.linesInUse + 1, starts: oneMore(narrow, now) } }
        : trunk.routes,
  };
  const until = narrow && isFull(narrow) ? now + LINES_AGAIN_MS : isFull(own) ? null : nextStart(narrow ?? own);
  const hasLine = !isFull(own) && !(narrow && isFull(narrow));
  return { ok: room.launch > 0, hasLine, because: room.because ?? '', until, taken };
}

const isFull = ({ lines, linesInUse }: Limit): boolean => linesInUse >= lines;

/** When the oldest start that counts will have come back. */
function nextStart({ cps, starts }: Limit): EpochMs | null {
  const oldest = starts[0]?.at;
  return oldest === undefined ? null : oldest + (cps < 1 ? 1_000 / cps : 1_000);
}

/**
 * Calls that all destinations of a trunk together may start, and why none; a single one without limits of its own may take all
 * that the trunk has.
 */
export function routesRoom(rule: TrunkRule, trunk: TrunkState, now: EpochMs) {
  if (rule.routes.length === 0 || !rule.routes.every(isLimited)) return { launch: Infinity, because: null };
  const rooms = rule.routes.map((route) => {
    const limit = routeLimit(rule, trunk, route);
    return clip(Infinity, { campaign: limit, trunk: limit }, now);
  });
  const launch = rooms.reduce((sum, room) => sum + room.launch, 0);
  return { launch, because: launch > 0 ? null : rooms.map(({ because }) => because).join(' ') };
}

/** The line of a call to this number is free again; `undialledAt`: so is the call start taken then, since it was not dialled after all. */
export function freed(rule: TrunkRule, trunk: TrunkState, number: string, undialledAt: EpochMs | null): TrunkState {
  const less = (use: { readonly linesInUse: number; readonly starts: Starts }): RouteUse => ({
    linesInUse: Math.max(0, use.linesInUse - 1),
    starts: undialledAt === null ? use.starts : undone(use.starts, undialledAt),
  });
  const prefix = routeOf(rule, number)?.prefix;
  const use = prefix === undefined ? undefined : trunk.routes[prefix];
  const routes = prefix === undefined || !use ? trunk.routes : { ...trunk.routes, [prefix]: less(use) };
  return { ...trunk, ...less(trunk), routes };
}

/** The calls that hold its lines now, as they were counted. */
export function withLines(rule: TrunkRule, trunk: TrunkState, numbers: readonly string[]): TrunkState {
  const limited = rule.routes.filter(isLimited);
  const byRoute = Map.groupBy(limited.length > 0 ? numbers : [], (number) => routeOf(rule, number));
  const held = (route: TrunkRoute) => byRoute.get(route)?.length ?? 0;
  const routes = limited.map((route) => {
    const { starts } = trunk.routes[route.prefix] ?? NO_USE;
    return [route.prefix, { linesInUse: held(route), starts }] as const;
  });
  return { ...trunk, linesInUse: numbers.length, routes: Object.fromEntries(routes) };
}
