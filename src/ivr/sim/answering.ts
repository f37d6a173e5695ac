import type { FlowEvent, FlowState, FlowStep } from '../step.ts';

/** Did the event count as silence or as a wrong answer at a question? */
export function answering(
  before: FlowState,
  event: FlowEvent,
  { state, facts }: FlowStep,
): 'noInput' | 'invalid' | null {
  if (event.type === 'timer' && event.name === 'noInput') return before.stage === 'listening' ? 'noInput' : null;
  const isSpent = facts.some(({ type, data }) => type === 'flow.node.left' && data.outcome === 'invalid');
  const isAskedAgain = state.nodeId === before.nodeId && state.tries.invalid > before.tries.invalid;
  return isSpent || isAskedAgain ? 'invalid' : null;
}
