import { check } from '../check.ts';
import type { Flow } from '../flow.ts';
import { type Path, type Problem, sortProblems, suggest } from '../problem.ts';
import { fits, written } from '../scope.ts';
import { readYaml, type Source } from '../source.ts';
import type { Scenario } from './scenario.ts';
import { testFile, type TestFile, type WrittenTest } from './test-file.ts';
import type { SimWorld } from './world.ts';

/** A test file whose every name is there, and the text it came from. */
export interface FlowTests {
  readonly file: TestFile;
  readonly source: Source;
}

export type TestsReading =
  | ({ readonly ok: true } & FlowTests)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads one test file: YAML, then shape, then whether flow, nodes, prompts and all other names are there. */
export function parseTests(text: string, path: string, world: SimWorld): TestsReading {
  const reading = readYaml(text, path);
  if (!reading.ok) return reading;
  const { source } = reading;
  const shaped = check(testFile, source);
  if (!shaped.ok) return { ok: false, problems: sortProblems(shaped.problems) };
  const problems = new Names(shaped.value, source, world).problems();
  return problems.length > 0
    ? { ok: false, problems: sortProblems(problems) }
    : { ok: true, file: shaped.value, source };
}

/** Answers that requests may have besides the outcomes of their node. */
const ANSWERS = ['ok', 'error', 'timeout', 'none', 'notFound', 'wrong', 'locked', 'full', 'taken', 'refused'];

/** Holds the names in a test file against the site. */
class Names {
  readonly #file: TestFile;
  readonly #source: Source;
  readonly #world: SimWorld;
  readonly #found: Problem[] = [];

  constructor(file: TestFile, source: Source, world: SimWorld) {
    this.#file = file;
    this.#source = source;
    this.#world = world;
  }

