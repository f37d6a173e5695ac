import type { EpochMs } from '../call/ids.ts';
import type { FinishFacts } from '../dialer/finish.ts';
import type { DialerEvent } from '../dialer/pacing/index.ts';

/** How fast a campaign dials is read from so long. */
const WINDOW_MS = 10 * 60_000;
const SAMPLE_MS = 5_000;
/** The pace of pieces of about this length tells how even it is. */
const PIECE_MS = 60_000;

interface Sample {
  readonly at: EpochMs;
  readonly dials: number;
  readonly linesInUse: number;
}

/** How a campaign goes, for the manager: how fast it dials, and how long agents wait for a person. */
export class CampaignPulse {
  #samples: Sample[] = [];
  #idle = { sec: 0, times: 0 };

  see(event: DialerEvent): void {
    if (event.type !== 'agent.state' || event.prev !== 'idle' || event.state !== 'talk' || event.prevSec <= 0) return;
    this.#idle = { sec: this.#idle.sec + event.prevSec, times: this.#idle.times + 1 };
  }

  sample(at: EpochMs, dials: number, linesInUse: number): void {
    const last = this.#samples.at(-1);
    if (last && at - last.at < SAMPLE_MS) return;
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, dials, linesInUse }];
  }

  /** What agents idled before a talk, on average; null: none has talked yet. */
  get idleMs(): number | null {
    return this.#idle.times === 0 ? null : Math.round((this.#idle.sec / this.#idle.times) * 1_000);
  }

  /** The dials of the last minutes, piece by piece, and how long one of them held a line. */
  get pace(): Pick<FinishFacts, 'pace' | 'lineMs'> {
    const pace: { ms: number; dials: number }[] = [];
    let [from] = this.#samples;
    for (const sample of this.#samples) {
      if (!from || sample.at - from.at < PIECE_MS) continue;
      pace.push({ ms: sample.at - from.at, dials: sample.dials - from.dials });
      from = sample;
    }
    const ms = pace.reduce((sum, piece) => sum + piece.ms, 0);
    const dials = pace.reduce((sum, piece) => sum + piece.dials, 0);
    const lines = this.#samples.reduce((sum, { linesInUse }) => sum + linesInUse, 0) / this.#samples.length;
    // Little's law (Operations Research 9, 1961): what is in a system is what comes in times how long it stays.
    return { pace, lineMs: dials === 0 ? null : (lines * ms) / dials };
  }
}
