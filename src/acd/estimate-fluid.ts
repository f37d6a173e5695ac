/**
 * Groups of agents as vessels of different width, calls as water: a call is poured into those groups that can take it and
 * rises where the level is lowest, as who is free first takes it. The level is time: how long a group is taken up by all
 * that was poured. For one group this is k calls ÷ its rate; for groups that share some of the calls it is what plain
 * shares get wrong, since the less loaded agents do more of what is shared.
 */
export class Fluid {
  /** Talks that end, per ms, by group. */
  readonly rates: Float64Array;
  readonly levels: Float64Array;

  constructor(rates: Float64Array, levels: Float64Array = new Float64Array(rates.length)) {
    this.rates = rates;
    this.levels = levels;
  }

  /** When these groups would have taken so many calls more, ms. At least one group, each of a rate above 0. */
  levelAfter(groups: readonly number[], calls: number): number {
    let level = Number.POSITIVE_INFINITY;
    for (;;) {
      let [filled, width] = [calls, 0];
      for (const group of groups) {
        const at = this.levels[group] as number;
        if (at >= level) continue;
        const rate = this.rates[group] as number;
        filled += rate * at;
        width += rate;
      }
      const next = filled / width;
      // Rounding may leave out the very group that stands at the level.
      if (!(next < level)) return level;
      level = next;
    }
  }

  pour(groups: readonly number[], calls: number): void {
    const level = this.levelAfter(groups, calls);
    for (const group of groups) if ((this.levels[group] as number) < level) this.levels[group] = level;
  }
}
