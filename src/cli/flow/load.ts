import { Command, InvalidArgumentError } from 'commander';
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { Finding } from '../../engine/ports/releases.ts';
import { settingsOf } from '../check.ts';
import { EXIT, ending } from '../ending.ts';
import { linesOf } from './findings.ts';
import { behind, canaryShare } from './others.ts';
import { realPath, shownHere } from './places.ts';
import { askServer, finding, type Reply } from './server.ts';
import type { Env } from './sim-world.ts';
import { processLines } from './versions.ts';

/** Of each command that changes what runs. */
export interface ChangeOptions {
  readonly json?: true;
  /** Seconds that the other processes are waited for. */
  readonly wait: number;
}

interface LoadOptions extends ChangeOptions {
  readonly canary?: number;
  readonly note: string;
}

/** What the server answers to a change of what runs. */
export const changeAnswer = z.object({
  release: z.string(),
  canary: canaryShare,
  changed: z.boolean(),
  notes: z.array(z.string()),
  warnings: z.array(finding),
});

type Change = z.output<typeof changeAnswer>;

/** A process that is behind tries again every ten seconds. */
const WAIT_S = 20;

/** A command that changes what runs. */
export const changing = (name: string): Command =>
  new Command(name)
    .option('--wait <seconds>', 'wait so long at most until all other processes run it too', seconds, WAIT_S)
    .option('--json', 'print the answer of the server');

/** `callwright flow load` */
export const loadCommand = (env: Env): Command =>
  changing('load')
    .description(
      'let the running server check, test and take its folder of flows; calls in progress keep what they have',
    )
    .option('--canary <percent>', 'let only this share of new calls take it', percent)
    .option('--note <text>', 'say why, for the list of versions', '')
    .action((options: LoadOptions) => ending(load(options, env)));

function percent(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= 99) return value;
  throw new InvalidArgumentError('write a whole number from 1 to 99');
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 3_600) return value;
  throw new InvalidArgumentError('write seconds, from 0 to 3600');
}

async function load({ canary, note, ...options }: LoadOptions, env: Env): Promise<number> {
  const body = { canary: canary ?? null, note };
  const reply = await askServer(env, { method: 'POST', path: '/v1/flows/releases', body, answer: changeAnswer });
  return tell(reply, options, env);
}

/** Says what became of a change, waits for the other processes and says which of them is behind; answers the exit code. */
export async function tell(reply: Reply<Change>, { json, wait }: ChangeOptions, env: Env): Promise<number> {
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else if (reply.ok) for (const line of changeLines(reply.value, env)) console.log(line);
  else {
    if (reply.findings.length > 0) for (const line of linesOf(here(reply.findings, env))) console.log(line);
    console.error(reply.sentence);
  }
  return reply.ok ? waitForOthers(reply.value, wait, env) : EXIT.findings;
}

async function waitForOthers(change: Change, wait: number, env: Env): Promise<number> {
  const late = await behind(change, wait, env);
  if (!late.ok) console.error(late.sentence);
  else if (late.value.length > 0) {
    console.error(`Not every process runs it after ${wait} s; who is behind tries on (\`callwright flow versions\`):`);
    for (const line of late.value.flatMap(processLines)) console.error(`  ${line}`);
  }
  return late.ok && late.value.length === 0 ? EXIT.fine : EXIT.findings;
}

function changeLines({ release, canary, changed, notes, warnings }: Change, env: Env): readonly string[] {
  const led = canary
    ? `Release ${canary.release} leads ${canary.percent} % of new calls, ${release} all others. \`npx callwright flow promote\` or \`… flow rollback\` ends that.`
    : `Release ${release} leads all new calls.`;
  return [
    ...(warnings.length > 0 ? linesOf(here(warnings, env)) : []),
    changed ? led : `${led} It did so before: nothing has changed.`,
    ...notes,
  ];
}

/** The server names files by their place in its folders, which are often those of this machine. */
const here = (findings: readonly Finding[], env: Env): readonly Finding[] => {
  const { CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds } = settingsOf(env);
  return findings.map((one) => {
    const real = realPath({ flows, sounds }, one.file);
    return existsSync(real) ? { ...one, file: shownHere(real) } : one;
  });
};
