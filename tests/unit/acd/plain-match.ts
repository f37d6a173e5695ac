import type { PoolAgent } from '../../../src/acd/decision.ts';
import type { WaitingCall } from '../../../src/acd/queue.ts';
import { strategyKey } from '../../../src/acd/strategy.ts';
import { type AgentProfile, PLAIN_QUEUE, type QueueProfile, type Requirement } from '../../../src/call/routing.ts';

// The rules of the pool written once more and as plainly as they are told, looking at everybody each time: nothing here is
// taken from the pool, so that a rule gone wrong there is not wrong here too. Only the figures of the strategies are, which
// have a table of their own.

/** Who waits and who serves, at one moment. */
export interface PlainScene {
  readonly calls: readonly WaitingCall[];
  /** In the order of the site's list. */
  readonly agents: readonly PoolAgent[];
  readonly queues: ReadonlyMap<string, QueueProfile>;
  /** Free agents who are kept for dials that ring. */
  readonly kept: ReadonlySet<string>;
}

/** What a waiting call asks now. */
export interface PlainNeed {
  readonly call: WaitingCall;
  /** The queues whose agents may take it, its own first. */
  readonly serving: readonly QueueProfile[];
  readonly step: number;
  readonly require: readonly Requirement[];
  /** Rings him and nobody else. */
  readonly bound: string | null;
}

/** A free agent who may take a call, and what decides between him and others. */
export interface PlainContender {
  readonly agent: PoolAgent;
  readonly breaksShare: boolean;
  readonly rank: number;
  readonly key: number;
}

export function queueNamed(queues: PlainScene['queues'], name: string): QueueProfile {
  return queues.get(name) ?? { ...PLAIN_QUEUE, name, title: name };
}

/** Age and credit, ms: a person whom a campaign rang has ten thousand seconds more. */
export function ageAndCredit(call: WaitingCall, now: number): number {
  const credit = call.campaignId === null ? call.priority : call.priority + 10_000;
  return now - call.enqueuedAt + 1000 * credit;
}

/** The oldest first, by age and credit; of equals who came first, then by id. */
export function inOrder(calls: readonly WaitingCall[]): WaitingCall[] {
  return calls.toSorted((a, b) => {
    const older = ageAndCredit(b, 0) - ageAndCredit(a, 0);
    if (older !== 0) return older;
    if (a.enqueuedAt !== b.enqueuedAt) return a.enqueuedAt - b.enqueuedAt;
    return a.callId < b.callId ? -1 : 1;
  });
}

function isOf(agent: AgentProfile, queue: string): boolean {
  const [kind, campaign] = queue.split(':');
  if (kind !== 'campaign' || campaign === undefined) return agent.queues.includes(queue);
  return agent.campaigns.some((one) => one === '*' || one === campaign);
}

/** Does he serve the queue, with all that it and the call ask? */
export function canServe(agent: AgentProfile, queue: QueueProfile, require: readonly Requirement[]): boolean {
  if (!isOf(agent, queue.name)) return false;
  for (const { skill, level } of [...queue.require, ...require]) {
    const has = Object.hasOwn(agent.skills, skill) ? (agent.skills[skill] ?? 0) : 0;
    if (has < level) return false;
  }
  return true;
}

/** The first of the queues through which he can take it. */
export function through(
  agent: AgentProfile,
  serving: readonly QueueProfile[],
  require: readonly Requirement[],
): QueueProfile | undefined {
  for (const queue of serving) if (canServe(agent, queue, require)) return queue;
  return undefined;
}

/** What a call asks one after the other: first all of it, then by its own steps, or by its queue's when it has none. */
export function stepsOf(call: WaitingCall, queues: PlainScene['queues']) {
  const steps = call.relax.length === 0 ? queueNamed(queues, call.queue).relax : call.relax;
  return [{ afterMs: 0, require: call.require }, ...steps];
}

export function plainNeed(call: WaitingCall, scene: PlainScene, now: number): PlainNeed {
  const serving = [call.queue, ...call.also].map((name) => queueNamed(scene.queues, name));
  const steps = stepsOf(call, scene.queues);
  const due = steps.findLastIndex(({ afterMs }, at) => at === 0 || now >= call.enqueuedAt + afterMs);
  const loggedIn = scene.agents.filter(({ presence }) => presence !== 'out');
  const helps = (at: number) => loggedIn.some(({ profile }) => through(profile, serving, steps[at]?.require ?? []));
  const helpful = [...steps.keys()].filter((at) => at >= due && helps(at));
  const step = helpful[0] ?? due;
  const require = steps[step]?.require ?? [];
  return { call, serving, step, require, bound: boundOf(call, serving, require, scene, now) };
}

