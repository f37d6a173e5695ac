import { ensure } from '../../src/local/debian.ts';
import { type Finished, run } from '../../src/local/run.ts';
import { programOf } from '../../src/local/unpacked.ts';

/** Prometheus' own checker of rules, and the C library that it needs: 20 MB, fetched once. */
export const PROMTOOL_PACKAGES = ['promtool'] as const;

/** Runs promtool of Debian, fetched into the cache like all other programs. */
export async function promtool(...args: readonly string[]): Promise<Finished> {
  const { root } = await ensure({ packages: PROMTOOL_PACKAGES, env: process.env });
  const command = programOf(root, 'promtool');
  return run(command.program, [...command.args, ...args]);
}
