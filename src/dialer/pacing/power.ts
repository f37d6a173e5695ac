import { Bank } from './bank.ts';
import { coveredLaunches, Guard, outOf } from './guard.ts';
import { freeLines } from './lines.ts';
import type { Decision, DialerEvent, DialerState, Policy, PolicyConfig } from './policy.ts';
import { Sight } from './sight.ts';

/** Power dialling: a fixed number of dials for each idle agent, inside the guard that predictive dialling has. */
export class Power implements Policy {
  readonly decideOn = 'tick';
  readonly #config: PolicyConfig;
  readonly #ratio: number;
  readonly #bank: Bank;
  readonly #sight: Sight;

  constructor(config: PolicyConfig, ratio: number) {
    this.#config = config;
    this.#ratio = ratio;
    this.#bank = new Bank(config);
    this.#sight = new Sight(config);
  }

  on(event: DialerEvent): void {
    if (event.type === 'call.disposition') this.#bank.dispose(event.live);
    this.#sight.on(event);
  }

  decide(state: DialerState): Decision {
    this.#sight.look(state);
    const guard = new Guard(this.#config, this.#sight, state, this.#bank.balance(state).bank);
    const free = freeLines(this.#config, state);
    const wanted = Math.max(0, Math.floor(this.#ratio * state.counts.idle) - outOf(state));
    const most = Math.min(free, wanted);
    let launch = Math.min(most, coveredLaunches(state));
    while (launch < most && guard.need(launch + 1) <= guard.room) launch += 1;
    return { launch, because: this.#because(state.counts.idle, launch, wanted, free) };
  }

  #because(idle: number, launch: number, wanted: number, free: number): string {
    const want = `${this.#ratio} dials for each of ${idle} idle agents: ${wanted} more wanted`;
    if (launch === wanted) return `${want}.`;
    return launch === free
      ? `${want}, and ${free} lines or call starts are free.`
      : `${want}, and the guard lets ${launch} out.`;
  }
}
