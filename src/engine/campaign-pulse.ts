import type { EpochMs } from '../call/ids.ts';
import type { DialerEvent } from '../dialer/pacing/index.ts';

/** How fast a campaign dials is read from so long, and estimated from no fewer dials than this. */
const WINDOW_MS = 10 * 60_000;
const SAMPLE_MS = 5_000;
const ENOUGH_DIALS = 20;
const ENOUGH_MS = 60_000;

interface Left {
  readonly leads: number;
  readonly done: number;
  readonly dials: number;
}

/** How a campaign goes, for the manager: how fast it dials, and how long agents wait for a person. */
export class CampaignPulse {
  #samples: { readonly at: EpochMs; readonly dials: number }[] = [];
  #idle = { sec: 0, times: 0 };

  see(event: DialerEvent): void {
    if (event.type !== 'agent.state' || event.prev !== 'idle' || event.state !== 'talk' || event.prevSec <= 0) return;
    this.#idle = { sec: this.#idle.sec + event.prevSec, times: this.#idle.times + 1 };
  }

  sample(at: EpochMs, dials: number): void {
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, dials }];
  }

  /** What agents idled before a talk, on average; null: none has talked yet. */
  get idleMs(): number | null {
    return this.#idle.times === 0 ? null : Math.round((this.#idle.sec / this.#idle.times) * 1_000);
  }

  /** When the last lead would be done at the pace of the last minutes; null: there is too little to tell. */
  finishAt(now: EpochMs, { leads, done, dials }: Left): EpochMs | null {
    const first = this.#samples[0];
    if (!first || now - first.at < ENOUGH_MS || dials - first.dials < ENOUGH_DIALS) return null;
    const perMs = (dials - first.dials) / (now - first.at);
    const perLead = Math.max(1, dials / Math.max(1, done));
    return Math.round(now + (leads * perLead) / perMs);
  }
}
