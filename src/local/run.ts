import { spawn } from 'node:child_process';
import { plainEnv } from './plain-env.ts';

export interface Finished {
  /** Exit code, or -1 when the program could not be started or was killed. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that the program writes on file descriptor 3. */
  readonly onStatus?: (line: string) => void;
}

/** Runs a helper program to its end; a failure is an answer, not an exception. */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    const out = { stdout: '', stderr: '' };
    const child = spawn(program, args, {
      stdio: ['ignore', 'pipe', 'pipe', options.onStatus ? 'pipe' : 'ignore'],
      env: { ...plainEnv(process.env), LC_ALL: 'C', ...options.env },
      ...(options.signal && { signal: options.signal }),
    });
    child.on('error', (error) => resolve({ ...out, code: -1, stderr: error.message }));
    child.on('close', (code) => resolve({ ...out, code: code ?? -1 }));
    child.stdout?.on('data', (chunk: Buffer) => (out.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (out.stderr += chunk.toString()));
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      for (const line of chunk.toString().split('\n')) if (line) options.onStatus?.(line);
    });
  });
}
