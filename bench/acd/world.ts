import type { PoolAgent } from '../../src/acd/decision.ts';
import { PLAIN_TICKET, type WaitingCall } from '../../src/acd/queue.ts';
import {
  type AgentProfile,
  PLAIN_QUEUE,
  type QueueProfile,
  type Requirement,
  STRATEGIES,
} from '../../src/call/routing.ts';
import { mulberry32 } from '../../tests/support/chance.ts';

/** What a call may ask: its queue, skills, and what of them it waives with time. */
interface Ask {
  readonly queue: string;
  readonly require: readonly Requirement[];
  readonly relax: WaitingCall['relax'];
}

export interface World {
  readonly queues: ReadonlyMap<string, QueueProfile>;
  readonly asks: readonly Ask[];
  readonly teams: number;
  readonly chance: () => number;
}

interface Plan {
  readonly sets: number;
  readonly teams: number;
  readonly seed: number;
  /** Calls are content with less as they wait. */
  readonly relaxes: boolean;
}

const QUEUES = 10;
const SKILLS = 30;
/** A call that waits is content with less after these times. */
const RELAXES_AFTER_MS = [10_000, 20_000] as const;

/** Ten queues, of every strategy, and so many requirement sets: two or three skills each, none like another. */
export function makeWorld({ sets, teams, seed, relaxes }: Plan): World {
  const chance = mulberry32(seed);
  const names = Array.from({ length: QUEUES }, (_, n) => `queue-${n}`);
  const queues = names.map((name, n): QueueProfile => {
    const strategy = STRATEGIES[n % STRATEGIES.length] ?? 'longest-idle';
    return { ...PLAIN_QUEUE, name, title: name, strategy };
  });
  const asks = new Map<string, Ask>();
  while (asks.size < sets) {
    const ask = makeAsk(names[asks.size % QUEUES] ?? '', chance, relaxes);
    asks.set(JSON.stringify([ask.queue, ask.require]), ask);
  }
  return { queues: new Map(queues.map((queue) => [queue.name, queue])), asks: [...asks.values()], teams, chance };
}

function makeAsk(queue: string, chance: () => number, relaxes: boolean): Ask {
  const count = 2 + Math.floor(chance() * 2);
  const skills = new Set<number>();
  while (skills.size < count) skills.add(Math.floor(chance() * SKILLS));
  const require = [...skills]
    .toSorted((a, b) => a - b)
    .map((skill) => ({ skill: `skill-${skill}`, level: 1 + Math.floor(chance() * 5) }));
  const relax = RELAXES_AFTER_MS.map((afterMs, n) => ({ afterMs, require: require.slice(0, -1 - n) }));
  return { queue, require, relax: relaxes ? relax : [] };
}

/**
 * Agents can do what three of the sets ask, in turn, and a few things more, so that nobody waits in vain even where they
 * are few. They are of one team after the other; in some, queues have ranks or shares.
 */
export function makeAgents(world: World, count: number): readonly PoolAgent[] {
  const teams = Array.from({ length: Math.min(world.teams, count) }, (_, n) => makeTeam(world, n));
  return Array.from({ length: count }, (_, n): PoolAgent => {
    const id = String(n);
    const profile = { ...(teams[n % teams.length] as Team), id, name: id, phone: id };
    return {
      id,
      profile,
      presence: 'busy',
      idleSince: 0,
      occupancy: world.chance(),
      handled: Object.fromEntries(profile.queues.map((queue) => [queue, 0])),
      offeredAt: 0,
    };
  });
}

type Team = Omit<AgentProfile, 'id' | 'name' | 'phone'>;

function makeTeam({ asks, chance }: World, n: number): Team {
  const own = [0, 1, 2].flatMap((at) => asks[(3 * n + at) % asks.length] ?? []);
  const skills: Record<string, number> = {};
  for (let extra = 0; extra < 4; extra += 1)
    skills[`skill-${Math.floor(chance() * SKILLS)}`] = 1 + Math.floor(chance() * 10);
  for (const { skill, level } of own.flatMap(({ require }) => require)) {
    skills[skill] = Math.max(skills[skill] ?? 0, level + Math.floor(chance() * (11 - level)));
  }
  const queues = [...new Set(own.map(({ queue }) => queue))];
  const [first = ''] = queues;
  const team: Team = { skills, queues, campaigns: [] };
  return { ...team, ...(n % 4 === 0 && { ranks: { [first]: 2 } }), ...(n % 10 === 0 && { shares: { [first]: 0.4 } }) };
}

/** Every eighth is credited some seconds. */
export function makeCall({ asks, chance }: World, number: number, now: number): WaitingCall {
  const ask = asks[Math.floor(chance() * asks.length)];
  if (!ask) throw new Error('There are no requirement sets.');
  const priority = number % 8 === 0 ? 30 : 0;
  return { ...PLAIN_TICKET, ...ask, priority, callId: `call-${number}`, enqueuedAt: now };
}
