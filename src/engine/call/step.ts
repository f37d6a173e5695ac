import type { EpochMs, LegId } from '../../call/ids.ts';
import type { WaitEvent } from '../../acd/waiting.ts';
import type { Fact } from '../../call/journal.ts';
import { CAUSE, type HangupCause } from '../../call/cause.ts';
import type { QueueOutcome } from '../../call/routing.ts';
import type { Why } from '../../call/why.ts';
import type { FlowAnswer } from '../../call/request.ts';
import type { FlowEvent } from '../../ivr/state.ts';
import type { LegEvent, SwitchCommand, SwitchResult } from '../../call/switch.ts';
import { type CallAction, Draft } from './actions.ts';
import { heardTalk, heardWho, listenedLong } from './detect-phase.ts';
import { endBySystem, endCall, finishWhenDone, hangUp } from './ending.ts';
import { briefed, errandKey, type ErrandNews, errandNews, rungTooLong, thinkingTooLong } from './errand-phase.ts';
import { flowInput, resumePending, startDialledFlow, startInFlow } from './flow-phase.ts';
import { forceEnd, legNews, noWay } from './leg-news.ts';
import { greetingLong, messageSaid } from './message-phase.ts';
import { offerAgents } from './offer-phase.ts';
import { lineOf, type Reserved } from './reach-agent.ts';
import { arrange, endEmptyRooms } from './arrange.ts';
import { dropLeg } from './drop.ts';
import { guestTooLong, offerGuest } from './guests.ts';
import { enlist, settle } from './settle.ts';
import { talkInput } from './talk.ts';
import { parkTooLong } from './talk-hand-over.ts';
import type { TalkInput } from './talk-verbs.ts';
import { excuseAgent, ringTooLong } from './ring.ts';
import { apologise, apologyKey, apologySaid } from './apology-phase.ts';
import { type Dial, dial, dialTooLong } from './outbound-phase.ts';
import { dismissed, policyOrder, type PolicyOrder } from './policy-phase.ts';
import { leaveQueue, waitInput } from './queue-phase.ts';
import { waitingKey } from './promise-phase.ts';
import { found, foundTooLate, type Returned } from './returning-phase.ts';
import { tidyRecording } from './recording.ts';
import {
  partAgain,
  partEnded,
  recordingCommandFailed,
  recordingInput,
  type RecordingInput,
  recordTalk,
} from './recording-talk.ts';
import { adopt, joinAgain } from './adopt.ts';
import { type CallState, customer } from './state.ts';
import { transferTooLong } from './transfer-phase.ts';
import type { CallWorld } from './world.ts';

/** Everything that can happen to a call. */
export type CallInput =
  | { readonly type: 'begin'; readonly flow: string }
  | { readonly type: 'reject'; readonly reason: string; readonly cause: HangupCause }
  | ({ readonly type: 'dial' } & Dial)
  | Exclude<LegEvent, { type: 'leg.offered' }>
  | { readonly type: 'timer'; readonly name: string }
  | {
      readonly type: 'offer';
      /** `visit`, or the id of the guest who is waited for. */
      readonly for: string;
      /** One, or several whose phones ring at once. */
      readonly agents: readonly Reserved[];
      readonly ringMs: number;
      readonly wrapUpMs: number;
      /** Why these agents. */
      readonly why?: Why;
      /** From when on they and the call could be brought together. */
      readonly since?: EpochMs;
    }
  | Extract<WaitEvent, { type: 'position' }>
  /** The world answered what the flow asked. */
  | { readonly type: 'answer'; readonly requestId: string; readonly answer: FlowAnswer }
  | ({ readonly type: 'returning' } & Returned)
  | { readonly type: 'errand'; readonly news: ErrandNews }
  | { readonly type: 'policy'; readonly order: PolicyOrder }
  | { readonly type: 'queue.leave'; readonly outcome: QueueOutcome }
  | { readonly type: 'hangup' }
  /** An agent in the call or a supervisor asks something of it. */
  | TalkInput
  | RecordingInput
  | {
      readonly type: 'command.failed';
      readonly command: SwitchCommand;
      readonly result: Extract<SwitchResult, { ok: false }>;
    }
  /** After an outage: what the switch still holds of this call. Legs begun `since` then are too new for that listing. */
  | { readonly type: 'adopt'; readonly legs: ReadonlyMap<LegId, 'down' | 'ringing' | 'up'>; readonly since: EpochMs };

export interface CallStep {
  readonly state: CallState;
  readonly facts: readonly Fact[];
  readonly actions: readonly CallAction[];
  /** Why what was asked was not done, for who asked; null when it was, or nothing was asked. */
  readonly refusal?: string | null;
}

