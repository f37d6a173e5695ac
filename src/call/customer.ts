import type { AgentId, Language } from './ids.ts';

/** What a house knows of a caller by his number. A number can be forged: this orders queues, it proves nobody. */
export interface Customer {
  /** As `vip`; a queue says what it is worth there. */
  readonly type: string | null;
  /** Seconds of age credited in every queue, besides. */
  readonly priority: number;
  /** The agent who looks after him. */
  readonly owner: AgentId | null;
  readonly language: Language | null;
}

/** Customers by number in E.164, or by the beginning of it with `*` at the end. */
export type Customers = ReadonlyMap<string, Customer>;

export const NO_CUSTOMERS: Customers = new Map();

/** Who has this number: the entry that fixes most of its digits, the whole number before all others. */
export function customerAt(customers: Customers, number: string): Customer | null {
  const whole = customers.get(number);
  if (whole) return whole;
  for (let length = number.length; length > 1; length -= 1) {
    const found = customers.get(`${number.slice(0, length)}*`);
    if (found) return found;
  }
  return null;
}
