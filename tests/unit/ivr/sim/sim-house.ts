import type { Calendar } from '../../../../src/ivr/calendar.ts';
import type { Flow } from '../../../../src/ivr/flow.ts';
import { printProblem } from '../../../../src/ivr/problem.ts';
import { entriesOf, pathIn } from '../../../../src/ivr/sim/log.ts';
import { parseTests } from '../../../../src/ivr/sim/read-tests.ts';
import { runTests, type TestRun } from '../../../../src/ivr/sim/run-tests.ts';
import type { Mock, QueueFacts, Scenario } from '../../../../src/ivr/sim/scenario.ts';
import { SimulatedCall } from '../../../../src/ivr/sim/simulated-call.ts';
import type { Sounds } from '../../../../src/ivr/sim/sound.ts';
import { type SimWorld, simWorld } from '../../../../src/ivr/sim/world.ts';
import { ALL_PROMPTS } from '../../../support/site.ts';
import { NOON } from '../caller.ts';

/** A site of these flows. Every prompt is there; one without words lasts two seconds. */
export const siteOf = (
  flows: readonly Flow[],
  { sounds = new Map(), calendars = [] }: { sounds?: Sounds; calendars?: readonly Calendar[] } = {},
): SimWorld =>
  simWorld(
    {
      flows: new Map(flows.map((flow) => [flow.id, flow])),
      calendars: new Map(calendars.map((calendar) => [calendar.name, calendar])),
      prompts: ALL_PROMPTS,
      queues: new Map([['support', { maxWaitMs: 600_000 }]]),
    },
    sounds,
  );

const QUIET: Scenario = {
  flow: 'test',
  callId: 'c1',
  at: NOON,
  from: '+358501112223',
  to: '+358401234567',
  language: null,
  remembered: {},
  vars: {},
  mocks: {},
  queues: {},
  calendars: {},
};

/** A call to the first of the flows. */
export function callTo(flows: Flow | readonly Flow[], change: Partial<Scenario> = {}, sounds?: Sounds): SimulatedCall {
  const all = Array.isArray(flows) ? (flows as readonly Flow[]) : [flows as Flow];
  return new SimulatedCall(siteOf(all, sounds ? { sounds } : {}), { ...QUIET, flow: all[0]?.id ?? '', ...change });
}

export const mocked = (outcome: string, afterMs: number | null = null, data: Mock['data'] = null): readonly Mock[] => [
  { outcome, data, afterMs },
];

export const queueFacts = (change: Partial<QueueFacts>): QueueFacts => ({
  estimateMs: null,
  waiting: 0,
  agentsReady: 1,
  outcome: null,
  afterMs: null,
  ...change,
});

/** The caller does nothing more. */
export function toTheEnd(call: SimulatedCall): SimulatedCall {
  while (call.next());
  return call;
}

export const pathOf = (call: SimulatedCall) => pathIn(call.log, call.scenario.flow).join(' ');
export const heardBy = (call: SimulatedCall) => entriesOf(call.log, 'heard').map(({ prompt }) => prompt);
export const lasted = (call: SimulatedCall) => call.now - call.scenario.at;

/** Runs a test file of the flow `test`; `tests` begins with its first test. */
export function run(world: SimWorld, tests: string): TestRun {
  const read = parseTests(`flow: test\n${tests}`, 'test.test.yaml', world);
  if (!read.ok) throw new Error(read.problems.map(printProblem).join('\n'));
  return runTests(world, [read]);
}

/** What went wrong, as `line: message`. */
export const failuresOf = ({ results, uncovered }: TestRun): readonly string[] =>
  [...results.flatMap(({ failures }) => failures), ...uncovered].map(({ line, message }) => `${line}: ${message}`);
