import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { SOUNDS } from './callwright.ts';
import type { House } from './house.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** `callwright …` as a person at a terminal runs it, against the house's running server. Answers what it printed. @throws when it fails */
export async function command(
  { callwright, crm }: Pick<House, 'callwright' | 'crm'>,
  args: readonly string[],
  columns?: number,
): Promise<string> {
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, 'src/cli/main.ts'), ...args], {
    cwd: ROOT,
    env: {
      PATH,
      HOME,
      NO_COLOR: '1',
      CALLWRIGHT_API: callwright.apiUrl,
      CALLWRIGHT_TOKEN: callwright.adminToken ?? '',
      CALLWRIGHT_SOUNDS: SOUNDS,
      CALLWRIGHT_FLOW_CRM: crm.url,
      ...(columns !== undefined && { COLUMNS: String(columns) }),
    },
  });
  return stdout;
}
