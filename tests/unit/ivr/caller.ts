import { expect } from 'vitest';
import { ALL_PROMPTS } from '../../support/site.ts';
import type { Fact } from '../../../src/call/journal.ts';
import type { Media } from '../../../src/call/media.ts';
import type { Json } from '../../../src/call/request.ts';
import type { Calendar } from '../../../src/ivr/calendar.ts';
import type { Flow } from '../../../src/ivr/flow.ts';
import { parseFlow } from '../../../src/ivr/load.ts';
import { printProblem } from '../../../src/ivr/problem.ts';
import {
  type FlowCommand,
  type FlowEvent,
  type FlowState,
  flowStateSchema,
  flowStep,
  type FlowStep,
  type FlowWorld,
  startFlow,
} from '../../../src/ivr/step.ts';

/** A flow of these nodes, the first being the start; `head` overrides lines before them. */
export function flowOf(nodes: string, head = '', id = 'test'): Flow {
  const start = /^\s*([a-z0-9-]+):/.exec(nodes)?.[1] ?? '';
  const indented = nodes.replace(/^\n/, '').replace(/^/gm, '  ');
  const languages = head.includes('languages:') ? '' : LANGUAGES;
  const text = `${HEAD}${languages}id: ${id}\n${head.replace(/^\n/, '')}\nstart: ${start}\nnodes:\n${indented}\n`;
  const reading = parseFlow(text, 'test.yaml');
  if (!reading.ok) throw new Error(reading.problems.map(printProblem).join('\n'));
  return reading.flow;
}

const HEAD = `version: ivr/v1
title: Test
`;
const LANGUAGES = 'languages: { default: en, supported: [en, fi] }\n';

export const NOON = Date.UTC(2026, 2, 10, 10);

export const worldOf = (flows: readonly Flow[], over: Partial<FlowWorld> = {}): FlowWorld => ({
  callId: 'c1',
  legId: 'leg1',
  ani: '+358501112223',
  dnis: '+358401234567',
  flows: new Map(flows.map((flow) => [flow.id, flow])),
  calendars: new Map(),
  prompts: ALL_PROMPTS,
  env: new Map(),
  ...over,
});

interface CallerOptions {
  readonly now?: number;
  readonly ani?: string | null;
  readonly calendars?: readonly Calendar[];
  /** Flows that the first may call. */
  readonly others?: readonly Flow[];
  readonly world?: Partial<FlowWorld>;
}

/** A caller in a flow: says what he hears, keys and waits; the switch and the engine around him are played by the test. */
export class Caller {
  readonly #world: FlowWorld;
  now: number;
  state: FlowState;
  commands: readonly FlowCommand[] = [];
  /** Types of facts with what matters of them, since the start. */
  readonly facts: string[] = [];
  /** The same in full. */
  readonly seen: Fact[] = [];

  constructor(flow: Flow, options: CallerOptions = {}) {
    const { now = NOON, ani = '+358501112223', calendars = [], others = [], world = {} } = options;
    const named = new Map(calendars.map((calendar) => [calendar.name, calendar]));
    this.#world = worldOf([flow, ...others], { ani, calendars: named, ...world });
    this.now = now;
    const first = startFlow(flow, this.#world, now);
    this.state = first.state;
    this.#take(first);
  }

  #take(step: FlowStep): this {
    // Through JSON at every step, as between two processes.
    this.state = flowStateSchema.parse(JSON.parse(JSON.stringify(step.state)));
    this.commands = step.commands;
    this.seen.push(...step.facts);
    for (const { type, data } of step.facts) {
      const { dwellMs: _dwell, tookMs: _took, ...told }: Readonly<Record<string, unknown>> = data;
      this.facts.push(`${type} ${Object.values(told).slice(1).join(' ')}`.trim());
    }
    return this;
  }

  is(event: FlowEvent): this {
    return this.#take(flowStep(this.state, event, this.#world, this.now));
  }

  press(keys: string): this {
    for (const digit of keys) this.is({ type: 'dtmf', digit });
    return this;
  }

  /** The prompt that plays comes to its end. */
  listens(completed = true): this {
    return this.is({ type: 'playback.finished', playbackId: this.state.playbackId ?? 'none', completed });
  }

  /** Time passes until the timer that is armed goes off. */
  waits(): this {
    const [name, at] = Object.entries(this.state.timers).find(([timer]) => !WATCHDOGS.has(timer)) ?? [];
    if (name === undefined || at === undefined) throw new Error('nothing is armed');
    this.now = at;
    return this.is({ type: 'timer', name });
  }

  /** The world answers what the node asked. */
  answers(outcome: string, data: Json = null): this {
    return this.is({ type: 'answer', requestId: this.state.requestId ?? 'none', answer: { outcome, data } });
  }

  /** The recording that is made comes to its end. */
  records(durationMs: number, outcome: 'done' | 'failed' = 'done'): this {
    const recordingId = this.state.recordingId ?? 'none';
    return this.is({ type: 'recording.finished', recordingId, durationMs, outcome });
  }

  leaves(): this {
    return this.is({ type: 'caller.left' });
  }

  /** Prompts that the last event began. */
  get hears(): readonly string[] {
    return this.commands.flatMap((command) => (command.type === 'play' ? command.media.map(spoken) : []));
  }

  get did(): readonly string[] {
    return this.commands.flatMap((command) => (isWatchdog(command) ? [] : [command.type]));
  }

  get at(): string {
    return `${this.state.nodeId} ${this.state.stage}`;
  }

  get path(): readonly string[] {
    return this.facts.flatMap((fact) => /^flow\.node\.entered (\S+)/.exec(fact)?.[1] ?? []);
  }

  command<T extends FlowCommand['type']>(type: T): Extract<FlowCommand, { type: T }> {
    const found = this.commands.find((command) => command.type === type && !isWatchdog(command));
    expect(found, `a ${type} command`).toBeDefined();
    return found as Extract<FlowCommand, { type: T }>;
  }
}

/** Timers that guard against what never comes; they tick beside every story. */
const WATCHDOGS = new Set(['limit', 'stuck']);
const isWatchdog = (command: FlowCommand) => command.type === 'timer' && WATCHDOGS.has(command.name);

const spoken = (media: Media): string => (media.kind === 'file' ? media.path : media.kind);

/** Digits as they are heard one by one. */
export const digits = (keyed: string, language = 'en') => Array.from(keyed, (digit) => `${language}/say.n.${digit}`);
