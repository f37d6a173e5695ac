import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { FACT_TYPES } from '../events/catalogue.ts';
import { duration } from '../ivr/words.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { askServer, type Request } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Wish {
  readonly type?: readonly string[];
  readonly from: string;
}

const seen = z.object({ id: z.string(), url: z.string(), isOn: z.boolean() });
const made = z.object({ webhook: seen, secret: z.string() });
const rotated = z.object({ secret: z.string() });
const at = (id: string): string => `/v1/webhooks/${encodeURIComponent(id)}`;

/** Makes, switches, rotates and ends webhooks. */
export function changeCommands(webhook: Command, env: Env): void {
  webhook
    .command('add <url>')
    .description('send events to a URL; its host must stand in `hosts` of site/destinations.yaml')
    .option('--type <type>', 'only events of this type (docs/events.md); may come several times', typesOf)
    .option('--from <where>', 'now, oldest, or the cursor of an event: what comes after it is sent', 'now')
    .action((url: string, wish: Wish) => ending(add(url, wish, env)));
  for (const [name, isOn, what] of [
    ['on', true, 'send again, from where it stopped'],
    ['off', false, 'send nothing until it is switched on'],
  ] as const) {
    const turn = webhook.command(`${name} <id>`).description(what);
    turn.action((id: string) => ending(turned(id, isOn, env)));
  }
  webhook
    .command('rotate <id>')
    .description('a new secret; the old one signs beside it for a while')
    .option('--keep-old <time>', 'so long the old one signs too, like 2h; 0s: no longer', spanOf, 86_400_000)
    .action((id: string, { keepOld }: { readonly keepOld: number }) => ending(rotate(id, keepOld, env)));
  webhook
    .command('remove <id>')
    .description('end a webhook, with what it has not sent')
    .action((id: string) => ending(remove(id, env)));
}

/** @throws InvalidArgumentError for a type that there is not, with those of the same kind. */
function typesOf(type: string, before: readonly string[] = []): readonly string[] {
  if ((FACT_TYPES as readonly string[]).includes(type)) return [...before, type];
  const [kind] = type.split('.');
  const alike = FACT_TYPES.filter((each) => each.startsWith(`${kind}.`));
  const kinds = [...new Set(FACT_TYPES.map((each) => each.split('.')[0]))];
  throw new InvalidArgumentError(
    alike.length > 0 ? `Those of ${kind}: ${alike.join(', ')}.` : `Types begin with ${kinds.join(', ')}.`,
  );
}

const spans = duration('0s', '30d');

function spanOf(text: string): number {
  const read = spans.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError('Write a time of 30d at most, like 2h.');
}

async function add(url: string, { type, from }: Wish, env: Env): Promise<number> {
  if (!URL.canParse(url) || !/^https?:$/u.test(new URL(url).protocol))
    throw new Explained(`“${url}” is no URL to send to: write it like https://crm.example.org/in.`);
  const body = { url, types: type ?? null, from };
  return told({ method: 'POST', path: '/v1/webhooks', body, answer: made }, env, ({ webhook: { id }, secret }) => [
    `${id}  ${url}`,
    ...secretLines(secret),
  ]);
}

const turned = (id: string, isOn: boolean, env: Env) =>
  told({ method: 'PATCH', path: at(id), body: { isOn }, answer: seen }, env, (webhook) => [
    `${webhook.id}  ${webhook.url}`,
    isOn ? '  on: it goes on where it stopped' : '  off: what comes is kept for it for 90 days',
  ]);

const rotate = (id: string, keepOldMs: number, env: Env) =>
  told({ method: 'POST', path: `${at(id)}/secret`, body: { keepOldMs }, answer: rotated }, env, ({ secret }) => [
    ...secretLines(secret),
    keepOldMs === 0
      ? '  The old one signs no more.'
      : `  The old one signs too until ${timeOf(Date.now() + keepOldMs)}.`,
  ]);

const remove = (id: string, env: Env) =>
  told({ method: 'DELETE', path: at(id), answer: z.null() }, env, () => [`Webhook ${id} is ended.`]);

async function told<T>(request: Request<T>, env: Env, lines: (answer: T) => readonly string[]): Promise<number> {
  const reply = await askServer(env, request);
  if (reply.ok) console.log(lines(reply.value).join('\n'));
  else console.error(reply.sentence);
  return reply.ok ? EXIT.fine : EXIT.findings;
}

const secretLines = (secret: string): readonly string[] => [
  `  secret ${secret}`,
  '  It is told this once. Check with it what comes: docs/webhooks.md.',
];

/** In UTC. */
const timeOf = (time: number): string => `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