/** The whole behaviour of one call: pure, total, and safe to ask with anything in any phase. */
export function callStep(state: CallState, input: CallInput, world: CallWorld, now: EpochMs): CallStep {
  if (state.phase === 'ended') return { state, facts: [], actions: [], refusal: `Call ${state.id} is over.` };
  const draft = new Draft(input.type === 'adopt' ? state : { ...state, left: [] }, now, world);
  const before = draft.seated;
  enlist(draft);
  apply(draft, input, world);
  startDialledFlow(draft, world);
  settle(draft, world);
  arrange(draft);
  resumePending(draft, world);
  finishWhenDone(draft);
  arrange(draft);
  tidyRecording(draft);
  recordTalk(draft, world);
  endEmptyRooms(draft, before);
  const seq = state.seq + draft.facts.length;
  const deeds = draft.actions.filter((action) => action.type !== 'switch');
  return { state: { ...draft.state, seq, deeds }, facts: draft.facts, actions: draft.actions, refusal: draft.refusal };
}

function apply(draft: Draft, input: CallInput, world: CallWorld): void {
  switch (input.type) {
    case 'begin':
      return startInFlow(draft, input.flow, world);
    case 'reject':
      return reject(draft, input.reason, input.cause);
    case 'dial':
      return dial(draft, input, world);
    case 'leg.ringing':
    case 'leg.answered':
    case 'leg.ended':
      return legNews(draft, input);
    case 'leg.detected':
      return heardWho(draft, input);
    case 'talk.started':
    case 'talk.stopped':
      return heardTalk(draft, input);
    case 'dtmf.received':
      if (input.legId === customer(draft.state).id) return key(draft, input.digit, world);
      return errandKey(draft, input.legId, input.digit);
    case 'playback.finished':
      return playbackFinished(draft, input, world);
    case 'recording.finished':
      return recordingFinished(draft, input, world);
    case 'answer':
      return whileInFlow(draft, input, world);
    case 'timer':
      return timer(draft, input.name, world);
    case 'offer':
      if (input.why) draft.fact({ type: 'call.assigned', data: input.why });
      return input.for === 'visit' ? offerAgents(draft, input, world) : offerGuest(draft, input, world);
    case 'position':
      return moveUp(draft, input);
    case 'returning':
      return found(draft, input);
    case 'errand':
      return errandNews(draft, input.news, world);
    case 'policy':
      return policyOrder(draft, input.order, world);
    case 'queue.leave':
      return leaveQueue(draft, input.outcome);
    case 'hangup':
      return endBySystem(draft);
    case 'talk':
      return talkInput(draft, input, world);
    case 'recording':
      return recordingInput(draft, input, world);
    case 'command.failed':
      return commandFailed(draft, input.command, input.result, world);
    case 'adopt':
      partAgain(draft);
      return adopt(draft, input, world);
  }
}

function reject(draft: Draft, reason: string, cause: HangupCause): void {
  const { ani, dnis, source, direction } = draft.state;
  draft
    .fact({ type: 'call.arrived', data: { direction, ani, dnis, source, legId: customer(draft.state).id } })
    .fact({ type: 'call.rejected', data: { reason, q850: cause.q850 } })
    .record({ outcome: 'rejected' });
  hangUp(draft, cause);
}

function key(draft: Draft, digit: string, world: CallWorld): void {
  if (draft.state.phase === 'flow') flowInput(draft, { type: 'dtmf', digit }, world);
  else if (draft.state.phase === 'apologising') apologyKey(draft, digit, world);
  else waitingKey(draft, digit);
}

/** News for the flow, which is old when the call is elsewhere by now. */
function whileInFlow(draft: Draft, event: FlowEvent, world: CallWorld): void {
  if (draft.state.phase === 'flow') flowInput(draft, event, world);
}

type Recorded = Pick<Extract<FlowEvent, { type: 'recording.finished' }>, 'recordingId' | 'durationMs' | 'outcome'>;

function recordingFinished(draft: Draft, { recordingId, durationMs, outcome }: Recorded, world: CallWorld): void {
  if (partEnded(draft, recordingId, outcome)) return;
  whileInFlow(draft, { type: 'recording.finished', recordingId, durationMs, outcome }, world);
}

