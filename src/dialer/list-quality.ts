import type { AttemptOutcome } from './attempt.ts';

/** What became of the leads of one list, counted. */
export interface ListCounts {
  /** Empty: the campaign's unnamed list. */
  readonly listId: string;
  readonly leads: number;
  readonly done: number;
  /** Leads whom at least one dial tried. */
  readonly dialled: number;
  /** Leads of whom somebody picked up at least once, a person. */
  readonly reached: number;
  /** Dials that have ended, by what they came to. */
  readonly outcomes: Readonly<Partial<Record<AttemptOutcome, number>>>;
  /** Dials of which the agent said that the person refused, or wants no more calls. */
  readonly refusals: number;
}

/** A share and what it is a share of, so that nobody reads much into little. */
interface Part {
  /** 0–1; null: of nothing. */
  readonly share: number | null;
  readonly of: number;
}

export interface ListQuality {
  readonly listId: string;
  readonly leads: number;
  readonly done: number;
  readonly dialled: number;
  readonly dials: number;
  readonly contact: Part;
  readonly reached: Part;
  readonly machine: Part;
  readonly noAnswer: Part;
  readonly invalid: Part;
  readonly refused: Part;
}

/** The definition of each share, shown beside it wherever it is shown. */
export const QUALITY_WORDS = {
  contact: 'Dials that a person answered (connected or abandoned) ÷ dials that have ended, without those we took back.',
  reached: 'Leads of whom a person answered at least once ÷ leads that were dialled.',
  machine: 'Dials that met an answering machine, a fax or silence ÷ dials that have ended, without those we took back.',
  noAnswer: 'Dials that rang out ÷ dials that have ended, without those we took back.',
  invalid:
    'Dials of which the network said that there is no such number ÷ dials that have ended, without those we took back.',
  refused: 'Talks of which the agent said that the person refuses or wants no more calls ÷ talks.',
} as const satisfies Readonly<Record<string, string>>;

/** Our own doing, or our own fault: they tell nothing of a list. */
const OURS: ReadonlySet<string> = new Set(['cancelled', 'failed'] satisfies AttemptOutcome[]);

/** How good a list is, from what its dials came to. */
export function listQuality({ outcomes, refusals, reached, ...counts }: ListCounts): ListQuality {
  const sum = (...of: AttemptOutcome[]) => of.reduce((total, outcome) => total + (outcomes[outcome] ?? 0), 0);
  const told = Object.entries(outcomes).filter(([outcome]) => !OURS.has(outcome));
  const dials = told.reduce((total, [, count]) => total + count, 0);
  return {
    ...counts,
    dials,
    contact: shareOf(sum('connected', 'abandoned'), dials),
    reached: shareOf(reached, counts.dialled),
    machine: shareOf(sum('machine', 'message-left', 'fax', 'silent'), dials),
    noAnswer: shareOf(sum('no-answer'), dials),
    invalid: shareOf(sum('invalid-number'), dials),
    refused: shareOf(refusals, sum('connected')),
  };
}

/** Of all lists together. */
export function allOf(lists: readonly ListCounts[]): ListCounts {
  const none: ListCounts = { listId: '', leads: 0, done: 0, dialled: 0, reached: 0, outcomes: {}, refusals: 0 };
  return lists.reduce(
    (all, list) => ({
      listId: '',
      leads: all.leads + list.leads,
      done: all.done + list.done,
      dialled: all.dialled + list.dialled,
      reached: all.reached + list.reached,
      outcomes: added(all.outcomes, list.outcomes),
      refusals: all.refusals + list.refusals,
    }),
    none,
  );
}

function added(a: ListCounts['outcomes'], b: ListCounts['outcomes']): ListCounts['outcomes'] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])] as AttemptOutcome[];
  return Object.fromEntries(names.map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

const shareOf = (part: number, of: number): Part => ({ share: of === 0 ? null : Math.min(1, part / of), of });
