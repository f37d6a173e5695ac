import { Command } from 'commander';
import { z } from 'zod';
import { preflight } from './campaign-preflight.ts';
import { campaignId } from './campaign-answer.ts';
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
  callwright campaign list                        all of them, and how far they are
  callwright campaign show Autumn --watch         one of them as it runs, by its name or ID; Ctrl-C ends it
  callwright campaign preflight campaign-01jd…    before it starts: who is skipped, and when it will be done
  callwright campaign why campaign-01jd…          the first thing that keeps it from dialling, and all others
  callwright campaign why campaign-01jd… --lead +358401234567    why this one is not dialled
  callwright campaign why campaign-01jd… --json

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin). See docs/campaigns.md
and docs/preflight.md.`;

/** `callwright campaign` */
export function campaignCommand(env: Env): Command {
  const campaign = new Command('campaign')
    .description('look at a campaign before it starts and as it runs')
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
