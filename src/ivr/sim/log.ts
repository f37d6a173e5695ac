import type { Fact, FactType } from '../../call/journal.ts';
import type { QueueRequest, Requirement } from '../../call/routing.ts';

/** What happened in a simulated call, in order; `at` in ms since 1970 on the call's own clock. */
export type Entry = { readonly at: number } & (
  | { readonly type: 'fact'; readonly fact: Fact }
  | {
      readonly type: 'heard';
      readonly node: string;
      readonly prompt: string;
      readonly language: string;
      readonly words: string;
    }
  | { readonly type: 'pressed'; readonly keys: string }
  | { readonly type: 'said'; readonly words: string }
  /** Silence or a wrong key at a question. */
  | { readonly type: 'missed'; readonly node: string; readonly what: 'noInput' | 'invalid' }
  /** `answer` null: the world does not answer. `isKnown` false: the scenario does not say what the answer would be. */
  | {
      readonly type: 'requested';
      readonly node: string;
      readonly kind: string;
      readonly answer: string | null;
      readonly isKnown: boolean;
    }
  | { readonly type: 'queued'; readonly node: string; readonly request: QueueRequest }
  | { readonly type: 'connected'; readonly node: string; readonly require: readonly Requirement[] }
  | { readonly type: 'transferred'; readonly node: string; readonly to: string }
  | { readonly type: 'recording'; readonly node: string }
  | { readonly type: 'music'; readonly on: boolean }
  /** `reason` as the flow gives it, or `hungUp` when the caller did. */
  | { readonly type: 'ended'; readonly node: string; readonly reason: string }
);

/** An entry before its time is written to it. */
export type Untimed = Entry extends infer E ? (E extends unknown ? Omit<E, 'at'> : never) : never;

type EntryOf<T extends Entry['type']> = Extract<Entry, { readonly type: T }>;

export const entriesOf = <T extends Entry['type']>(log: readonly Entry[], type: T): readonly EntryOf<T>[] =>
  log.filter((entry): entry is EntryOf<T> => entry.type === type);

type FactOf<T extends FactType> = Extract<Fact, { readonly type: T }>['data'];

export const factsIn = <T extends FactType>(log: readonly Entry[], type: T): readonly FactOf<T>[] =>
  log.flatMap((entry) => (entry.type === 'fact' && entry.fact.type === type ? [entry.fact.data as FactOf<T>] : []));

/** How a node is named in tests: of the flow that the call began in by itself, of a called flow as `flow/node`. */
export const placeOf = (root: string, { flow, node }: { readonly flow: string; readonly node: string }): string =>
  flow === root ? node : `${flow}/${node}`;

/** Every node the call came through. */
export const pathIn = (log: readonly Entry[], root: string): readonly string[] =>
  factsIn(log, 'flow.node.entered').map((data) => placeOf(root, data));
