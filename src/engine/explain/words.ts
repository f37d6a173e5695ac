import type { Hindrance, Lack } from '../../acd/explain.ts';
import type { AgentLive } from '../../acd/agent.ts';
import type { EpochMs } from '../../call/ids.ts';
import type { Requirement } from '../../call/routing.ts';
import type { Why } from '../../call/why.ts';

const MINUTE_MS = 60_000;

/** A time that passed, as people say it: 45 s, 4 min, 2 h 5 min. */
export function lasting(ms: number): string {
  if (ms < MINUTE_MS) return `${Math.max(0, Math.round(ms / 1_000))} s`;
  const minutes = Math.floor(ms / MINUTE_MS);
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  const seconds = Math.round((ms % MINUTE_MS) / 1_000);
  return minutes < 10 && seconds > 0 && seconds < 60 ? `${minutes} min ${seconds} s` : `${minutes} min`;
}

export const listed = (words: readonly string[]): string =>
  words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

export const counted = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

export const asked = (require: readonly Requirement[]): string =>
  require.length === 0 ? 'nothing in particular' : listed(require.map(({ skill, level }) => `${skill} ≥ ${level}`));

export const lacking = (lacks: readonly Lack[]): string =>
  listed(lacks.map(({ skill, needs, has }) => `${skill} ≥ ${needs} (has ${has === 0 ? 'none' : has})`));

/** What an agent is doing, said of him by name. */
export function doing(agent: AgentLive, now: EpochMs): string {
  const since = lasting(now - agent.since);
  if (agent.status === 'logged-out') return 'is logged out';
  if (agent.state === 'wrap-up') return `has been in wrap-up for ${since}`;
  if (agent.state === 'talking') return `has been talking for ${since}`;
  if (agent.state !== 'idle') return agent.state === 'ringing' ? 'is being rung' : 'is reserved for a call';
  if (agent.status === 'not-ready') return `has not been ready for ${since}${agent.reason ? ` (${agent.reason})` : ''}`;
  if (agent.restUntil !== null && agent.restUntil > now) return `rests for another ${lasting(agent.restUntil - now)}`;
  if (agent.backOffUntil !== null && agent.backOffUntil > now) {
    return `is left in peace for another ${lasting(agent.backOffUntil - now)} after a call that was not taken`;
  }
  return `has been idle for ${lasting(now - agent.idleSince)}`;
}

/** What keeps an agent from a call; null of nothing. */
export function hindered(hindrance: Hindrance | null, live: AgentLive | undefined, now: EpochMs): string {
  if (!hindrance) return 'can be offered it';
  switch (hindrance.why) {
    case 'queue':
      return `does not serve ${listed(hindrance.queues)}`;
    case 'skills':
      return `lacks ${lacking(hindrance.lacks)}`;
    case 'other':
      return `is not ${hindrance.agentId}, whom the call waits for`;
    case 'kept':
      return 'is kept for a number that is being dialled';
    case 'out':
    case 'away':
    case 'busy':
      return live ? doing(live, now) : 'is busy';
  }
}

/** Strategy's figure of an agent, in words; lower is better. */
const FIGURES: Readonly<Record<string, (key: number, at: EpochMs) => string>> = {
  'longest-idle': (key, at) => `idle for ${lasting(at - key)}`,
  'ring-several': (key, at) => `idle for ${lasting(at - key)}`,
  'least-occupied': (key) => `busy ${Math.round(100 * key)} % of late`,
  'round-robin': (key, at) => (key === 0 ? 'not offered any yet' : `last offered one ${lasting(at - key)} ago`),
  'most-skilled': (key) => `levels asked for: ${-key}`,
  'least-skilled': (key) => `levels beyond: ${key}`,
  'fewest-calls': (key) => `${counted(Math.round(key), 'call')} so far`,
  linear: (key) => `place ${key + 1} of the list`,
};

const figure = (why: Why, key: number): string => FIGURES[why.strategy]?.(key, why.at) ?? 'drawn by lot';

/** Why a call went to whom it went to: its turn, who could have taken it, and by what the others lost. */
export function reasons(why: Why): readonly string[] {
  return [turn(why), ...relaxed(why), ...preferred(why), candidates(why), ...winner(why), ...behind(why)];
}

const seconds = (value: number) => `${Math.round(value)} s`;

function turn({ score, queue, through }: Why): string {
  const parts = [`${seconds(score.waited)} waited`];
  if (score.priority !== 0) parts.push(`${seconds(score.priority)} of credit`);
  if (score.campaign !== 0) parts.push('the precedence of a person we rang');
  const help = through === queue ? '' : `; served through ${through}, which helps ${queue}`;
  return score.share === 0
    ? `Its turn: ${listed(parts)}${help}.`
    : `Its turn: ${listed(parts)}, after all others, since he has had this queue's share${help}.`;
}

const relaxed = ({ step, require }: Why): readonly string[] =>
  step === 0
    ? [`It asked for ${asked(require)}.`]
    : [`Relaxed ${counted(step, 'time')}, it asked for ${asked(require)}.`];

function preferred({ preferred: wanted }: Why): readonly string[] {
  if (!wanted) return [];
  const how = { taken: 'and got', 'waited-in-vain': 'and waited in vain for', away: 'who was not there:' } as const;
  return [
    `It preferred ${wanted.agentId}, ${wanted.outcome === 'away' ? 'who was not there' : `${how[wanted.outcome]} him`}.`,
  ];
}

const candidates = ({ candidates: { able, free } }: Why): string =>
  `${counted(able, 'agent')} logged in could have taken it, ${free} of them free.`;

function winner(why: Why): readonly string[] {
  const [first = ''] = why.agentIds;
  const lost = why.lost.map(({ agentId, by, rank, key }) => {
    const how = { share: 'has had the share', rank: `rank ${rank}`, strategy: figure(why, key) } as const;
    return `${agentId} (${how[by]})`;
  });
  const won = `By ${why.strategy}: ${first} (rank ${why.rank}, ${figure(why, why.key)})`;
  return [lost.length === 0 ? `${won}, with nobody else free.` : `${won}, before ${listed(lost)}.`];
}

function behind({ behind: others, score, agentIds }: Why): readonly string[] {
  if (others.length === 0) return [];
  const told = others.map(({ callId, total }) => `${callId} (${seconds(total)})`);
  return [
    `${agentIds[0] ?? ''} could have had ${listed(told)} instead; this call's score was ${seconds(score.total)}.`,
  ];
}
