import type { HangupCause } from '../call/cause.ts';
import type { Language } from '../call/ids.ts';
import type { QueueOutcome } from '../call/routing.ts';
import type { DialTarget } from '../call/switch.ts';
import type { Condition, Value, VarType } from './expression.ts';

/**
 * A flow that passed every check: times in milliseconds, defaults filled in, conditions compiled, each edge leading to a
 * node that is there. Frozen; a call keeps the one it began with.
 */
export interface Flow {
  readonly id: string;
  readonly title: string;
  /** First 12 hex digits of the SHA-256 of the file's text. */
  readonly version: string;
  readonly file: string;
  readonly dids: readonly string[];
  readonly languages: { readonly default: Language; readonly supported: readonly Language[] };
  readonly vars: ReadonlyMap<string, VarDecl>;
  readonly start: string;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  /** Where a failing node without an edge of its own goes; null hangs up. */
  readonly onError: string | null;
  /** Nodes that one call may enter, against flows that go round. */
  readonly maxSteps: number;
}

export interface VarDecl {
  readonly type: VarType;
  /** Allowed values of an enum, empty for other types. */
  readonly values: readonly string[];
  readonly default: Value;
  /** Personal data: its digits are masked in facts. */
  readonly pii: boolean;
}

type SpeechItem =
  | { readonly prompt: string }
  /** Speaks a variable: digit by digit, or as a number. */
  | { readonly say: 'digits' | 'number'; readonly of: string };
export type Speech = readonly SpeechItem[];

export type Assignments = Readonly<Record<string, Value>>;

export interface InputSettings {
  /** Silence after the prompt until it counts as no input. */
  readonly timeoutMs: number;
  /** Pause between two keys that ends an input. */
  readonly interDigitMs: number;
  /** How often the prompt is said again before the flow goes on elsewhere. */
  readonly retries: { readonly noInput: number; readonly invalid: number };
  /** A key stops the prompt; false drops keys while it speaks. */
  readonly bargeIn: boolean;
}

type Edges<O extends string> = Readonly<Record<O, string>>;

interface Base<T extends string> {
  readonly type: T;
  readonly id: string;
  /** Where a failure goes; null hangs up. */
  readonly error: string | null;
}

export interface PlayNode extends Base<'play'> {
  readonly speech: Speech;
  readonly bargeIn: boolean;
  /** Null ends the call. */
  readonly next: string | null;
}

export interface KeyAction {
  readonly set: Assignments;
  readonly language: Language | null;
  /** Null says the prompt again. */
  readonly go: string | null;
}

interface Prompts {
  readonly first: Speech;
  readonly again: Speech;
  /** Said before `again` after a wrong key. */
  readonly invalid: Speech;
}

export interface MenuNode extends Base<'menu'> {
  readonly prompts: Prompts;
  readonly keys: ReadonlyMap<string, KeyAction>;
  readonly input: InputSettings;
  readonly outcomes: Edges<'noInput' | 'invalid'>;
}

export interface CollectNode extends Base<'collect'> {
  readonly prompts: Prompts;
  readonly digits: { readonly min: number; readonly max: number; readonly end: string };
  readonly pattern: RegExp;
  readonly save: string;
  readonly input: InputSettings;
  readonly outcomes: Edges<'ok' | 'noInput' | 'invalid'>;
}

export interface SwitchNode extends Base<'switch'> {
  readonly cases: readonly { readonly when: Condition; readonly set: Assignments; readonly go: string }[];
  readonly otherwise: string;
}

export interface HoursNode extends Base<'hours'> {
  readonly calendar: string;
  readonly outcomes: Edges<'open' | 'closed' | 'holiday' | 'forced'>;
}

export interface QueueNode extends Base<'queue'> {
  readonly queue: string;
  readonly priority: {
    readonly base: number;
    readonly add: readonly { readonly when: Condition; readonly points: number }[];
  };
  /** `skill` may hold `${call.language}` or `${variable}`. */
  readonly require: readonly { readonly skill: string; readonly level: number }[];
  readonly maxWaitMs: number | null;
  readonly outcomes: Edges<Exclude<QueueOutcome, 'error'>>;
}

export interface TransferNode extends Base<'transfer'> {
  readonly to: DialTarget;
  readonly ringMs: number;
  readonly outcomes: Edges<'answeredEnd' | 'busy' | 'noAnswer' | 'failed'>;
}

interface HangupNode extends Base<'hangup'> {
  readonly reason: string;
  readonly cause: HangupCause;
}

export type InputNode = MenuNode | CollectNode;
export type FlowNode =
  | PlayNode
  | MenuNode
  | CollectNode
  | SwitchNode
  | HoursNode
  | QueueNode
  | TransferNode
  | HangupNode;