  problems(): readonly Problem[] {
    const flow = this.#world.flows.get(this.#file.flow);
    if (!flow) {
      this.#unknown('flow', this.#file.flow, this.#world.flows.keys(), ['flow'], false);
      return this.#found;
    }
    this.#circumstances(flow, this.#file.defaults, ['defaults']);
    this.#file.tests.forEach((test, i) => {
      this.#circumstances(flow, test, ['tests', i]);
      this.#steps(flow, test, ['tests', i, 'steps']);
      this.#expectations(flow, test, ['tests', i, 'expect']);
    });
    return this.#found;
  }

  #circumstances(flow: Flow, of: TestFile['defaults'], at: Path): void {
    for (const [node, mocks] of Object.entries(of.mocks)) {
      if (!this.#node(flow, node, [...at, 'mocks', node], true)) continue;
      mocks.forEach(({ outcome }, i) => {
        const known = [...ANSWERS, ...(this.#nodeOf(flow, node)?.exits ?? []).map((exit) => exit.outcome)];
        if (known.includes(outcome)) return;
        const message = `\`${node}\` has no outcome \`${outcome}\`.`;
        const here = [...at, 'mocks', node];
        this.#report(mocks.length > 1 ? [...here, i] : here, message, suggest(outcome, known));
      });
    }
    for (const queue of Object.keys(of.queue))
      this.#unknown('queue', queue, this.#world.queues.keys(), [...at, 'queue', queue]);
    for (const calendar of Object.keys(of.calendars)) {
      this.#unknown('calendar', calendar, this.#world.calendars.keys(), [...at, 'calendars', calendar]);
    }
    if (of.language !== undefined) this.#language(flow, of.language, [...at, 'language']);
    this.#vars(flow, of.vars, [...at, 'vars']);
  }

  #steps(flow: Flow, { steps }: WrittenTest, at: Path): void {
    steps.forEach((step, i) => {
      if ('hear' in step) this.#prompt(flow, step.hear, [...at, i, 'hear']);
      if ('wait' in step) this.#node(flow, step.wait, [...at, i, 'wait']);
    });
  }

  #expectations(flow: Flow, { expect }: WrittenTest, at: Path): void {
    for (const key of ['path', 'reaches', 'avoids'] as const) {
      const places = expect[key] ?? [];
      places.forEach((place, i) => this.#node(flow, place, places.length > 1 ? [...at, key, i] : [...at, key]));
    }
    if (expect.ends !== undefined) this.#node(flow, expect.ends, [...at, 'ends']);
    for (const key of ['hears', 'notHears'] as const) {
      const prompts = expect[key] ?? [];
      prompts.forEach((prompt, i) => this.#prompt(flow, prompt, prompts.length > 1 ? [...at, key, i] : [...at, key]));
    }
    for (const counter of Object.keys(expect.counters ?? {})) {
      this.#node(flow, counter.split('.')[0] ?? '', [...at, 'counters', counter], true);
    }
    if (expect.language !== undefined) this.#language(flow, expect.language, [...at, 'language']);
    if (expect.queue !== undefined)
      this.#unknown('queue', expect.queue, this.#world.queues.keys(), [...at, 'queue'], false);
    this.#vars(flow, expect.vars ?? {}, [...at, 'vars']);
    for (const name of Object.keys(expect.vars ?? {})) {
      if (flow.vars.get(name)?.sensitive !== true) continue;
      this.#report(
        [...at, 'vars', name],
        `\`${name}\` is sensitive, and no test may look at it.`,
        'Expect its outcome instead.',
        true,
      );
    }
  }

  #nodeOf(flow: Flow, place: string) {
    const [first = '', second] = place.split('/');
    return second === undefined ? flow.nodes.get(first) : this.#world.flows.get(first)?.nodes.get(second);
  }

  #node(flow: Flow, place: string, at: Path, isKey = false): boolean {
    if (this.#nodeOf(flow, place)) return true;
    const others = [...this.#world.flows.values()].filter(({ id }) => place.includes('/') && id !== flow.id);
    const known = others.flatMap(({ id, nodes }) => [...nodes.keys()].map((node) => `${id}/${node}`));
    this.#report(
      at,
      `There is no node \`${place}\`.`,
      suggest(place, known.length > 0 ? known : flow.nodes.keys()),
      isKey,
    );
    return false;
  }

  #prompt({ prompts }: Flow, prompt: string, at: Path): void {
    const own = [...this.#world.flows.values()].flatMap((flow) => [...flow.prompts.keys()]);
    const lists = [...this.#world.prompts.values()];
    if (prompts.has(prompt) || own.includes(prompt) || lists.some((names) => names.has(prompt))) return;
    this.#report(
      at,
      `There is no prompt \`${prompt}\`.`,
      suggest(prompt, [...own, ...lists.flatMap((names) => [...names])]),
    );
  }

  #language(flow: Flow, tag: string, at: Path): void {
    if (flow.languages.supported.includes(tag)) return;
    this.#report(
      at,
      `\`${flow.id}\` does not support the language \`${tag}\`.`,
      suggest(tag, flow.languages.supported),
    );
  }

  #vars(flow: Flow, vars: TestFile['defaults']['vars'], at: Path): void {
    for (const [name, value] of Object.entries(vars)) {
      const decl = flow.vars.get(name);
      if (!decl) this.#unknown('variable', name, flow.vars.keys(), [...at, name]);
      else if (!fits(decl, value)) {
        const cure = decl.type === 'enum' ? suggest(String(value), decl.values) : written(decl.type);
        this.#report([...at, name], `\`${name}\` cannot be ${JSON.stringify(value)}.`, cure);
      }
    }
  }

  #unknown(what: string, name: string, known: Iterable<string>, at: Path, isKey = true): void {
    const names = [...known];
    if (!names.includes(name)) this.#report(at, `There is no ${what} \`${name}\`.`, suggest(name, names), isKey);
  }

  #report(at: Path, message: string, cure: string, isKey = false): void {
    this.#found.push(this.#source.problem('test-file', at, message, cure, isKey ? 'key' : 0));
  }
}

/** Tuesday, 10 March 2026, 10:00 in Helsinki: an hour at which most places are open. */
const USUAL_TIME = Date.UTC(2026, 2, 10, 8);
const USUAL_CALLER = '+358501234567';

/** A test's own circumstances stand above the file's; of maps each entry, of what is remembered all. */
export function scenarioOf({ flow: id, defaults }: TestFile, test: WrittenTest, world: SimWorld): Scenario {
  const from = test.from ?? defaults.from ?? USUAL_CALLER;
  return {
    flow: id,
    callId: test.call ?? defaults.call ?? 'call',
    at: test.at ?? defaults.at ?? USUAL_TIME,
    from: from === 'withheld' ? null : from,
    to: test.to ?? defaults.to ?? world.flows.get(id)?.dids[0] ?? '',
    language: test.language ?? defaults.language ?? null,
    remembered: test.remembered ?? defaults.remembered ?? {},
    vars: { ...defaults.vars, ...test.vars },
    mocks: { ...defaults.mocks, ...test.mocks },
    queues: { ...defaults.queue, ...test.queue },
    calendars: { ...defaults.calendars, ...test.calendars },
  };
}
