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
import { endCall, hangUp } from './ending.ts';
import { enterQueue } from './queue-phase.ts';
import { customer, isLive } from './state.ts';
import { startTransfer } from './transfer-phase.ts';
import type { CallWorld } from './world.ts';

/** A call may not live longer than this, whatever its flow says; nobody is billed for a forgotten channel. */
const CALL_LIMIT_MS = 4 * 3_600_000;

export function startInFlow(draft: Draft, flowId: string, world: CallWorld): void {
  const { ani, dnis, source, direction } = draft.state;
  draft
    .fact({ type: 'call.arrived', data: { direction, ani, dnis, source, legId: customer(draft.state).id } })
    .timer('call:limit', draft.now + CALL_LIMIT_MS);
  const flow = world.flows.get(flowId);
  if (!flow) return hangUp(draft, CAUSE.unallocated);
  draft.record({ flow: flow.id });
  return take(draft, startFlow(flow, flowWorld(draft, world), draft.now), world);
}

export function flowInput(draft: Draft, event: FlowEvent, world: CallWorld): void {
  const { flow: state } = draft.state;
  if (!state) return endCall(draft);
  return take(draft, flowStep(state, event, flowWorld(draft, world), draft.now), world);
}

/** The queue or the transfer is behind the caller: his flow goes on. A campaign's call has no flow and ends here. */
export function resumePending(draft: Draft, world: CallWorld): void {
  while (draft.pending && draft.state.phase !== 'ending') {
    const event = draft.pending;
    draft.pending = null;
    if (!draft.state.flow || !isLive(customer(draft.state))) return endCall(draft);
    draft.set({ phase: 'flow' });
    flowInput(draft, event, world);
  }
}

const flowWorld = (draft: Draft, world: CallWorld): FlowWorld => ({
  callId: draft.state.id,
  legId: customer(draft.state).id,
  ani: draft.state.ani,
  dnis: draft.state.dnis,
  flows: world.flows,
  calendars: world.calendars,
  prompts: world.prompts,
  env: world.env,
});

function take(draft: Draft, step: FlowStep, world: CallWorld): void {
  draft.set({ flow: step.state }).fact(...step.facts);
  for (const command of step.commands) perform(draft, command, world);
}

function perform(draft: Draft, command: FlowCommand, world: CallWorld): void {
  const legId = customer(draft.state).id;
  switch (command.type) {
    case 'answer':
      draft.tell({ type: 'answer', legId });
      return;
    case 'play':
      draft.tell({ ...command, legId });
      return;
    case 'stop':
      draft.tell(command);
      return;
    case 'timer':
      draft.timer(`flow:${command.name}`, command.at);
      return;
    case 'language':
      draft.set({ language: command.language });
      return;
    case 'queue':
      return enterQueue(draft, command.request, world);
    case 'transfer':
      return startTransfer(draft, command.to, command.ringMs);
    case 'hangup':
      draft.record({ outcome: draft.state.record.outcome ?? 'contained' });
      return hangUp(draft, command.cause);
  }
}
