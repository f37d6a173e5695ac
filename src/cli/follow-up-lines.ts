import { z } from 'zod';

const text = z.string().nullable();
const owner = z.object({ kind: z.string(), id: z.string() });

/** As the server shows them. */
export const followUp = z.object({
  id: z.string(),
  kind: z.string(),
  reason: z.string(),
  owner,
  dueAt: z.number(),
  state: z.enum(['open', 'closed']),
  isDueSoon: z.boolean(),
  isOverdue: z.boolean(),
  callId: text,
  outcome: text,
  closedBy: text,
});
export const page = z.object({ items: z.array(followUp), next: text });
export const backlogs = z.object({
  items: z.array(
    z.object({ owner, open: z.number(), overdue: z.number(), oldestMs: z.number(), nextDueAt: z.number() }),
  ),
});
export const story = z.object({
  followUp,
  history: z.array(z.object({ at: z.number(), type: z.string(), data: z.record(z.string(), z.unknown()) })),
});

type FollowUp = z.output<typeof followUp>;
type Backlog = z.output<typeof backlogs>['items'][number];
type Entry = z.output<typeof story>['history'][number];

/** Two lines: which, whose and how it stands; what is to be done. */
export function followUpLines({ id, kind, reason, owner: who, ...rest }: FollowUp): readonly string[] {
  return [`${id}  ${kind}  ${nameOf(who)}`, `  ${standing(rest)} · ${reason}`];
}

function standing({
  state,
  dueAt,
  isOverdue,
  isDueSoon,
  outcome,
  closedBy,
}: Pick<FollowUp, 'state' | 'dueAt' | 'isOverdue' | 'isDueSoon' | 'outcome' | 'closedBy'>): string {
  if (state === 'closed') return `${outcome ?? 'closed'}, by ${closedBy ?? 'nobody'}`;
  const due = `due ${timeOf(dueAt)}`;
  if (isOverdue) return `OVERDUE, was ${due}`;
  return isDueSoon ? `due soon: ${timeOf(dueAt)}` : due;
}

/** A table, the oldest first. */
export function backlogLines(items: readonly Backlog[]): readonly string[] {
  if (items.length === 0) return ['Nobody owes anything.'];
  const rows = items.map(({ owner: who, open, overdue, oldestMs, nextDueAt }) => [
    nameOf(who),
    String(open),
    String(overdue),
    ageOf(oldestMs),
    timeOf(nextDueAt),
  ]);
  const table = [['OWNER', 'OPEN', 'OVERDUE', 'OLDEST', 'NEXT DUE'], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What became of it, a line each. */
export const historyLines = (history: readonly Entry[]): readonly string[] =>
  history.map(({ at, type, data }) => {
    const by = wordOf(data['by']);
    const said = [...(by === '' ? [] : [`by ${by}`]), ...detailsOf(data)];
    return `  ${[`${timeOf(at)}  ${type.replace('followup.', '')}`, ...said].join(' · ')}`;
  });

function detailsOf({
  owner: who,
  from,
  previous,
  dueAt,
  outcome,
  note,
  alarm,
  ...call
}: Entry['data']): readonly string[] {
  const [now, before] = [owner.safeParse(who).data, owner.safeParse(from).data];
  const details = [
    now && before && nameOf(now) !== nameOf(before) ? `${nameOf(before)} → ${nameOf(now)}` : '',
    alarm === true ? 'alarm' : '',
    previous === undefined ? '' : `now due ${timeOf(Number(dueAt))}`,
    wordOf(outcome),
    wordOf(note),
    ...callWords(call),
  ];
  return details.filter((detail) => detail !== '');
}

/** Of a call with its caller: by which queue, whose phone, why it came to nothing. */
const callWords = ({ queue, agentId, why, retryAt }: Entry['data']): readonly string[] => [
  ...(wordOf(queue) === '' ? [] : [`in queue ${wordOf(queue)}`]),
  ...(wordOf(agentId) === '' ? [] : [`agent ${wordOf(agentId)}`]),
  wordOf(why),
  ...(typeof retryAt === 'number' ? [`again at ${timeOf(retryAt)}`] : []),
];

const wordOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const nameOf = ({ kind, id }: FollowUp['owner']): string => `${kind}:${id}`;
/** In the time of who asks. */
const timeOf = (at: number): string => new Date(at).toLocaleString('sv-SE').slice(0, 16);

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

function ageOf(ms: number): string {
  const [unit, size] = UNITS.find(([, each]) => ms >= each) ?? ['min', 60_000];
  return `${Math.floor(ms / size)} ${unit}`;
}
