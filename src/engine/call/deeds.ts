import { z } from 'zod';
import { SCREENED } from '../../dialer/amd-policy.ts';
import { ATTEMPT_OUTCOMES } from '../../dialer/attempt.ts';
import { VERDICTS, type Verdict } from '../../call/cause.ts';

const errandKind = z.enum(['callback', 'voicemail']);
const verdict = z.enum(VERDICTS as readonly [Verdict, ...Verdict[]]);

/** What happened to the agent's part of a call. */
const agentNewsSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ring'), legId: z.string() }),
  z.object({ type: z.literal('answer'), queue: z.string().nullable().default(null) }),
  z.object({ type: z.literal('release'), wrapUpMs: z.number() }),
  z.object({ type: z.literal('fail'), verdict }),
]);

/**
 * What a step has done outside its own call, besides telephone verbs. The deeds of the last step are kept with the call, so
 * that a process that dies between writing the step and doing them leaves them to the next; doing one twice is harmless.
 */
export const deedSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('agent'), agentId: z.string(), event: agentNewsSchema }),
  z.object({ type: z.literal('reservation.end'), fence: z.number() }),
  /** An agent's line goes back to where it was; its leg has ended for this call with that cause. */
  z.object({ type: z.literal('line.back'), legId: z.string(), q850: z.number() }),
  z.object({
    type: z.literal('attempt.end'),
    outcome: z.enum(ATTEMPT_OUTCOMES),
    q850: z.number(),
    sip: z.number().nullable(),
    agentId: z.string().nullable(),
    /** What became of it when it was listened to; left out: nobody listened. */
    screened: z.enum(SCREENED).exactOptional(),
  }),
  /** Whom we called asked by a key not to be called again by the campaign's house. */
  z.object({ type: z.literal('opt-out') }),
  /** What the call keeps as `asked` is asked of the world. */
  z.object({ type: z.literal('request'), requestId: z.string() }),
  /** Something of this caller, for his next call; null forgets it. */
  z.object({ type: z.literal('remember'), what: z.string(), value: z.string().nullable(), until: z.number() }),
  z.object({ type: z.literal('recording.find'), legId: z.string(), recordingId: z.string() }),
  z.object({ type: z.literal('recording.discard'), recordingId: z.string() }),
  /** A talk, or the message to an abandoned person, is being recorded, and is to be kept for so many days. */
  z.object({
    type: z.literal('talk.record'),
    recordingId: z.string(),
    queue: z.string(),
    agentId: z.string().nullable(),
    keepDays: z.number(),
    kind: z.enum(['talk', 'message']).default('talk'),
  }),
  /** What was recorded of it is fetched from the switch, or forgotten there. */
  z.object({ type: z.literal('talk.keep'), recordingId: z.string() }),
  z.object({ type: z.literal('talk.drop'), recordingId: z.string() }),
  /** Was this caller here before? The answer comes as `returning`. */
  z.object({ type: z.literal('caller.find'), queue: z.string() }),
  /** May the number of an errand be dialled, for that time? The answer comes as news of the errand. */
  z.object({ type: z.literal('errand.try'), kind: errandKind, id: z.string(), tries: z.int() }),
  z.object({ type: z.literal('errand.heard'), id: z.string(), agentId: z.string() }),
  z.object({
    type: z.literal('errand.end'),
    kind: errandKind,
    id: z.string(),
    outcome: z.enum(['done', 'again', 'failed']),
    notBefore: z.number(),
    agentId: z.string(),
  }),
  /** The call is over: its record goes into the history. */
  z.object({ type: z.literal('record') }),
]);

export type Deed = Readonly<z.output<typeof deedSchema>>;
