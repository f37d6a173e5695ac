import type { Language } from '../call/ids.ts';
import type { Json } from '../call/request.ts';
import type { Fact } from '../call/journal.ts';
import type { Sayable } from '../call/say/index.ts';
import type { Value, VarType } from './expression.ts';
import type { Path } from './problem.ts';
import type { FlowCommand, FlowEvent, FlowState, FlowWorld, Stage, TransferOutcome } from './state.ts';

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
  readonly owner: string | null;
  readonly reviewBy: string | null;
  readonly dids: readonly string[];
  readonly languages: {
    readonly default: Language;
    readonly supported: readonly Language[];
    /** How long a caller's choice is kept, ms; null forgets it with the call. */
    readonly rememberMs: number | null;
  };
  readonly vars: ReadonlyMap<string, VarDecl>;
  /** Variables that a calling flow may set, and those it may read afterwards. */
  readonly takes: readonly string[];
  readonly gives: readonly string[];
  /** Words of this flow alone: prompt → language → words. */
  readonly prompts: ReadonlyMap<string, Readonly<Record<Language, string>>>;
  readonly start: string;
  readonly nodes: ReadonlyMap<string, FlowNode>;
  /** Where a failing node without an edge of its own goes; null hangs up. */
  readonly onError: string | null;
  /** Nodes that one call may enter, against flows that go round. */
  readonly maxSteps: number;
  readonly maxDurationMs: number;
  /** Calls that campaigns may fill it with at once, callers counted too; callers are never turned away. Null: as many as come. */
  readonly maxCalls: number | null;
}

export interface VarDecl {
  readonly type: VarType;
  /** Allowed values of an enum, empty for other types. */
  readonly values: readonly string[];
  readonly default: Value;
  /** False: reading it before it was set is a fault. */
  readonly hasDefault: boolean;
  /** Personal data: its digits are masked in facts. */
  readonly pii: boolean;
  /** Leaves the call by no way but a lookup's body and a PIN check. */
  readonly sensitive: boolean;
}

export type SayKind = 'digits' | 'number' | 'date' | 'money';

export type SpeechItem =
  | { readonly prompt: string }
  | { readonly say: SayKind; readonly of: string; readonly currency: string | null }
  /** Known only while the call runs, as in reading back what was keyed. */
  | { readonly sayable: Sayable };
export type Speech = readonly SpeechItem[];

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

/** A way out of a node. `to` null ends the call, or says a menu again. */
export interface Exit {
  readonly outcome: string;
  readonly to: string | null;
  readonly path: Path;
}

/** A name that a node refers to outside its flow. */
export interface Reference {
  readonly what:
    | 'queue'
    | 'skill'
    | 'calendar'
    | 'trunk'
    | 'box'
    | 'flow'
    | 'language'
    | 'number'
    | 'url'
    | 'agent'
    | 'team'
    | 'department';
  readonly name: string;
  readonly path: Path;
}

/** A variable that a node reads or writes. `leaves`: its value would leave the call, by event, address or voice. */
export interface VarUse {
  readonly name: string;
  readonly path: Path;
  readonly leaves: boolean;
}

/** A node as it runs (`does`) and as lint, graph and diff see it (everything else). */
export interface FlowNode {
  readonly id: string;
  readonly type: string;
  /** Where a failure goes; null hangs up. */
  readonly error: string | null;
  readonly exits: readonly Exit[];
  readonly says: readonly { readonly speech: Speech; readonly path: Path }[];
  readonly refers: readonly Reference[];
  readonly reads: readonly VarUse[];
  /** `after`: the outcome on which it is set; null on all. */
  readonly writes: readonly (VarUse & { readonly after: string | null })[];
  readonly does: Behaviour;
}

/** Leaving a node by an outcome; `to` null ends the flow. Null instead of a move: stay and wait. */
export interface Move {
  readonly outcome: string;
  readonly to: string | null;
}

export type QueueLeft = Extract<FlowEvent, { type: 'queue.left' }>;
export type Recorded = Extract<FlowEvent, { type: 'recording.finished' }>;

/**
 * What a kind of node does. `enter` begins; the others are asked when what they wait for happens at one of `stages`, and
 * what a node has no answer to changes nothing.
 */
export interface Behaviour {
  /** Stages at which a call can stand in this node; none when it decides at once. */
  readonly stages: readonly Stage[];
  enter(walk: Walk): Move | null;
  key?(walk: Walk, digit: string): Move | null;
  /** What was being said is over; not `completed` when it could not be played. */
  said?(walk: Walk, completed: boolean): Move | null;
  /** A timer of `walk.ts` that is due. */
  timer?(walk: Walk, name: 'noInput' | 'interDigit'): Move | null;
  /** The world answered, or did not in time (`timeout`). */
  answered?(walk: Walk, outcome: string, data: Json): Move | null;
  recorded?(walk: Walk, event: Recorded): Move | null;
  queueLeft?(walk: Walk, event: QueueLeft): Move | null;
  callbackWanted?(walk: Walk): Move | null;
  transferred?(walk: Walk, outcome: TransferOutcome): Move | null;
  /** The caller hung up; what is to be told of it, besides the leaving. */
  callerLeft?(walk: Walk): void;
  /** The flow that this node called came back by that outcome, with what it gives. */
  returned?(walk: Walk, outcome: string, given: Readonly<Record<string, Value>>): Move;
}

/**
 * One step in the making: the state as it becomes, and what is to be done and was seen. It lives within one call of
 * `flowStep`, which is why its functions may change it.
 */
export interface Walk {
  /** The flow the call is in; another after a call of a flow or a return. */
  flow: Flow;
  readonly world: FlowWorld;
  readonly now: number;
  readonly state: { -readonly [K in keyof FlowState]: FlowState[K] };
  readonly commands: FlowCommand[];
  readonly facts: Fact[];
}
