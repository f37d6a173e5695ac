import type { ResultFigure } from './cell-words.ts';

/** What is counted of one result. */
export interface Result {
  readonly name: string;
  /** Minor units of a currency (ISO 4217). */
  readonly amount: { readonly currency: string; readonly minor: number } | null;
}

interface Sum {
  count: number;
  sum: number;
}

/** What talks and flows came to. */
export class Results {
  readonly #named = new Map<string, { count: number; readonly amounts: Map<string, Sum> }>();

  /** @param times -1 takes back what was said before */
  add({ name, amount }: Result, times: 1 | -1 = 1): void {
    const amounts = amount && new Map([[amount.currency, { count: times, sum: times * amount.minor }]]);
    this.#more(name, times, amounts ?? new Map());
  }

  static together(many: readonly Results[]): readonly ResultFigure[] {
    const all = new Results();
    for (const each of many) for (const [name, { count, amounts }] of each.#named) all.#more(name, count, amounts);
    return all.#figures();
  }

  #more(name: string, count: number, amounts: ReadonlyMap<string, Sum>): void {
    const known = this.#of(name);
    known.count += count;
    for (const [currency, more] of amounts) {
      const sum = known.amounts.get(currency) ?? { count: 0, sum: 0 };
      known.amounts.set(currency, sum);
      sum.count += more.count;
      sum.sum += more.sum;
    }
  }

  #of(name: string) {
    const known = this.#named.get(name) ?? { count: 0, amounts: new Map<string, Sum>() };
    this.#named.set(name, known);
    return known;
  }

  #figures(): readonly ResultFigure[] {
    const all = [...this.#named].filter(([, { count }]) => count !== 0);
    return all
      .map(([name, { count, amounts }]) => {
        const told = [...amounts].filter(([, sum]) => sum.count !== 0);
        return { name, count, amounts: Object.fromEntries(told.map(([currency, sum]) => [currency, { ...sum }])) };
      })
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
}
