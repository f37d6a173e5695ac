import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { createProgress } from '../progress.ts';
import { askServer, type Reply } from './server.ts';
import type { Env } from './sim-world.ts';

/** Share of new calls that another release than the usual one leads. */
export const canaryShare = z.object({ release: z.string(), percent: z.number() }).nullable();

/** What each process of Callwright runs, as `GET /v1/flows/releases` tells. */
export const processesAnswer = z.array(
  z.object({
    node: z.string(),
    self: z.boolean(),
    release: z.string().nullable(),
    canary: canaryShare,
    since: z.number().nullable(),
    fault: z.string().nullable(),
  }),
);

export type Process = z.output<typeof processesAnswer>[number];
type Running = Pick<Process, 'canary'> & { readonly release: string };

const answer = z.object({ processes: processesAnswer });
const POLL_MS = 250;

/**
 * Waits until all processes run what one of them was told to run: the others take it from the database, after it has answered.
 * A fault ends the wait for nobody, since it may be that of the release before.
 *
 * @param seconds at most; 0 looks once
 * @returns those who do not run it then
 */
export async function behind(wanted: Running, seconds: number, env: Env): Promise<Reply<readonly Process[]>> {
  const progress = createProgress(process.stderr);
  try {
    for (let looks = Math.round((seconds * 1_000) / POLL_MS); ; looks -= 1) {
      const reply = await askServer(env, { method: 'GET', path: '/v1/flows/releases', answer });
      if (!reply.ok) return reply;
      const late = reply.value.processes.filter((one) => !runs(one, wanted));
      if (late.length === 0 || looks <= 0) return { ...reply, value: late };
      progress.step({ text: `waiting for ${late.map(({ node }) => node).join(', ')}` });
      await pause(POLL_MS);
    }
  } finally {
    progress.done();
  }
}

const runs = ({ release, canary }: Process, wanted: Running): boolean =>
  release === wanted.release &&
  canary?.release === wanted.canary?.release &&
  canary?.percent === wanted.canary?.percent;
