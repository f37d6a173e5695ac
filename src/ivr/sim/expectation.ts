import type { QueueRequest } from '../../call/routing.ts';
import type { Path } from '../problem.ts';
import { entriesOf, factsIn, pathIn, placeOf } from './log.ts';
import type { SimulatedCall } from './simulated-call.ts';
import type { Expect } from './test-file.ts';

/** An expectation that did not hold, with its place below `expect`. */
export interface Disappointment {
  readonly path: Path;
  readonly message: string;
}

type Check<K extends keyof Expect> = (call: SimulatedCall, wanted: NonNullable<Expect[K]>, expect: Expect) => Told;
/** What went otherwise, in a sentence; of a list or map by its place in it. */
type Told = string | null | readonly (Disappointment | null)[];

type Checks = { readonly [K in keyof Required<Expect>]: Check<K> };

const CHECKS: Checks = {
  path: wentBy,
  reaches: (call, places) =>
    each(places, (place) => (pathOf(call).includes(place) ? null : `the call never came there`)),
  avoids: (call, places) => each(places, (place) => (pathOf(call).includes(place) ? `the call came there` : null)),
  hears: (call, prompts) => each(prompts, (prompt) => (heardIn(call).includes(prompt) ? null : missed(call))),
  notHears: (call, prompts) => each(prompts, (prompt) => (heardIn(call).includes(prompt) ? 'it was heard' : null)),
  require: (call, wanted) => (same(requiredIn(call), wanted) ? null : `an agent needs ${list(requiredIn(call))}`),
  priority: (call, wanted) =>
    queuedAt(
      call,
      ({ priority }) => priority === wanted,
      ({ priority }) => `it is queued with priority ${priority}`,
    ),
  queue: (call, wanted) =>
    queuedAt(
      call,
      ({ queue }) => queue === wanted,
      ({ queue }) => `it waits in the queue \`${queue}\``,
    ),
  outcome: endedBy,
  ends: ({ node }, wanted) => (node === wanted ? null : `the call ended in \`${node}\``),
  language: ({ language }, wanted) => (language === wanted ? null : `the language is ${language}`),
  maxSilence: ({ longestSilenceMs }, most) =>
    longestSilenceMs <= most ? null : `he heard nothing for ${longestSilenceMs} ms when it was our turn`,
  counters: (call, wanted) =>
    entries(wanted, (name, count) => (countOf(call, name) === count ? null : `it is ${countOf(call, name)}`)),
  tags: (call, wanted) => {
    const tags = new Set(factsIn(call.log, 'call.tagged').flatMap((data) => data.tags));
    return each(wanted, (tag) => (tags.has(tag) ? null : `the tags are ${list([...tags])}`));
  },
  emitted: (call, wanted) =>
    told(
      factsIn(call.log, 'flow.emitted').map(({ event, data }) => ({ name: event, data })),
      wanted,
    ),
  asked: (call, wanted) =>
    told(
      factsIn(call.log, 'flow.asked').map(({ question, data }) => ({ name: question, data })),
      wanted,
    ),
  survey: (call, wanted) => {
    const answers = new Map(factsIn(call.log, 'survey.answered').map(({ question, answer }) => [question, answer]));
    return entries(wanted, (id, answer) =>
      answers.get(id) === answer ? null : `the answer is ${shown(answers.get(id))}`,
    );
  },
  vars: ({ vars }, wanted) =>
    entries(wanted, (name, value) => (vars[name] === value ? null : `it is ${shown(vars[name])}`)),
};

/** Everything that a test expects and that went otherwise. */
export function disappointments(call: SimulatedCall, expect: Expect): readonly Disappointment[] {
  return (Object.keys(expect) as (keyof Expect)[]).flatMap((key) => held(call, expect, key, expect[key]));
}

function held<K extends keyof Expect>(call: SimulatedCall, expect: Expect, key: K, wanted: Expect[K]) {
  if (wanted === undefined) return [];
  const check: Checks[K] = CHECKS[key];
  const result = check(call, wanted, expect);
  if (result === null) return [];
  if (typeof result === 'string') return [{ path: [key], message: result }];
  return result.flatMap((found) => (found ? [{ path: [key, ...found.path], message: found.message }] : []));
}

const each = (wanted: readonly string[], check: (one: string) => string | null): Told =>
  wanted.map((one, i) => {
    const message = check(one);
    return message === null ? null : { path: wanted.length === 1 ? [] : [i], message };
  });

