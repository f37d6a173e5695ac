import { Command } from 'commander';
import { loadSite } from '../config/site/load.ts';
import { dateNow, readSiteFiles } from '../config/site/read.ts';
import { noSuchProfile, type Profiles } from '../engine/ports/profiles.ts';
import { isError, printProblem } from '../ivr/problem.ts';
import { settingsOf } from './check.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { profileLines, profileListLines } from './profile-lines.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
Examples:
  callwright profile list            the compliance profiles that a campaign may dial by
  callwright profile show us-fcc     each value, with the rule that it is taken from

Reads those that come with Callwright and those of the site (CALLWRIGHT_FLOWS, site/profiles); asks no server. A campaign
names its own by \`profile=NAME\`. See docs/compliance.md.`;

/** `callwright profile` */
export function profileCommand(env: Env): Command {
  return new Command('profile')
    .description('the compliance profiles that campaigns dial by, each value with its rule')
    .addHelpText('after', HELP)
    .addCommand(
      new Command('list')
        .description('which there are')
        .option('--json', 'as JSON')
        .action(({ json }: { json?: true }) => ending(list(json, env))),
    )
    .addCommand(
      new Command('show')
        .description('one of them, value by value')
        .argument('<name>', 'as `list` has it')
        .option('--json', 'as JSON')
        .action((name: string, { json }: { json?: true }) => ending(show(name, json, env))),
    );
}

async function list(json: true | undefined, env: Env): Promise<number> {
  const profiles = [...(await profilesHere(env)).values()];
  if (json) console.log(JSON.stringify(profiles, null, 2));
  else for (const line of profileListLines(profiles)) console.log(line);
  return EXIT.fine;
}

async function show(name: string, json: true | undefined, env: Env): Promise<number> {
  const profiles = await profilesHere(env);
  const profile = profiles.get(name);
  if (!profile) throw new Explained(noSuchProfile(name, profiles));
  if (json) console.log(JSON.stringify(profile, null, 2));
  else for (const line of profileLines(profile, screenWidth(env))) console.log(line);
  return EXIT.fine;
}

/** @throws Explained with each fault of the site's own profiles */
async function profilesHere(env: Env): Promise<Profiles> {
  const { CALLWRIGHT_FLOWS: flows, CALLWRIGHT_SOUNDS: sounds } = settingsOf(env);
  const files = (await readSiteFiles(flows, sounds)).filter(({ path }) => path.startsWith('site/profiles/'));
  const read = loadSite(files, dateNow());
  if (!read.ok) throw new Explained(read.problems.filter(isError).map(printProblem).join('\n'));
  return read.site.profiles ?? new Map<string, never>();
}
