import type { Hindrance, Lack, ShareHad } from '../../acd/explain.ts';
import type { AgentLive } from '../../acd/agent.ts';
import type { AgentId, EpochMs } from '../../call/ids.ts';
import type { Requirement } from '../../call/routing.ts';

/** What people call an agent. */
export type NameOf = (id: AgentId) => string;

/** A time that passed, as people say it: 45 s, 4 min, 2 h 5 min. */
export function lasting(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes >= 60)
    return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const rest = seconds % 60;
  return minutes < 10 && rest > 0 ? `${minutes} min ${rest} s` : `${minutes} min`;
}

export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

/** The first few, and how many there are besides. */
export function some(words: readonly string[], most: number): string {
  // One more would take no more room than saying that there is one.
  return words.length > most + 1 ? listed([...words.slice(0, most), `${words.length - most} more`]) : listed(words);
}

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const asked = (require: readonly Requirement[]): string =>
  require.length === 0 ? 'nothing in particular' : listed(require.map(({ skill, level }) => `${skill} ≥ ${level}`));

const lacking = (lacks: readonly Lack[], has: string): string =>
  listed(lacks.map((lack) => `${lack.skill} ≥ ${lack.needs} (${has} ${lack.has === 0 ? 'none' : lack.has})`));

const MISSED = {
  noAnswer: 'nobody answered',
  busy: 'the phone was busy',
  rejected: 'it was declined',
  unreachable: 'the phone could not be reached',
} as const;

/** What an agent is doing, said of him by name. */
export function doing(agent: AgentLive, now: EpochMs): string {
  const since = lasting(now - agent.since);
  if (agent.state === 'wrap-up') return `has been in wrap-up for ${since}`;
  if (agent.state === 'talking') return `has been talking for ${since}`;
  if (agent.state !== 'idle') return agent.state === 'ringing' ? 'is being rung' : 'is reserved for a call';
  if (agent.status === 'logged-out') return 'is logged out';
  if (agent.status === 'not-ready') return `has not been ready for ${since}${agent.reason ? ` (${agent.reason})` : ''}`;
  if (agent.restUntil !== null && agent.restUntil > now) return `rests for another ${lasting(agent.restUntil - now)}`;
  if (agent.backOffUntil !== null && agent.backOffUntil > now) {
    const why = agent.missedBy === null ? '' : `: ${MISSED[agent.missedBy]}`;
    return `is left in peace for another ${lasting(agent.backOffUntil - now)} after a call that was not taken${why}`;
  }
  return `has been idle for ${lasting(now - agent.idleSince)}`;
}

/** What keeps one agent from a call; null of nothing. */
export function hindered(hindrance: Hindrance | null, live: AgentLive | undefined, now: EpochMs, name: NameOf): string {
  if (!hindrance) return 'can be offered it';
  switch (hindrance.why) {
    case 'queue':
      return `does not serve ${listed(hindrance.queues)}`;
    case 'skills':
      return `lacks ${lacking(hindrance.lacks, 'has')}`;
    case 'other':
      return `is not ${name(hindrance.agentId)}, whom the call waits for`;
    case 'kept':
      return 'is kept for a number that is being dialled';
    case 'out':
    case 'away':
    case 'busy':
      return live ? doing(live, now) : 'is busy';
  }
}

/** The same of several agents, where it is the same for all of them; null: each has his own. */
export function allHindered(hindrance: Hindrance | null, name: NameOf): string | null {
  switch (hindrance?.why) {
    case 'queue':
      return `do not serve ${listed(hindrance.queues)}`;
    case 'skills':
      return `lack ${lacking(hindrance.lacks, 'have')}`;
    case 'other':
      return `are not ${name(hindrance.agentId)}, whom the call waits for`;
    case 'out':
      return 'are logged out';
    default:
      return null;
  }
}

/** That a queue has had more than its share of his calls. */
export const hadShare = ({ queue, share, calls, ofCalls }: ShareHad): string =>
  `${queue} has had more than its share of the calls: ${calls} of ${ofCalls}, where ${Math.round(100 * share)} % is its share. Its calls stand five minutes further back.`;