function playbackFinished(draft: Draft, input: { playbackId: string; completed: boolean }, world: CallWorld): void {
  const { playbackId, completed } = input;
  const line = lineOf(draft, playbackId);
  if (line !== null) return legNews(draft, { type: 'leg.answered', legId: line, at: draft.now });
  if (briefed(draft, playbackId, world)) return undefined;
  const event = { type: 'playback.finished', playbackId, completed } as const;
  if (draft.state.phase === 'flow') flowInput(draft, event, world);
  else if (draft.state.phase === 'apologising') apologySaid(draft, playbackId, completed);
  else if (draft.state.phase === 'leaving-message') messageSaid(draft, playbackId, completed);
  else if (draft.state.phase === 'dismissing') dismissed(draft);
  else waitInput(draft, event);
}

function moveUp(draft: Draft, event: Extract<CallInput, { type: 'position' }>): void {
  const { visit } = draft.state;
  if (!visit) return;
  draft.set({ visit: { ...visit, position: event.position } });
  waitInput(draft, event);
}

const LONGEST_WAIT = 'wait:wait.max';
const JOIN_AGAIN_MS = 1_000;
/** What puts people where they are to be: done again as a whole when one of it was not answered. */
const SEATS: ReadonlySet<SwitchCommand['type']> = new Set([
  'bridge',
  'part',
  'monitor',
  'monitor.stop',
  'mute',
  'music.start',
]);
const RING_GRACE_MS = 2_000;

/** Timer names carry their owner: `flow:…`, `wait:…`, `call:…`. */
function timer(draft: Draft, name: string, world: CallWorld): void {
  // A phone that rings already may still be answered: the longest wait ends after it.
  if (name === LONGEST_WAIT && draft.state.phase === 'offering') {
    return void draft.timer(name, draft.now + RING_GRACE_MS);
  }
  draft.timer(name, null);
  const owner = name.slice(0, name.indexOf(':'));
  const rest = name.slice(owner.length + 1);
  if (owner === 'flow') return flowInput(draft, { type: 'timer', name: rest }, world);
  if (owner === 'way') return noWay(draft, rest);
  if (owner === 'guest') return guestTooLong(draft, rest);
  if (owner === 'wait') return waitInput(draft, { type: 'timer', name: rest });
  if (name === 'errand:key') return thinkingTooLong(draft);
  if (rest === 'dial') return draft.state.errand ? rungTooLong(draft) : dialTooLong(draft);
  if (rest === 'returning') return foundTooLate(draft);
  if (rest === 'ring') return ringTooLong(draft);
  if (rest === 'connect') return apologise(draft, world);
  if (rest === 'detect') return listenedLong(draft);
  if (rest === 'greeting') return greetingLong(draft);
  if (rest === 'message') return hangUp(draft, CAUSE.normal);
  if (rest === 'join') return joinAgain(draft);
  if (rest === 'park') return parkTooLong(draft);
  if (rest === 'transfer') return transferTooLong(draft);
  if (rest === 'dismissed') return dismissed(draft);
  if (rest === 'apology') return hangUp(draft, CAUSE.normal);
  if (rest === 'ending') return forceEnd(draft);
  if (rest === 'limit') return endBySystem(draft);
  return undefined;
}

/**
 * A command the switch would not do. Losing a leg is not decided here: the leg's own end tells it. What would otherwise
 * leave the call waiting for an event that never comes is answered as if that event had come.
 */
function commandFailed(
  draft: Draft,
  command: SwitchCommand,
  result: Extract<SwitchResult, { ok: false }>,
  world: CallWorld,
): void {
  recordingCommandFailed(draft, command);
  if (result.why === 'gone' && command.type === 'play') lineGone(draft, command.playbackId);
  if (result.why === 'gone' && (command.type === 'play' || command.type === 'record')) return undefined;
  if (command.type === 'play') {
    return playbackFinished(draft, { playbackId: command.playbackId, completed: false }, world);
  }
  if (command.type === 'record') {
    return recordingFinished(draft, { ...command, durationMs: 0, outcome: 'failed' }, world);
  }
  if (command.type === 'originate' && result.why === 'unavailable') {
    excuseAgent(draft, command.legId);
    return legNews(draft, { type: 'leg.ended', legId: command.legId, at: draft.now, cause: CAUSE.congestion });
  }
  if (result.why === 'unavailable' && SEATS.has(command.type)) draft.timer('call:join', draft.now + JOIN_AGAIN_MS);
  else if (command.type === 'bridge' && result.why !== 'gone') endCall(draft);
  else if (command.type === 'monitor' && result.why !== 'gone') dropLeg(draft, command.legId, CAUSE.congestion);
  return undefined;
}

/** The line was hung up before the call came to it; its end was told to nobody here, since it was not this call's. */
function lineGone(draft: Draft, playbackId: string): void {
  const legId = lineOf(draft, playbackId);
  if (legId !== null) legNews(draft, { type: 'leg.ended', legId, at: draft.now, cause: CAUSE.absent });
}
