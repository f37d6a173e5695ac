import type { JournalEvent } from '../call/journal.ts';
import type { AttemptOutcome } from '../dialer/attempt.ts';
import { callFrom } from '../dialer/evidence.ts';
import { lostOutcome } from '../dialer/lost-dial.ts';
import type { CallState } from './call/state.ts';
import { closeAttempt } from './close-attempt.ts';
import { EvidencePicker } from './evidence-picker.ts';
import type { ProfileOf } from './lead-after.ts';
import type { LeadWays } from './lead-ways.ts';
import { storiesOf } from './lost-stories.ts';
import type { Attempt, History } from './ports/history.ts';
import type { LiveStore } from './ports/live-store.ts';
import type { Clock } from './ports/time.ts';
import type { Recorder } from './recorder.ts';
import type { Switchboard } from './switchboard.ts';

export interface LostRooms {
  readonly clock: Clock;
  readonly live: Pick<LiveStore, 'append' | 'callIds' | 'cursorAt' | 'read'>;
  readonly history: Pick<
    History,
    'campaign' | 'endAttempt' | 'endedDials' | 'evidence' | 'keepAnswered' | 'keepEvidence' | 'lead' | 'openAttempts'
  >;
  readonly board: Pick<Switchboard, 'find'>;
  readonly recorder: Recorder;
  readonly profileOf: ProfileOf;
  readonly ways: Pick<LeadWays, 'ended' | 'wish' | 'told'>;
}

/**
 * Attempts whose call is gone from the live store. What was written of one before says what it came to, so that who was
 * abandoned rests and counts as such; one of which nobody knows more than that it may have rung is closed as failed, and not
 * dialled again here.
 */
export async function closeLostAttempts(rooms: LostRooms): Promise<void> {
  const { board, history, live } = rooms;
  const open = await history.openAttempts();
  const stored = open.length > 0 ? await live.callIds() : new Set();
  const lost: Attempt[] = [];
  for (const attempt of open) {
    const call = board.find(attempt.callId);
    if (call && neverDialled(call.state)) await giveBack(rooms, attempt);
    else if (!call && !stored.has(attempt.callId)) lost.push(attempt);
  }
  const stories = await storiesOf(rooms, lost);
  for (const attempt of lost) await closeLost(rooms, attempt, stories.get(attempt.callId) ?? []);
}

const FAILED = { outcome: 'failed', q850: 0, sip: null, agentId: null } as const;

/** The lead is due again at once: nobody has heard of us. */
async function giveBack({ history, clock }: LostRooms, { id: attemptId }: Attempt): Promise<void> {
  const now = clock.now();
  await history.endAttempt({ attemptId, endedAt: now, ...FAILED, lead: { status: 'pending', notBefore: now } });
}

async function closeLost(rooms: LostRooms, attempt: Attempt, story: readonly JournalEvent[]): Promise<void> {
  const call = callFrom(story);
  const outcome = call && lostOutcome(call);
  if (!outcome) return closeUnknown(rooms, attempt);
  const told = await endTold(rooms, attempt, story, outcome);
  const { q850, sip } = told.data;
  await closeAttempt(rooms, attempt, { endedAt: told.at, outcome, q850, sip, agentId: call.agentId });
}

async function closeUnknown({ history, clock, ways }: LostRooms, attempt: Attempt): Promise<void> {
  const { id: attemptId, callId, campaignId, leadId, number } = attempt;
  const [campaign, lead] = await Promise.all([history.campaign(campaignId), history.lead(leadId)]);
  const ended = { attemptId, callId, number, agentId: null };
  const chain = campaign && lead ? ways.wish(campaign, lead, ended) : undefined;
  const end = { attemptId, endedAt: clock.now(), ...FAILED, lead: { status: 'done' } } as const;
  if ((await history.endAttempt({ ...end, ...(chain && { chain }) })) && campaign)
    await ways.told(campaign, leadId, attemptId);
}

type Ended = Extract<JournalEvent, { type: 'attempt.ended' }>;

/**
 * How it ended, as the journal has it; where it does not it is told now, in the call's own order. All of it is in the books
 * before the attempt is closed, so that whoever counts the abandoned counts this one, and once.
 */
async function endTold(
  rooms: LostRooms,
  attempt: Attempt,
  story: readonly JournalEvent[],
  outcome: AttemptOutcome,
): Promise<Ended> {
  const known = story.find((event): event is Ended => event.type === 'attempt.ended');
  const ended = known ?? endNow(rooms, attempt, story, outcome);
  if (!known) await rooms.live.append([ended]);
  await keep(rooms.history, known ? story : [...story, ended]);
  if (!known) rooms.recorder.tell([ended]);
  return ended;
}

function endNow(
  { clock }: LostRooms,
  attempt: Attempt,
  story: readonly JournalEvent[],
  outcome: AttemptOutcome,
): Ended {
  const { id: attemptId, callId, campaignId, leadId, startedAt } = attempt;
  const { answeredAt = null } = callFrom(story) ?? {};
  const rangMs = Math.max(0, (answeredAt ?? startedAt) - startedAt);
  const data = { campaignId, leadId, attemptId, outcome, q850: 0, sip: null, rangMs };
  const seq = (story.at(-1)?.seq ?? 0) + 1;
  return { type: 'attempt.ended', subject: `call/${callId}`, seq, at: clock.now(), data };
}

async function keep(history: LostRooms['history'], story: readonly JournalEvent[]): Promise<void> {
  const picker = new EvidencePicker();
  const picked = story.map((event) => picker.pick(event));
  await history.keepEvidence(picked.flatMap(({ fact }) => fact ?? []));
  await history.keepAnswered(
    picked.flatMap(({ row }) => row ?? []),
    [],
  );
}

/** Its agent was on the line and the attempt in the books, but the number was not dialled any more. */
const neverDialled = ({ preview, attempt, phase }: CallState): boolean =>
  preview !== null && attempt === null && (phase === 'ending' || phase === 'ended');
