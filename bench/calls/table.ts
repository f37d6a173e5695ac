import { styleText } from 'node:util';
import type { Held } from './hold.ts';
import { NOISY_LOAD, type Ratio, ratios, type Step, total } from './statistics.ts';

/** All steps as a person reads them, and below them Callwright ÷ bare. */
export function ratesTable(steps: readonly Step[]): string {
  return [
    bold('Set-up (INVITE to 200 OK as the caller sees it) and CPU (user and system, ÷ calls), ms'),
    ...aligned([HEADS, ...steps.map(stepRow)]),
    '',
    bold('Callwright ÷ bare'),
    ...aligned([
      ['calls/s', 'set-up p50', 'p95', 'p99', 'CPU of the process', 'CPU of all'],
      ...ratios(steps).map(ratioRow),
    ]),
    ...remarks(steps),
  ].join('\n');
}

const RULE = '│';
const SETUP_HEADS = ['set-up p50', 'p95', 'p99'];
const CPU_HEADS = ['CPU responder', 'Asterisk', 'Redis', 'SQL', 'all'];
const HEADS = [
  'calls/s',
  'answered by',
  'calls',
  'failed',
  RULE,
  ...SETUP_HEADS,
  RULE,
  ...CPU_HEADS,
  RULE,
  'other load',
];

function stepRow(step: Step): readonly string[] {
  const { responder, perSecond, calls, failed, setupMs, cpuMsPerCall, otherLoad } = step;
  const setup = [setupMs?.p50, setupMs?.p95, setupMs?.p99].map((ms) => fixed(ms, 1));
  const { asterisk, redis, sql } = cpuMsPerCall;
  const cpu = [cpuMsPerCall[responder], asterisk, redis, sql, total(step)].map((ms) => fixed(ms, 2));
  const begun = [String(perSecond), responder, String(calls), String(failed)];
  return [...begun, RULE, ...setup, RULE, ...cpu, RULE, percent(otherLoad)];
}

const ratioRow = ({ perSecond, setup, cpuResponder, cpuAll }: Ratio): readonly string[] => [
  String(perSecond),
  ...[setup?.p50, setup?.p95, setup?.p99, cpuResponder, cpuAll].map((ratio) => `${fixed(ratio, 1)} ×`),
];

/** What many calls at once need. */
export function heldTable({ calls, live, failed, why, memoryMb, cpuShare }: Held): string {
  const { callwright, sql } = memoryMb;
  const row = (name: string, { before, held, peak }: typeof sql): readonly string[] => [
    name,
    ...[before, held, peak].map((mb) => fixed(mb, 0)),
  ];
  return [
    bold(`${live} of ${calls} calls at once, waiting in a queue with music; ${failed} failed. Resident memory, MB:`),
    ...aligned([['process', 'before', 'held', 'peak'], row('callwright', callwright), row('SQL store', sql)]),
    `CPU while they wait: Callwright ${percent(cpuShare.callwright)}, Asterisk ${percent(cpuShare.asterisk)} of one processor.`,
    ...reasons('of the calls', why),
  ].join('\n');
}

/** What a reader must know before he trusts the figures. */
function remarks(steps: readonly Step[]): readonly string[] {
  const noisy = steps.filter(({ otherLoad }) => otherLoad > NOISY_LOAD).length;
  const remarks = steps.flatMap(({ perSecond, responder, why }) =>
    reasons(`${perSecond} calls/s to ${responder}`, why),
  );
  if (noisy > 0) {
    const share = `${NOISY_LOAD * 100} %`;
    remarks.push(
      `${noisy} of ${steps.length} steps ran beside over ${share} of other load: repeat them at a quiet moment.`,
    );
  }
  return remarks.length > 0 ? ['', ...remarks] : [];
}

const reasons = (what: string, why: Step['why']): readonly string[] =>
  Object.entries(why).map(([reason, count]) => `${what}: ${count} failed with ${reason}`);

export const bold = (text: string): string => styleText('bold', text);
const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const fixed = (value: number | undefined, digits: number): string =>
  value === undefined ? '–' : value.toFixed(digits);

/** Columns as wide as their widest cell, figures to the right. */
export function aligned(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  '));
}
