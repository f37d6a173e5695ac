#!/usr/bin/env node
import { Command, InvalidArgumentError } from 'commander';
import { createRequire } from 'node:module';
import { SETTINGS } from '../config/settings.ts';
import { EXIT, ending } from './ending.ts';
import { alarmsCommand } from './alarms.ts';
import { campaignCommand } from './campaign.ts';
import { checkCommand } from './flow/check.ts';
import { dncCommand } from './dnc.ts';
import { edgeCommand } from './edge.ts';
import { eraseCommand } from './erase.ts';
import { explainCommand } from './explain.ts';
import { flowCommand } from './flow/main.ts';
import { followUpCommand } from './follow-up.ts';
import { kpisCommand } from './kpis.ts';
import { reportCommand } from './report.ts';
import { pacingCommand } from './pacing.ts';
import { profileCommand } from './profile.ts';
import { replayCommand } from './replay.ts';
import { webhookCommand } from './webhook.ts';

// `start` and `demo` bring the whole server; the tools for flow files do without it and answer at once.

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('callwright')
  .description(
    'Telephony server: IVR menus from flow files, ACD routing and outbound dialing with one engine, driving Asterisk. Without servers of your own it runs private ones on this machine.',
  )
  .version(version)
  .addHelpText('after', settingsHelp())
  .showHelpAfterError('(`callwright --help` shows what there is)');

program
  .command('start', { isDefault: true })
  .description('serve calls: start what is missing, load the flows, open the API; Ctrl-C ends it')
  .action(async () => {
    const { start } = await import('./start.ts');
    await ending(start({ version, env: process.env }));
  });

program
  .command('demo')
  .description('show the product alive: a simulated public network calls and is called; no phone needed')
  .option('--seconds <n>', 'end by itself after so long', seconds)
  .option('--callers <n>', 'people calling at once', seconds, 6)
  .option('--leads <n>', 'numbers in the campaign', seconds, 40)
  .action(async (options: { seconds?: number; callers: number; leads: number }) => {
    const { demo } = await import('./demo/demo.ts');
    await ending(demo({ ...options, version, env: process.env }));
  });

program.addCommand(checkCommand(process.env, version));
program.addCommand(flowCommand(process.env, version));
program.addCommand(kpisCommand(process.env));
program.addCommand(alarmsCommand(process.env));
program.addCommand(reportCommand(process.env));
program.addCommand(dncCommand(process.env));
program.addCommand(explainCommand(process.env));
program.addCommand(replayCommand(process.env));
program.addCommand(pacingCommand(process.env));
program.addCommand(campaignCommand(process.env));
program.addCommand(profileCommand(process.env));
program.addCommand(webhookCommand(process.env));
program.addCommand(followUpCommand(process.env));
program.addCommand(eraseCommand(process.env));
program.addCommand(edgeCommand(process.env));

function seconds(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('write a whole number above 0');
}

/** The settings as a manual page shows them, from the one place that defines them. */
function settingsHelp(): string {
  const rows = Object.entries(SETTINGS).map(([name, schema]) => {
    const byDefault = schema.safeParse(undefined);
    const value =
      byDefault.success && byDefault.data !== undefined ? ` (${String(byDefault.data).replace('false', '0')})` : '';
    return `  ${name.padEnd(30)} ${schema.description ?? ''}${value}`;
  });
  return `
Settings come from the environment (defaults in brackets):
${rows.join('\n')}

Examples:
  callwright start                            private servers, API on http://127.0.0.1:8080
  CALLWRIGHT_HTTP_PORT=9000 callwright start  the same with another port
  ASTERISK_URL=http://callwright:secret@pbx:8088 callwright start
  callwright demo --seconds 60                one minute of calls, then a summary
  callwright flow check                       every fault of the flow files, with its cure

Exit codes: 0 fine, 1 findings or a fault that is explained, 2 cannot run.`;
}

/** Who is called wrongly cannot run; asking for help or the version is fine. */
function endAsTold(command: Command): void {
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? EXIT.fine : EXIT.cannotRun));
  for (const inner of command.commands) endAsTold(inner);
}

endAsTold(program);
await program.parseAsync();
