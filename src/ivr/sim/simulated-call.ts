import { customerAt, NO_CUSTOMERS } from '../../call/customer.ts';
import type { Language } from '../../call/ids.ts';
import { type FlowEvent, type FlowState, type FlowStep, flowStep, type FlowWorld, startFlow } from '../step.ts';
import { Agenda } from './agenda.ts';
import { type Entry, factsIn, placeOf, type Untimed } from './log.ts';
import { missedAnswer } from './answering.ts';
import { calendarSaying, type Scenario } from './scenario.ts';
import { Surroundings } from './surroundings.ts';
import type { SimWorld } from './world.ts';

/** No flow gets here: each ends by its own limits long before. */
const MOST_EVENTS = 100_000;

/**
 * One call through the flow machine on virtual time. The switch, the queues and the world around it are played by the
 * scenario; keys, words and hanging up come from whoever drives it. Same scenario, same steps: same log, to the millisecond.
 */
export class SimulatedCall {
  readonly scenario: Scenario;
  readonly log: Entry[] = [];
  readonly #world: FlowWorld;
  readonly #agenda = new Agenda();
  readonly #around: Surroundings;
  #state: FlowState;
  #now: number;
  #events = 0;
  #isOver = false;
  #silentSince: number | null = null;
  #longestSilenceMs = 0;

