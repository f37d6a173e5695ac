import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { processName } from '../../../src/local/proc.ts';
import { until } from './until.ts';

/** Kills the private server of this folder on the spot. */
export async function crash(folder: string): Promise<void> {
  const { process: asterisk } = JSON.parse(readFileSync(join(folder, 'running.json'), 'utf8')) as {
    process: { pid: number };
  };
  process.kill(asterisk.pid, 'SIGKILL');
  await until(
    'Asterisk to be gone',
    () => processName(asterisk.pid),
    (found) => found === undefined,
    { everyMs: 10 },
  );
}
