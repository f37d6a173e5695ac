import { NOISY_LOAD } from '../calls/statistics.ts';
import { aligned, bold, fixed } from '../calls/table.ts';
import { cpuRatio, PARTS, type Run, total } from './figures.ts';

export const NAMES = { callwright: 'Callwright', appQueue: 'app_queue' } as const;

const RULE = '│';
const HEADS = ['agents', 'queue', 'calls', 'failed', 'waited', RULE, 'free to INVITE p50', 'p99', RULE];
const CPU_HEADS = ['CPU Callwright', 'Asterisk', 'Redis', 'SQL', 'all', '÷ app_queue', RULE, 'other load'];

/** All runs as a person reads them. */
export function tableOf(runs: readonly Run[]): string {
  return [
    bold('From an agent becoming free to the INVITE on his phone, ms, and CPU (user and system, ÷ calls), ms'),
    ...aligned([[...HEADS, ...CPU_HEADS], ...runs.map((run) => rowOf(run, runs))]),
    ...remarks(runs),
  ].join('\n');
}

function rowOf(run: Run, runs: readonly Run[]): readonly string[] {
  const { side, members, calls, failed, waited, offerMs, cpuMsPerCall, otherLoad } = run;
  const ratio = side === 'callwright' ? cpuRatio(runs, members) : null;
  const about = [String(members), NAMES[side], String(calls), String(failed), percent(waited)];
  const times = [fixed(offerMs?.p50, 1), fixed(offerMs?.p99, 1)];
  const cpu = PARTS.map((part) => fixed(cpuMsPerCall[part], 1));
  const all = [fixed(total(run), 1), ratio === null ? '–' : `${fixed(ratio, 2)} ×`];
  return [...about, RULE, ...times, RULE, ...cpu, ...all, RULE, percent(otherLoad)];
}

/** What a reader must know before he trusts the figures. */
function remarks(runs: readonly Run[]): readonly string[] {
  const found = runs.flatMap(({ members, side, why, doubled, offerMs, otherLoad }) => {
    const who = `${members} agents, ${NAMES[side]}`;
    return [
      ...Object.entries(why).map(([reason, count]) => `${who}: ${count} calls failed, ${reason}`),
      ...(doubled > 0 ? [`${who}: phones in a call were rung ${doubled} times`] : []),
      ...(offerMs === null ? [`${who}: no call waited for an agent, so there is no such time`] : []),
      ...(otherLoad > NOISY_LOAD ? [`${who}: ran beside ${percent(otherLoad)} of other load; repeat it alone`] : []),
    ];
  });
  return found.length > 0 ? ['', ...found] : [];
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
