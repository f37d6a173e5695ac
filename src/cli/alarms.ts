import { Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { AlarmView } from '../engine/ports/alarms.ts';
import { alarmView } from '../http/schemas/alarms.ts';
import { listed } from '../http/schemas/common.ts';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
Examples:
  callwright alarms            what is beyond what site/thresholds.yaml allows
  callwright alarms --watch    as it changes, until Ctrl-C

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin). Ends with 1 while there
is an alarm and with 2 when it cannot be asked, for scripts. See docs/thresholds.md.`;

const LOOK_MS = 5_000;

/** `callwright alarms` */
export function alarmsCommand(env: Env): Command {
  return new Command('alarms')
    .description('figures that are beyond what the site allows')
    .option('--watch', 'show them as they change, until Ctrl-C')
    .option('--json', 'print the answer of the server')
    .addHelpText('after', HELP)
    .action((how: { readonly watch?: true; readonly json?: true }) => ending(show(how, env)));
}

async function show({ watch, json }: { readonly watch?: true; readonly json?: true }, env: Env): Promise<number> {
  for (let said: string | null = null; ; ) {
    const reply = await askServer(env, { method: 'GET', path: '/v1/alarms', answer: listed(alarmView) });
    if (!reply.ok) return failed(reply.sentence);
    const { items } = reply.value;
    const words = json ? JSON.stringify(reply.body, null, 2) : alarmLines(items, Date.now()).join('\n');
    if (words !== said) console.log(words);
    said = words;
    if (!watch) return items.length === 0 ? EXIT.fine : EXIT.findings;
    await pause(LOOK_MS);
  }
}

function failed(sentence: string): number {
  console.error(sentence);
  return EXIT.cannotRun;
}

/** Two lines an alarm. */
export function alarmLines(alarms: readonly AlarmView[], now: number): readonly string[] {
  if (alarms.length === 0) return ['There is no alarm.'];
  return alarms.flatMap(({ severity, title, threshold, words, phase, raisedAt }) => [
    `${severity === 'alarm' ? 'ALARM  ' : 'warning'}  ${title} (${threshold})`,
    `  ${words}${phase === 'easing' ? ' It is well, but not yet for long enough.' : ''} ${toldWords(now - raisedAt)}`,
  ]);
}

const toldWords = (ms: number): string => (ms < 60_000 ? 'Just told.' : `Told ${Math.floor(ms / 60_000)} min ago.`);
