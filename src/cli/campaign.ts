import { Command } from 'commander';
import { z } from 'zod';
import { preflight } from './campaign-preflight.ts';
import { campaignId } from './campaign-answer.ts';
import { changeCommands } from './campaign-change.ts';
import { type LoadOptions, loadLeads } from './campaign-load.ts';
import { listCampaigns, type ShowOptions, showCampaign } from './campaign-show.ts';
import { EXIT, ending } from './ending.ts';
import { evidenceCommand } from './evidence.ts';
import { askServer } from './flow/server.ts';
import { gateLines } from './gate-lines.ts';
import { whyLead } from './lead-why.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

const why = z.object({
  headline: z.string(),
  gates: z.array(z.object({ gate: z.string(), pass: z.boolean(), text: z.string() })),
});

interface WhyOptions {
  readonly lead?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  callwright campaign create Autumn trunk=public callerId=+358401234567 language=en mode=predictive
  callwright campaign load Autumn leads.csv --map map.json
  callwright campaign start Autumn                begins, and says what keeps it from dialling
  callwright campaign kill                        no new dial of any campaign from now on, and what still rings
  callwright campaign list                        all of them, and how far they are
  callwright campaign show Autumn --watch         one of them as it runs, by its name or ID; Ctrl-C ends it
  callwright campaign preflight Autumn            before it starts: who is skipped, and when it will be done
  callwright campaign why Autumn                  the first thing that keeps it from dialling, and all others
  callwright campaign why Autumn --lead +358401234567    why this one is not dialled

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin; whoever changes a
campaign must be its manager or an admin). See docs/campaigns.md and docs/preflight.md.`;

/** `callwright campaign` */
export function campaignCommand(env: Env): Command {
  const campaign = new Command('campaign')
    .description('make campaigns, look at them before they start and as they run, and end them')
    .addHelpText('after', HELP);
  campaign
    .command('list')
    .description('all campaigns, how far they are, and when they will be done')
    .option('--json', 'print the answer of the server')
    .action((options: Pick<ShowOptions, 'json'>) => ending(listCampaigns(options, env)));
  campaign
    .command('show <campaign>')
    .description('one campaign as it runs: leads, agents, lines, abandonment, lists; by its name or ID')
    .option('--watch', 'draw it again every two seconds, until Ctrl-C')
    .option('--json', 'print the answers of the server')
    .action((asked: string, options: ShowOptions) => ending(showCampaign(asked, options, env)));
  campaign
    .command('preflight <campaign>')
    .description('what it would come to: who is skipped and why, how busy agents are, when it is done')
    .option('--json', 'print the answer of the server')
    .action((id: string, { json }: { readonly json?: true }) => ending(preflight(id, json, env)));
  campaign
    .command('why <campaign>')
    .description('why it is not dialling: what must be so, in order, and what is not')
    .option('--lead <lead>', 'of one lead: its external id, its id, or a number of it')
    .option('--json', 'print the answer of the server')
    .action((id: string, { lead, json }: WhyOptions) =>
      ending(lead === undefined ? ask(id, json, env) : whyLead(id, lead, json, env)),
    );
  changeCommands(campaign, env);
  campaign
    .command('load <campaign> <file>')
    .description(
      'take in a list of people (CSV), also as it runs; tells what is wrong by line, and keeps the good rows',
    )
    .option('--map <file>', 'JSON that says which column is what (docs/leads.md)')
    .option('--list <id>', 'into this list of the campaign')
    .option('--country <code>', 'two letters; of numbers written without +')
    .option('--update', 'who is there already takes what the file says')
    .action((asked: string, file: string, options: LoadOptions) => ending(loadLeads(asked, file, options, env)));
  campaign.addCommand(evidenceCommand(env));
  return campaign;
}

async function ask(asked: string, json: true | undefined, env: Env): Promise<number> {
  const id = await campaignId(asked, env);
  const path = `/v1/campaigns/${encodeURIComponent(id)}/why`;
  const reply = await askServer(env, { method: 'GET', path, answer: why });
  if (!reply.ok) {
    console.error(reply.sentence);
    return EXIT.findings;
  }
  if (json) console.log(JSON.stringify(reply.body, null, 2));
  else for (const line of gateLines(reply.value, screenWidth(env))) console.log(line);
  return EXIT.fine;
}
