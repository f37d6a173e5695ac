import type { AgentStanding, Outlook } from '../../acd/explain.ts';
import type { AgentLive } from '../../acd/agent.ts';
import type { EpochMs } from '../../call/ids.ts';
import type { ExplainLine } from '../ports/explain.ts';
import type { PastOffer } from './past-offer.ts';
import { choice } from './reasons.ts';
import { counted, doing, hadShare, hindered, lasting, listed, type NameOf } from './words.ts';

/** Of calls that one thing keeps from him so many are named. */
const NAMED = 5;

/** The answer in one sentence: what he does, and what of those who wait he could take. */
export function agentHeadline(standing: AgentStanding, live: AgentLive, name: NameOf, now: EpochMs): string {
  const { agent, calls, more } = standing;
  const of = agent.profile.queues.length + agent.profile.campaigns.length === 0 ? ' and serves no queue' : '';
  const who = `${labelOf(agent.id, name)} ${doing(live, now)}${of}`;
  const waiting = calls.length + more;
  if (waiting === 0) return `${who}; no call waits.`;
  return `${who}; ${counted(waiting, 'call waits', 'calls wait')}, and ${name(agent.id)} ${couldTake(standing, live, name, now)}.`;
}

function couldTake(standing: AgentStanding, live: AgentLive, name: NameOf, now: EpochMs): string {
  const { agent, calls, more } = standing;
  const his = calls.filter((each) => isHis(each, standing)).length;
  if (his > 0) {
    const all = his === calls.length && more === 0;
    return `could take ${all ? 'all' : `${more > 0 ? 'at least ' : ''}${his} of them`}${WHEN[agent.presence]}`;
  }
  const reasons = new Set(calls.map(({ hindrance }) => hindered(hindrance, live, now, name)));
  const [only = ''] = reasons;
  if (reasons.size === 1 && more === 0) return only;
  return more === 0 ? 'can take none of them' : `can take none of the next ${calls.length}`;
}

const WHEN = { free: '', busy: ' once free', away: ' if ready', out: ' if logged in' } as const;

const labelOf = (id: string, name: NameOf): string =>
  name(id) === id || name(id).endsWith(`(${id})`) ? name(id) : `${name(id)} (${id})`;

/** What keeps him from calls, what was changed of him, and what he did lately. */
export function agentLines(
  standing: AgentStanding,
  live: AgentLive,
  lately: readonly PastOffer[],
  name: NameOf,
  now: EpochMs,
): readonly ExplainLine[] {
  const { more, had } = standing;
  const unseen = more === 0 ? [] : [note(`${counted(more, 'more call')} of the same queues wait behind these.`)];
  return [
    ...byReason(standing, live, name, now),
    ...unseen,
    ...had.map((share) => note(hadShare(share))),
    ...changed(live),
    ...talks(live),
    ...lately.toReversed().map((offer) => past(offer, name)),
  ];
}

const note = (text: string): ExplainLine => ({ at: null, text, details: [] });

/** Calls that one thing keeps from him stand together; so do those that only wait until he is free. */
function byReason(standing: AgentStanding, live: AgentLive, name: NameOf, now: EpochMs): readonly ExplainLine[] {
  const { calls } = standing;
  const reasons = Map.groupBy(calls, (each) =>
    isHis(each, standing) ? null : hindered(each.hindrance, live, now, name),
  );
  return [...reasons].map(([reason, those]) => {
    const rest = those.length - NAMED;
    const named = (rest > 1 ? those.slice(0, NAMED) : those).map((each) => callLine(each, now));
    const text =
      reason === null
        ? `${counted(those.length, 'call')} that could be taken:`
        : `${counted(those.length, 'call')}: ${reason}.`;
    return { at: null, text, details: rest > 1 ? [...named, `and ${rest} more`] : named };
  });
}

/** He could take it, at once or when he is free. */
const isHis = ({ hindrance }: Outlook, { agent }: AgentStanding): boolean =>
  hindrance === null || hindrance.why === agent.presence;

const KINDS = {
  call: '',
  campaign: ', rung by a campaign',
  callback: ', a promised callback',
  voicemail: ', a message to be answered',
  consult: ', a colleague who asks',
} as const;

const callLine = ({ call, position }: Outlook, now: EpochMs): string =>
  `${call.callId}: number ${position} in ${call.queue}, ${lasting(now - call.enqueuedAt)}${KINDS[call.kind]}`;

function changed({ changed: change }: AgentLive): readonly ExplainLine[] {
  if (!change) return [];
  const skills = Object.entries(change.skills).map(([skill, level]) => `${skill} ${level ?? 'gone'}`);
  const queues = change.queues === null ? [] : [`queues ${change.queues.join(' ') || 'none'}`];
  return [note(`Changed by a supervisor until log-out: ${[...skills, ...queues].join(', ')}.`)];
}

function talks({ handled }: AgentLive): readonly ExplainLine[] {
  const queues = Object.entries(handled).map(([queue, calls]) => `${calls} in ${queue}`);
  return queues.length === 0 ? [] : [note(`Talks since log-in: ${listed(queues)}.`)];
}

const past = ({ why, how }: PastOffer, name: NameOf): ExplainLine => ({
  at: why.at,
  text: `Was offered ${why.callId} (${why.queue})${how === null ? '' : `, and ${how}`}.`,
  details: [choice(why, name)],
});
