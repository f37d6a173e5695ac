import { CAUSE } from '../../call/cause.ts';
import {
  type FlowCommand,
  type FlowEvent,
  type FlowStep,
  type FlowWorld,
  flowStep,
  startFlow,
} from '../../ivr/step.ts';
import type { Draft } from './actions.ts';
import { dropLeg } from './drop.ts';
import { endCall, hangUp } from './ending.ts';
import { backFromSite } from './away.ts';
import { enterQueue } from './queue-phase.ts';
import { customer, isLive } from './state.ts';
import { noteDecided, waitOn } from './promise-phase.ts';
import { lookUp } from './returning-phase.ts';
import { transferTo } from './transfer-phase.ts';
import type { CallWorld } from './world.ts';

/** A call may not live longer than this, whatever its flow says; nobody is billed for a forgotten channel. */
const CALL_LIMIT_MS = 4 * 3_600_000;

export function startInFlow(draft: Draft, flowId: string, world: CallWorld): void {
  const { ani, dnis, source, direction } = draft.state;
  draft.fact({ type: 'call.arrived', data: { direction, ani, dnis, source, legId: customer(draft.state).id } });
  return begin(draft, flowId, world);
}

/** A person whom an agentless campaign dialled has answered: its flow begins. */
export function startDialledFlow(draft: Draft, world: CallWorld): void {
  const { attempt, phase, flow } = draft.state;
  if (attempt?.flow === undefined || attempt.phase !== 'talking' || phase !== 'flow' || flow) return;
  begin(draft, attempt.flow, world, attempt.words);
}

function begin(draft: Draft, flowId: string, world: CallWorld, words: Readonly<Record<string, string>> = {}): void {
  draft.timer('call:limit', draft.now + CALL_LIMIT_MS);
  const flow = world.flows.get(flowId);
  if (!flow) return hangUp(draft, CAUSE.unallocated);
  draft.record({ flow: flow.id });
  return take(draft, startFlow(flow, flowWorld(draft, world), draft.now, words), world);
}

export function flowInput(draft: Draft, event: FlowEvent, world: CallWorld): void {
  const { flow: state } = draft.state;
  if (!state) return endCall(draft);
  if (isOptOut(draft, event)) dropLeg(draft, customer(draft.state).id, CAUSE.normal);
  return take(draft, flowStep(state, event, flowWorld(draft, world), draft.now), world);
}

/** He is on the list now, and the profile of the campaign that dialled him wants the line to end with that. */
function isOptOut({ state }: Draft, event: FlowEvent): boolean {
  if (event.type !== 'answer' || event.answer.outcome !== 'ok') return false;
  const { attempt, asked } = state;
  const isAbout = asked?.requestId === event.requestId && asked.request.kind === 'dnc';
  return attempt?.endsOnOptOut === true && isAbout;
}

/**
 * The queue or the transfer is behind the caller: his flow goes on. So it does when he has hung up, for as long as it puts
 * his words away. A campaign's call has no flow and ends here.
 */
export function resumePending(draft: Draft, world: CallWorld): void {
  while (draft.pending && draft.state.phase !== 'ending') {
    const event = backFromSite(draft, draft.pending);
    draft.pending = null;
    if (!event) return;
    const someone = event.type === 'caller.left' || isLive(customer(draft.state));
    if (!draft.state.flow || !someone) return endCall(draft);
    draft.set({ phase: 'flow' });
    flowInput(draft, event, world);
  }
}

const flowWorld = (draft: Draft, world: CallWorld): FlowWorld => ({
  callId: draft.state.id,
  legId: customer(draft.state).id,
  ...ends(draft.state),
  customer: draft.state.direction === 'inbound' ? world.customerOf(draft.state.ani) : null,
  flows: world.flows,
  calendars: world.calendars,
  prompts: world.prompts,
  env: world.env,
});

/** To a flow the caller is the person, also when it is we who called. */
const ends = ({ attempt, ani, dnis }: Draft['state']) => (attempt ? { ani: dnis, dnis: ani ?? '' } : { ani, dnis });

/** What a flow still does when its line is being ended. */
const WITHOUT_LINE: ReadonlySet<FlowCommand['type']> = new Set(['timer', 'language', 'request', 'remember', 'hangup']);

function take(draft: Draft, step: FlowStep, world: CallWorld): void {
  draft.set({ flow: step.state }).fact(...step.facts);
  noteDecided(draft, step);
  if (draft.state.asked?.requestId !== step.state.requestId) draft.set({ asked: null });
  const isGoing = draft.isLeaving(customer(draft.state).id);
  for (const command of step.commands) if (!isGoing || WITHOUT_LINE.has(command.type)) perform(draft, command, world);
  const over = step.state.stage === 'ended' && !isLive(customer(draft.state));
  if (over && draft.state.phase !== 'ending') endCall(draft);
}

function perform(draft: Draft, command: FlowCommand, world: CallWorld): void {
  switch (command.type) {
    case 'timer':
      draft.timer(`flow:${command.name}`, command.at);
      return;
    case 'language':
      draft.set({ language: command.language });
      return;
    case 'request':
      return ask(draft, command);
    case 'remember':
      draft.act(command);
      return;
    case 'queue.back':
      return waitOn(draft, world);
    case 'queue':
      enterQueue(draft, command.request, world);
      return lookUp(draft, world);
    case 'transfer':
      return transferTo(draft, command.to, command.ringMs, world);
    case 'hangup':
      draft.record({ outcome: draft.state.record.outcome ?? 'contained' });
      return hangUp(draft, command.cause);
    default:
      if (isLive(customer(draft.state))) say(draft, command);
  }
}

function ask(draft: Draft, { requestId, request }: Extract<FlowCommand, { type: 'request' }>): void {
  draft.set({ asked: { requestId, request } }).act({ type: 'request', requestId });
}

/** `default` is the music that every switch has. */
const MUSIC = 'default';

type SpokenCommand = Extract<FlowCommand, { type: 'answer' | 'play' | 'stop' | 'music' | 'record' | 'record.stop' }>;

/** What is done with the caller's leg while there is one. */
function say(draft: Draft, command: SpokenCommand): void {
  const legId = customer(draft.state).id;
  if (command.type === 'stop' || command.type === 'record.stop') draft.tell(command);
  else if (command.type !== 'music') draft.tell({ ...command, legId });
  else if (command.on) draft.tell({ type: 'music.start', legId, class: MUSIC });
  else draft.tell({ type: 'music.stop', legId });
  if (command.type === 'record') draft.set({ recordingId: command.recordingId });
}
