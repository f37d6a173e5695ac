import type { EpochMs, Language, LegId, QueueName } from './ids.ts';
import type { Requirement } from './routing.ts';
import type { OWNER_KINDS } from './work-facts.ts';

/** What JSON can hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** For all campaigns, or for the one that called him. */
export const DNC_SCOPES = ['all', 'campaign'] as const;

/**
 * What a flow asks of the world beyond the switch. Each has one answer, an outcome and perhaps data; asking twice with the
 * same request id is harmless, so that a request can be made again after a crash.
 */
export type FlowRequest =
  /** `ok` with the parsed body, `notFound`, `timeout`, `error`. `secret` is a name, never the secret itself. */
  | {
      readonly kind: 'lookup';
      readonly method: 'GET' | 'POST';
      readonly url: string;
      readonly secret: string | null;
      readonly body: Json;
      readonly timeoutMs: number;
      readonly cacheMs: number | null;
    }
  /** The workflow layer answers with an outcome of its own and data, or not at all. */
  | { readonly kind: 'ask'; readonly question: string; readonly data: Json; readonly deadline: EpochMs }
  /** `ok`, `wrong`, `locked`, `error`. */
  | { readonly kind: 'pin'; readonly account: string; readonly pin: string }
  /** `ok` with `{ waitSeconds, waiting, ready }`, `unavailable`. */
  | { readonly kind: 'metrics'; readonly queue: QueueName }
  /** He is not to be called any more: `ok`, `noNumber`, `error`. */
  | { readonly kind: 'dnc'; readonly scope: (typeof DNC_SCOPES)[number] }
  /** Somebody has to do something by then: `ok`, `error`. `work` is what kind. */
  | {
      readonly kind: 'follow-up';
      readonly flow: string;
      readonly work: string;
      readonly owner: { readonly kind: (typeof OWNER_KINDS)[number]; readonly id: string };
      readonly dueAt: EpochMs;
      readonly reason: string;
      readonly priority: number;
      readonly data: Readonly<Record<string, string>>;
    }
  /** What is remembered of this caller: `ok` with a text, `none`. */
  | { readonly kind: 'recall'; readonly what: string }
  /** Puts a finished recording away for good: `ok`, `error`. */
  | { readonly kind: 'keep-recording'; readonly recordingId: string }
  /** `ok`, `full`, `error`. */
  | {
      readonly kind: 'voicemail';
      readonly box: string;
      readonly recordingId: string;
      readonly durationMs: number;
      readonly language: Language;
      readonly replyBy: EpochMs | null;
    }
  /** Is there room in the box? `ok`, `full`, `error`. */
  | { readonly kind: 'voicemail-room'; readonly box: string }
  /** `taken`, `refused` (the number is not allowed), `full`, `error`. */
  | {
      readonly kind: 'callback';
      readonly queue: QueueName;
      readonly number: string;
      readonly language: Language;
      readonly dueBy: EpochMs;
      readonly keepPlace: boolean;
      /** Skills an agent needs for it; who comes from the queue asks as he did there. */
      readonly require: readonly Requirement[];
    }
  /**
   * `ok`, `unknown` (no agent is at this phone), `refused`. `number`: whose PIN was keyed; null: who is at the calling phone.
   * `disposition` is a word of the queue's list, or its place in it.
   */
  | {
      readonly kind: 'agent';
      readonly action: (typeof AGENT_ACTIONS)[number];
      readonly number: string | null;
      readonly reason: string | null;
      readonly disposition: string | null;
      /** Where a customer is parked. */
      readonly slot?: string;
      readonly byMs: number;
    }
  /** `ok` with the text that was said, `noMatch`, `noInput`, `unavailable`, `error`. */
  | {
      readonly kind: 'speech';
      readonly legId: LegId;
      readonly language: Language;
      readonly hints: readonly string[];
      readonly timeoutMs: number;
    };

/** What an agent may do by phone code. */
export const AGENT_ACTIONS = [
  'login',
  'logout',
  'ready',
  'notReady',
  'endWrapUp',
  'extendWrapUp',
  'endRest',
  'dispose',
  'pickUp',
] as const;

export interface FlowAnswer {
  readonly outcome: string;
  readonly data: Json;
}
