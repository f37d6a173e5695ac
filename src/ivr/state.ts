import { z } from 'zod';
import type { HangupCause } from '../call/cause.ts';
import type { CallId, EpochMs, Language, PlaybackId } from '../call/ids.ts';
import type { Fact } from '../call/journal.ts';
import type { Media } from '../call/media.ts';
import type { QueueOutcome, QueueRequest } from '../call/routing.ts';
import type { DialTarget } from '../call/switch.ts';
import type { Calendar } from './calendar.ts';

/** What the caller's flow waits for. Only `ended` waits for nothing. */
export const STAGES = ['speaking', 'listening', 'keying', 'queued', 'transferring', 'ended'] as const;
export type Stage = (typeof STAGES)[number];

/** Where a call stands in its flow; plain data, so that another process can carry on from it. */
export const flowStateSchema = z.strictObject({
  flowId: z.string(),
  version: z.string(),
  nodeId: z.string(),
  language: z.string(),
  vars: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  stage: z.enum(STAGES),
  /** The prompt that is being said; any other playback's end is old news. */
  playbackId: z.string().nullable(),
  /** Keys of the input that is being made. */
  digits: z.string(),
  /** Keys pressed ahead of the prompt that asks for them. */
  typed: z.string(),
  tries: z.strictObject({ noInput: z.int(), invalid: z.int() }),
  answered: z.boolean(),
  /** Nodes entered and prompts repeated so far, held against the flow's `maxSteps`. */
  steps: z.int(),
  /** Playbacks begun so far; makes their ids. */
  plays: z.int(),
  /** What is armed and when it is due; to be armed again after a restart. */
  timers: z.record(z.string(), z.number()),
});

export type FlowState = Readonly<z.output<typeof flowStateSchema>>;

export type FlowEvent =
  | { readonly type: 'dtmf'; readonly digit: string }
  | { readonly type: 'playback.finished'; readonly playbackId: PlaybackId; readonly completed: boolean }
  | { readonly type: 'timer'; readonly name: string }
  /** `answeredEnd`: the caller talked with an agent, who hung up first. */
  | { readonly type: 'queue.left'; readonly outcome: QueueOutcome }
  | { readonly type: 'transfer.ended'; readonly outcome: 'answeredEnd' | 'busy' | 'noAnswer' | 'failed' };

export interface FlowWorld {
  readonly callId: CallId;
  readonly ani: string | null;
  readonly dnis: string;
  readonly calendars: ReadonlyMap<string, Calendar>;
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
  /** `at` null clears it. */
  | { readonly type: 'timer'; readonly name: string; readonly at: EpochMs | null }
  | { readonly type: 'queue'; readonly request: QueueRequest }
  | { readonly type: 'transfer'; readonly to: DialTarget; readonly ringMs: number }
  | { readonly type: 'hangup'; readonly cause: HangupCause; readonly reason: string }
  | { readonly type: 'language'; readonly language: Language };

export interface FlowStep {
  readonly state: FlowState;
  readonly commands: readonly FlowCommand[];
  readonly facts: readonly Fact[];
}