const entries = <T>(wanted: Readonly<Record<string, T>>, check: (name: string, value: T) => string | null): Told =>
  Object.entries(wanted).map(([name, value]) => {
    const message = check(name, value);
    return message === null ? null : { path: [name], message };
  });

const pathOf = ({ log, scenario }: SimulatedCall) => pathIn(log, scenario.flow);
const heardIn = ({ log }: SimulatedCall) => entriesOf(log, 'heard').map(({ prompt }) => prompt);
const missed = (call: SimulatedCall) => `what was heard is ${list([...new Set(heardIn(call))])}`;
const list = (words: readonly string[]) => (words.length === 0 ? 'nothing' : words.join(', '));
const same = (a: readonly string[], b: readonly string[]) => a.toSorted().join() === b.toSorted().join();
const shown = (value: unknown) => (value === undefined ? 'missing' : JSON.stringify(value));

/** The nodes from the start; where the call goes after the last one that is named is left open. */
function wentBy(call: SimulatedCall, wanted: readonly string[]): Told {
  const went = pathOf(call);
  const i = wanted.findIndex((place, index) => went[index] !== place);
  if (i < 0) return null;
  const instead = went[i] === undefined ? 'the call was over' : `it came to \`${went[i]}\``;
  return [{ path: [i], message: i === 0 ? instead : `after \`${wanted[i - 1]}\` ${instead}` }];
}

const lastQueued = ({ log }: SimulatedCall): QueueRequest | undefined => entriesOf(log, 'queued').at(-1)?.request;

function queuedAt(
  call: SimulatedCall,
  holds: (request: QueueRequest) => boolean,
  otherwise: (request: QueueRequest) => string,
): string | null {
  const request = lastQueued(call);
  if (!request) return 'the call came to no queue';
  return holds(request) ? null : otherwise(request);
}

/** What is asked of an agent when one takes the call, or else as the wait began. */
function requiredIn(call: SimulatedCall): readonly string[] {
  const require = entriesOf(call.log, 'connected').at(-1)?.require ?? lastQueued(call)?.require ?? [];
  return require.map(({ skill, level }) => `${skill}>=${level}`);
}

/** How the last node of the expected path was left; without a path, how the call went, or how it ended. */
function endedBy(call: SimulatedCall, wanted: string, { path }: Expect): string | null {
  const node = path?.at(-1);
  const left = factsIn(call.log, 'flow.node.left').find((data) => placeOf(call.scenario.flow, data) === node)?.outcome;
  const reason = entriesOf(call.log, 'ended')[0]?.reason;
  const happened = node === undefined ? [call.outcome, call.lastOutcome, reason] : [left];
  if (happened.includes(wanted)) return null;
  if (node !== undefined) return left === undefined ? `\`${node}\` was not left` : `\`${node}\` was left by ${left}`;
  return `it is ${call.outcome ?? 'none'}, and the call ended by ${reason}`;
}

/** `node.noInput` and `node.invalid` count silences and wrong answers, `node.entered` visits, other words ways out. */
function countOf({ log, scenario }: SimulatedCall, name: string): number {
  const dot = name.indexOf('.');
  const node = name.slice(0, dot);
  const what = name.slice(dot + 1);
  if (what === 'entered') return pathIn(log, scenario.flow).filter((place) => place === node).length;
  if (what === 'noInput' || what === 'invalid') {
    return entriesOf(log, 'missed').filter((entry) => entry.node === node && entry.what === what).length;
  }
  const left = factsIn(log, 'flow.node.left').filter((data) => placeOf(scenario.flow, data) === node);
  return left.filter(({ outcome }) => outcome === what).length;
}

type Telling = NonNullable<Expect['emitted']>[number];

/** Each wanted one was told, with at least the data that is named. */
function told(happened: readonly Telling[], wanted: readonly Telling[]): Told {
  return wanted.map(({ name, data }, i) => {
    const named = happened.filter((one) => one.name === name);
    if (named.some((one) => Object.entries(data).every(([key, value]) => one.data[key] === value))) return null;
    const instead =
      named.length === 0
        ? list(happened.map((one) => one.name))
        : `it with ${named.map((one) => shown(one.data)).join(' and ')}`;
    return { path: [i], message: `told was ${instead}` };
  });
}
