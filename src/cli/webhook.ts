import { Command } from 'commander';
import { z } from 'zod';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { changeCommands } from './webhook-change.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
Examples:
  callwright webhook list                       where events are sent, and how each stands
  callwright webhook add https://crm.example.org/in --type call.ended --type attempt.ended
  callwright webhook off webhook-01jd…          nothing is sent; “on” goes on where it stopped
  callwright webhook rotate webhook-01jd…       a new secret; the old one signs beside it for a day
  callwright webhook remove webhook-01jd…
  callwright webhook replay webhook-01jd…       sends again what was refused for a day

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a manager, engineer or admin). See docs/webhooks.md.`;

const listed = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      url: z.string(),
      isOn: z.boolean(),
      why: z.string(),
      parked: z.number(),
      dead: z.number(),
      failing: z.object({ since: z.number(), tries: z.number(), nextAt: z.number(), why: z.string() }).nullable(),
    }),
  ),
});
type Listed = z.output<typeof listed>['items'][number];

/** `callwright webhook` */
export function webhookCommand(env: Env): Command {
  const webhook = new Command('webhook')
    .description('send events to a URL, look how that goes, send again')
    .addHelpText('after', HELP);
  webhook
    .command('list')
    .description('where events are sent, and how each stands')
    .option('--json', 'print the answer of the server')
    .action(({ json }: { readonly json?: true }) => ending(list(json, env)));
  webhook
    .command('replay <id>')
    .description('send the dead letters of a webhook again')
    .action((id: string) => ending(replay(id, env)));
  changeCommands(webhook, env);
  return webhook;
}

async function list(json: true | undefined, env: Env): Promise<number> {
  const reply = await askServer(env, { method: 'GET', path: '/v1/webhooks', answer: listed });
  if (!reply.ok) return failed(reply.sentence);
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else if (reply.value.items.length === 0) console.log('There are no webhooks.');
  else for (const each of reply.value.items) console.log(webhookLines(each).join('\n'));
  return EXIT.fine;
}

async function replay(id: string, env: Env): Promise<number> {
  const path = `/v1/webhooks/${encodeURIComponent(id)}/dead/replay`;
  const reply = await askServer(env, { method: 'POST', path, answer: z.object({ replayed: z.number() }) });
  if (!reply.ok) return failed(reply.sentence);
  const { replayed } = reply.value;
  console.log(
    replayed === 0
      ? 'There were no dead letters.'
      : `${replayed} ${replayed === 1 ? 'event is' : 'events are'} sent again.`,
  );
  return EXIT.fine;
}

function failed(sentence: string): number {
  console.error(sentence);
  return EXIT.findings;
}

/** A webhook, in two lines. */
export function webhookLines({ id, url, isOn, why, parked, dead, failing }: Listed): readonly string[] {
  const state = !isOn ? `off: ${why}` : failing ? `nothing gets through since ${timeOf(failing.since)}` : 'on';
  const parts = [
    ...(failing && isOn ? [`${failing.why}, ${failing.tries} tries, next at ${timeOf(failing.nextAt)}`] : []),
    ...(parked > 0 ? [`${parked} set aside, sent again later`] : []),
    ...(dead > 0 ? [`${dead} dead: callwright webhook replay ${id}`] : []),
  ];
  return [`${id}  ${url}`, `  ${[state, ...parts].join(' · ')}`];
}

const timeOf = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');
