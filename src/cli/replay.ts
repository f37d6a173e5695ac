import { Command } from 'commander';
import { styleText } from 'node:util';
import { z } from 'zod';
import { agreement, queueDays, type QueueDay } from '../acd/replay/compare.ts';
import { daySchema } from '../acd/replay/day.ts';
import { asItWas, replay, type Rules } from '../acd/replay/run.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import { readSite } from '../config/site/read.ts';
import { settingsOf } from './check.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { askServer } from './flow/server.ts';
import { midnight, moment } from './moments.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options {
  readonly from?: number;
  readonly to?: number;
  readonly flows?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  callwright replay                              today again, by the rules in force: is it the same day?
  callwright replay --from 2026-11-02 --to 2026-11-03 --flows ./ivr-flows
                                                 a day by the queues and agents of a folder, beside the day as it was

The same callers come, as patient as they were, and the same agents sit there as long. How patient somebody is who was
answered nobody knows: he waits as long as the queue lets him. Changed hours, overflow, callbacks and reserves are not
played. Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin) for the day, and plays
it here. See docs/explain.md.`;

/** `callwright replay` */
export const replayCommand = (env: Env): Command =>
  new Command('replay')
    .description("play a day's decisions again, by the rules in force or by changed ones, and compare")
    .option('--from <time>', 'date or ISO 8601 time; without it, midnight', moment)
    .option('--to <time>', 'up to then; without it, up to now', moment)
    .option('--flows <folder>', 'folder of flow and site files whose queues and agents are tried')
    .option('--json', 'print figures as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(compare(options, env)));

// The server checked them when it loaded them.
const answer = z.object({
  day: daySchema,
  queues: z.array(z.custom<QueueProfile>((value) => typeof value === 'object')),
  agents: z.array(z.custom<AgentProfile>((value) => typeof value === 'object')),
});

async function compare({ from = midnight(), to, flows, json }: Options, env: Env): Promise<number> {
  const query = new URLSearchParams({ from: String(from), ...(to !== undefined && { to: String(to) }) });
  const reply = await askServer(env, { method: 'GET', path: `/v1/replay-day?${query.toString()}`, answer });
  if (!reply.ok) throw new Explained(reply.sentence);
  const { day, queues, agents } = reply.value;
  const inForce = { queues: byName(queues), agents };
  const was = asItWas(day);
  const rules = flows === undefined ? inForce : await rulesOf(flows, env);
  const [same, other] = [replay(day, inForce), flows === undefined ? null : replay(day, rules)];
  const seen = {
    calls: was.length,
    sameAgain: agreement(was, same.outcomes),
    was: queueDays(was, inForce),
    again: queueDays(same.outcomes, inForce),
    occupancy: same.occupancy,
    changed: other && {
      queues: queueDays(other.outcomes, rules),
      occupancy: other.occupancy,
      sameAgent: agreement(same.outcomes, other.outcomes),
    },
  };
  if (json) console.log(JSON.stringify(seen, null, 2));
  else for (const line of told(seen)) console.log(line);
  return EXIT.fine;
}

const byName = (queues: readonly QueueProfile[]) => new Map(queues.map((queue) => [queue.name, queue]));

async function rulesOf(folder: string, env: Env): Promise<Rules> {
  const reading = await readSite(folder, settingsOf(env).CALLWRIGHT_SOUNDS);
  if (reading.ok) return { queues: reading.site.queues, agents: reading.site.agents };
  throw new Explained(`${folder} has faults: \`CALLWRIGHT_FLOWS=${folder} callwright flow check\` lists them.`);
}

interface Seen {
  readonly calls: number;
  readonly sameAgain: number | null;
  readonly was: Readonly<Record<string, QueueDay>>;
  readonly again: Readonly<Record<string, QueueDay>>;
  readonly occupancy: number | null;
  readonly changed: {
    readonly queues: Readonly<Record<string, QueueDay>>;
    readonly occupancy: number | null;
    readonly sameAgent: number | null;
  } | null;
}

const NONE = '–';
const percent = (share: number | null) => (share === null ? NONE : `${(100 * share).toFixed(1)} %`);
const seconds = (ms: number | null) => (ms === null ? NONE : `${(ms / 1_000).toFixed(1)} s`);

function told(seen: Seen): readonly string[] {
  const { calls, sameAgain, was, again, occupancy, changed } = seen;
  if (calls === 0) return ['No call waited in a queue in that time.'];
  const rows = Object.keys(was).flatMap((queue) => [
    row(queue, 'as it was', was[queue]),
    row('', 'again', again[queue]),
    ...(changed ? [styleText('bold', row('', 'changed', changed.queues[queue]))] : []),
  ]);
  const moved = changed
    ? [
        `By the changed rules ${percent(1 - (changed.sameAgent ?? 1))} of the answered calls go to somebody else; occupancy ${percent(changed.occupancy)}.`,
      ]
    : [];
  return [
    `${calls} stays in queues. Played by the rules in force, ${percent(sameAgain)} of the answered calls go to the agent they went to; occupancy ${percent(occupancy)}.`,
    ...moved,
    '',
    styleText(
      'dim',
      columns(['queue', '', 'calls', 'answered', 'gave up', 'left', 'mean wait', 'p90 wait', 'in target']),
    ),
    ...rows,
  ];
}

const columns = ([queue = '', which = '', ...figures]: readonly string[]) =>
  [queue.padEnd(16), which.padEnd(10), ...figures.map((figure) => figure.padStart(10))].join(' ').trimEnd();

function row(queue: string, which: string, day: QueueDay | undefined): string {
  if (!day) return columns([queue, which, NONE]);
  const { calls, answered, abandoned, left, meanWaitMs, p90WaitMs, serviceLevel } = day;
  const counts = [calls, answered, abandoned, left].map(String);
  return columns([queue, which, ...counts, seconds(meanWaitMs), seconds(p90WaitMs), percent(serviceLevel)]);
}