/** A preferred agent is waited for until the call's patience ends, while he works and could serve it. */
function boundOf(
  { only, prefer }: WaitingCall,
  serving: readonly QueueProfile[],
  require: readonly Requirement[],
  { agents }: PlainScene,
  now: number,
): string | null {
  if (only !== null) return only;
  const his = agents.find(({ id }) => id === prefer?.agentId);
  if (!prefer || !his) return null;
  const works = his.presence === 'free' || his.presence === 'busy';
  const waitsForHim = now < prefer.until && works && through(his.profile, serving, require) !== undefined;
  return waitsForHim ? his.id : null;
}

/** Of the calls he has had, is the queue's part greater than its share? */
export function breaksShareOf({ profile, handled }: PoolAgent, queue: string): boolean {
  const share = profile.shares?.[queue];
  const all = Object.values(handled).reduce((sum, calls) => sum + calls, 0);
  return share !== undefined && all > 0 && (handled[queue] ?? 0) / all > share;
}

function isThere({ id, presence, profile }: PoolAgent, need: PlainNeed, kept: ReadonlySet<string>): boolean {
  if (presence !== 'free' || (kept.has(id) && need.call.campaignId === null)) return false;
  return need.bound === null ? through(profile, need.serving, need.require) !== undefined : need.bound === id;
}

/** All who may take the call now: by share, rank, the figure of the strategy, idling and id. */
export function contendersFor(need: PlainNeed, { agents, kept }: PlainScene): PlainContender[] {
  const own = need.serving[0] ?? queueNamed(new Map(), need.call.queue);
  const found: PlainContender[] = [];
  for (const [order, agent] of agents.entries()) {
    if (!isThere(agent, need, kept)) continue;
    const by = through(agent.profile, need.serving, need.require) ?? own;
    const key = strategyKey(agent, { queue: own, asked: [...by.require, ...need.require], order });
    const breaksShare = need.bound === null && breaksShareOf(agent, by.name);
    found.push({ agent, breaksShare, rank: agent.profile.ranks?.[by.name] ?? 1, key });
  }
  return found.sort(
    (a, b) =>
      Number(a.breaksShare) - Number(b.breaksShare) ||
      a.rank - b.rank ||
      a.key - b.key ||
      a.agent.idleSince - b.agent.idleSince ||
      (a.agent.id < b.agent.id ? -1 : 1),
  );
}

/** Seconds by which a call comes later whose queue has had its share of the agent. */
export const SHARE_DEBIT = 300;

/** The call with most age and credit that somebody can take, less the debit where nobody can without breaking a share. */
export function plainPairing(scene: PlainScene, now: number): { need: PlainNeed; taken: PlainContender[] } | null {
  const needs = inOrder(scene.calls).map((call) => plainNeed(call, scene, now));
  const choices = needs.flatMap((need) => {
    const [first, ...others] = contendersFor(need, scene);
    if (!first) return [];
    const able = [first, ...others.filter(({ breaksShare }) => breaksShare === first.breaksShare)];
    const total = ageAndCredit(need.call, now) - (first.breaksShare ? 1_000 * SHARE_DEBIT : 0);
    return [{ need, able, total }];
  });
  const [best] = choices.toSorted((a, b) => b.total - a.total);
  return best ? { need: best.need, taken: phones(best.need, best.able, needs, scene) } : null;
}

/** Under `ring-several` the next of the same rank ring too, but nobody whom another waiting call could have. */
function phones(need: PlainNeed, able: PlainContender[], needs: PlainNeed[], { kept }: PlainScene): PlainContender[] {
  const [own] = need.serving;
  const count = own?.strategy === 'ring-several' && need.bound === null ? own.ringAtOnce : 1;
  const isFreeForUs = ({ agent }: PlainContender) =>
    needs.every((other) => other === need || !isThere(agent, other, kept));
  return able.slice(0, count).filter((one, at) => at === 0 || (one.rank === able[0]?.rank && isFreeForUs(one)));
}
