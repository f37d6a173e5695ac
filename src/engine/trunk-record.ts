import { z } from 'zod';
import { type TrunksState, trunkIn, withTrunk } from '../dialer/trunk-state.ts';

const troubleSchema = z.object({
  passed: z.number(),
  failures: z.number(),
  since: z.number(),
  until: z.number(),
  said: z.string(),
});

/** How a trunk fares, as it is kept over restarts: lines and call starts are counted anew, and a probe has gone with its process. */
const recordSchema = z.object({
  streak: z.number(),
  streakSince: z.number(),
  dead: troubleSchema.nullable(),
  troubles: z.record(z.string(), troubleSchema),
});

/** As JSON, the same as long as nothing has changed. */
export const recordOf = (state: TrunksState, name: string): unknown => recordSchema.parse(trunkIn(state, name));

/** With what was kept of a trunk; what cannot be read is passed over. */
export function withRecord(state: TrunksState, name: string, record: unknown): TrunksState {
  const read = recordSchema.safeParse(record);
  if (!read.success) return state;
  const { dead, troubles, ...streak } = read.data;
  const open = <T>(trouble: T) => ({ ...trouble, probeAt: null });
  const all = Object.entries(troubles).map(([destination, trouble]) => [destination, open(trouble)] as const);
  return withTrunk(state, name, { ...streak, dead: dead && open(dead), troubles: Object.fromEntries(all) });
}
