import { z } from 'zod';
import type { LegId } from '../../call/ids.ts';
import type { DialTarget } from '../../call/switch.ts';
import type { Draft } from './actions.ts';
import { detectionOf } from './detection-plan.ts';
import type { CallLeg, CallState } from './state.ts';

/** By which trunk a leg was dialled out of the house, and what it takes to dial it by another one. */
export const waySchema = z.object({
  /** The trunk, or the group of trunks, by which it was to go. */
  via: z.string(),
  trunk: z.string(),
  number: z.string(),
  /** When the trunk was taken for it. */
  at: z.number(),
  /** Trunks that have failed with it before. */
  tried: z.array(z.string()),
  /** The number that is shown; left out: the trunk's own. */
  callerId: z.string().nullable().exactOptional(),
  ringMs: z.number(),
});

export type Way = Readonly<z.output<typeof waySchema>>;
type Dialled = Pick<Way, 'via' | 'number' | 'callerId' | 'ringMs'>;

interface Found {
  readonly way: Way;
  /** The number that is shown in the end. */
  readonly shown: string | null;
}

/** Our own timers rule how long it rings; the switch's is the net below them. */
const NET_MS = 2_000;

/** Dials a phone of the house, or a number outside. */
export function dialTarget(
  draft: Draft,
  legId: LegId,
  to: DialTarget,
  { callerId, ringMs }: { readonly callerId: string | null; readonly ringMs: number },
): void {
  if (to.kind === 'number') return dialOut(draft, legId, { via: to.trunk, number: to.number, callerId, ringMs });
  const order = { legId, to, callerId, callerName: null, ringMs: ringMs + NET_MS, callId: draft.state.id };
  draft.tell({ type: 'originate', ...order });
}

/** Dials a leg of the call out of the house. When no trunk takes it the leg ends as one that found no circuit, in a step of its own. */
export function dialOut(draft: Draft, legId: LegId, dialled: Dialled): void {
  // Somebody is on the line and waits for it, be it the agent of a callback.
  const found = findWay(draft, dialled, [], true);
  if (found) return originate(draft, legId, found);
  const { legs } = draft.state;
  draft
    .set({ legs: legs.map((leg) => (leg.id === legId ? { ...leg, planned: true } : leg)) })
    .timer(`way:${legId}`, draft.now);
}

/** The next trunk for it; null: none takes it. */
export function findWay(draft: Draft, dialled: Dialled, tried: readonly string[], pressing: boolean): Found | null {
  const { via, number, callerId, ringMs } = dialled;
  const { errand, attempt, id } = draft.state;
  const whose = { promise: errand ? id : null, lead: attempt?.leadId ?? null };
  const found = draft.wayFor({ ...whose, via, number, tried, pressing });
  if (!found) return null;
  const own = callerId !== undefined && { callerId };
  const way = { via, trunk: found.trunk, number, at: found.at, tried: [...tried], ...own, ringMs };
  return { way, shown: callerId === undefined ? found.callerId : callerId };
}

export function originate(draft: Draft, legId: LegId, { way, shown }: Found): void {
  const { legs, id: callId } = draft.state;
  const { number, trunk, ringMs } = way;
  draft.set({ legs: legs.map((leg) => (leg.id === legId ? { ...leg, way } : leg)) });
  const isCustomer = legs.some(({ id, role }) => id === legId && role === 'customer');
  if (isCustomer) draft.set({ source: trunk, ani: shown });
  const listened = isCustomer && draft.state.attempt ? detectionOf(draft.state) : {};
  const to = { kind: 'number', number, trunk } as const;
  draft.tell({
    type: 'originate',
    legId,
    to,
    callerId: shown,
    callerName: null,
    ringMs: ringMs + NET_MS,
    callId,
    ...listened,
  });
}

/** A leg that has, or had, a line of a trunk. */
export type OutwardLeg = CallLeg & { readonly way: Way };

/** The lines of this trunk that a call takes: by its legs out of the house, and by the one that came in. */
export function linesOn(state: CallState, trunk: string): number {
  const outward = outwardLegs(state).filter(({ phase, way }) => phase !== 'ended' && way.trunk === trunk);
  return outward.length + (state.direction === 'inbound' && state.source === trunk ? 1 : 0);
}

export function outwardLegs(state: CallState): readonly OutwardLeg[] {
  const legs: OutwardLeg[] = [];
  for (const leg of state.legs) {
    const outward = isOutward(leg) ? leg : dialledBefore(state, leg);
    if (outward) legs.push(outward);
  }
  return legs;
}

const isOutward = (leg: CallLeg): leg is OutwardLeg => leg.way !== undefined;

/** Dialled by an older Callwright, which wrote one trunk down with the call and knew of no other. */
function dialledBefore({ errand, attempt, source, dnis }: CallState, leg: CallLeg): OutwardLeg | null {
  const ringMs = errand?.ringMs ?? attempt?.ringMs;
  if (ringMs === undefined || leg.role !== 'customer' || leg.planned === true) return null;
  return { ...leg, way: { via: source, trunk: source, number: dnis, at: leg.startedAt, tried: [], ringMs } };
}