  /** @throws when the world has no such flow, which whoever read the scenario has seen to. */
  constructor(world: SimWorld, scenario: Scenario) {
    const flow = flowFor(world, scenario);
    this.scenario = scenario;
    this.#now = scenario.at;
    this.#world = flowWorld(world, scenario, flow);
    this.#around = new Surroundings(world, scenario, {
      agenda: this.#agenda,
      now: () => this.#now,
      node: () => this.node,
      log: (entry) => this.#log(entry),
      tell: (event) => this.#is(event),
      onlySpeaks: () => this.#stages.every((stage) => stage === 'speaking'),
      ownName: (prompt) => this.#ownName(prompt),
    });
    const first = startFlow(flow, this.#world, this.#now);
    this.#state = first.state;
    this.#take(first);
  }

  get now(): number {
    return this.#now;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get language(): Language {
    return this.#state.language;
  }

  /** Where the call stands, as `placeOf` names it. */
  get node(): string {
    return placeOf(this.scenario.flow, { flow: this.#state.flowId, node: this.#state.nodeId });
  }

  get stage(): FlowState['stage'] {
    return this.#state.stage;
  }

  /** How the last node was left that could be left in more than one way. */
  get outcome(): string | null {
    const choices = factsIn(this.log, 'flow.node.left').filter(
      (left) => this.#waysOut(left).filter((outcome) => outcome !== 'error').length > 1,
    );
    return choices.at(-1)?.outcome ?? null;
  }

  /** How the very last node was left, as a flow that returns gives it back; null where a node just ended the call. */
  get lastOutcome(): string | null {
    const last = factsIn(this.log, 'flow.node.left').at(-1);
    return last && this.#waysOut(last).includes(last.outcome) ? last.outcome : null;
  }

  /** Variables of the flow that the call began in. */
  get vars(): FlowState['vars'] {
    return (this.#state.frames[0] ?? this.#state).vars;
  }

  /** The longest time in which the caller heard nothing though it was our turn: not while he keys, speaks or is recorded. */
  get longestSilenceMs(): number {
    return this.#longestSilenceMs;
  }

  /** When something happens next if the caller does nothing; null when the call is over. */
  get nextAt(): number | null {
    return this.#isOver ? null : this.#agenda.nextAt(this.#state.timers);
  }

  /** Lets time pass to what happens next, `until` at most; false when nothing has happened by then. */
  next(until = Number.POSITIVE_INFINITY): boolean {
    const at = this.nextAt;
    if (at === null) return false;
    if (at > until) {
      this.#now = Math.max(this.#now, until);
      return false;
    }
    this.#now = Math.max(this.#now, at);
    const due = this.#agenda.takeDue(this.#state.timers, this.#now);
    if (typeof due === 'string') this.#is({ type: 'timer', name: due });
    else due?.();
    return true;
  }

  passTo(at: number): void {
    while (this.next(at));
  }

  press(keys: string): void {
    if (this.#isOver) return;
    this.#log({ type: 'pressed', keys });
    for (const digit of keys) {
      const { stage } = this.#state;
      if (stage === 'queued') this.#around.pressInQueue(digit);
      else if (stage !== 'transferring') this.#is({ type: 'dtmf', digit });
    }
  }

  /** The caller talks for so long; only a recording listens. */
  talk(ms: number): void {
    this.#around.talk(ms);
  }

  /** The caller says these words; false when nobody recognises speech now. */
  speak(words: string): boolean {
    return this.#around.speak(words);
  }

  /** What he was saying into a recording is put away yet. */
  hangUp(): void {
    if (this.#isOver) return;
    this.#around.hungUp();
    this.#is({ type: 'caller.left' });
    while (this.next());
  }

  #is(event: FlowEvent): void {
    if (this.#isOver) return;
    this.#events += 1;
    if (this.#events > MOST_EVENTS) throw new Error(`the call went round for ever at ${this.node}`);
    const before = this.#state;
    const step = flowStep(before, event, this.#world, this.#now);
    this.#state = step.state;
    const missed = missedAnswer(before, event, step);
    if (missed) this.#log({ type: 'missed', node: placeOf(this.scenario.flow, missed), what: missed.what });
    this.#take(step);
  }

  #take({ facts, commands }: FlowStep): void {
    for (const fact of facts) this.#log({ type: 'fact', fact });
    for (const command of commands) {
      if (command.type === 'hangup') this.#end(command.reason);
      else this.#around.carryOut(command);
    }
    if (this.#state.stage === 'ended') this.#end('hungUp');
    this.#listen();
  }

  #end(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#log({ type: 'ended', node: this.node, reason });
    this.#listen();
  }

  #log(entry: Untimed): void {
    this.log.push({ at: this.#now, ...entry });
  }

  #listen(): void {
    const isSilent = !this.#isOver && isOurTurn(this.#state.stage) && !this.#around.isHeard;
    if (isSilent) this.#silentSince ??= this.#now;
    else if (this.#silentSince !== null) {
      this.#longestSilenceMs = Math.max(this.#longestSilenceMs, this.#now - this.#silentSince);
      this.#silentSince = null;
    }
  }

  #waysOut({ flow, node }: { readonly flow: string; readonly node: string }): readonly string[] {
    const exits = this.#world.flows.get(flow)?.nodes.get(node)?.exits ?? [];
    return [...new Set(exits.map(({ outcome }) => outcome))];
  }

  get #stages(): readonly FlowState['stage'][] {
    const { flowId, nodeId } = this.#state;
    return this.#world.flows.get(flowId)?.nodes.get(nodeId)?.does.stages ?? [];
  }

  /** A prompt of the flow's own file goes by the name it has there. */
  #ownName(prompt: string): string {
    const { id = '', prompts } = this.#world.flows.get(this.#state.flowId) ?? {};
    const own = prompt.startsWith(`${id}.`) ? prompt.slice(id.length + 1) : prompt;
    return prompts?.has(own) ? own : prompt;
  }
}

const isOurTurn = (stage: FlowState['stage']) => stage === 'speaking' || stage === 'asking';

/** The flow as it would be had its defaults been written so. */
function flowFor({ flows }: SimWorld, { flow: id, vars, language }: Scenario) {
  const flow = flows.get(id);
  if (!flow) throw new Error(`there is no flow ${id}`);
  const decls = [...flow.vars].map(([name, decl]) => [name, { ...decl, default: vars[name] ?? decl.default }] as const);
  const languages = { ...flow.languages, default: language ?? flow.languages.default };
  return { ...flow, languages, vars: new Map(decls) };
}

function flowWorld(world: SimWorld, scenario: Scenario, flow: ReturnType<typeof flowFor>): FlowWorld {
  const calendars = [...world.calendars].map(([name, calendar]) => {
    const hours = scenario.calendars[name];
    return [name, hours === undefined ? calendar : calendarSaying(calendar, hours, scenario.at)] as const;
  });
  return {
    callId: scenario.callId,
    legId: `${scenario.callId}-leg`,
    ani: scenario.from,
    dnis: scenario.to,
    customer: scenario.from === null ? null : customerAt(world.customers ?? NO_CUSTOMERS, scenario.from),
    flows: new Map(world.flows).set(flow.id, flow),
    calendars: new Map(calendars),
    prompts: world.prompts,
    env: new MadeUpEnv(),
  };
}

/** No address is ever asked, so any will do. */
class MadeUpEnv extends Map<string, string> {
  override get(name: string): string {
    return `https://${name.toLowerCase().replaceAll('_', '-')}.example`;
  }

  override has(): boolean {
    return true;
  }
}
