import { type Setup, setupOf } from '../calls/statistics.ts';
import type { Heard, Mood } from './receiver.ts';

/** One stretch of calls, with a webhook or without. */
export interface Phase {
  readonly mood: Mood;
  readonly hasWebhook: boolean;
  readonly setupMs: readonly number[];
  readonly failed: number;
  /** Resident memory of Callwright, MB of 10⁶ bytes: as the phase began, and the most, with what was sent afterwards. */
  readonly memoryMb: { readonly before: number; readonly peak: number };
  /** Share of the machine that went to anything else, 0 to 1. */
  readonly otherLoad: number;
  readonly delivery: Delivery | null;
}

export interface Delivery extends Heard {
  readonly events: number;
  readonly missing: number;
  /** From the receiver being well to the last event of the phase. */
  readonly caughtUpMs: number;
}

/** All phases of one mood: with a webhook ÷ without. */
export interface Row {
  readonly mood: Mood;
  readonly calls: number;
  readonly failed: number;
  readonly without: Setup | null;
  readonly with: Setup | null;
  readonly p99Ratio: number | null;
  readonly isWithin: boolean;
  readonly memoryMb: { readonly without: number; readonly with: number };
  readonly delivery: Delivery;
}

/** The p99 with a webhook may be so far from the one without. */
export const TOLERANCE = 0.1;

export function rowsOf(phases: readonly Phase[]): readonly Row[] {
  return [...Map.groupBy(phases, ({ mood }) => mood)].map(([mood, all]) => rowOf(mood, all));
}

function rowOf(mood: Mood, all: readonly Phase[]): Row {
  const [by, without] = [all.filter(({ hasWebhook }) => hasWebhook), all.filter(({ hasWebhook }) => !hasWebhook)];
  const [ours, theirs] = [pooled(by), pooled(without)];
  const p99Ratio = ours && theirs ? ours.p99 / theirs.p99 : null;
  return {
    mood,
    calls: all.reduce((sum, { setupMs, failed }) => sum + setupMs.length + failed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    without: theirs,
    with: ours,
    p99Ratio,
    isWithin: p99Ratio !== null && Math.abs(p99Ratio - 1) <= TOLERANCE,
    memoryMb: { without: peakOf(without), with: peakOf(by) },
    delivery: by.reduce((sum, { delivery }) => (delivery ? added(sum, delivery) : sum), NOTHING),
  };
}

/**
 * What the p99 of phases without a webhook differs by between themselves, the odd ones ÷ the even ones: a smaller
 * difference than this says nothing about webhooks. Null with fewer than two of them.
 */
export function noiseOf(phases: readonly Phase[]): number | null {
  const without = phases.filter(({ hasWebhook }) => !hasWebhook);
  const [even, odd] = [0, 1].map((rest) => pooled(without.filter((_, index) => index % 2 === rest)));
  return even && odd ? odd.p99 / even.p99 : null;
}

const pooled = (phases: readonly Phase[]): Setup | null => setupOf(phases.flatMap(({ setupMs }) => setupMs));
const peakOf = (phases: readonly Phase[]): number => Math.max(0, ...phases.map(({ memoryMb }) => memoryMb.peak));

const NOTHING: Delivery = { events: 0, missing: 0, messages: 0, doubles: 0, outOfOrder: 0, caughtUpMs: 0 };

const added = (a: Delivery, b: Delivery): Delivery => ({
  events: a.events + b.events,
  missing: a.missing + b.missing,
  messages: a.messages + b.messages,
  doubles: a.doubles + b.doubles,
  outOfOrder: a.outOfOrder + b.outOfOrder,
  caughtUpMs: Math.max(a.caughtUpMs, b.caughtUpMs),
});
