import { setTimeout } from 'node:timers/promises';
import { Command } from 'commander';
import { z } from 'zod';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface EraseOptions {
  readonly number: readonly string[];
  readonly customer: readonly string[];
  readonly dryRun?: true;
  readonly compact?: true;
}

const HELP = `
Examples:
  callwright erase --number +358401234567 --dry-run          what there is of the person
  callwright erase --number +358401234567 --customer C-1042

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a manager or admin) and waits for the end, half a minute at least. It goes on without
this command too. See docs/erase.md, also for what it cannot reach.`;

const POLL_MS = 1_000;
const several = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `callwright erase` */
export const eraseCommand = (env: Env): Command =>
  new Command('erase')
    .description('take a person out of everything that is kept')
    .addHelpText('after', HELP)
    .option('--number <number>', 'a number of the person; may be given again', several, [])
    .option('--customer <id>', 'an id of the person in lists; may be given again', several, [])
    .option('--dry-run', 'only look')
    .option('--compact', 'write the tables anew at the end, so that their files keep nothing; calls wait meanwhile')
    .action((options: EraseOptions) => ending(erase(options, env)));

const erasure = z.object({
  id: z.string(),
  state: z.enum(['running', 'done']),
  found: z.record(z.string(), z.number()),
  problem: z.string().nullable(),
});

async function erase({ number, customer, dryRun, compact }: EraseOptions, env: Env): Promise<number> {
  const body = { numbers: number, customerIds: customer, dryRun: dryRun === true, compact: compact === true };
  const asked = await askServer(env, { method: 'POST', path: '/v1/erasures', body, answer: erasure });
  if (!asked.ok) return refused(asked.sentence);
  const path = `/v1/erasures/${encodeURIComponent(asked.value.id)}`;
  for (;;) {
    const reply = await askServer(env, { method: 'GET', path, answer: erasure });
    if (!reply.ok) return refused(reply.sentence);
    if (reply.value.state === 'done') return ended(reply.value, dryRun === true);
    await setTimeout(POLL_MS);
  }
}

function ended({ found, problem }: z.output<typeof erasure>, dryRun: boolean): number {
  const rows = Object.entries(found).filter(([, count]) => count > 0);
  console.log(rows.length === 0 ? 'There was nothing of the person.' : dryRun ? 'There is:' : 'Erased:');
  for (const [what, count] of rows) console.log(`  ${String(count).padStart(6)}  ${what}`);
  if (problem === null) return EXIT.fine;
  console.log(problem);
  return EXIT.findings;
}

function refused(sentence: string): number {
  console.error(sentence);
  return EXIT.findings;
}
