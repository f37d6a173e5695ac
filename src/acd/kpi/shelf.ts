import type { AgentId, EpochMs, QueueName } from '../../call/ids.ts';
import type { Cut } from './cell-words.ts';
import { Intervals, type Span } from './intervals.ts';
import type { CallTraits, Mark } from './story.ts';
import { Tally } from './tally.ts';

/** What stands for a flow, language or team that there is none of. */
const NONE = '(none)';

interface Cell {
  readonly span: Span;
  readonly key: string | null;
  readonly tally: Tally;
}

/** In which interval it counts, and of which call it is, if of any. */
export interface Place {
  readonly at: EpochMs;
  readonly traits: CallTraits | null;
}

/** Tallies of all calls, of each queue, and of each cell of a cut, and which of them a mark counts in. */
export class Shelf {
  readonly all = new Tally();
  readonly queues = new Map<QueueName, Tally>();
  readonly cells = new Map<string, Cell>();
  readonly #cut: Cut | null;
  readonly #intervals: Intervals | null;
  readonly #whole: Span;

  /** @param span of the cell where the cut has no intervals */
  constructor(cut: Cut | null, span: Span) {
    this.#cut = cut;
    this.#whole = span;
    this.#intervals = cut?.every ? new Intervals(cut.every, cut.zone) : null;
  }

  /** An agent as cells are told apart: himself, or his teams. */
  desksOf(agent: AgentId): readonly string[] {
    return this.#cut?.by === 'team' ? (this.#cut.teams.get(agent) ?? [NONE]) : [agent];
  }

  put(mark: Mark, place: Place): void {
    const { whole, queue, count } = mark;
    if (whole) count(this.all);
    if (queue !== null) count(this.#of(queue));
    if (!this.#cut) return;
    for (const key of this.#keys(this.#cut, mark, place.traits)) count(this.#cell(place.at, key));
  }

  /** Time that somebody spent, split where an interval ends. */
  spend(agent: AgentId, { from, to }: Span, count: (tally: Tally, ms: number) => void): void {
    if (from >= to) return;
    count(this.all, to - from);
    if (!this.#cut) return;
    const { by } = this.#cut;
    const keys = by === null ? [null] : by === 'agent' || by === 'team' ? this.desksOf(agent) : [];
    if (keys.length === 0) return;
    for (const part of this.#intervals?.within({ from, to }) ?? [this.#whole]) {
      const ms = Math.min(to, part.to) - Math.max(from, part.from);
      for (const key of keys) count(this.#cell(Math.max(from, part.from), key), ms);
    }
  }

  spanOf(at: EpochMs): Span {
    return this.#intervals?.around(at) ?? this.#whole;
  }

  /** Every interval that the span touches, also those in which nothing was; none where cells are told apart by more. */
  complete(span: Span): void {
    if (this.#cut?.by !== null) return;
    for (const each of this.#intervals?.within(span) ?? [this.#whole]) this.#cell(each.from, null);
  }

  #keys({ by }: Cut, { whole, queue, desks }: Mark, traits: CallTraits | null): readonly (string | null)[] {
    switch (by) {
      case null:
        return whole ? [null] : [];
      case 'queue':
        return queue === null ? [] : [queue];
      case 'agent':
      case 'team':
        return desks;
      case 'did':
        return whole && traits?.inbound ? [traits.did] : [];
      case 'campaign':
        return whole && traits && traits.campaign !== null ? [traits.campaign] : [];
      case 'flow':
      case 'language':
        return whole && traits ? [traits[by] ?? NONE] : [];
    }
  }

  #cell(at: EpochMs, key: string | null): Tally {
    const span = this.spanOf(at);
    const name = `${span.from} ${key ?? ''}`;
    const cell = this.cells.get(name) ?? { span, key, tally: new Tally() };
    this.cells.set(name, cell);
    return cell.tally;
  }

  #of(name: QueueName): Tally {
    const tally = this.queues.get(name) ?? new Tally();
    this.queues.set(name, tally);
    return tally;
  }
}
