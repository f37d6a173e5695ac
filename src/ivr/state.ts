import { z } from 'zod';
import type { HangupCause } from '../call/cause.ts';
import type { Customer } from '../call/customer.ts';
import type { CallId, EpochMs, Language, LegId, PlaybackId, RecordingId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Media } from '../call/media.ts';
import type { FlowAnswer, FlowRequest } from '../call/request.ts';
import type { QueueOutcome, QueueRequest } from '../call/routing.ts';
import type { DialTarget } from '../call/switch.ts';
import type { Calendar } from './calendar.ts';
import type { Flow } from './flow.ts';

/** What the caller's flow waits for. Only `ended` waits for nothing. */
export const STAGES = [
  'speaking',
  'listening',
  'keying',
  'asking',
  'recording',
  'queued',
  'transferring',
  'ended',
] as const;
export type Stage = (typeof STAGES)[number];

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const variables = z.record(z.string(), scalar);

/** A flow that called another and waits for its return. */
const frame = z.strictObject({
  flowId: z.string(),
  version: z.string(),
  /** The node that called, and when it was entered. */
  nodeId: z.string(),
  enteredAt: z.number(),
  vars: variables,
  menus: z.array(z.string()),
});

/** Where a call stands in its flow; plain data, so that another process can carry on from it. */
export const flowStateSchema = z.strictObject({
  flowId: z.string(),
  version: z.string(),
  nodeId: z.string(),
  /** When the node was entered, for its dwell time. */
  enteredAt: z.number(),
  language: z.string(),
  vars: variables,
  /** What the node keeps for itself while the call is in it. */
  local: variables,
  /** Flows that called this one, the first being the one the call began in. */
  frames: z.array(frame),
  /** Menus of this flow that the caller came through, for the keys that lead back and to the top. */
  menus: z.array(z.string()),
  tags: z.array(z.string()),
  stage: z.enum(STAGES),
  /** The prompt that is being said; any other playback's end is old news. */
  playbackId: z.string().nullable(),
  /** The request that is being answered; any other answer is old news. */
  requestId: z.string().nullable(),
  recordingId: z.string().nullable(),
  /** Music that fills a wait. */
  music: z.boolean(),
  /** Keys of the input that is being made. */
  digits: z.string(),
  /** Keys pressed ahead of the prompt that asks for them. */
  typed: z.string(),
  /** The end key of an input that was full without it; pressed yet, as callers were told to, it means nothing more. */
  lateEnd: z.strictObject({ key: z.string(), until: z.number() }).nullable(),
  tries: z.strictObject({ noInput: z.int(), invalid: z.int() }),
  answered: z.boolean(),
  /** The caller has hung up, and what he said is being put away. */
  gone: z.boolean(),
  /** Since when the caller hears nothing though he waits for us; a wait is filled from here on, not from its own beginning. */
  quietSince: z.number(),
  /** Wrong PINs in this call, at whatever node. */
  pinTries: z.int(),
  /** The account whose PIN was keyed right last, in this call. */
  proved: z.string().nullable().default(null),
  /** Nodes entered and prompts repeated so far, held against the flow's `maxSteps`. */
  steps: z.int(),
  /** When the flow has had its time, and what is left is to say so. */
  limitAt: z.number(),
  /** Playbacks, requests and recordings begun so far; makes their ids. */
  made: z.int(),
  /** What is armed and when it is due; to be armed again after a restart. */
  timers: z.record(z.string(), z.number()),
});

export type FlowState = Readonly<z.output<typeof flowStateSchema>>;

export type TransferOutcome = 'answeredEnd' | 'busy' | 'noAnswer' | 'failed';

export type FlowEvent =
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'playback.finished'; readonly playbackId: PlaybackId; readonly completed: boolean }
  | { readonly type: 'timer'; readonly name: string }
  | { readonly type: 'answer'; readonly requestId: string; readonly answer: FlowAnswer }
  | {
      readonly type: 'recording.finished';
      readonly recordingId: RecordingId;
      readonly durationMs: number;
      readonly outcome: 'done' | 'failed';
    }
  /** `answeredEnd`: the caller talked with an agent, who hung up first. `key`: the exit key that was pressed. */
  | { readonly type: 'queue.left'; readonly outcome: QueueOutcome; readonly key?: string }
  /** The waiting caller chose to be called back instead; his place is kept while the node asks for his number. */
  | { readonly type: 'callback.wanted' }
  | { readonly type: 'transfer.ended'; readonly outcome: TransferOutcome }
  /** The caller hung up. Until the stage is `ended` a recording is still to be put away: go on with timers, requests and news of it. */
  | { readonly type: 'caller.left' };

export interface FlowWorld {
  readonly callId: CallId;
  /** The caller's leg. */
  readonly legId: LegId;
  readonly ani: string | null;
  readonly dnis: string;
  /** Whom the house knows by this number; null, or left out: nobody. */
  readonly customer?: Customer | null;
  /** All flows of the release that the call began with. */
  readonly flows: ReadonlyMap<string, Flow>;
  readonly calendars: ReadonlyMap<string, Calendar>;
  /** Prompts that have sound, per language. */
  readonly prompts: ReadonlyMap<Language, ReadonlySet<string>>;
  /** What `${env.NAME}` in an address stands for. */
  readonly env: ReadonlyMap<string, string>;
}

export type FlowCommand =
  | { readonly type: 'answer' }
  | {
      readonly type: 'play';
      readonly playbackId: PlaybackId;
      readonly media: readonly Media[];
      readonly language: Language;
    }
  | { readonly type: 'stop'; readonly playbackId: PlaybackId }
  | { readonly type: 'music'; readonly on: boolean }
  | {
      readonly type: 'record';
      readonly recordingId: RecordingId;
      readonly maxMs: number;
      readonly silenceMs: number;
      readonly beep: boolean;
    }
  | { readonly type: 'record.stop'; readonly recordingId: RecordingId }
  /** `at` null clears it. */
  | { readonly type: 'timer'; readonly name: string; readonly at: EpochMs | null }
  | { readonly type: 'request'; readonly requestId: string; readonly request: FlowRequest }
  /** Keeps something of this caller for his next call; `value` null forgets it. */
  | { readonly type: 'remember'; readonly what: string; readonly value: string | null; readonly until: EpochMs }
  | { readonly type: 'queue'; readonly request: QueueRequest }
  /** He waits on where he was, after `callback.wanted`. */
  | { readonly type: 'queue.back' }
  | { readonly type: 'transfer'; readonly to: DialTarget; readonly ringMs: number }
  | { readonly type: 'hangup'; readonly cause: HangupCause; readonly reason: string }
  | { readonly type: 'language'; readonly language: Language };

export interface FlowStep {
  readonly state: FlowState;
  readonly commands: readonly FlowCommand[];
  readonly facts: readonly Fact[];
}
