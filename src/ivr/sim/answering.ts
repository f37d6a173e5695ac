import type { FlowEvent, FlowState, FlowStep } from '../step.ts';

/** An answer that did not count, and the node that asked. */
export interface Missed {
  readonly flow: string;
  readonly node: string;
  readonly what: 'noInput' | 'invalid';
}

/** Was the event silence or a wrong answer at a question? The machine keeps the count; who asks anew begins it again. */
export function missedAnswer(before: FlowState, event: FlowEvent, { state, facts }: FlowStep): Missed | null {
  if (event.type === 'timer' && event.name === 'noInput' && before.stage === 'listening') {
    return { flow: before.flowId, node: before.nodeId, what: 'noInput' };
  }
  const received = facts.findLast(({ type }) => type === 'flow.input.received');
  if (received?.type !== 'flow.input.received') return null;
  const { flow, node } = received.data;
  const isHere = (data: { flow: string; node: string }) => data.flow === flow && data.node === node;
  const isAskedAnew = facts.some(({ type, data }) => type === 'flow.node.entered' && isHere(data));
  const isSpent = facts.some(
    ({ type, data }) => type === 'flow.node.left' && isHere(data) && data.outcome === 'invalid',
  );
  const isWrong = state.tries.invalid > (isAskedAnew ? 0 : before.tries.invalid);
  return isSpent || isWrong ? { flow, node, what: 'invalid' } : null;
}
