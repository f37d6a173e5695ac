/** How often the wait fell into the range that was said, and what an estimate costs: `node bench/estimate.ts`. */
import { cpus } from 'node:os';
import type { Pace } from '../src/acd/estimate-pool.ts';
import { Pool } from '../src/acd/pool.ts';
import { PLAIN_TICKET } from '../src/acd/queue.ts';
import { PLAIN_QUEUE } from '../src/call/routing.ts';
import { coverage, playEstimates } from '../tests/support/estimate-floor.ts';

const HANDLE_S = 240;
const CALLS = 20_000;
const FLOORS = [
  { agents: 5, load: 0.9, patienceS: null },
  { agents: 20, load: 0.8, patienceS: null },
  { agents: 20, load: 0.95, patienceS: null },
  { agents: 20, load: 1.2, patienceS: 300 },
  { agents: 100, load: 0.98, patienceS: null },
  { agents: 100, load: 1.2, patienceS: 600 },
] as const;

const percent = (share: number) => `${Math.round(share * 100)} %`;
const seconds = (values: readonly number[]) =>
  `${Math.round(values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length) / 1000)} s`;

process.stdout.write(`${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}; talks of ${HANDLE_S} s\n\n`);
process.stdout.write(
  '| agents | load | patience | who waits waits | told a range | kept | mean error |\n|---|---|---|---|---|---|---|\n',
);
for (const { agents, load, patienceS } of FLOORS) {
  const callsPerSecond = (load * agents) / HANDLE_S;
  const seen = playEstimates({ agents, callsPerSecond, handleS: HANDLE_S, patienceS, calls: CALLS });
  const late = seen.filter(({ estimate }) => estimate.ms > 0);
  const { told, kept } = coverage(seen);
  const row = [
    agents,
    load,
    patienceS === null ? 'endless' : `${patienceS} s`,
    seconds(late.map(({ waitedMs }) => waitedMs)),
    percent(told),
    percent(kept),
    seconds(late.map(({ estimate, waitedMs }) => Math.abs(estimate.ms - waitedMs))),
  ];
  process.stdout.write(`| ${row.join(' | ')} |\n`);
}

const WAITING = 10_000;
const SETS = 200;
const pace: Pace = {
  ofQueue: () => ({ talks: 100, totalMs: 100 * HANDLE_S * 1000 }),
  ofAgent: () => ({ talks: 0, totalMs: 0 }),
  givesUp: () => 1e-6,
};

/** As many agents as callers, each with ten of the skills, each call asking two of them. */
function crowd(): Pool {
  const pool = new Pool(new Map([['q', { ...PLAIN_QUEUE, name: 'q', title: 'q' }]]), 1);
  const since = { idleSince: 0, occupancy: 0, handled: {}, offeredAt: 0 };
  for (let nth = 0; nth < WAITING; nth += 1) {
    const id = `a${nth}`;
    const skills = Object.fromEntries(Array.from({ length: 10 }, (_, n) => [`s${(nth * 7 + n * n) % 40}`, 5]));
    const profile = { id, name: id, phone: id, skills, queues: ['q'], campaigns: [] };
    pool.putAgent({ id, profile, presence: 'busy', ...since }, 0);
  }
  for (let nth = 0; nth < WAITING; nth += 1) {
    const set = nth % SETS;
    const require = [set % 40, (set * 3 + 1) % 40].map((skill) => ({ skill: `s${skill}`, level: 1 }));
    pool.putCall({ ...PLAIN_TICKET, callId: `c${nth}`, queue: 'q', require, enqueuedAt: nth }, 0);
  }
  return pool;
}

const pool = crowd();
const ROUNDS = 5;
const outlooks = Array.from({ length: ROUNDS }, (_, round) => {
  const begun = performance.now();
  pool.estimate('c9999', pace, 20_000 + round * 2_000);
  return performance.now() - begun;
});
const outlookMs = outlooks.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? 0;
const begun = performance.now();
for (let nth = 0; nth < WAITING; nth += 1) pool.estimate(`c${nth}`, pace, 28_000);
const eachUs = ((performance.now() - begun) / WAITING) * 1000;
process.stdout.write(
  `\n${WAITING} agents, ${WAITING} waiting, ${SETS} needs: the outlook, at most once a second, takes ${outlookMs.toFixed(1)} ms, an estimate ${eachUs.toFixed(1)} µs.\n`,
);
process.stdout.write(`${JSON.stringify({ outlookMs, estimateUs: eachUs })}\n`);
