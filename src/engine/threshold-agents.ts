import { occupancyAt } from '../acd/agent-busy.ts';
import { type AgentLive, isFree } from '../acd/agent.ts';
import type { Candidate } from '../acd/queue.ts';
import type { EpochMs } from '../call/ids.ts';
import type { Threshold } from '../work/threshold.ts';

interface Figure {
  readonly value: number | null;
  readonly sample: number | null;
}

/** The agents of a queue, as a figure of it. */
export function staffFigure(figure: string, agents: readonly AgentLive[], now: EpochMs): Figure {
  const serving = agents.filter(({ status, state }) => status === 'ready' || state !== 'idle');
  if (figure === 'agentsReady') return { value: serving.length, sample: null };
  if (figure === 'agentsFree') return { value: agents.filter((agent) => isFree(agent, now)).length, sample: null };
  const sum = serving.reduce((busy, agent) => busy + occupancyAt(agent, now), 0);
  return { value: serving.length > 0 ? sum / serving.length : null, sample: serving.length };
}

/** For how long he has been doing what the rule watches, ms; 0: he is not. */
export function lengthOf({ live }: Pick<Candidate, 'live'>, { figure, reasons }: Threshold, now: EpochMs): number {
  const { state, status, reason, since, statusUntil } = live;
  const isBreak = state === 'idle' && status === 'not-ready' && (reasons?.has(reason ?? '') ?? true);
  switch (figure) {
    case 'breakLength':
      return isBreak ? now - since : 0;
    case 'breakOverrun':
      return isBreak && statusUntil !== null ? Math.max(0, now - statusUntil) : 0;
    case 'wrapUpLength':
      return state === 'wrap-up' ? now - since : 0;
    default:
      return state === 'talking' ? now - since : 0;
  }
}
