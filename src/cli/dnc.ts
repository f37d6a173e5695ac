import { Command } from 'commander';
import { basename } from 'node:path';
import { z } from 'zod';
import { campaignId } from './campaign-answer.ts';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';
import { uploadOf } from './upload.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface ImportOptions {
  readonly list: string;
  readonly merge?: true;
  readonly column?: string;
  readonly country?: string;
}

interface AddOptions {
  readonly reason: string;
  readonly campaign?: string;
}

const HELP = `
Examples:
  callwright dnc check +358401234567
  callwright dnc add +358401234567 --reason 'asked on the phone'
  callwright dnc import october.txt --list Registry
  callwright dnc import complaints.csv --list Complaints --column phone --country FI --merge

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a manager or admin; a supervisor may check and add). See docs/dnc.md.`;

/** `callwright dnc` */
export const dncCommand = (env: Env): Command =>
  new Command('dnc')
    .description('who is not to be called')
    .addHelpText('after', HELP)
    .addCommand(
      new Command('check')
        .description('may this number be called, and if not, why; ends with 1 when not')
        .argument('<number>', 'in E.164, as +358401234567')
        .option('--campaign <campaign>', 'by this campaign alone, by its name or ID')
        .action((number: string, { campaign }: { campaign?: string }) => ending(check(number, campaign, env))),
    )
    .addCommand(
      new Command('add')
        .description('call this number no more, from this moment on; what rings there is given up')
        .argument('<number>', 'in E.164, as +358401234567')
        .requiredOption('--reason <text>', 'why, for whoever asks later')
        .option('--campaign <campaign>', 'by this campaign alone, by its name or ID')
        .action((number: string, options: AddOptions) => ending(add(number, options, env))),
    )
    .addCommand(
      new Command('import')
        .description('put a file of numbers in force as a list, in the place of what it was')
        .argument('<file>', 'a text with one number a line, or CSV with --column')
        .requiredOption('--list <name>', 'name of the list; it is made when there is none')
        .option('--merge', 'add the numbers to those of the list')
        .option('--column <name>', 'the file is CSV, and the numbers are in this column')
        .option('--country <code>', 'two letters; of numbers written without +')
        .action((file: string, options: ImportOptions) => ending(importFile(file, options, env))),
    );

const checked = z.object({
  allowed: z.boolean(),
  hits: z.array(
    z.object({
      kind: z.string(),
      name: z.string(),
      campaignId: z.string().nullable(),
      since: z.number().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});

async function check(number: string, campaign: string | undefined, env: Env): Promise<number> {
  const body = { number, campaignId: await idOf(campaign, env) };
  const reply = await askServer(env, { method: 'POST', path: '/v1/dnc/check', body, answer: checked });
  if (!reply.ok) return refused(reply.sentence);
  if (reply.value.allowed) {
    console.log(`${number} may be called, as far as do-not-call goes.`);
    return EXIT.fine;
  }
  console.log(`${number} is not to be called:`);
  for (const { kind, name, campaignId: of, since, reason } of reply.value.hits) {
    const when = since === null ? '' : `, since ${new Date(since).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const why = reason ? `: ${reason}` : '';
    console.log(`  ${kind === 'list' ? `list “${name}”` : name}${of === null ? '' : ` (campaign ${of})`}${when}${why}`);
  }
  return EXIT.findings;
}

const idOf = async (campaign: string | undefined, env: Env): Promise<string | null> =>
  campaign === undefined ? null : campaignId(campaign, env);

const added = z.object({ givenUp: z.number() });

async function add(number: string, { reason, campaign }: AddOptions, env: Env): Promise<number> {
  const body = { number, reason, campaignId: await idOf(campaign, env) };
  const reply = await askServer(env, { method: 'POST', path: '/v1/dnc/entries', body, answer: added });
  if (!reply.ok) return refused(reply.sentence);
  const { givenUp } = reply.value;
  const rang =
    givenUp === 0 ? '' : ` ${count(givenUp, 'call')} that rang there ${givenUp === 1 ? 'is' : 'are'} given up.`;
  const by = campaign === undefined ? '' : ` by campaign '${campaign}'`;
  console.log(`${number} is not called any more${by}.${rang}`);
  return EXIT.fine;
}

function refused(sentence: string): number {
  console.error(sentence);
  return EXIT.findings;
}

const listed = z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) });
const made = z.object({ id: z.string() });
const imported = z.object({
  version: z.object({ numbers: z.number(), rows: z.number(), rejected: z.number() }),
  errors: z.array(z.object({ line: z.number(), problem: z.string() })),
});
const ERRORS_SHOWN = 10;

async function importFile(file: string, options: ImportOptions, env: Env): Promise<number> {
  const { stream, done } = uploadOf(file, 'waiting until it is in force');
  const lists = await askServer(env, { method: 'GET', path: '/v1/dnc/lists', answer: listed });
  if (!lists.ok) return refused(lists.sentence);
  const known = lists.value.items.find(({ name }) => name === options.list);
  const list = known ?? (await makeList(options.list, env));
  if (typeof list === 'string') return refused(list);
  const query = new URLSearchParams({ mode: options.merge ? 'merge' : 'replace', file: basename(file) });
  if (options.column !== undefined) query.set('column', options.column);
  if (options.country !== undefined) query.set('country', options.country);
  const upload = { stream, type: options.column === undefined ? 'text/plain' : 'text/csv' };
  const path = `/v1/dnc/lists/${encodeURIComponent(list.id)}/import?${query.toString()}`;
  const reply = await askServer(env, { method: 'POST', path, upload, answer: imported }).finally(done);
  if (!reply.ok) return refused(reply.sentence);
  const { version, errors } = reply.value;
  for (const { line, problem } of errors.slice(0, ERRORS_SHOWN)) console.log(`  line ${line} ${problem}`);
  if (errors.length > ERRORS_SHOWN) console.log(`  and ${version.rejected - ERRORS_SHOWN} more`);
  console.log(
    `“${options.list}” has ${count(version.numbers, 'number')} now (${version.rows} read, ${count(version.rejected, 'row')} rejected).`,
  );
  return EXIT.fine;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

async function makeList(name: string, env: Env): Promise<{ readonly id: string } | string> {
  const reply = await askServer(env, { method: 'POST', path: '/v1/dnc/lists', body: { name }, answer: made });
  return reply.ok ? reply.value : reply.sentence;
}
