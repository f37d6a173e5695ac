import { Command } from 'commander';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { backlogLines, backlogs, followUp, followUpLines, historyLines, page, story } from './follow-up-lines.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
Examples:
  callwright follow-up queues                                who has how much before him, the oldest first
  callwright follow-up list --owner team:finance             what finance owes, the soonest due first
  callwright follow-up list --owner queue:support            callbacks that wait there
  callwright follow-up show follow-up-01jd…                  one, with its history
  callwright follow-up close follow-up-01jd… refunded        it is done

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN); an agent's token sees what he can own. See docs/follow-ups.md.`;

interface ListOptions {
  readonly owner?: string;
  readonly state?: string;
  readonly kind?: string;
  readonly order?: string;
  readonly json?: true;
}

/** `callwright follow-up` */
export function followUpCommand(env: Env): Command {
  const command = new Command('follow-up')
    .description('look at promises to callers, and close them')
    .addHelpText('after', HELP);
  command
    .command('queues')
    .description('what everybody has before him')
    .option('--json', 'print the answer of the server')
    .action(({ json }: { readonly json?: true }) => ending(queues(json, env)));
  command
    .command('list')
    .description('follow-ups, the soonest due first')
    .option('--owner <owner>', 'like team:finance, agent:alice, department:office or queue:support')
    .option('--state <state>', 'open or closed', 'open')
    .option('--kind <kind>', 'like approval')
    .option('--order <order>', 'due or age', 'due')
    .option('--json', 'print the answer of the server')
    .action((options: ListOptions) => ending(list(options, env)));
  command
    .command('show <id>')
    .description('one follow-up and its history')
    .action((id: string) => ending(show(id, env)));
  command
    .command('close <id> <outcome>')
    .description('say how it ended, in a word like `refunded`')
    .option('--note <words>', 'what else there is to say')
    .action((id: string, outcome: string, { note }: { readonly note?: string }) =>
      ending(close(id, { outcome, ...(note !== undefined && { note }) }, env)),
    );
  return command;
}

async function queues(json: true | undefined, env: Env): Promise<number> {
  const reply = await askServer(env, { method: 'GET', path: '/v1/follow-ups/queues', answer: backlogs });
  if (!reply.ok) return failed(reply.sentence);
  return said(json ? [JSON.stringify(reply.body, null, 2)] : backlogLines(reply.value.items));
}

async function list({ json, ...query }: ListOptions, env: Env): Promise<number> {
  const path = `/v1/follow-ups?${new URLSearchParams({ ...query, limit: '200' }).toString()}`;
  const reply = await askServer(env, { method: 'GET', path, answer: page });
  if (!reply.ok) return failed(reply.sentence);
  const { items, next } = reply.value;
  if (json) return said([JSON.stringify(reply.body, null, 2)]);
  if (items.length === 0) return said(['There are none.']);
  return said([...items.flatMap(followUpLines), ...(next === null ? [] : ['… there are more; narrow it down.'])]);
}

async function show(id: string, env: Env): Promise<number> {
  const path = `/v1/follow-ups/${encodeURIComponent(id)}`;
  const reply = await askServer(env, { method: 'GET', path, answer: story });
  if (!reply.ok) return failed(reply.sentence);
  const { followUp: shown, history } = reply.value;
  const call = shown.callId === null ? [] : [`  callwright explain call ${shown.callId}`];
  return said([...followUpLines(shown), ...call, ...historyLines(history)]);
}

async function close(id: string, body: object, env: Env): Promise<number> {
  const path = `/v1/follow-ups/${encodeURIComponent(id)}/close`;
  const reply = await askServer(env, { method: 'POST', path, body, answer: followUp });
  return reply.ok ? said(followUpLines(reply.value)) : failed(reply.sentence);
}

function said(lines: readonly string[]): number {
  console.log(lines.join('\n'));
  return EXIT.fine;
}

function failed(sentence: string): number {
  console.error(sentence);
  return EXIT.findings;
}
