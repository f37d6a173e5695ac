/** In which order fresh leads of one priority are dialled; those to be dialled again come after them, by when they are due. */
export const LIST_ORDERS = ['file', 'newest', 'fewest-attempts', 'random'] as const;

type ListOrder = (typeof LIST_ORDERS)[number];

/** Dial no more leads of one kind once so many had an outcome. */
export interface Quota {
  /** Outcome of an attempt, or a disposition. */
  readonly outcome: string;
  /** Counted for each value of this field apart; null: for the whole list. */
  readonly field: string | null;
  readonly most: number;
}

/** A list of leads within a campaign. */
export interface LeadList {
  readonly id: string;
  readonly name: string;
  /** 0–9; lists of a lower priority are dialled when those above have nothing due. */
  readonly priority: number;
  /** Percent of the dials among lists of one priority; taken as weights, so that they need not add up to 100. */
  readonly share: number;
  readonly active: boolean;
  /** CEL over the lead; only leads of which it is true are dialled. Null: all. */
  readonly filter: string | null;
  readonly quotas: readonly Quota[];
  readonly order: ListOrder;
  /** Of order `random`: the same seed gives the same order. */
  readonly seed: number;
}

/** How many leads of the list had an outcome, `value` being what the quota's field says of them. */
export interface QuotaCount {
  readonly outcome: string;
  readonly field: string | null;
  readonly value: string;
  readonly count: number;
}

const keyOf = (outcome: string, field: string | null, value: string) => JSON.stringify([outcome, field, value]);

/**
 * Tells of a lead whether a quota of its list is full for it. What rings at this moment is not counted, so that a quota may be
 * passed by as many as were in the air when it filled.
 */
export function quotaCheck(
  quotas: readonly Quota[],
  counts: readonly QuotaCount[],
): (fields: Readonly<Record<string, string>>) => Quota | null {
  const had = new Map(counts.map(({ outcome, field, value, count }) => [keyOf(outcome, field, value), count]));
  return (fields) =>
    quotas.find(({ outcome, field, most }) => {
      const value = field === null ? '' : (fields[field] ?? '');
      return (had.get(keyOf(outcome, field, value)) ?? 0) >= most;
    }) ?? null;
}
