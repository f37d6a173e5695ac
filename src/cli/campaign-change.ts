import type { Command } from 'commander';
import { z } from 'zod';
import { campaignId, campaignsNamed } from './campaign-answer.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { askServer, type Request } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const changed = z.object({ campaign: z.looseObject({ id: z.string(), name: z.string(), status: z.string() }) });
const why = z.object({ headline: z.string() });
const killed = z.object({
  campaigns: z.array(z.object({ name: z.string() })),
  stillOut: z.array(z.object({ number: z.string(), state: z.string(), ageMs: z.number() })),
});

/** Makes campaigns, changes them, and begins and ends their dialling. */
export function changeCommands(campaign: Command, env: Env): void {
  campaign
    .command('create <name> [settings...]')
    .description('a new campaign, which dials nobody yet; settings as trunk=public callerId=+358401234567 language=en')
    .action((name: string, settings: readonly string[]) => ending(create(name, settings, env)));
  campaign
    .command('set <campaign> <settings...>')
    .description('change settings, also as it runs where the docs let them: maxLines=20 guard=strict')
    .action((asked: string, settings: readonly string[]) => ending(set(asked, settings, env)));
  for (const [command, what] of [
    ['start', 'begin to dial, or go on after a pause'],
    ['pause', 'dial no more for now; what rings is let ring'],
  ] as const) {
    const verb = campaign.command(`${command} <campaign>`).description(what);
    verb.action((asked: string) => ending(command === 'start' ? start(asked, env) : order(asked, 'pause', env)));
  }
  campaign
    .command('stop <campaign>')
    .description('end it for good: its figures cannot change any more, and it never starts again')
    .option('--yes', 'it is meant')
    .action((asked: string, { yes }: { readonly yes?: true }) => ending(stop(asked, yes ?? false, env)));
  campaign
    .command('kill [campaign]')
    .description('no new dial from this moment on, and say what still rings; without a name: all campaigns')
    .action((asked?: string) => ending(kill(asked, env)));
}

/** `maxLines=20` and the like: what JSON reads is that, all else a text. @throws Explained without `=` */
function settingsOf(pairs: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key = '', text = ''] = /^(\w+)=(.*)$/su.exec(pair) ?? [];
      if (key === '') throw new Explained(`“${pair}” sets nothing: write it like maxLines=20.`);
      return [key, valueOf(text)];
    }),
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function create(name: string, settings: readonly string[], env: Env): Promise<number> {
  const body = { name, ...settingsOf(settings) };
  const { campaign } = await told(env, { method: 'POST', path: '/v1/campaigns', body, answer: changed });
  console.log(`${campaign.name} is made, and dials nobody yet: ${campaign.id}`);
  const same = await campaignsNamed(campaign.name, env);
  if (same.length > 1) console.log(`${same.length} campaigns have this name now: name this one by its ID.`);
  console.log('Next: campaign load for its people, campaign preflight, campaign start.');
  return EXIT.fine;
}

async function set(asked: string, settings: readonly string[], env: Env): Promise<number> {
  const body = settingsOf(settings);
  const path = `/v1/campaigns/${encodeURIComponent(await campaignId(asked, env))}`;
  const { campaign } = await told(env, { method: 'PATCH', path, body, answer: changed });
  const now = Object.keys(body).map((key) => `${key} is ${shown(campaign[key])}`);
  console.log(`${campaign.name}: ${now.join(', ')}.`);
  return EXIT.fine;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'as usual'));

/** Begins to dial, and says what keeps it from that, if anything does. One whose leads are all done has finished by then. */
async function start(asked: string, env: Env): Promise<number> {
  const path = `/v1/campaigns/${encodeURIComponent(await campaignId(asked, env))}`;
  await told(env, { method: 'POST', path: `${path}/start`, answer: changed });
  const { headline } = await told(env, { method: 'GET', path: `${path}/why`, answer: why });
  const { campaign } = await told(env, { method: 'GET', path, answer: changed });
  console.log(`${campaign.name} is ${campaign.status}.`);
  console.log(headline);
  return EXIT.fine;
}

async function order(asked: string, command: 'pause' | 'stop', env: Env): Promise<number> {
  const path = `/v1/campaigns/${encodeURIComponent(await campaignId(asked, env))}/${command}`;
  const { campaign } = await told(env, { method: 'POST', path, answer: changed });
  console.log(`${campaign.name} is ${campaign.status}.`);
  return EXIT.fine;
}

async function stop(asked: string, isMeant: boolean, env: Env): Promise<number> {
  if (isMeant) return await order(asked, 'stop', env);
  throw new Explained(`A campaign that was stopped never starts again: add --yes, or pause '${asked}'.`);
}

async function kill(asked: string | undefined, env: Env): Promise<number> {
  const path =
    asked === undefined ? '/v1/dialer/kill' : `/v1/campaigns/${encodeURIComponent(await campaignId(asked, env))}/kill`;
  const { campaigns, stillOut } = await told(env, { method: 'POST', path, answer: killed });
  const names = campaigns.map(({ name }) => name).join(', ');
  console.log(`No new dial from now on${names === '' ? '' : `, paused: ${names}`}.`);
  console.log(stillOut.length === 0 ? 'Nothing rings any more.' : 'Still out, since nobody is hung up on:');
  for (const { number, state, ageMs } of stillOut)
    console.log(`  ${number}  ${state}, for ${Math.round(ageMs / 1_000)} s`);
  return EXIT.fine;
}

/** @throws Explained with the server's sentence when it refuses */
async function told<T>(env: Env, request: Request<T>): Promise<T> {
  const reply = await askServer(env, request);
  if (!reply.ok) throw new Explained(reply.sentence);
  return reply.value;
}
