import { Command } from 'commander';
import { styleText } from 'node:util';
import { z } from 'zod';
import { EXIT, ending } from '../ending.ts';
import { type Process, processesAnswer } from './others.ts';
import { askServer } from './server.ts';
import type { Env } from './sim-world.ts';

const answer = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      madeBy: z.string(),
      madeAt: z.number(),
      note: z.string(),
      flows: z.array(z.object({ id: z.string(), version: z.string() })),
      percent: z.number(),
      calls: z.number(),
    }),
  ),
  processes: processesAnswer,
});

type Version = z.output<typeof answer>['items'][number];

/** `callwright flow versions` */
export const versionsCommand = (env: Env): Command =>
  new Command('versions')
    .description(
      'list the releases of the flows: who made each and when, its share of new calls, its calls in progress; and what each process runs',
    )
    .option('--json', 'print the answer of the server')
    .action(({ json }: { readonly json?: true }) => ending(versions(json === true, env)));

async function versions(json: boolean, env: Env): Promise<number> {
  const reply = await askServer(env, { method: 'GET', path: '/v1/flows/releases', answer });
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else if (reply.ok)
    for (const line of [...reply.value.items.flatMap(linesOf), ...reply.value.processes.flatMap(processLines)])
      console.log(line);
  else console.error(reply.sentence);
  return reply.ok ? EXIT.fine : EXIT.findings;
}

function linesOf({ id, madeBy, madeAt, note, flows, percent, calls }: Version): readonly string[] {
  const share = percent === 0 ? '    –' : `${percent} %`.padStart(5);
  const held = calls === 1 ? '1 call ' : `${calls} calls`;
  const names = flows.map((flow) => `${flow.id} ${flow.version}`).join(', ');
  return [
    `${id} ${share}  ${held.padStart(9)}  ${minuteOf(madeAt)}  ${madeBy}  ${note}`.trimEnd(),
    styleText('dim', `    ${names}`),
  ];
}

/** What a process runs, and why it is behind. */
export function processLines({ node, self, release, canary, since, fault }: Process): readonly string[] {
  const runs = release === null ? 'has not said yet what it runs' : `runs ${release}`;
  const share = canary ? `, ${canary.release} for ${canary.percent} %` : '';
  const from = since === null ? '' : ` since ${minuteOf(since)}`;
  const line = `${node}${self ? ' (this one)' : ''} ${runs}${share}${from}`;
  return fault === null ? [line] : [line, `    behind: ${fault}`];
}

const minuteOf = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
