import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { until } from './until.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A workflow engine in a process of its own. */
export interface EngineProcess {
  /** Ends it, as a crash does unless the signal is milder. */
  readonly end: (signal?: 'SIGKILL' | 'SIGTERM') => Promise<void>;
  /** What it printed. */
  readonly said: () => string;
}

/**
 * Runs a program of this checkout until it says `ready`.
 *
 * @throws Error with what it said when it does not.
 */
export async function startEngine(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<EngineProcess> {
  const { PATH, HOME } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, ...env },
  });
  const exited = once(child, 'exit');
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
  const isUp = () => ready.test(said) || isOver(child);
  await until(`${args[0]} to be ready`, isUp, Boolean, { withinMs: 60_000 });
  if (isOver(child)) throw new Error(`${args[0]} ended: ${said}`);
  return {
    end: async (signal = 'SIGKILL') => {
      if (isOver(child)) return;
      child.kill(signal);
      await exited;
    },
    said: () => said,
  };
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;
