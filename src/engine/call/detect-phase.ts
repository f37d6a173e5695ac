import { CAUSE } from '../../call/cause.ts';
import type { DetectionCause, DetectionResult } from '../../call/detection.ts';
import type { EpochMs } from '../../call/ids.ts';
import type { LegEvent } from '../../call/switch.ts';
import { amdBegin, amdStep, type AmdVerdict } from '../../dialer/amd.ts';
import type { AmdInput } from '../../dialer/amd-hearing.ts';
import { afterDetection, type DetectionDeed, type DetectionPlan, lotOf, screenedBy } from '../../dialer/amd-policy.ts';
import type { Draft } from './actions.ts';
import { moveAttempt } from './attempt.ts';
import { endCall, hangUp } from './ending.ts';
import { listenForGreeting, messageTalk } from './message-phase.ts';
import { answeredByPerson } from './outbound-phase.ts';
import { planOf } from './detection-plan.ts';
import { customer } from './state.ts';

/** The switch's own detection has this much longer than it was given; then it has lost the leg, and whoever is there waits. */
const GRACE_MS = 1_500;

type Talk = Extract<LegEvent, { type: 'talk.started' | 'talk.stopped' }>;
type Found = Extract<LegEvent, { type: 'leg.detected' }>;

/** Somebody or something picked up: listened to where the campaign asks for it, and a person otherwise. */
export function pickedUp(draft: Draft): void {
  const plan = planOf(draft.state);
  if (!plan) return answeredByPerson(draft, draft.now);
  moveAttempt(draft, 'detect');
  const amd = plan.by === 'own' ? amdBegin(draft.now) : null;
  draft
    .set({ phase: 'detecting', listening: { amd, found: null, greeting: null, message: null } })
    .timer('call:dial', null)
    .timer('call:detect', draft.now + (amd ? plan.own.maxMs : plan.switch.totalMs + GRACE_MS));
  return undefined;
}

/** What was heard on the customer's leg. */
export function heardTalk(draft: Draft, event: Talk): void {
  const { phase, listening } = draft.state;
  if (event.legId !== customer(draft.state).id) return;
  // By our own clock: the switch's may be another one, and the pick-up was timed by ours.
  const at = draft.now;
  const input =
    event.type === 'talk.started'
      ? ({ type: 'started', at } as const)
      : ({ type: 'stopped', at, durationMs: event.durationMs } as const);
  if (phase === 'leaving-message') return messageTalk(draft, input);
  if (phase === 'detecting' && listening?.amd) classify(draft, input);
}

/** The switch's own finding. */
export function heardWho(draft: Draft, event: Found): void {
  const { phase, attempt, listening } = draft.state;
  if (phase !== 'detecting' || listening?.amd || event.legId !== customer(draft.state).id) return;
  const { result, cause, tookMs } = event;
  const waitedMs = cause === 'pause-after-greeting' ? (attempt?.detect?.switch.afterGreetingSilenceMs ?? 0) : 0;
  const greetedAt = draft.now - waitedMs;
  decide(draft, { result, cause, silent: cause === 'initial-silence', tookMs, sure: null, greetedAt });
}

/** It is time to look again, or to make up one's mind. */
export function listenedLong(draft: Draft): void {
  const { phase, listening } = draft.state;
  if (phase !== 'detecting') return;
  if (listening?.amd) return classify(draft, { type: 'time' });
  const tookMs = draft.now - (draft.state.answeredAt ?? draft.now);
  decide(draft, { result: 'unsure', cause: 'not-run', silent: false, tookMs, sure: null, greetedAt: draft.now });
}

function classify(draft: Draft, input: AmdInput): void {
  const { listening } = draft.state;
  const plan = planOf(draft.state);
  if (!plan || !listening?.amd) return;
  const { state: amd, verdict } = amdStep(listening.amd, input, plan.own, draft.now);
  draft.set({ listening: { ...listening, amd } });
  if (verdict.kind === 'wait') return void draft.timer('call:detect', verdict.until);
  const { result, silent, tookMs } = verdict;
  decide(draft, { result, silent, tookMs, cause: null, sure: verdict, greetedAt: amd.silentSince ?? draft.now });
}

interface Finding {
  readonly result: DetectionResult;
  readonly silent: boolean;
  readonly tookMs: number;
  readonly cause: DetectionCause | null;
  readonly sure: Extract<AmdVerdict, { kind: 'found' }> | null;
  /** When the person's greeting was over. */
  readonly greetedAt: EpochMs;
}

function decide(draft: Draft, finding: Finding): void {
  const { attempt, listening } = draft.state;
  if (!attempt?.detect || !listening) return endCall(draft);
  const { result, silent } = finding;
  const deed = afterDetection(attempt.detect.after, result, lotOf(attempt.attemptId));
  note(draft, attempt.detect, finding, deed.do, deed.do === 'connect' && deed.sampled);
  draft
    .set({ listening: { ...listening, found: { result, silent, screened: screenedBy(deed) } } })
    .timer('call:detect', null);
  if (deed.do === 'connect') return connect(draft, attempt.detect, finding);
  moveAttempt(draft, 'machine');
  if (deed.do === 'message') listenForGreeting(draft);
  else hangUp(draft, CAUSE.normal);
  return undefined;
}

function note(
  draft: Draft,
  plan: DetectionPlan,
  finding: Finding,
  action: DetectionDeed['do'],
  sampled: boolean,
): void {
  const { attempt } = draft.state;
  if (!attempt) return;
  const { result, silent, tookMs, cause, sure, greetedAt } = finding;
  const greetedMs = Math.max(0, greetedAt - (draft.state.answeredAt ?? draft.now));
  draft.fact({
    type: 'attempt.detected',
    data: {
      campaignId: attempt.campaignId,
      leadId: attempt.leadId,
      attemptId: attempt.attemptId,
      by: plan.by,
      result,
      silent,
      cause,
      confidence: sure?.confidence ?? null,
      logOdds: sure?.logOdds ?? null,
      parts: { ...sure?.parts },
      tookMs,
      greetedMs,
      action,
      sampled,
    },
  });
}

/** To an agent. Nothing of the talk is watched any more. */
function connect(draft: Draft, plan: DetectionPlan, { greetedAt }: Finding): void {
  const legId = customer(draft.state).id;
  if (plan.by === 'own') draft.tell({ type: 'talk.watch', legId, on: false, quietMs: plan.own.quietMs });
  answeredByPerson(draft, plan.countFrom === 'greeting-end' ? greetedAt : (draft.state.answeredAt ?? draft.now));
}
