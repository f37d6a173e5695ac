import { CAUSE } from '../../call/cause.ts';
import type { Media } from '../../call/media.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { hangUp } from './ending.ts';
import { cancelRings } from './ring.ts';
import { customer } from './state.ts';
import type { CallWorld } from './world.ts';

/** The message to an abandoned person may take this long; then the line is freed whatever the switch says. */
const APOLOGY_LIMIT_MS = 60_000;
/** How long a key is waited for when the message is over. */
const KEY_MS = 4_000;
const OPT_OUT_KEY = '9';

/** The house's own words, and those that tell of the key and of what it did. */
const PLAIN = 'campaign.abandoned';
const OFFER = 'campaign.opt-out';
const TAKEN = 'campaign.opted-out';

/** What must have sound for a person who is abandoned: silence, or a key that nobody tells of, is what the law forbids. */
export const apologyPrompts = (own: string | undefined, optOutKey: boolean): readonly string[] => [
  own ?? PLAIN,
  ...(optOutKey ? [OFFER] : []),
];

type Part = 'apology' | 'opted-out';

const partOf = ({ state }: Draft, part: Part): string => `${state.id}-${part}${state.attempt?.begunAnew ?? ''}`;

/** No agent in time: abandoned. The person hears who called, may opt out by a key, then the line ends. */
export function apologise(draft: Draft, world: CallWorld): void {
  const { state } = draft;
  const { visit, record } = state;
  if (!visit || (state.phase !== 'queued' && state.phase !== 'offering')) return;
  const waitedMs = draft.now - visit.enqueuedAt;
  const during = state.phase === 'offering' ? 'ringing' : 'waiting';
  cancelRings(draft, 'cancelled');
  draft
    .record({ waitedMs: record.waitedMs + waitedMs, outcome: 'abandoned' })
    .set({ phase: 'apologising', visit: null })
    .fact({ type: 'call.abandoned', data: { queue: visit.request.queue, waitedMs, while: during } })
    .timer('call:apology', draft.now + APOLOGY_LIMIT_MS);
  say(draft, 'apology', words(draft, world));
  moveAttempt(draft, 'deadline');
}

/** A prompt that was taken from the house since leaves nobody in silence. */
function words(draft: Draft, world: CallWorld): readonly string[] {
  const own = draft.state.attempt?.message;
  return [own !== undefined && has(draft, world, own) ? own : PLAIN, ...known(draft, world, OFFER)];
}

/** After an outage nobody knows how much of it he heard: it is said anew, so that he is not left in silence, or with half of it. */
export function apologyAgain(draft: Draft, world: CallWorld): void {
  const { phase, attempt } = draft.state;
  if (phase !== 'apologising' || !attempt) return;
  const part = attempt.optedOut ? 'opted-out' : 'apology';
  draft.tell({ type: 'stop', playbackId: partOf(draft, part) });
  const said = attempt.optedOut ? known(draft, world, TAKEN) : attempt.apologised ? [] : words(draft, world);
  draft.timer('call:apology', draft.now + (said.length > 0 ? APOLOGY_LIMIT_MS : KEY_MS));
  if (said.length === 0) return;
  draft.set({ attempt: { ...attempt, begunAnew: (attempt.begunAnew ?? 0) + 1 } });
  say(draft, part, said);
}

/** He does not want to be called again: in force before he is told. */
export function apologyKey(draft: Draft, digit: string, world: CallWorld): void {
  const { attempt } = draft.state;
  if (draft.state.phase !== 'apologising' || digit !== OPT_OUT_KEY || !attempt || attempt.optedOut) return;
  draft.set({ attempt: { ...attempt, optedOut: true } }).act({ type: 'opt-out' });
  const { campaignId, leadId, attemptId } = attempt;
  draft.fact({ type: 'attempt.opted-out', data: { campaignId, leadId, attemptId } });
  draft.tell({ type: 'stop', playbackId: partOf(draft, 'apology') });
  const said = attempt.endsOnOptOut ? [] : known(draft, world, TAKEN);
  if (said.length === 0) return hangUp(draft, CAUSE.normal);
  draft.timer('call:apology', draft.now + APOLOGY_LIMIT_MS);
  say(draft, 'opted-out', said);
}

/** The message is over, or could not be played: the key may come for a moment yet. */
export function apologySaid(draft: Draft, playbackId: string, completed: boolean): void {
  const { attempt } = draft.state;
  if (!attempt) return;
  if (playbackId === partOf(draft, 'opted-out')) return hangUp(draft, CAUSE.normal);
  if (playbackId !== partOf(draft, 'apology')) return;
  apologised(draft, completed);
  if (!attempt.optedOut) draft.timer('call:apology', draft.now + KEY_MS);
}

/** What became of the message, once: also when he hung up on it. */
export function apologised(draft: Draft, whole: boolean): void {
  const { attempt } = draft.state;
  if (attempt?.phase !== 'abandoned' || attempt.apologised) return;
  const { campaignId, leadId, attemptId, message = PLAIN } = attempt;
  draft
    .set({ attempt: { ...attempt, apologised: true } })
    .fact({ type: 'attempt.apologised', data: { campaignId, leadId, attemptId, message, whole } });
}

const has = ({ state }: Draft, { prompts }: CallWorld, name: string): boolean =>
  prompts.get(state.language)?.has(name) ?? false;

const known = (draft: Draft, world: CallWorld, name: string): readonly string[] =>
  has(draft, world, name) ? [name] : [];

function say(draft: Draft, part: Part, names: readonly string[]): void {
  const { language } = draft.state;
  const media = names.map((name): Media => ({ kind: 'file', path: `${language}/${name}` }));
  const legId = customer(draft.state).id;
  draft.tell({ type: 'play', legId, playbackId: partOf(draft, part), media, language });
}
