import { Command, InvalidArgumentError } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import type { AlarmView } from '../engine/ports/alarms.ts';
import { alarmView } from '../http/schemas/alarms.ts';
import { listed } from '../http/schemas/common.ts';
import { duration } from '../ivr/words.ts';
import { EXIT, ending } from './ending.ts';
import { askServer } from './flow/server.ts';

type Env = Readonly<Record<string, string | undefined>>;

const HELP = `
Examples:
  callwright alarms            what is beyond what site/thresholds.yaml allows
  callwright alarms --watch    as it changes, until Ctrl-C

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager, engineer or admin). Ends with 1 while there
is an alarm and with 2 when it cannot be asked, for scripts. See docs/thresholds.md.`;

interface How {
  readonly watch?: true;
  readonly json?: true;
  /** Between two looks, ms. */
  readonly every: number;
}

/** `callwright alarms` */
export function alarmsCommand(env: Env): Command {
  return new Command('alarms')
    .description('figures that are beyond what the site allows')
    .option('--watch', 'show them as they change, until Ctrl-C')
    .option('--every <time>', 'how often --watch looks; alarms themselves are judged every 5s', spanOf, 5_000)
    .option('--json', 'print the answer of the server')
    .addHelpText('after', HELP)
    .action((how: How) => ending(show(how, env)));
}

const spans = duration('50ms', '1h');

function spanOf(text: string): number {
  const read = spans.safeParse(text);
  if (read.success) return read.data;
  throw new InvalidArgumentError('Write a time between 50ms and 1h, like 10s.');
}

async function show({ watch, json, every }: How, env: Env): Promise<number> {
  for (let said: string | null = null; ; ) {
    const reply = await askServer(env, { method: 'GET', path: '/v1/alarms', answer: listed(alarmView) });
    if (!reply.ok) return failed(reply.sentence);
    const { items } = reply.value;
    // That one grows older is no news.
    const news = JSON.stringify(json ? reply.body : alarmLines(items, 0));
    if (news !== said)
      console.log(json ? JSON.stringify(reply.body, null, 2) : alarmLines(items, Date.now()).join('\n'));
    said = news;
    if (!watch) return items.length === 0 ? EXIT.fine : EXIT.findings;
    await pause(every);
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
