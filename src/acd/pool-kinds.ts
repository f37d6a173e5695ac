import type { AgentProfile, QueueProfile, Requirement, Strategy } from '../call/routing.ts';
import type { Crew, Kind, Member } from './pool-groups.ts';
import { throughOf } from './pool-rules.ts';
import type { Tally } from './pool-tally.ts';
import { isBySkill, skillFigure } from './strategy.ts';

/** Whether agents of this kind are of the crew. */
export function admit(kind: Kind, crew: Crew): boolean {
  const through = throughOf(kind.profile, crew.serving, crew.require);
  if (!through) return false;
  const { strategy } = crew.own;
  const asks = [...through.require, ...crew.require];
  const figure = isBySkill(strategy) ? skillFigure(kind.profile, strategy, asks) : null;
  const alike = kind.crews.findLastIndex(({ own }, at) => own === crew.own && kind.through[at] === through);
  const at = alike < 0 ? kind.crews.length : alike + 1;
  kind.crews.splice(at, 0, crew);
  kind.indexes.splice(at, 0, crew.index);
  kind.through.splice(at, 0, through);
  kind.ranks.splice(at, 0, kind.profile.ranks?.[through.name] ?? 1);
  kind.figures.splice(at, 0, figure);
  kind.alike.splice(at, 0, isAlike(kind, at));
  crew.kinds.add(kind);
  return true;
}

function isAlike({ crews, through }: Kind, at: number): boolean {
  const [crew, before] = [crews[at], crews[at - 1]];
  return crew?.own === before?.own && through[at] === through[at - 1] && !isPersonal(crew?.own.strategy ?? 'random');
}

/** Does the figure differ from crew to crew of the same queue? */
function isPersonal(strategy: Strategy): boolean {
  return strategy === 'random' || isBySkill(strategy);
}

/** A new crew gets a member; nobody was looked for in it yet. */
export function enrol(member: Member, crew: Crew, tally: Tally): void {
  if (member.presence !== 'out') crew.staff += 1;
  if (member.spot === 'settled') tally.free[crew.index] = (tally.free[crew.index] as number) + 1;
  if (member.spot === 'kept' && crew.kept) crew.kept.count += 1;
}

/** Agents of the same key are of the same kind. */
export function kindKey({ queues, campaigns, skills, ranks, shares, weight, results }: AgentProfile): string {
  return JSON.stringify([queues, campaigns, skills, ranks, shares, weight, results]);
}

/** These crews are no more. */
export function dismiss(kind: Kind, gone: ReadonlySet<Crew>): void {
  const stays = kind.crews.map((crew) => !gone.has(crew));
  kind.crews = kind.crews.filter((_crew, at) => stays[at]);
  kind.indexes = kind.crews.map(({ index }) => index);
  kind.through = kind.through.filter((_queue, at) => stays[at]);
  kind.ranks = kind.ranks.filter((_rank, at) => stays[at]);
  kind.figures = kind.figures.filter((_figure, at) => stays[at]);
  kind.alike = kind.crews.map((_crew, at) => isAlike(kind, at));
}

/** Calls that ask the same, of the same queues, need the same crew. */
export function crewKey(serving: readonly QueueProfile[], require: readonly Requirement[], campaign: boolean): string {
  return JSON.stringify([serving.map(({ name }) => name), campaign, require.map(({ skill, level }) => [skill, level])]);
}
