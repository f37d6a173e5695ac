import type { AgentId } from '../call/ids.ts';
import type { OWNER_KINDS } from '../call/work-facts.ts';

/** Who has to keep a promise. */
export interface Owner {
  readonly kind: (typeof OWNER_KINDS)[number];
  /** An agent's id, or the name of a team or department. */
  readonly id: string;
}

/** What is done when a promise is nearly or not kept. */
export interface EscalationStep {
  /** From the due time on; negative: before it. Steps of one ladder have different times, in order. */
  readonly afterMs: number;
  /** Null: it stays whose it is. */
  readonly to: Owner | null;
  /** Somebody should look at once. */
  readonly alarm: boolean;
}

export interface Ladder {
  /** So long before the due time its owner is told; 0: he is not. */
  readonly dueSoonMs: number;
  readonly steps: readonly EscalationStep[];
}

export interface Team {
  readonly title: string;
  readonly members: readonly AgentId[];
  /** Null: as its department has it, or as everybody. */
  readonly ladder: Ladder | null;
}

interface Department extends Team {
  readonly teams: readonly string[];
}

/** What `site/follow-ups.yaml` says. */
export interface FollowUpRules {
  readonly teams: ReadonlyMap<string, Team>;
  readonly departments: ReadonlyMap<string, Department>;
  /** For agents, and for whoever has none of his own. */
  readonly usual: Ladder;
}

/** Without that file: owners are agents, told half an hour before. */
export const PLAIN_FOLLOW_UPS: FollowUpRules = {
  teams: new Map(),
  departments: new Map(),
  usual: { dueSoonMs: 30 * 60_000, steps: [] },
};

export const sameOwner = (a: Owner, b: Owner): boolean => a.kind === b.kind && a.id === b.id;

/** How an owner is named in sentences. */
export const ownerName = ({ kind, id }: Owner): string => `${kind} ${id}`;

/**
 * By what an owner is alarmed: his own ladder, a team's department's, or the usual one. So also where a release took his name away:
 * a promise outlives the team that made it.
 */
export function ladderOf({ kind, id }: Owner, { teams, departments, usual }: FollowUpRules): Ladder {
  if (kind === 'agent') return usual;
  if (kind === 'department') return departments.get(id)?.ladder ?? usual;
  const above = [...departments.values()].find((department) => department.teams.includes(id));
  return teams.get(id)?.ladder ?? above?.ladder ?? usual;
}

/** Himself, his teams, and the departments of those or of his own. */
export function ownersOf(agentId: AgentId, { teams, departments }: FollowUpRules): readonly Owner[] {
  const mine = [...teams].filter(([, { members }]) => members.includes(agentId)).map(([id]) => id);
  const above = [...departments].filter(
    ([, department]) => department.members.includes(agentId) || department.teams.some((team) => mine.includes(team)),
  );
  return [
    { kind: 'agent', id: agentId },
    ...mine.map((id) => ({ kind: 'team', id }) as const),
    ...above.map(([id]) => ({ kind: 'department', id }) as const),
  ];
}
