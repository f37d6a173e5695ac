import { Command } from 'commander';
import { checkCommand } from './check.ts';
import { diffCommand } from './diff.ts';
import { fmtCommand } from './fmt.ts';
import { graphCommand } from './graph.ts';
import { importCommand } from './import.ts';
import { loadCommand } from './load.ts';
import { canaryCommand, promoteCommand, rollbackCommand } from './orders.ts';
import { newCommand } from './new.ts';
import { schemaCommand } from './schema.ts';
import { simCommand } from './sim.ts';
import { testCommand } from './test.ts';
import { versionsCommand } from './versions.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `callwright flow …`: the tools for whoever writes flows. */
export function flowCommand(env: Env, version: string): Command {
  const flow = new Command('flow').description('check, test and try out flow files').addHelpText('after', EXIT_CODES);
  flow.addCommand(checkCommand(env, version));
  flow.addCommand(testCommand(env));
  flow.addCommand(simCommand(env));
  flow.addCommand(graphCommand(env));
  flow.addCommand(diffCommand());
  flow.addCommand(fmtCommand(env));
  flow.addCommand(newCommand(env));
  flow.addCommand(importCommand());
  flow.addCommand(schemaCommand(env));
  flow.addCommand(loadCommand(env));
  flow.addCommand(versionsCommand(env));
  flow.addCommand(promoteCommand(env));
  flow.addCommand(rollbackCommand(env));
  flow.addCommand(canaryCommand(env));
  return flow;
}

const EXIT_CODES = '\nExit codes: 0 fine, 1 findings, 2 cannot run.';
