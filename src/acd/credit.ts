import type { Customer } from '../call/customer.ts';
import type { QueueProfile, QueueRequest } from '../call/routing.ts';

/**
 * Seconds of age credited to a call in a queue: what the flow asks, what the queue says of the type of customer, and what
 * the list of customers says of this one. The type that the flow found out, by a lookup, stands above the list.
 */
export function creditIn(
  { priorities }: Pick<QueueProfile, 'priorities'>,
  request: Pick<QueueRequest, 'priority' | 'customerType'>,
  customer: Customer | null,
): number {
  const type = request.customerType ?? customer?.type ?? '';
  const credited = Object.hasOwn(priorities, type) ? (priorities[type] ?? 0) : 0;
  return request.priority + credited + (customer?.priority ?? 0);
}
