import type { AgentCount } from './kpi-count-agents.ts';
import {
  type Data,
  facts,
  isHere,
  isOf,
  mean,
  type Of,
  part,
  queueAt,
  spread,
  type Story,
  sum,
  tallied,
} from './kpi-count-story.ts';

const perAgent = ({ by }: Of) => by === 'agent' || by === 'team';

export interface TalkTerms {
  readonly targetMs: number;
  readonly agents: AgentCount;
  /** Whether that caller had been served in the same queue not long before. */
  readonly again: (callId: string) => boolean;
}

/** Talks of inbound calls: who was served, after what, for how long, and whom he was handed to. */
export function talks(stories: readonly Story[], of: Of, { targetMs, agents, again }: TalkTerms) {
  const mine = (data: Data<'call.connected'>) => isHere(of, data.queue, data.agentId);
  // Who was handed a call has handled it as well, though it was not offered to him.
  const spoke = (story: Story) => facts([story], 'call.disconnected').some(({ agentId }) => isOf(of, agentId));
  const met = stories.filter((story) => facts([story], 'call.connected').some(mine) || (perAgent(of) && spoke(story)));
  const waits = facts(stories, 'call.connected')
    .filter(mine)
    .map(({ waitedMs }) => waitedMs);
  const first = stories.flatMap(({ id, at, events, ani }) => {
    const answer = events.find(({ type }) => type === 'call.connected');
    if (answer?.type !== 'call.connected' || !mine(answer.data)) return [];
    return [{ ms: answer.at - at, again: ani === null ? null : again(id) }];
  });
  const handedOver = met.filter((story) =>
    handOvers(story).some(({ handled, queue, from }) => handled && isHere(of, queue, from)),
  );
  const known = first.filter((one) => one.again !== null);
  return {
    handled: met.length,
    asa: mean(waits),
    aht: part(workMs(stories, of, agents), met.length),
    answeredInTime: waits.filter((ms) => ms <= targetMs).length,
    answered: waits.length,
    firstResponse: spread(first.map(({ ms }) => ms)),
    repeats: part(known.filter((one) => one.again).length, known.length),
    transferRate: part(handedOver.length, met.length),
    transfers: transfers(stories, of),
    ewtError: spread(stories.flatMap((story) => estimates(story, of))),
  };
}

/** Somebody took the call, or it waits in the queue it was sent to; every other transfer is none. */
const TAKEN = new Set(['answered', 'queued', 'answeredEnd']);

function handOvers(story: Story) {
  return story.events.flatMap((event) => {
    if (event.type !== 'call.transferred' || !TAKEN.has(event.data.outcome)) return [];
    const { kind = 'flow', from, to, toKind } = event.data;
    const outside = toKind === undefined ? to.startsWith('+') : toKind === 'number';
    const handled = story.events.some(({ type, seq }) => type === 'call.connected' && seq <= event.seq);
    const queue = queueAt(story, event.seq);
    const words = { kind: `${kind}, ${outside ? 'outside' : 'inside'}`, between: `${from ?? 'flow'} → ${to}` };
    return [{ ...words, from: from ?? '', queue, handled }];
  });
}

function transfers(stories: readonly Story[], of: Of) {
  const mine = stories.flatMap(handOvers).filter(({ queue, from }) => isHere(of, queue, from));
  return { kinds: tallied(mine.map(({ kind }) => kind)), matrix: tallied(mine.map(({ between }) => between)) };
}

/** How far the first estimate of each wait was from what it came to, ms. */
function estimates({ events }: Story, of: Of): readonly number[] {
  const errors: number[] = [];
  let told: number | null = null;
  for (const { type, data } of events) {
    if (type === 'call.estimate.announced') told ??= data.waitedMs + data.estimateMs;
    if (type === 'call.queue.left') told = null;
    if (type !== 'call.connected') continue;
    if (told !== null && isHere(of, data.queue, data.agentId)) errors.push(Math.abs(told - data.waitedMs));
    told = null;
  }
  return errors;
}

function workMs(stories: readonly Story[], of: Of, agents: AgentCount): number {
  const works = stories.flatMap((story) => [
    ...story.events.flatMap(({ type, data, seq }) => {
      if (type !== 'call.disconnected') return [];
      return [{ agentId: data.agentId, queue: queueAt(story, seq), ms: data.talkedMs + (data.heldMs ?? 0) }];
    }),
    ...agents.wrapUps(story.id),
  ]);
  return sum(works.filter(({ agentId, queue }) => isHere(of, queue, agentId)).map(({ ms }) => ms));
}

/** Calls of ours: dials, and talks with those whom we called or rang back. They belong to no queue of callers. */
export function outbound(stories: readonly Story[], of: Of) {
  const ours = of.by === 'queue' ? [] : stories.filter(({ inbound }) => !inbound);
  const mine = ({ agentId }: { readonly agentId: string }) => isOf(of, agentId);
  const talked = facts(ours, 'call.disconnected').filter(mine);
  const dialled = perAgent(of) ? [] : ours;
  return {
    dials: facts(dialled, 'attempt.started').length,
    outcomes: tallied(facts(dialled, 'attempt.ended').map(({ outcome }) => outcome)),
    connected: facts(ours, 'call.connected').filter(mine).length,
    talkMs: sum(talked.map(({ talkedMs, heldMs }) => talkedMs + (heldMs ?? 0))),
  };
}
