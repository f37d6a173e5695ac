import type { DialerState } from '../pacing/policy.ts';
import type { Fate } from './scenario.ts';

type CallView = { -readonly [K in keyof DialerState['calls'][number]]: DialerState['calls'][number][K] };

/** A dial of the simulated day. `view` is what a policy sees of it until it is connected or ends. */
export interface LabCall {
  readonly view: CallView;
  readonly fate: Fate;
  /** When it was judged a person and handed over. */
  handedAt: number;
  /** Connected, abandoned or ended: what was planned for it no longer comes. */
  over: boolean;
  place: number;
}

/** Dials in flight, and those who wait for an agent, first come first. */
export class Dials {
  readonly views: CallView[] = [];
  readonly #calls = new Map<number, LabCall>();
  #waiting: LabCall[] = [];
  #first = 0;

  get(id: number): LabCall | undefined {
    return this.#calls.get(id);
  }

  get size(): number {
    return this.#calls.size;
  }

  add(id: number, launchedAt: number, fate: Fate): LabCall {
    const view: CallView = { id, state: 'ringing', launchedAt, ringingAt: -1, answeredAt: -1 };
    const call: LabCall = { view, fate, handedAt: -1, over: false, place: this.views.length };
    this.views.push(view);
    this.#calls.set(id, call);
    return call;
  }

  /** The last one takes its place: order means nothing. */
  remove(call: LabCall): void {
    call.over = true;
    this.#calls.delete(call.view.id);
    const last = this.views.pop();
    if (!last || last === call.view) return;
    this.views[call.place] = last;
    const moved = this.#calls.get(last.id);
    if (moved) moved.place = call.place;
  }

  waits(call: LabCall): void {
    this.#waiting.push(call);
  }

  longestWaiting(): LabCall | undefined {
    for (; this.#first < this.#waiting.length; this.#first += 1) {
      const call = this.#waiting[this.#first];
      if (call && !call.over) return call;
    }
    this.#waiting = [];
    this.#first = 0;
    return undefined;
  }
}
