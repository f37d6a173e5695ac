import { routeDid } from '../call/did.ts';
import type { Site } from './site.ts';

const digitsOf = (number: string): string => number.replaceAll(/\D/gu, '');

/** Whether callers dial this number to reach the house, or see it when the house calls. */
export function isNumberOf({ routes, trunks, callerIds }: Site, number: string): boolean {
  const shown = [...trunks.values()].flatMap(({ callerId }) => callerId ?? []);
  const pools = [...(callerIds ?? new Map<string, never>()).values()].flatMap((pool) => pool.numbers);
  const ours = new Set([...shown, ...pools.map((each) => each.number)].map(digitsOf));
  const exact = routes.filter((route) => !route.number.endsWith('*'));
  return ours.has(digitsOf(number)) || routeDid(exact, number) !== null;
}
