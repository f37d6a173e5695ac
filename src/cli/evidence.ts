import { Command } from 'commander';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { campaignId } from './campaign-answer.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { fingerprintOf, verifyPack } from './evidence-verify.ts';
import { linesOfServer } from './flow/server.ts';
import { overSpan, type SpanOptions } from './moments.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options extends SpanOptions {
  readonly out?: string;
  readonly withNumbers?: true;
}

const HELP = `
Examples:
  callwright campaign evidence campaign-01jd… --out october --from 2026-10-01 --to 2026-11-01
  callwright campaign evidence verify october

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin); verify asks nobody.
See docs/evidence.md.`;

/** `callwright campaign evidence ID` and `callwright campaign evidence verify FOLDER` */
export const evidenceCommand = (env: Env): Command =>
  overSpan(new Command('evidence'), { from: "the campaign's first call" })
    .description(
      'write a folder that shows how a campaign was dialled: rates, abandoned calls, settings, calls; signed',
    )
    .argument('<campaign>', 'its ID, or its name')
    // Not required by the parser, which would ask it of `verify` too.
    .option('--out <folder>', 'a folder that is empty or not there')
    .option('--with-numbers', 'telephone numbers whole; for a manager or admin')
    .addHelpText('after', HELP)
    .action((id: string, options: Options) => ending(write(id, options, env)))
    .addCommand(
      new Command('verify')
        .description('whether a folder is as it was signed; ends with 1 when not')
        .argument('<folder>', 'of a pack')
        .option('--key <file>', 'public key as its owner gave it, instead of the one in the folder')
        .action((folder: string, { key }: { key?: string }) => ending(check(folder, key))),
    );

const piece = z.object({ name: z.string().regex(/^[a-z][a-z-]*\.[a-z]+$/), text: z.string() });

async function write(asked: string, { from, to, out, withNumbers }: Options, env: Env): Promise<number> {
  const id = await campaignId(asked, env);
  if (out === undefined) throw new Explained('Say with --out into which folder: one that is empty or not there.');
  if (existsSync(out) && readdirSync(out).length > 0) {
    throw new Explained(`${out} is not empty: give --out a folder that is, so that nothing is mixed.`);
  }
  const query = new URLSearchParams({
    ...(from !== undefined && { from: String(from) }),
    ...(to !== undefined && { to: String(to) }),
    ...(withNumbers && { numbers: 'whole' }),
  });
  const reply = await linesOfServer(env, `/v1/campaigns/${encodeURIComponent(id)}/evidence?${query.toString()}`);
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  mkdirSync(out, { recursive: true });
  let last = '';
  for await (const line of reply.value) {
    const { name, text } = piece.parse(JSON.parse(line));
    appendFileSync(join(out, name), text);
    last = name;
  }
  if (last !== 'manifest.sig')
    throw new Explained(`The server broke off before the end: ${out} is not whole. Remove it and ask again.`);
  console.log(`${out} holds the pack: open evidence.html, or print it.`);
  console.log(`Key: ${fingerprintOf(readFileSync(join(out, 'public-key.pem'), 'utf8'))}`);
  return EXIT.fine;
}

async function check(folder: string, key: string | undefined): Promise<number> {
  const { ok, sentence } = verifyPack(folder, key === undefined ? null : readFileSync(key, 'utf8'));
  console.log(sentence);
  return ok ? EXIT.fine : EXIT.findings;
}
