import { Command } from 'commander';
import { z } from 'zod';
import { agreement, customers, queueDays } from '../acd/replay/compare.ts';
import { daySchema } from '../acd/replay/day.ts';
import { asItWas, replay, type Rules } from '../acd/replay/run.ts';
import type { AgentProfile, QueueProfile } from '../call/routing.ts';
import { readSite } from '../config/site/read.ts';
import { queueNames } from './campaign-names.ts';
import { settingsOf } from './check.ts';
import { EXIT, ending, Explained } from './ending.ts';
import { askServer } from './flow/server.ts';
import { overSpan, type SpanOptions, spanOf } from './moments.ts';
import { told } from './replay-lines.ts';
import { screenWidth } from './screen.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Options extends SpanOptions {
  readonly flows?: string;
  readonly json?: true;
}

const HELP = `
Examples:
  callwright replay                              today again, by the rules in force: is it the same day?
  callwright replay --from 2026-11-02 --to 2026-11-03 --flows ./ivr-flows
                                                 a day by the queues and agents of a folder, beside the day as it was

The same callers come, as patient as they were, and the same agents sit there as long. How patient somebody is who was
answered nobody knows: he waits as long as the queue lets him.

Played are skills, relax steps, ranks, shares, credit, strategies, preferred agents and the longest wait. Not played are
hours, overflow, who is let in, reserves for campaigns, and rests and back-offs that other rules would bring: they stay as
they were. Callbacks, messages and consultations keep their agents busy as they did. Strategy random draws anew.

Asks the running server (CALLWRIGHT_API, CALLWRIGHT_TOKEN of a supervisor, manager or admin) for the day, and plays it here.
See docs/explain.md.`;

/** `callwright replay` */
export const replayCommand = (env: Env): Command =>
  overSpan(new Command('replay'))
    .description("play a day's decisions again, by the rules in force or by changed ones, and compare")
    .option('--flows <folder>', 'folder of flow and site files whose queues and agents are tried')
    .option('--json', 'print figures as JSON')
    .addHelpText('after', HELP)
    .action((options: Options) => ending(compare(options, env)));

// The server checked them when it loaded them.
const answer = z.object({
  journalBegins: z.number().nullable(),
  day: daySchema,
  queues: z.array(z.custom<QueueProfile>((value) => typeof value === 'object')),
  agents: z.array(z.custom<AgentProfile>((value) => typeof value === 'object')),
});

async function compare({ flows, json, ...options }: Options, env: Env): Promise<number> {
  const { query } = spanOf(options);
  const reply = await askServer(env, { method: 'GET', path: `/v1/replay-day?${query}`, answer });
  if (!reply.ok) throw new Explained(reply.sentence);
  const { day, queues, agents, journalBegins } = reply.value;
  const inForce = { queues: byName(queues), agents };
  const was = asItWas(day);
  const rules = flows === undefined ? inForce : await rulesOf(flows, env);
  const [same, other] = [replay(day, inForce), flows === undefined ? null : replay(day, rules)];
  const seen = {
    journalBegins,
    calls: customers(was).length,
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
  else for (const line of told(seen, screenWidth(env), await queueNames(Object.keys(seen.was), env))) console.log(line);
  return EXIT.fine;
}

const byName = (queues: readonly QueueProfile[]) => new Map(queues.map((queue) => [queue.name, queue]));

async function rulesOf(folder: string, env: Env): Promise<Rules> {
  const reading = await readSite(folder, settingsOf(env).CALLWRIGHT_SOUNDS);
  if (reading.ok) return { queues: reading.site.queues, agents: reading.site.agents };
  throw new Explained(`${folder} has faults: \`CALLWRIGHT_FLOWS=${folder} callwright flow check\` lists them.`);
}
