import type { AgentId, EpochMs } from '../call/ids.ts';
import type { DialerEvent } from '../dialer/pacing/index.ts';
import { causeOf } from './dialer-feed.ts';
import type { AttemptStory } from './ports/history.ts';

interface Numbers {
  nextCall(): number;
  agentNumber(id: AgentId): number;
}

/**
 * What pacing would have been told of these attempts, in the order of time. Of agents only their talks are known: how long
 * each idled and wrapped up is learned from now on.
 */
export function storyEvents(story: readonly AttemptStory[], began: EpochMs, numbers: Numbers): readonly DialerEvent[] {
  return story.flatMap((attempt) => eventsOf(attempt, began, numbers)).toSorted((a, b) => a.t - b.t);
}

function eventsOf(attempt: AttemptStory, began: EpochMs, numbers: Numbers): readonly DialerEvent[] {
  const { startedAt, endedAt, answeredAt, waitedMs, outcome, agentId } = attempt;
  const seconds = (at: EpochMs) => (at - began) / 1_000;
  const callId = numbers.nextCall();
  const launched: DialerEvent = { type: 'call.launched', t: seconds(startedAt), callId };
  const ageSec = Math.max(0, endedAt - startedAt) / 1_000;
  const cause = causeOf(outcome);
  const ended: DialerEvent = { type: 'call.ended', t: seconds(endedAt), callId, cause, ageSec };
  const spoke = outcome === 'connected' || outcome === 'abandoned';
  if (!spoke && cause !== 'machine') return [launched, ended];
  const picked = answeredAt ?? startedAt;
  const ringSec = Math.max(0, picked - startedAt) / 1_000;
  if (cause === 'machine') {
    const tookSec = Math.min(LONGEST_DETECTION_SEC, Math.max(0, endedAt - picked) / 1_000);
    return [launched, ...machine({ callId, t: seconds(picked), ringSec, tookSec }), ended];
  }
  const answered: DialerEvent = { type: 'call.answered', t: seconds(picked), callId, ringSec, pendingAmd: false };
  const [t, waitSec] = [seconds(picked + waitedMs), waitedMs / 1_000];
  if (outcome === 'abandoned') return [launched, answered, { type: 'call.abandoned', t, callId, waitSec }];
  const agent = agentId === null ? -1 : numbers.agentNumber(agentId);
  return [
    launched,
    answered,
    { type: 'call.connected', t, callId, agentId: agent, waitSec },
    ...talk(attempt, agent, t),
    { type: 'call.ended', t: seconds(endedAt), callId, cause: 'hangup', ageSec },
  ];
}

/** How long a machine was listened to is not kept: until it was hung up on, and no longer than this where a message was left. */
const LONGEST_DETECTION_SEC = 4;

type Picked = Pick<Extract<DialerEvent, { type: 'call.answered' }>, 'callId' | 't' | 'ringSec'>;

const machine = ({ callId, t, ringSec, tookSec }: Picked & { tookSec: number }): readonly DialerEvent[] => [
  { type: 'call.answered', t, callId, ringSec, pendingAmd: true },
  { type: 'call.amd', t: t + tookSec, callId, result: 'machine', tookSec },
];

function talk({ talkedMs }: AttemptStory, agentId: number, t: number): readonly DialerEvent[] {
  const prevSec = talkedMs / 1_000;
  if (agentId < 0) return [];
  return [
    { type: 'agent.state', t, agentId, state: 'talk', prev: 'idle', prevSec: 0 },
    { type: 'agent.state', t: t + prevSec, agentId, state: 'wrap', prev: 'talk', prevSec },
    { type: 'agent.state', t: t + prevSec, agentId, state: 'offline', prev: 'wrap', prevSec: 0 },
  ];
}
