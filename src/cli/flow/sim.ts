import { Command, InvalidArgumentError } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { text as readAll } from 'node:stream/consumers';
import { parseTests, scenarioOf } from '../../ivr/sim/read-tests.ts';
import { SimulatedCall } from '../../ivr/sim/simulated-call.ts';
import { ScriptedCaller } from '../../ivr/sim/steps.ts';
import type { SimWorld } from '../../ivr/sim/world.ts';
import { settingsOf } from '../check.ts';
import { EXIT, Explained, ending } from '../ending.ts';
import { linesOf } from './findings.ts';
import { type Place, placesOf, realPath } from './places.ts';
import { keyboard } from './sim-keyboard.ts';
import { outcomeOf, summaryOf } from './sim-lines.ts';
import { readScript } from './sim-script.ts';
import { converse, printer } from './sim-terminal.ts';
import { type Env, readWorld } from './sim-world.ts';

interface SimOptions {
  readonly at?: string;
  readonly from?: string;
  readonly to?: string;
  readonly language?: string;
  readonly mock?: Readonly<Record<string, string>>;
  readonly script?: string;
  readonly json?: true;
}

/** `callwright flow sim` */
export const simCommand = (env: Env): Command =>
  new Command('sim')
    .description('call a flow from this terminal, without a switch: shows what is heard, takes keys')
    .argument('<flow>', 'id of a flow, or its file')
    .option('--at <time>', 'when the call comes, like 2026-12-24T10:00:00+02:00 (now; in scripts a Tuesday at 10)')
    .option('--from <number>', 'who calls, or `withheld`')
    .option('--to <number>', 'the number that is called')
    .option('--language <tag>', 'the language to begin in')
    .option('--mock <node=outcome>', 'what a node is answered; may be given again', mock)
    .option('--script <file>', 'take the steps from a file, or with - from a pipe, and print a transcript')
    .option('--json', 'print one object for programs; needs a script')
    .action((flow: string, options: SimOptions) => ending(sim(flow, options, env)));

function mock(text: string, others: SimOptions['mock']): Readonly<Record<string, string>> {
  const [node, outcome, ...rest] = text.split('=');
  if (!node || !outcome || rest.length > 0) throw new InvalidArgumentError('write it like who-calls=timeout');
  return { ...others, [node]: outcome };
}

/** @throws Explained when the flow is not there, or an option or the script is written wrongly. */
async function sim(flow: string, options: SimOptions, env: Env): Promise<number> {
  const [place] = await placesOf(flow.endsWith('.yaml') ? [flow] : [], settingsOf(env));
  if (!place) throw new Error('one path was asked for and no place was found');
  const reading = await readWorld(place);
  if (!reading.ok) {
    for (const line of linesOf(reading.findings)) console.error(line);
    return EXIT.findings;
  }
  const script = options.script ?? (process.stdin.isTTY ? undefined : '-');
  const at = options.at ?? (script === undefined ? new Date().toISOString() : undefined);
  const scenario = scenarioFor(idOf(flow, reading.world, place), { ...options, ...(at && { at }) }, reading.world);
  const call = new SimulatedCall(reading.world, scenario);
  if (script !== undefined) return byScript(call, await scriptOf(script), options);
  await atTheTerminal(call);
  return EXIT.fine;
}

const scriptOf = (script: string): Promise<string> =>
  script === '-' ? readAll(process.stdin) : readFile(script, 'utf8');

function idOf(flow: string, { flows }: SimWorld, place: Place): string {
  if (flows.has(flow)) return flow;
  const found = [...flows.values()].find(({ file }) => realPath(place, file) === resolve(flow));
  if (found) return found.id;
  throw new Explained(`There is no flow ${flow}. There are: ${[...flows.keys()].join(', ')}.`);
}

/** The options are held against what a test may say of a call. */
function scenarioFor(flow: string, { at, from, to, language, mock: mocks }: SimOptions, world: SimWorld) {
  const written = { flow, tests: [{ name: 'sim', at, from, to, language, mocks }] };
  const read = parseTests(JSON.stringify(written), 'options', world);
  if (!read.ok) throw new Explained(read.problems.map(({ message, cure }) => `${message} ${cure}`).join('\n'));
  const [test] = read.file.tests;
  if (!test) throw new Error('one test was written and none was read');
  return scenarioOf(read.file, test, world);
}

/** What the script waits for in vain is a finding; the transcript shows what came instead. */
function byScript(call: SimulatedCall, text: string, { json }: SimOptions): number {
  const caller = new ScriptedCaller(call);
  const show = printer(call, { print: (line) => (json ? undefined : console.log(line)) });
  let fault: string | null = null;
  for (const step of readScript(text)) {
    fault ??= caller.does(step);
    show();
  }
  caller.waitsForTheEnd();
  show();
  if (json) console.log(JSON.stringify({ ...outcomeOf(call), fault, log: call.log }, null, 2));
  else for (const line of summaryOf(call)) console.log(line);
  if (fault !== null && !json) console.error(`The script could not go on: ${fault}.`);
  return fault === null ? EXIT.fine : EXIT.findings;
}

async function atTheTerminal(call: SimulatedCall): Promise<void> {
  const keys = keyboard(process.stdin);
  try {
    await converse(call, { ...keys, now: () => performance.now(), print: (line) => console.log(line) });
  } finally {
    keys.close();
  }
  for (const line of summaryOf(call)) console.log(line);
}
