import type { AgentProfile, QueueProfile, Requirement } from '../call/routing.ts';
import type { Crew, Kind, Member } from './pool-groups.ts';
import { throughOf } from './pool-rules.ts';
import type { WaitingCall } from './queue.ts';
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
  kind.through.splice(at, 0, through);
  kind.ranks.splice(at, 0, kind.profile.ranks?.[through.name] ?? 1);
  kind.figures.splice(at, 0, figure);
  crew.kinds.add(kind);
  return true;
}

/** A new crew gets a member. */
export function enrol(member: Member, crew: Crew): void {
  if (member.presence !== 'out') crew.staff += 1;
  if (member.spot === 'fresh' || member.spot === 'settled') crew.free += 1;
}

/** Agents of the same key are of the same kind. */
export function kindKey({ queues, campaigns, skills, ranks, shares, weight, results }: AgentProfile): string {
  return JSON.stringify([queues, campaigns, skills, ranks, shares, weight, results]);
}

/** These crews are no more. */
export function dismiss(kind: Kind, gone: ReadonlySet<Crew>): void {
  const stays = kind.crews.map((crew) => !gone.has(crew));
  kind.crews = kind.crews.filter((_crew, at) => stays[at]);
  kind.through = kind.through.filter((_queue, at) => stays[at]);
  kind.ranks = kind.ranks.filter((_rank, at) => stays[at]);
  kind.figures = kind.figures.filter((_figure, at) => stays[at]);
}

function asked(require: readonly Requirement[]): string {
  let text = '';
  for (const { skill, level } of require) text += `\n${skill} ${level}`;
  return text;
}

/** Calls that ask the same, of the same queues, need the same crew. */
export function crewKey(serving: readonly QueueProfile[], require: readonly Requirement[], campaign: boolean): string {
  return `${serving.map(({ name }) => name).join('\n')}\n\n${campaign}${asked(require)}`;
}

/** Calls of the same key ask for the same over time. */
export function ladderKey({ queue, also, campaignId, require, relax }: WaitingCall): string {
  let text = `${queue}\n${also.join('\n')}\n\n${campaignId !== null}${asked(require)}`;
  for (const step of relax) text += `\n\n${step.afterMs}${asked(step.require)}`;
  return text;
}
