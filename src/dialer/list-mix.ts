import type { LeadList } from './list-terms.ts';

/** A list that has something to dial, as far as is known. */
type Mixed = Pick<LeadList, 'id' | 'priority' | 'share' | 'active'>;

/** What each list is owed, in dials: positive when it had fewer than its share. It is the whole memory of the mix. */
export type MixState = Readonly<Record<string, number>>;

/**
 * Which list the next dial is for: of the highest priority that has leads, and there by Tijdeman's rule for the chairman
 * assignment problem (Discrete Mathematics 32, 1980): among the lists that are owed enough, the one that must come first lest
 * it be owed a whole dial. So after any number of dials each list had its share of them, give or take less than one.
 * A list of no share is dialled only when it has no rival. `dry` names lists that have nothing due; what they were owed is
 * forgotten, so that they do not crowd out the others later.
 */
export function nextList(
  state: MixState,
  lists: readonly Mixed[],
  dry: ReadonlySet<string>,
): { readonly list: string | null; readonly state: MixState } {
  const rivals = rivalsOf(lists, dry);
  const [first] = rivals;
  if (!first) return { list: null, state };
  const total = rivals.reduce((sum, { share }) => sum + share, 0);
  const mean = rivals.reduce((sum, { id }) => sum + (state[id] ?? 0), 0) / rivals.length;
  const claims = rivals.map(({ id, share }) => {
    const part = total > 0 ? share / total : 1 / rivals.length;
    const due = (state[id] ?? 0) - mean + part;
    return { id, part, due };
  });
  const chosen = chosenOf(claims);
  const kept = Object.entries(state).filter(([id]) => !dry.has(id) && !rivals.some((list) => list.id === id));
  const owed = claims.map(({ id, due }): [string, number] => [id, id === chosen ? due - 1 : due]);
  return { list: chosen, state: Object.fromEntries([...kept, ...owed]) };
}

function rivalsOf(lists: readonly Mixed[], dry: ReadonlySet<string>): readonly Mixed[] {
  const ready = lists.filter(({ id, active }) => active && !dry.has(id));
  const top = Math.max(...ready.map(({ priority }) => priority));
  const level = ready.filter(({ priority }) => priority === top);
  const shared = level.filter(({ share }) => share > 0);
  return shared.length > 0 ? shared : level;
}

interface Claim {
  readonly id: string;
  /** Share of the dials, 0–1. */
  readonly part: number;
  /** Owed with this dial. */
  readonly due: number;
}

/** Sums of fractions differ in their last digits. */
const TINY = 1e-9;

function chosenOf(claims: readonly Claim[]): string {
  const slack = claims.length > 1 ? 1 / (2 * claims.length - 2) : 0;
  const entitled = claims.filter(({ due }) => due >= slack - TINY);
  const deadline = ({ due, part }: Claim) => (1 - slack - (due - part)) / part;
  const [first, ...others] = entitled.length > 0 ? entitled : claims;
  return others.reduce((best, one) => (deadline(one) < deadline(best) - TINY ? one : best), first ?? NOBODY).id;
}

const NOBODY: Claim = { id: '', part: 0, due: 0 };

/** How many of the next `count` dials each list is for. */
export function mixOf(
  state: MixState,
  lists: readonly Mixed[],
  dry: ReadonlySet<string>,
  count: number,
): { readonly counts: ReadonlyMap<string, number>; readonly state: MixState } {
  const counts = new Map<string, number>();
  let now = state;
  for (let dial = 0; dial < count; dial += 1) {
    const next = nextList(now, lists, dry);
    if (next.list === null) break;
    now = next.state;
    counts.set(next.list, (counts.get(next.list) ?? 0) + 1);
  }
  return { counts, state: now };
}
