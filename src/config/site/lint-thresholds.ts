import type { Threshold } from '../../engine/site.ts';
import type { SiteNames } from '../../ivr/lint-site.ts';
import { type Problem, suggest } from '../../ivr/problem.ts';
import type { Source } from '../../ivr/source.ts';
import type { Parts } from './kinds.ts';
import { unknown } from './lint-parts.ts';

/** What thresholds name that is not there. Campaigns are made through the API, so any name will do. */
export function lintThresholds(parts: Parts, names: SiteNames, source: Source): readonly Problem[] {
  return [...parts.thresholds.values()].flatMap((rule) => [
    ...lintNames(rule, parts, names, source),
    ...[...(rule.teams ?? [])].flatMap((team) =>
      unknown('team', team, teamsOf(parts), { path: [rule.name, 'team'], source }),
    ),
    ...[...(rule.reasons ?? [])].flatMap((reason) => unknownReason(rule, reason, parts, source)),
  ]);
}

function lintNames(rule: Threshold, parts: Parts, names: SiteNames, source: Source): readonly Problem[] {
  const written = [
    ...(rule.names === 'all' ? [] : [...rule.names].map((name) => [name, rule.of] as const)),
    ...[...rule.except].map((name) => [name, 'except'] as const),
  ];
  return written.flatMap(([name, key]) => {
    const where = { path: [rule.name, key], source };
    switch (rule.of) {
      case 'queue':
        return unknown('queue', name, names.queues, where);
      case 'trunk':
        return unknown('trunk', name, parts.broken.has('trunks') ? null : new Set(parts.trunks.keys()), where);
      case 'agent':
        return unknown('agent', name, agentsOf(parts), where);
      case 'followUps':
        return unknownOwner(name, parts, where);
      case 'campaign':
        return [];
    }
  });
}

const agentsOf = ({ agents, broken }: Parts) => (broken.has('agents') ? null : new Set(agents.map(({ id }) => id)));
const teamsOf = ({ followUps, broken }: Parts) => (broken.has('follow-ups') ? null : new Set(followUps.teams.keys()));

/** An owner is known by its name, or by its kind and its name. */
function unknownOwner(
  name: string,
  parts: Parts,
  { path, source }: { readonly path: readonly string[]; readonly source: Source },
): readonly Problem[] {
  if ((['follow-ups', 'agents', 'queues'] as const).some((kind) => parts.broken.has(kind))) return [];
  const { teams, departments } = parts.followUps;
  const owners = {
    agent: parts.agents.map(({ id }) => id),
    team: teams.keys(),
    department: departments.keys(),
    queue: parts.queues.keys(),
  };
  const known = new Set(
    Object.entries(owners).flatMap(([kind, ids]) => [...ids].flatMap((id) => [id, `${kind}:${id}`])),
  );
  if (known.has(name)) return [];
  const message = `There is no agent, team, department or queue \`${name}\`.`;
  return [source.problem('wrong-value', path, message, suggest(name, known))];
}

/** Where the site lists no reasons any word is one. */
function unknownReason(rule: Threshold, reason: string, { floor, broken }: Parts, source: Source): readonly Problem[] {
  if (floor.reasons === null || floor.reasons.has(reason) || broken.has('floor')) return [];
  const message = `There is no reason \`${reason}\` in site/floor.yaml.`;
  return [source.problem('wrong-value', [rule.name, 'reasons'], message, suggest(reason, floor.reasons.keys()))];
}
