import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Scenario } from '../dialer/lab/index.ts';
import { type Contestant, contestants } from './pacing-policies.ts';

/** What may be changed of a day, as people write it. */
export interface LabOptions {
  readonly agents?: number;
  readonly hours?: number;
  readonly policy: readonly Contestant[];
  readonly cap?: number;
  readonly deadline?: number;
  readonly lines?: number;
  readonly cps?: number;
  readonly answerRate?: number;
  readonly machineRate?: number;
  readonly talk?: number;
  readonly wrap?: number;
  readonly leads?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly json?: true;
}

/** The options of a lab day, each with what it takes. */
export const withLabOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--policy <names>', 'predictive, progressive, power:2.5; several with commas')
        .argParser(contestants)
        .default(contestants('predictive'), 'predictive'),
    )
    .option('--agents <n>', 'agents logged in', whole(1, 1_000))
    .option('--hours <n>', 'length of a synthetic day', between(0.05, 48))
    .option('--cap <percent>', 'persons that may be abandoned', share)
    .option('--deadline <seconds>', 'who waits longer for an agent is abandoned', between(0, 60))
    .option('--lines <n>', 'lines at once', whole(1, 100_000))
    .option('--cps <n>', 'call starts per second', between(0.05, 10_000))
    .option('--answer-rate <percent>', 'dials that a person answers', share)
    .option('--machine-rate <percent>', 'dials that a machine answers; the lab then detects them', share)
    .option('--talk <seconds>', 'mean talk', between(1, 7_200))
    .option('--wrap <seconds>', 'mean wrap-up', between(0, 7_200))
    .option('--leads <n>', 'dials in the list; without it, it never ends', whole(1, 100_000_000))
    .option('--seed <n>', 'another seed, another day', whole(1, 1_000_000_000))
    .option('--out <folder>', 'where pacing.svg is written: utilisation, abandonment, dial level')
    .option('--json', 'print figures as JSON');

/** Changes a day by what was asked. Answer and machine rates hold all day then. */
export function changed(day: Scenario, options: LabOptions): Scenario {
  const { agents, hours, cap, deadline, lines, cps, leads, seed, talk, wrap } = options;
  return {
    ...day,
    ...(agents !== undefined && { agents, shifts: [] }),
    ...(hours !== undefined && { hours }),
    ...(cap !== undefined && { cap }),
    ...(deadline !== undefined && { connectDeadlineSec: deadline }),
    ...(lines !== undefined && { lines }),
    ...(cps !== undefined && { cps }),
    ...(leads !== undefined && { leads }),
    ...(seed !== undefined && { seed }),
    ...(talk !== undefined && { talk: { kind: 'lognormal', mean: talk, cv: 0.9 } as const }),
    ...(wrap !== undefined && { wrap: { kind: 'fixed', mean: wrap } as const }),
    ...rates(day, options),
  };
}

/** How Asterisk's detection usually does: some 2 s, one person in 200 lost, one machine in 17 put through. */
const DETECTION: NonNullable<Scenario['amd']> = {
  took: { kind: 'lognormal', mean: 2.2, cv: 0.4 },
  personAsMachine: 0.005,
  machineAsPerson: 0.06,
};

function rates(day: Scenario, { answerRate, machineRate }: LabOptions): Partial<Scenario> {
  if (answerRate === undefined && machineRate === undefined) return {};
  const regimes = day.regimes.map((regime) => {
    const person = answerRate ?? regime.person;
    const machine = Math.min(machineRate ?? regime.machine, 1 - person);
    return { ...regime, person, machine, busy: Math.min(regime.busy, 1 - person - machine) };
  });
  return { regimes, ...(machineRate !== undefined && { amd: machineRate > 0 ? (day.amd ?? DETECTION) : null }) };
}

function between(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`write a number from ${least} to ${most}`);
  };
}

function whole(least: number, most: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`write a whole number from ${least} to ${most}`);
  };
}

function share(text: string): number {
  const value = Number(text.replace(/\s*%$/, ''));
  if (text.trim() !== '' && value >= 0 && value <= 100) return value / 100;
  throw new InvalidArgumentError('write a percentage from 0 to 100, such as 3 for 3 %');
}
