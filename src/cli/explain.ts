import { Command } from 'commander';
import { z } from 'zod';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { told } from './explain-lines.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

const answer = z.object({
  at: z.number(),
  headline: z.string(),
  lines: z.array(z.object({ at: z.number().nullable(), text: z.string(), details: z.array(z.string()) })),
});

const HELP = `
Examples:
  callwright explain call call-01jd…     where it waited, who could have taken it, why it went to whom
  callwright explain call call-01jd…-r7  what became of a promised callback, and what was done for it
  callwright explain agent alice         why alice gets no call, and why she got the last ones
  callwright explain agent alice --json

A call is told from the journal, as far back as that is kept; why it was offered to whom, for 90 days. See docs/explain.md.

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin).`;

/** `callwright explain call|agent ID` */
export function explainCommand(env: Env): Command {
  const explain = new Command('explain')
    .description('say why a call or an agent waits, or met whom')
    .addHelpText('after', HELP);
  const about = (kind: 'call' | 'agent', path: string, description: string) =>
    explain
      .command(`${kind} <id>`)
      .description(description)
      .option('--json', 'print the answer of the server')
      .action((id: string, { json }: { readonly json?: true }) =>
        ending(ask(`${path}/${encodeURIComponent(id)}`, json, env)),
      );
  about('call', '/v1/calls', 'the story of a call, or of a promised callback: its waiting, its offers, and why each');
  about('agent', '/v1/agents', 'what keeps an agent from the calls that wait');
  return explain;
}

async function ask(path: string, json: true | undefined, env: Env): Promise<number> {
  const reply = await askServer(env, { method: 'GET', path: `${path}/explanation`, answer });
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else for (const line of told(reply.value, screenWidth(env))) console.log(line);
  return EXIT.fine;
}
