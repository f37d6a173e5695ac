import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serverEnv } from './plain-env.ts';
import { LocalFault } from './fault.ts';
import { end, isAlive, type ProcessName, processName } from './proc.ts';
import type { Command } from './unpacked.ts';

/** A private server that keeps running when Callwright is killed, so that the next start can carry on with it. */
export interface ServerProcess {
  /** Whether it ran already, left by an earlier Callwright on the same folder with the same configuration. */
  readonly adopted: boolean;
  /** Resolves when the server is gone. */
  stop(): Promise<void>;
}

export interface Launch {
  readonly title: string;
  readonly folder: string;
  readonly command: Command;
  readonly args: readonly string[];
  /** Everything the server's behaviour depends on; one that was started from anything else is replaced, not adopted. */
  readonly configuration: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Whether the server serves. Asked again and again until it does. */
  readonly isReady: () => Promise<boolean>;
  readonly stopWithinMs: number;
}

interface RunRecord {
  readonly process: ProcessName;
  readonly fingerprint: string;
  readonly ports: Readonly<Record<string, number>>;
}

const READY_WITHIN_MS = 30_000;

/** The server that an earlier Callwright left running in this folder, if any. */
export function leftRunning(folder: string): RunRecord | undefined {
  const file = join(folder, 'running.json');
  if (!existsSync(file)) return undefined;
  const record = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
  return isAlive(record.process) ? record : undefined;
}

/** Ends whatever an earlier Callwright left running in this folder. */
export async function endLeftover(folder: string, withinMs: number): Promise<void> {
  const record = leftRunning(folder);
  if (record) await end(record.process, withinMs);
  rmSync(join(folder, 'running.json'), { force: true });
}

/** Adopts the server that already runs from this very configuration, or answers `undefined`. */
export async function adopt(launch: Launch): Promise<ServerProcess | undefined> {
  const record = leftRunning(launch.folder);
  if (record?.fingerprint !== fingerprint(launch)) return undefined;
  return (await readyOrGone(launch, record.process)) ? handle(launch, record.process, true) : undefined;
}

/**
 * Starts the server and waits until it serves. It gets a session of its own, so that a Ctrl-C meant for Callwright does
 * not end the calls it is still saying goodbye to, and files instead of pipes, so that it survives its parent.
 */
export async function launch(start: Launch): Promise<ServerProcess> {
  const output = openSync(join(start.folder, 'output.log'), 'w', 0o600);
  const child = spawn(start.command.program, [...start.command.args, ...start.args], {
    cwd: start.folder,
    env: serverEnv(process.env),
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  child.unref();
  child.on('error', () => {});
  const name = child.pid === undefined ? undefined : processName(child.pid);
  if (name) {
    const record: RunRecord = { process: name, fingerprint: fingerprint(start), ports: start.ports };
    writeFileSync(join(start.folder, 'running.json'), JSON.stringify(record), { mode: 0o600 });
    if (await readyOrGone(start, name)) return handle(start, name, false);
    await end(name, start.stopWithinMs);
  }
  const words = readFileSync(join(start.folder, 'output.log'), 'utf8').trim().split('\n').slice(-3).join(' / ');
  throw new LocalFault('start-failed', `${start.title} did not start (${words}); its logs are in ${start.folder}.`);
}

async function readyOrGone(start: Launch, name: ProcessName): Promise<boolean> {
  for (const limit = performance.now() + READY_WITHIN_MS; performance.now() < limit && isAlive(name); ) {
    if (await start.isReady()) return true;
    await pause(50);
  }
  return false;
}

const handle = (start: Launch, name: ProcessName, adopted: boolean): ServerProcess => ({
  adopted,
  stop: async () => {
    await end(name, start.stopWithinMs);
    rmSync(join(start.folder, 'running.json'), { force: true });
  },
});

const fingerprint = (start: Launch): string =>
  createHash('sha256')
    .update(JSON.stringify([start.command, start.args, start.configuration, start.ports]))
    .digest('hex');
