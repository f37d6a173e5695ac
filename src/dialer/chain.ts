import type { CampaignId, EpochMs } from '../call/ids.ts';
import type { AttemptOutcome } from './outcome.ts';

/** Where a lead goes when a campaign is done with it. The first rule that fits decides. */
export interface ChainRule {
  /** What the lead ended with; each list that is given must hold it. Without any, every end fits. */
  readonly outcomes?: readonly AttemptOutcome[];
  readonly dispositions?: readonly string[];
  readonly to: CampaignId;
  readonly afterMs: number;
}

export interface LeadEnd {
  readonly outcome: AttemptOutcome;
  /** Null where no agent said one. */
  readonly disposition: string | null;
  /** Set where the lead must not be called by anybody: it goes nowhere. */
  readonly barred: boolean;
}

export type ChainStep =
  | { readonly go: true; readonly to: CampaignId; readonly notBefore: EpochMs; readonly trail: readonly CampaignId[] }
  | { readonly go: false; readonly why: string };

/** Campaigns that one lead may pass through. */
export const LONGEST_TRAIL = 8;

/**
 * The campaign that a lead goes to next. `trail`: those that it was in, the present one last; it must be kept with the lead. No
 * campaign gets a lead twice and no trail is longer than `LONGEST_TRAIL`, so that chains always end, whatever the rules say.
 */
export function nextCampaign(
  rules: readonly ChainRule[],
  { outcome, disposition, barred }: LeadEnd,
  trail: readonly CampaignId[],
  now: EpochMs,
): ChainStep {
  if (barred) return { go: false, why: 'Nobody may call it any more.' };
  const rule = rules.find(
    ({ outcomes, dispositions }) =>
      (outcomes?.includes(outcome) ?? true) &&
      (dispositions === undefined || (disposition !== null && dispositions.includes(disposition))),
  );
  if (!rule) return { go: false, why: 'No rule leads on from here.' };
  if (trail.includes(rule.to)) return { go: false, why: `It was in campaign ${rule.to} already.` };
  if (trail.length >= LONGEST_TRAIL)
    return { go: false, why: `It was in ${trail.length} campaigns, which is the most.` };
  return { go: true, to: rule.to, notBefore: now + rule.afterMs, trail: [...trail, rule.to] };
}

/**
 * Circles that the rules of all campaigns make, at least one of each knot: no lead goes round in them, but whoever wrote the
 * rules may have meant otherwise.
 */
export function chainCircles(rules: ReadonlyMap<CampaignId, readonly ChainRule[]>): readonly (readonly CampaignId[])[] {
  const circles: CampaignId[][] = [];
  const over = new Set<CampaignId>();
  const walk = (id: CampaignId, way: readonly CampaignId[]): void => {
    const seen = way.indexOf(id);
    if (seen >= 0) return void circles.push(way.slice(seen));
    if (over.has(id)) return;
    for (const to of new Set((rules.get(id) ?? []).map((rule) => rule.to))) walk(to, [...way, id]);
    over.add(id);
  };
  for (const id of rules.keys()) walk(id, []);
  return circles;
}
