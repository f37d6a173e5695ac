import { z } from 'zod';
import { AGENT_FACTS } from './agent-facts.ts';
import { CAMPAIGN_FACTS } from './campaign-facts.ts';
import { DELIVERY_FACTS } from './delivery-facts.ts';
import { ms, verdict } from './fact-words.ts';
import { THRESHOLD_FACTS } from './threshold-facts.ts';
import { whySchema } from './why.ts';
import { WORK_FACTS } from './work-facts.ts';

/**
 * The facts Callwright records, past tense, one schema each. `events/catalogue.ts` gives them their CloudEvents envelope
 * and their documentation; nothing is journalled that is not named here. Changing a schema's meaning needs a new type name.
 */
const requirement = z.strictObject({ skill: z.string(), level: z.int() });
const party = z.string().nullable();
const target = z.enum(['agent', 'queue', 'number', 'phone']);
/** Somebody is rung back by an agent: `callbackId` is the id of the promise, or of the message he left. */
const ringingBack = {
  callbackId: z.string(),
  of: z.enum(['callback', 'voicemail']),
  queue: z.string(),
  agentId: z.string(),
  attempt: z.int(),
};
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const JOURNAL = {
  'call.arrived': z.strictObject({
    direction: z.enum(['inbound', 'outbound']),
    ani: party,
    dnis: z.string(),
    source: z.string(),
    legId: z.string(),
  }),
  'call.rejected': z.strictObject({ reason: z.string(), q850: z.int() }),
  'call.answered': z.strictObject({ legId: z.string() }),
  'call.language.set': z.strictObject({ language: z.string() }),
  'call.queued': z.strictObject({
    queue: z.string(),
    language: z.string(),
    require: z.array(requirement),
    priority: z.number(),
    /** What the flow asks instead once the call has waited so long; absent where the queue's own steps hold. */
    relax: z.array(z.strictObject({ afterMs: ms, require: z.array(requirement) })).exactOptional(),
    /** He waited before in this call, and comes from there; absent the first time. */
    again: z.enum(['transfer', 'return', 'moved']).exactOptional(),
  }),
  'call.place.kept': z.strictObject({
    queue: z.string(),
    because: z.enum(['callback', 'abandoned', 'cut-off']),
    waitedMs: ms,
  }),
  'call.position.announced': z.strictObject({ queue: z.string(), position: z.int() }),
  'call.estimate.announced': z.strictObject({
    queue: z.string(),
    /** What was said: between these, or at most `toMs` where `fromMs` is 0. */
    fromMs: ms,
    toMs: ms,
    /** The mean of the estimate, from this moment on. */
    estimateMs: ms,
    waitedMs: ms,
  }),
  'call.assigned': whySchema,
  'call.offered': z.strictObject({
    queue: z.string(),
    agentId: z.string(),
    legId: z.string(),
    waitedMs: ms,
    /** Asked into a talk that goes on, or to take it over: not offered the waiting customer. */
    guest: z.string().exactOptional(),
  }),
  'call.offer.failed': z.strictObject({
    queue: z.string(),
    agentId: z.string(),
    verdict,
    rangMs: ms,
    guest: z.string().exactOptional(),
  }),
  'call.connected': z.strictObject({
    queue: z.string(),
    agentId: z.string(),
    waitedMs: ms,
    rangMs: ms,
    /** He was rung back and did not wait on the line; absent else. */
    of: z.enum(['callback', 'voicemail']).exactOptional(),
  }),
  'call.abandoned': z.strictObject({ queue: z.string(), waitedMs: ms, while: z.enum(['waiting', 'ringing']) }),
  'call.queue.left': z.strictObject({
    queue: z.string(),
    outcome: z.string(),
    waitedMs: ms,
    /** The exit key that the caller pressed. */
    key: z.string().exactOptional(),
  }),
  'call.disconnected': z.strictObject({
    agentId: z.string(),
    /** Without the time on hold. */
    talkedMs: ms,
    heldMs: ms.exactOptional(),
    by: z.enum(['caller', 'agent', 'system', 'transfer']),
  }),
  'call.transferred': z.strictObject({
    to: z.string(),
    outcome: z.string(),
    /** These three are absent when the flow transferred. */
    kind: z.enum(['blind', 'attended']).exactOptional(),
    from: z.string().exactOptional(),
    toKind: target.exactOptional(),
  }),
  'call.returned': z.strictObject({ to: z.enum(['agent', 'queue']), agentId: party, queue: party }),
  'call.held': z.strictObject({ agentId: z.string(), why: z.enum(['hold', 'consult']) }),
  'call.resumed': z.strictObject({ agentId: z.string(), heldMs: ms }),
  'call.muted': z.strictObject({ agentId: z.string(), on: z.boolean() }),
  'call.consulted': z.strictObject({
    by: z.string(),
    guest: z.string(),
    to: z.string(),
    toKind: target,
    agentId: party,
    outcome: z.string(),
    waitedMs: ms,
  }),
  'call.conferenced': z.strictObject({
    by: z.string(),
    guest: z.string(),
    to: z.string(),
    toKind: target,
    agentId: party,
    outcome: z.string(),
  }),
  'call.parked': z.strictObject({ agentId: z.string(), slot: z.string(), until: z.number() }),
  'call.unparked': z.strictObject({
    slot: z.string(),
    agentId: party,
    parkedMs: ms,
    outcome: z.enum(['picked-up', 'timeout', 'abandoned']),
  }),
  'call.monitored': z.strictObject({
    by: z.string(),
    mode: z.enum(['listen', 'whisper', 'barge', 'stop', 'failed']),
    agentId: party,
    outcome: z.enum(['busy', 'noAnswer', 'failed']).exactOptional(),
  }),
  'call.taken-over': z.strictObject({ by: z.string(), from: z.string(), agentId: party }),
  'call.moved': z.strictObject({ by: z.string(), from: z.string(), to: z.string() }),
  'call.raised': z.strictObject({ by: z.string(), queue: z.string(), priority: z.number(), previous: z.number() }),
  'transfer.refused': z.strictObject({
    flow: z.string(),
    node: z.string(),
    to: z.string(),
    why: z.enum(['not-allowed', 'denied', 'premium', 'concurrent', 'per-hour', 'minutes-per-day']),
    /** The agent who asked for it; absent when the flow did. */
    by: z.string().exactOptional(),
  }),
  'call.adopted': z.strictObject({ direction: z.enum(['inbound', 'outbound']), phase: z.string() }),
  'call.ended': z.strictObject({
    verdict,
    q850: z.int(),
    sip: z.int().nullable(),
    durationMs: ms,
    queue: z.string().nullable(),
    agentId: z.string().nullable(),
    waitedMs: ms,
    talkedMs: ms,
    detected: z.enum(['event', 'reconcile']),
  }),
  'leg.ringing': z.strictObject({ legId: z.string() }),
  'leg.answered': z.strictObject({ legId: z.string() }),
  'leg.ended': z.strictObject({ legId: z.string(), q850: z.int(), sip: z.int().nullable(), verdict }),
  /** Trunks by which it was and is dialled; with the attempt, where a campaign dials. */
  'leg.rerouted': z.strictObject({
    legId: z.string(),
    to: z.string(),
    from: z.string(),
    trunk: z.string(),
    attemptId: z.string().exactOptional(),
  }),
  'flow.started': z.strictObject({ flow: z.string(), version: z.string() }),
  'flow.node.entered': z.strictObject({ flow: z.string(), node: z.string(), kind: z.string() }),
  'flow.node.left': z.strictObject({ flow: z.string(), node: z.string(), outcome: z.string(), dwellMs: ms }),
  'flow.input.received': z.strictObject({ flow: z.string(), node: z.string(), digits: z.string() }),
  'flow.prompt.missing': z.strictObject({
    flow: z.string(),
    node: z.string(),
    prompt: z.string(),
    language: z.string(),
  }),
  'flow.request.ended': z.strictObject({
    flow: z.string(),
    node: z.string(),
    kind: z.string(),
    outcome: z.string(),
    tookMs: ms,
  }),
  'flow.asked': z.strictObject({
    flow: z.string(),
    node: z.string(),
    askId: z.string(),
    question: z.string(),
    data: z.record(z.string(), scalar),
    deadlineAt: z.number(),
  }),
  'flow.emitted': z.strictObject({
    flow: z.string(),
    node: z.string(),
    event: z.string(),
    data: z.record(z.string(), scalar),
  }),
  'flow.recorded': z.strictObject({ flow: z.string(), node: z.string(), recordingId: z.string(), durationMs: ms }),
  'recording.started': z.strictObject({ recordingId: z.string(), queue: z.string(), agentId: z.string().nullable() }),
  'recording.stopped': z.strictObject({ recordingId: z.string(), outcome: z.enum(['kept', 'dropped']) }),
  'recording.paused': z.strictObject({ by: z.string() }),
  'recording.resumed': z.strictObject({ by: z.string() }),
  'recording.kept': z.strictObject({
    recordingId: z.string(),
    callId: z.string(),
    queue: z.string().nullable(),
    durationMs: ms,
    /** Of the file as it is kept and given out, in hex. */
    sha256: z.string(),
  }),
  'recording.erased': z.strictObject({
    recordingId: z.string(),
    callId: z.string(),
    queue: z.string().nullable().exactOptional(),
    by: z.string(),
  }),
  'call.tagged': z.strictObject({ tags: z.array(z.string()) }),
  'voicemail.left': z.strictObject({
    box: z.string(),
    messageId: z.string(),
    durationMs: ms,
    replyBy: z.number().nullable(),
  }),
  'voicemail.overdue': z.strictObject({ box: z.string(), messageId: z.string(), replyBy: z.number() }),
  'voicemail.heard': z.strictObject({ box: z.string(), messageId: z.string(), agentId: z.string() }),
  'voicemail.returned': z.strictObject({ box: z.string(), messageId: z.string(), agentId: z.string() }),
  'voicemail.done': z.strictObject({ box: z.string(), messageId: z.string(), agentId: z.string() }),
  'voicemail.erased': z.strictObject({ box: z.string(), messageId: z.string(), callId: z.string(), by: z.string() }),
  'callback.wanted': z.strictObject({ queue: z.string(), waitedMs: ms }),
  'callback.declined': z.strictObject({ queue: z.string(), waitedMs: ms }),
  'callback.requested': z.strictObject({
    callbackId: z.string(),
    queue: z.string(),
    number: z.string(),
    dueBy: z.number(),
    keepPlace: z.boolean(),
  }),
  'callback.started': z.strictObject({ ...ringingBack, waitedMs: ms }),
  'callback.answered': z.strictObject({ ...ringingBack, waitedMs: ms }),
  'callback.failed': z.strictObject({ ...ringingBack, why: z.string(), retryAt: z.number().nullable() }),
  'callback.withdrawn': z.strictObject({ callbackId: z.string(), queue: z.string(), waitedMs: ms }),
  'callback.changed': z.strictObject({
    callbackId: z.string(),
    queue: z.string(),
    dueBy: z.number(),
    notBefore: z.number(),
    by: z.string(),
  }),
  'callback.cancelled': z.strictObject({ callbackId: z.string(), queue: z.string(), by: z.string() }),
  'callback.expired': z.strictObject({ callbackId: z.string(), queue: z.string(), tries: z.int(), dueBy: z.number() }),
  'survey.answered': z.strictObject({ flow: z.string(), node: z.string(), question: z.string(), answer: scalar }),
  'survey.finished': z.strictObject({ flow: z.string(), node: z.string(), outcome: z.string(), answered: z.int() }),
  'pin.checked': z.strictObject({ flow: z.string(), node: z.string(), outcome: z.string() }),
  'flow.finished': z.strictObject({ flow: z.string(), reason: z.string() }),
  ...AGENT_FACTS,
  'call.disposed': z.strictObject({
    callId: z.string(),
    agentId: z.string(),
    queue: z.string().nullable(),
    disposition: z.string(),
    /** These are there where it was said of a campaign's call by its rules. */
    campaignId: z.string().exactOptional(),
    leadId: z.string().exactOptional(),
    attemptId: z.string().exactOptional(),
    /** What it means: `success`, `refusal`, `retry`, `callback`, `dnc`, `payment`, or `machine` where nobody was met. */
    kind: z.string().exactOptional(),
    /** The agent, or the name of a supervisor's token. */
    by: z.string().exactOptional(),
    /** Sums in minor units, moments in ms since 1970. */
    values: z.record(z.string(), z.union([z.string(), z.number()])).exactOptional(),
    /** What he promised to pay: minor units of the currency (ISO 4217), and by which day. */
    payment: z.strictObject({ amount: z.number(), currency: z.string(), due: z.string() }).exactOptional(),
    /** What became of the lead: done, or dialled again. */
    lead: z.enum(['done', 'pending']).exactOptional(),
  }),
  'flows.loaded': z.strictObject({
    release: z.string(),
    by: z.string(),
    action: z.string(),
    percent: z.int().nullable(),
  }),
  'flows.refused': z.strictObject({ by: z.string(), running: z.string(), faults: z.int(), first: z.string() }),
  'flows.behind': z.strictObject({ node: z.string(), running: z.string(), why: z.string() }),
  'queue.overflowing': z.strictObject({
    queue: z.string(),
    /** A queue, or the number of another site. */
    to: z.string(),
    on: z.boolean(),
    because: z.enum(['estimate', 'staffed', 'service-level', 'closed']),
  }),
  'queue.reserve.changed': z.strictObject({ queue: z.string(), held: z.int(), needed: z.int() }),
  ...CAMPAIGN_FACTS,
  ...WORK_FACTS,
  ...THRESHOLD_FACTS,
  ...DELIVERY_FACTS,
  /** `found`: how much there was, by what it is. The person is not named. */
  'person.erased': z.strictObject({ erasureId: z.string(), by: z.string(), found: z.record(z.string(), z.int()) }),
  'switch.connected': z.strictObject({ node: z.string(), version: z.string(), restarted: z.boolean() }),
  'switch.disconnected': z.strictObject({ node: z.string(), reason: z.string() }),
  'switch.fenced': z.strictObject({ node: z.string() }),
  'switch.reconciled': z.strictObject({
    node: z.string(),
    adopted: z.int(),
    closed: z.int(),
    unknown: z.int(),
    freedAgents: z.int(),
  }),
} as const;

export type FactType = keyof typeof JOURNAL;

/** A fact before it gets its sequence number: what a decision says happened. */
export type Fact = { [T in FactType]: { readonly type: T; readonly data: z.output<(typeof JOURNAL)[T]> } }[FactType];

/**
 * A fact as it stands in the journal. `subject` is what the sequence counts for: `call/<id>`, `agent/<id>`,
 * `campaign/<id>`, `queue/<name>`, `voicemail/<id>`, `callback/<id>`, `recording/<id>`, `dnc/<id>`, `followup/<id>`, `threshold/<name>`, `webhook/<id>`, `erasure/<id>`, `switch/<node>` or `flows`; subject and seq together are unique and
 * let a consumer drop duplicates.
 */
export type JournalEvent = Fact & { readonly subject: string; readonly seq: number; readonly at: number };
