import type { EscalationStep, FollowUpRules, Ladder } from '../../engine/site.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import type { Path, Problem } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

/** What `site/follow-ups.yaml` names that is not there, hands to nobody, or says in an order in which it cannot happen. */
export function lintFollowUps(
  { followUps, agents, broken }: Parts,
  _names: SiteNames,
  source: Source,
): readonly Problem[] {
  const known = {
    agent: broken.has('agents') ? null : new Set(agents.map(({ id }) => id)),
    team: new Set(followUps.teams.keys()),
    department: new Set(followUps.departments.keys()),
  };
  const ladder = (path: Path, { steps }: Ladder) => lintSteps(steps, [...path, 'escalation'], known, source);
  const people = (path: Path, members: readonly string[]) =>
    members.flatMap((id, i) => unknown('agent', id, known.agent, { path: [...path, 'members', i], source }));
  return [
    ...(isOwn(['usual'], source) ? ladder(['usual'], followUps.usual) : []),
    ...[...followUps.teams].flatMap(([id, team]) => {
      const path = ['teams', id];
      return [...people(path, team.members), ...(isOwn(path, source) && team.ladder ? ladder(path, team.ladder) : [])];
    }),
    ...[...followUps.departments].flatMap(([id, department]) => {
      const path = ['departments', id];
      const teams = department.teams.flatMap((team, i) =>
        unknown('team', team, known.team, { path: [...path, 'teams', i], source }),
      );
      const own = isOwn(path, source) && department.ladder ? ladder(path, department.ladder) : [];
      return [...people(path, department.members), ...teams, ...own];
    }),
    ...twoDepartments(followUps, source),
  ];
}

/** A ladder may be the usual one, whose faults are told where it is written. */
function isOwn(path: Path, { data }: Source): boolean {
  const written = path.reduce<unknown>(
    (part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key],
    data,
  );
  return Array.isArray((written as { readonly escalation?: unknown } | undefined)?.escalation);
}

type Known = Readonly<Record<'agent' | 'team' | 'department', ReadonlySet<string> | null>>;

function lintSteps(steps: readonly EscalationStep[], path: Path, known: Known, source: Source): readonly Problem[] {
  return steps.flatMap(({ afterMs, to, alarm }, i) => {
    const before = steps[i - 1];
    const late = before && before.afterMs >= afterMs;
    const order = 'This step comes no later than the one above it.';
    const idle = 'The step hands over to nobody and alarms nobody.';
    return [
      ...(to ? unknown(to.kind, to.id, known[to.kind], { path: [...path, i, 'to', to.kind], source }) : []),
      ...(late ? [source.problem('wrong-value', [...path, i], order, 'Put the steps in order of time.')] : []),
      ...(to || alarm ? [] : [source.problem('no-effect', [...path, i], idle, 'Remove it, or add `to`.')]),
    ];
  });
}

/** Whose rules would hold? */
function twoDepartments({ departments }: FollowUpRules, source: Source): readonly Problem[] {
  const homes = new Map<string, string>();
  return [...departments].flatMap(([id, { teams }]) =>
    teams.flatMap((team, i) => {
      const other = homes.get(team);
      homes.set(team, other ?? id);
      if (other === undefined) return [];
      const message = `The team \`${team}\` belongs to the department \`${other}\` already.`;
      return [source.problem('wrong-value', ['departments', id, 'teams', i], message, 'Keep it in one department.')];
    }),
  );
}
