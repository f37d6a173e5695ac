import { Session } from 'node:inspector';
import { parentPort, workerData } from 'node:worker_threads';
import type { PoolAgent } from '../../../src/acd/decision.ts';
import type { WaitingCall } from '../../../src/acd/queue.ts';
import type { LooksPlan, LooksSeen } from './looks.test.ts';

// Runs in a thread of its own: there the engine itself counts how often each function and block of the matcher runs, so
// nothing need be counted in the matcher, and no other test goes slower for it.

const { size, events } = workerData as LooksPlan;
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

// Only what is read after the counting began is counted in full.
const { Pool } = await import('../../../src/acd/pool.ts');
const { mulberry32 } = await import('../../support/chance.ts');
const { STRATEGIES } = await import('../../../src/call/routing.ts');
const { agent, queue, T0, waitingCall } = await import('./builders.ts');

/** How often anything ran in the matcher since this was last asked. */
function looks(): number {
  let sum = 0;
  session.post('Profiler.takePreciseCoverage', (fault, { result }) => {
    if (fault) throw fault;
    const own = result.filter(({ url }) => url.includes('/src/acd/'));
    for (const { functions } of own) for (const { ranges } of functions) for (const { count } of ranges) sum += count;
  });
  return sum;
}

const chance = mulberry32(size);
const below = (count: number) => Math.floor(chance() * count);
const QUEUES = ['q0', 'q1', 'q2', 'q3', 'q4'];
const SKILLS = Array.from({ length: 10 }, (_, n) => `s${n}`);
const pool = new Pool(
  new Map(
    STRATEGIES.slice(-QUEUES.length).map((strategy, n) => {
      const name = QUEUES[n] ?? '';
      return [name, queue({ name, strategy, relax: [{ afterMs: 3_600_000, require: [] }] })] as const;
    }),
  ),
  1,
);
let [now, called] = [T0, 0];

/** Hardly two can do the same. */
function newAgent(n: number): PoolAgent {
  const skills = Object.fromEntries(SKILLS.map((skill) => [skill, 1 + below(10)]));
  const { profile } = agent(`a${n}`, { skills, queues: QUEUES, campaigns: ['*'] });
  return { id: `a${n}`, profile, presence: 'busy', idleSince: T0, occupancy: 0, handled: {}, offeredAt: T0 };
}

/** One of fifty needs. */
function newCall(): WaitingCall {
  called += 1;
  const require = [{ skill: SKILLS[called % SKILLS.length] ?? '', level: 1 }];
  const prefer = called % 10 === 0 ? { agentId: `a${below(size)}`, until: now + 60_000 } : null;
  const own = QUEUES[below(QUEUES.length)] ?? '';
  return waitingCall(`c${called}`, { queue: own, require, priority: 30 * below(3), prefer, enqueuedAt: now });
}

const agents = Array.from({ length: size }, (_, n) => newAgent(n));
const seen: Record<string, number> = {};

/** The mean of one kind of event. */
function count(kind: string, event: (n: number) => void): void {
  for (let n = 0; n < 2 * events; n += 1) {
    if (n === events) looks(); // what is looked at once and for all is not of every event
    now += 100;
    event(n);
  }
  seen[kind] = Math.round(looks() / events);
}

const busy: PoolAgent[] = [...agents];
function pair(): void {
  for (let why = pool.next(now); why; why = pool.next(now)) {
    for (const id of why.agentIds) busy.push(agents[Number(id.slice(1))] as PoolAgent);
  }
}

function free(): void {
  const one = busy.splice(below(busy.length), 1)[0];
  if (!one) throw new Error('Nobody talks.');
  pool.putAgent({ ...one, presence: 'free', idleSince: now, offeredAt: now, occupancy: chance() }, now);
  pair();
}

function come(): void {
  pool.putCall(newCall(), now);
  pair();
}

const ticket = (n: number) => waitingCall(`d${n}`, { queue: 'campaign:spring', campaignId: 'spring', enqueuedAt: now });

for (const one of agents) pool.putAgent(one, now);
for (let n = 0; n < size; n += 1) come();
count('call, all talk', come);
pool.putCall({ ...newCall(), require: [{ skill: 'rare', level: 1 }] }, now);
const expert = agent('expert', { skills: { rare: 5 }, queues: QUEUES }).profile;
count('the only expert comes or goes', (n) => {
  const presence = n % 2 === 0 ? 'away' : 'out';
  pool.putAgent(
    { id: 'expert', profile: expert, presence, idleSince: now, occupancy: 0, handled: {}, offeredAt: T0 },
    now,
  );
  pair();
});
for (let n = 2 * events; n < size / 2; n += 1) pool.hold(ticket(-n), now);
count('dial rings, all talk', (n) => pool.hold(ticket(-n), now));
count('dial over, all talk', (n) => pool.release(`d${-n}`));
for (let n = 2 * events; n < size / 2; n += 1) pool.release(`d${-n}`);
count('agent, calls wait', free);
const waiting = [...pool.calls()].map(({ callId }) => callId);
count('caller hangs up', () => pool.removeCall(waiting.pop() ?? ''));
count('where a call stands', () => pool.position(waiting[below(waiting.length)] ?? ''));
count('how a queue stands', () => pool.standing(QUEUES[below(QUEUES.length)] ?? ''));
count('skills change', () => {
  const at = below(busy.length);
  const id = busy[at]?.id ?? '';
  const changed = newAgent(Number(id.slice(1)));
  agents[Number(id.slice(1))] = changed;
  busy[at] = changed;
  pool.putAgent(changed, now);
  pair();
});
while (busy.length > 0) free();
count('call, all are free', come);
count('agent, nobody waits', free);
count('dial rings', (n) => {
  pool.hold(ticket(n), now);
  pair();
});
for (let n = 2 * events; n < size / 4; n += 1) pool.hold(ticket(n), now);
pair();
// A quarter of the agents, or as many as were free, are kept.
count('person rung', (n) => {
  pool.release(`d${n}`);
  pool.putCall(ticket(n), now);
  pair();
});
parentPort?.postMessage({ seen } satisfies LooksSeen, []);
