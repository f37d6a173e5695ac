import { aligned, bold, fixed } from '../calls/table.ts';
import type { ManyCost } from './many.ts';

const HEADS = ['', 'times', 'p50 ms', 'p99 ms', 'CPU mean ms', 'CPU p99 ms', 'CPU most ms'];

/** What twenty campaigns cost, for a terminal. */
export function linesOfMany(cost: ManyCost): readonly string[] {
  const { campaigns, seconds, inFlight, movesPerSecond, share, making, late } = cost;
  const rows = ROWS.map(([name, key]) => {
    const { count, p50, p99, cpu, cpuP99, cpuMost } = cost[key];
    return [name, String(count), ...[p50, p99, cpu, cpuP99, cpuMost].map((ms) => fixed(ms, 2))];
  });
  return [
    bold(`${campaigns} campaigns in one process, ${fixed(inFlight, 0)} calls in flight each, for ${seconds} s`),
    `${fixed(movesPerSecond, 0)} moves of calls and agents a second: ${fixed(100 * share, 1)} % of a core, of which the bench's own calls and agents take ${fixed(100 * making, 1)} %`,
    ...aligned([HEADS, ...rows]),
    `Steps, and ticks with them, begin late by p50 ${fixed(late.p50, 0)} ms, p99 ${fixed(late.p99, 0)} ms, ${fixed(late.most, 0)} ms at the most (by CPU).`,
  ];
}

const ROWS = [
  ['decision', 'decision'],
  ['snapshot for it', 'snapshot'],
  ['tick: look around', 'look'],
  ['all due within 10 ms', 'step'],
] as const;
