interface Plan {
  readonly at: number;
  readonly run: () => void;
}

/** What will happen by itself in a simulated call, each under its name, besides the timers of the flow. */
export class Agenda {
  readonly #plans = new Map<string, Plan>();

  /** In place of what was planned under that name. */
  plan(name: string, at: number, run: () => void): void {
    this.#plans.delete(name);
    this.#plans.set(name, { at, run });
  }

  drop(name: string): void {
    this.#plans.delete(name);
  }

  has(name: string): boolean {
    return this.#plans.has(name);
  }

  nextAt(timers: Readonly<Record<string, number>>): number | null {
    const times = [...Object.values(timers), ...[...this.#plans.values()].map(({ at }) => at)];
    return times.length === 0 ? null : Math.min(...times);
  }

  /** Takes out what is due first, or names the timer; what happens goes before the timer that guards it. */
  takeDue(timers: Readonly<Record<string, number>>, now: number): (() => void) | string | null {
    const [plan] = [...this.#plans].sort(([, a], [, b]) => a.at - b.at);
    const [timer] = Object.entries(timers).sort(([, a], [, b]) => a - b);
    if (plan && plan[1].at <= now && (!timer || plan[1].at <= timer[1])) {
      this.#plans.delete(plan[0]);
      return plan[1].run;
    }
    return timer && timer[1] <= now ? timer[0] : null;
  }
}
