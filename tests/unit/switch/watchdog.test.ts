import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

const WATCHDOG = new URL('../../../src/switch/asterisk/watchdog.ts', import.meta.url).href;

/** Runs a program under the watchdog and tells how it ended. */
async function run(program: string): Promise<{ code: number | null; signal: string | null; stderr: string }> {
  const source = `import { startWatchdog } from '${WATCHDOG}'; const stop = startWatchdog(400); ${program}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stderr };
}

describe('watchdog', () => {
  it('kills a process whose event loop stands still, and says so', async () => {
    const { signal, stderr } = await run('setTimeout(() => { for (;;); }, 50);');
    expect(signal).toBe('SIGKILL');
    expect(stderr).toContain('the event loop stood still for 0.4 s');
  });

  it('leaves a living process alone, and does not keep it alive', async () => {
    expect(await run('setTimeout(() => {}, 1_200);')).toMatchObject({ code: 0, signal: null });
  });

  it('is over when it is told to be', async () => {
    const block = 'await stop(); const end = Date.now() + 900; while (Date.now() < end); process.exit(7);';
    expect(await run(block)).toMatchObject({ code: 7 });
  });
});
